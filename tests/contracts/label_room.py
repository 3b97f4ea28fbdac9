"""The contract of ``LabelRoom``."""

from typing import Protocol

import pytest

from kiosk.errors import LabelError
from kiosk.model import Print
from kiosk.ports import LabelRoom


class LabelWorld(Protocol):
    """A label room with the stations ``with-printer`` and, where it can have one, ``without-printer``."""

    @property
    def room(self) -> LabelRoom:
        """Return the room under test."""

    def take_the_printer_away(self) -> None:
        """Leave the station without a printer."""


LOCATION = Print("location", {"code": "ION/LOC/7", "name": "Shelf 7"}, "location/7")


class LabelRoomContract:
    """Subclass it and give a fixture ``world``."""

    def test_a_label_is_made_for_the_stations_printer(self, world: LabelWorld) -> None:
        assert world.room.printer_of("dock-1") == "zebra"
        made = world.room.prepare("dock-1", LOCATION)
        assert (made.label, made.encoded) == ("location", "ION/LOC/7")
        assert made.payload
        assert made.png
        assert made.design_digest

    def test_the_same_label_has_the_same_bytes(self, world: LabelWorld) -> None:
        assert world.room.prepare("dock-1", LOCATION) == world.room.prepare("dock-1", LOCATION)

    def test_without_a_printer_there_is_no_label(self, world: LabelWorld) -> None:
        world.take_the_printer_away()
        assert world.room.printer_of("dock-1") == ""
        with pytest.raises(LabelError, match="this station has no printer"):
            world.room.prepare("dock-1", LOCATION)
