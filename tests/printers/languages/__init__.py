"""Tests of the printer languages."""
