"""Tests of the printers library."""
