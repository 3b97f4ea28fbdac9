"""Planting the entries of a seed file: one function a kind of entry, each on what was planted before it."""
