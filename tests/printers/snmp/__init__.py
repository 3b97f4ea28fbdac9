"""Tests of the ways to a printer."""
