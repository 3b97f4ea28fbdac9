"""The contract of ``Scanner``."""

import time
from typing import Protocol

import pytest

from kiosk.errors import ScannerGone
from kiosk.ports import Scanner

_LONG_S = 5.0


class ScannerWorld(Protocol):
    """A scanner and the hand that holds it."""

    @property
    def scanner(self) -> Scanner:
        """Return the scanner under test, closed."""

    def send(self, *scans: bytes) -> None:
        """Scan."""

    def unplug(self) -> None:
        """Pull the plug."""

    def plug(self) -> None:
        """Put the plug back in."""


class ScannerContract:
    """Subclass it and give a fixture ``world``."""

    def test_a_scan_arrives_whole_and_without_its_suffix(self, world: ScannerWorld) -> None:
        world.scanner.open()
        world.send(b"[)>\x1e06\x1dPABC\x1e\x04")
        assert world.scanner.read(_LONG_S) == (b"[)>\x1e06\x1dPABC\x1e\x04",)

    def test_scans_keep_their_order(self, world: ScannerWorld) -> None:
        world.scanner.open()
        world.send(b"one")
        world.send(b"two", b"three")
        got: tuple[bytes, ...] = ()
        while len(got) < 3:
            found = world.scanner.read(_LONG_S)
            assert found, f"nothing came after {got}"
            got += found
        assert got == (b"one", b"two", b"three")

    def test_it_is_known_how_a_scan_came_in(self, world: ScannerWorld) -> None:
        world.scanner.open()
        world.send(b"one")
        assert world.scanner.read(_LONG_S) == (b"one",)
        assert world.scanner.pace.waited_s == 0
        assert 0 <= world.scanner.pace.wire_s < _LONG_S

    def test_without_a_scan_it_gives_none_in_time(self, world: ScannerWorld) -> None:
        world.scanner.open()
        start_s = time.monotonic()
        assert world.scanner.read(0.05) == ()
        assert time.monotonic() - start_s < _LONG_S

    def test_closed_it_is_gone(self, world: ScannerWorld) -> None:
        with pytest.raises(ScannerGone):
            world.scanner.read(0.01)

    def test_closing_twice_is_fine(self, world: ScannerWorld) -> None:
        world.scanner.open()
        world.scanner.close()
        world.scanner.close()

    def test_unplugged_it_is_gone_and_plugged_it_is_back(self, world: ScannerWorld) -> None:
        world.scanner.open()
        world.unplug()
        with pytest.raises(ScannerGone):
            world.scanner.read(_LONG_S)
        with pytest.raises(ScannerGone):
            world.scanner.open()
        world.plug()
        world.scanner.open()
        world.send(b"back")
        assert world.scanner.read(_LONG_S) == (b"back",)
