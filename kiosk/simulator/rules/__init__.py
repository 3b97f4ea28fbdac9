"""What may be done in the simulated factory, and what it does: the same rules in every dialect.

Every function here changes a world inside the caller's transaction, or raises ``Refusal``.
"""
