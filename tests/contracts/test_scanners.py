import os
import socket
import time
import tty
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.scanners.hid_pos import HidPosScanner
from kiosk.scanners.network import NetworkScanner
from kiosk.scanners.serial_port import SerialScanner
from kiosk.settings import ScannerSettings
from tests.contracts.scanner_port import ScannerContract, ScannerWorld
from tests.fakes import FakeScanner
from tests.scanners.fake_sysfs import Device, HidModel, Machine
from tests.scanners.reports import report


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


class _Counting(HidPosScanner):
    """Tells how many scans were read of it."""

    scans = 0

    def read(self, timeout_s: float) -> tuple[bytes, ...]:
        found = super().read(timeout_s)
        self.scans += len(found)
        return found


class HidPosWorld:
    """A raw HID device that is a pty; one report a scan."""

    def __init__(self, folder: Path) -> None:
        self._machine = Machine(folder)
        self._device: Device | None = None
        self._sender = ThreadPoolExecutor(1)
        self.plug()
        settings = ScannerSettings(name="gun", station="dock-1", kind="hid-pos", port="0c2e:0b81")
        self.scanner = _Counting(settings, roots=self._machine.roots)
        self._sent = 0
        self._is_over = False

    def send(self, *scans: bytes) -> None:
        for scan in scans:
            self._sender.submit(self._send_alone, report(scan), self._sent)
            self._sent += 1

    def _send_alone(self, data: bytes, before: int) -> None:
        """Wait until the scans before were read: a pty joins what a raw HID device keeps apart.

        How much there is to read does not tell, since what was written gets there a moment later.
        """
        while self.scanner.scans < before and not self._is_over:
            time.sleep(0.002)
        assert self._device is not None
        self._device.send(data)

    def close(self) -> None:
        self._is_over = True
        self._sender.shutdown(cancel_futures=True)
        self.scanner.close()
        self.unplug()

    def unplug(self) -> None:
        if self._device is not None:
            self._device.unplug()
        self._device = None

    def plug(self) -> None:
        self._device = self._machine.plug(3, HidModel())


class NetworkWorld:
    """A server that a scanner in the network is; unplugged, it does not listen."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._address = self._listener.getsockname()
        self._connection: socket.socket | None = None
        port = f"socket://127.0.0.1:{self._address[1]}"
        self.scanner = NetworkScanner(
            ScannerSettings(name="gun", station="dock-1", kind="network", port=port, silence_ms=5000)
        )

    def send(self, *scans: bytes) -> None:
        if self._connection is None:
            self._connection = self._listener.accept()[0]
        self._connection.sendall(b"".join(scan + b"\r" for scan in scans))

    def unplug(self) -> None:
        if self._connection is None and self.scanner._link is not None:
            self._connection = self._listener.accept()[0]
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._listener.close()

    def plug(self) -> None:
        self._listener = socket.create_server(self._address)


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


class TestHidPosScanner(ScannerContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[HidPosWorld]:
        world = HidPosWorld(tmp_path)
        yield world
        world.close()


class TestNetworkScanner(ScannerContract):
    @pytest.fixture
    def world(self) -> Iterator[NetworkWorld]:
        world = NetworkWorld()
        yield world
        world.unplug()
        world.scanner.close()
