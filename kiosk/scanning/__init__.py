"""Scanners at work: each one's thread, who they are, and how a new one is bound to a station."""

from kiosk.scanning.learning import Learning
from kiosk.scanning.line import ScannerLine
from kiosk.scanning.roster import Post, Roster, bound_settings

__all__ = ["Learning", "Post", "Roster", "ScannerLine", "bound_settings"]
