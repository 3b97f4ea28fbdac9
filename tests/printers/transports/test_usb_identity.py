import os
from pathlib import Path

import pytest

from printers import PrinterUnreachable
from printers.transports.device import DeviceTransport
from printers.transports.usb_identity import UsbIdentity


class Usb:
    """Sysfs and device nodes of USB printers, as the kernel lays them out."""

    def __init__(self, root: Path) -> None:
        self.sys, self.dev, self.devices = root / "class", root / "usb", root / "devices"
        for folder in (self.sys, self.dev, self.devices):
            folder.mkdir()

    def plug(self, number: int, identity: str, port: str = "1-1") -> Path:
        vendor, product, serial = identity.split(":")
        interface = self.devices / port / f"{port}:1.0"
        interface.mkdir(parents=True)
        for name, value in (("idVendor", vendor), ("idProduct", product), ("serial", serial)):
            if value:
                (interface.parent / name).write_text(f"{value}\n")
        (self.sys / f"lp{number}").mkdir()
        (self.sys / f"lp{number}" / "device").symlink_to(interface)
        node = self.dev / f"lp{number}"
        os.mkfifo(node)
        return node

    def identity(self, text: str) -> UsbIdentity:
        found = UsbIdentity.read(text)
        return UsbIdentity(found.vendor, found.product, found.serial, self.sys, self.dev)


@pytest.fixture
def usb(tmp_path: Path) -> Usb:
    return Usb(tmp_path)


def test_a_printer_is_found_by_what_it_is(usb: Usb) -> None:
    usb.plug(0, "04f9:209d:E9", port="1-1")
    node = usb.plug(1, "0a5f:0120:28J1", port="1-2")
    usb.plug(2, "0a5f:0120:28J2", port="1-3")
    assert usb.identity("0A5F:0120:28J1").node() == node
    assert usb.identity("04f9:209d").node() == usb.dev / "lp0"


def test_a_printer_that_is_back_under_another_number_is_the_same(usb: Usb) -> None:
    transport = DeviceTransport(usb.identity("0a5f:0120:28J1"), 0.2)
    with pytest.raises(PrinterUnreachable) as caught, transport.connection():
        pass
    assert str(caught.value) == "device://0a5f:0120:28J1: expected one such printer on USB, got none"
    usb.plug(3, "0a5f:0120:28J1")
    with transport.connection() as connection:
        connection.send(b"label")
        assert connection.receive(1, bool) == b"label"


def test_two_of_a_kind_need_their_serial_number(usb: Usb) -> None:
    usb.plug(0, "0a5f:0120:1", port="1-1")
    usb.plug(1, "0a5f:0120:2", port="1-2")
    with pytest.raises(PrinterUnreachable, match=r"expected one such printer on USB, got 2$"):
        usb.identity("0a5f:0120").node()
    with pytest.raises(PrinterUnreachable, match=r"got none$"):
        usb.identity("0a5f:0120:3").node()


def test_a_printer_without_a_serial_number(usb: Usb) -> None:
    node = usb.plug(0, "0a5f:0120:")
    assert usb.identity("0a5f:0120").node() == node
    with pytest.raises(PrinterUnreachable):
        usb.identity("0a5f:0120:x").node()


@pytest.mark.parametrize("text", ["", "lp0", "0a5f", "0a5f:12", "0a5f:0120:", "0a5f:0120:a b", "zzzz:0120"])
def test_what_is_no_identity(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"^expected device:///dev/usb/lp0 or device://vendor:product:serial$"
    ):
        UsbIdentity.read(text)
