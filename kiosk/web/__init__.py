"""The Flask half: pages for people, an HTTP API for programs, and the live stream between them."""

from kiosk.web.app import create_app
from kiosk.web.changes import MOST_STREAMS, PRINTERS, Changes, TooManyStreams
from kiosk.web.rooms import (
    Jobs,
    PadItem,
    Rooms,
    ScannerDesk,
    TrayItem,
    label_on_screen,
)
from kiosk.web.server import WebServer, serve
from kiosk.web.standstill import create_standstill_app

__all__ = [
    "MOST_STREAMS",
    "PRINTERS",
    "Changes",
    "Jobs",
    "PadItem",
    "Rooms",
    "ScannerDesk",
    "TooManyStreams",
    "TrayItem",
    "WebServer",
    "create_app",
    "create_standstill_app",
    "label_on_screen",
    "serve",
]
