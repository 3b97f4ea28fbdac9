import os
import tty
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.scanners.serial_port import SerialScanner
from kiosk.settings import ScannerSettings
from tests.contracts.scanner_port import ScannerContract, ScannerWorld
from tests.fakes import FakeScanner


class FakeWorld:
    def __init__(self) -> None:
        self.scanner = FakeScanner()

    def send(self, *scans: bytes) -> None:
        self.scanner.send(*scans)

    def unplug(self) -> None:
        self.scanner.unplug()

    def plug(self) -> None:
        self.scanner.plug()


class SerialWorld:
    """A pty behind a stable name, as udev's by-id link is one."""

    def __init__(self, folder: Path) -> None:
        self._link = folder / "by-id"
        self._ends: tuple[int, ...] = ()
        self.plug()
        self.scanner = SerialScanner(
            ScannerSettings(name="gun", station="dock-1", port=str(self._link), silence_ms=5000)
        )

    def send(self, *scans: bytes) -> None:
        os.write(self._ends[0], b"".join(scan + b"\r" for scan in scans))

    def unplug(self) -> None:
        self._link.unlink(missing_ok=True)
        for end in self._ends:
            with suppress(OSError):
                os.close(end)

    def plug(self) -> None:
        self._ends = os.openpty()
        tty.setraw(self._ends[1])
        self._link.symlink_to(os.ttyname(self._ends[1]))


class TestFakeScanner(ScannerContract):
    @pytest.fixture
    def world(self) -> ScannerWorld:
        return FakeWorld()


class TestSerialScanner(ScannerContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[SerialWorld]:
        world = SerialWorld(tmp_path)
        yield world
        world.scanner.close()
        world.unplug()
