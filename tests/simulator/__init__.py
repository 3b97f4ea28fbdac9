"""Tests of the simulated far ends."""
