"""The command line. Exit 0 for good, 1 for not, 2 for wrong usage, 78 for a bad configuration."""

from kiosk.cli.main import main

__all__ = ["main"]
