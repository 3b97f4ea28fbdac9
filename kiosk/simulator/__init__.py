"""What stands in for the far ends: an ION to run against, and a label printer."""
