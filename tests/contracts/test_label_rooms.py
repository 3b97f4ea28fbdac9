from pathlib import Path

import pytest

from kiosk.label_shelf import read_designs
from kiosk.printer_setup import open_printers
from kiosk.printing import LabelShop
from kiosk.settings import PrinterSettings, StationSettings
from tests.contracts.label_room import LabelRoomContract, LabelWorld
from tests.fakes import FakeLabels

DESIGNS = Path(__file__).parent.parent.parent / "templates" / "labels"


class FakeWorld:
    def __init__(self) -> None:
        self.room = FakeLabels()

    def take_the_printer_away(self) -> None:
        self.room.printer = ""


class ShopWorld:
    def __init__(self) -> None:
        self._designs = read_designs(DESIGNS)
        self._printers = open_printers((PrinterSettings(name="zebra", url="memory://label-room"),))
        self.room = self._shop("zebra")

    def take_the_printer_away(self) -> None:
        self.room = self._shop("")

    def _shop(self, printer: str) -> LabelShop:
        stations = (StationSettings(name="dock-1", printer=printer),)
        return LabelShop(self._designs, stations, self._printers)


class TestFakeLabels(LabelRoomContract):
    @pytest.fixture
    def world(self) -> LabelWorld:
        return FakeWorld()


class TestLabelShop(LabelRoomContract):
    @pytest.fixture
    def world(self) -> LabelWorld:
        return ShopWorld()
