"""What the labels of the house look like, to the dot.

After a wanted change of a design, `python -m tests.golden.regenerate` writes the files anew; look at every
PNG that changed before committing it.
"""
