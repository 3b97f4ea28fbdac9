"""A real design desk, on the packaged designs and a folder of a test's own."""

import functools
from datetime import UTC, datetime
from pathlib import Path

from kiosk.design_desk import DesignDesk, Enqueue
from kiosk.errors import IonUnreachable, LabelError
from kiosk.label_shelf import Designs, LabelShelf
from kiosk.model import LabelFields
from kiosk.printer_setup import open_printers
from kiosk.printing import LabelShop
from kiosk.resources import templates_dir
from kiosk.settings import PrinterSettings, StationSettings

PACKAGED = templates_dir() / "labels"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
PRINTERS = (
    PrinterSettings(name="dock-zebra", url="memory://zebra"),
    PrinterSettings(name="fine", url="memory://fine", dpi=300),
)
STATIONS = (StationSettings(name="dock-1", printer="dock-zebra"),)


@functools.cache
def packaged_designs() -> Designs:
    return LabelShelf(PACKAGED, None, lambda: NOW).load()


def look(scan: bytes) -> LabelFields:
    """Know one lot."""
    if scan == b"ION/PI/501":
        return {"code": "ION/PI/501", "part.partNumber": "VLV-0001", "lotNumber": "LOT-7"}
    if scan == b"OFFLINE":
        raise IonUnreachable("no route")
    raise LabelError("Nothing that has a label is known by that code.")


def design_desk(site: Path | None, enqueue: Enqueue, designs: Designs | None = None) -> DesignDesk:
    shelf = LabelShelf(PACKAGED, site, lambda: NOW)
    printers = open_printers(PRINTERS)
    shop = LabelShop(designs or packaged_designs(), STATIONS, printers)
    return DesignDesk(shelf, shop, printers, enqueue, look)
