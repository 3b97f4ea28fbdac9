"""Scanners on real drivers: serial, keyboard and HID-POS gadgets on the kernel that this runs on.

Only for the virtual machine that ``python -m tests.kernel`` starts.
"""

import fcntl
import grp
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.errors import ScanError, ScannerGone
from kiosk.ports import Heard, Listener, Scanner, Traits
from kiosk.scanners import SCANNERS, PluggedIn
from kiosk.scanners.device_names import Roots
from kiosk.scanners.key_framing import EV_KEY, EVENT
from kiosk.scanners.line_errors import LineErrors
from kiosk.scanners.link import DescriptorLink
from kiosk.scanners.serial_port import SerialScanner
from kiosk.settings import ScannerSettings
from tests.kernel.gadget import Gadget, key_reports, send
from tests.scanners.reports import report, reports_of
from tests.scanners.strokes import ENTER, LEFT_SHIFT, Strokes, alt_code, tap, typed

LONG_S = 20.0
IDS = "0c2e:0b61"
GUN = f"{IDS}:HON1"
BY_ID = "/dev/serial/by-id/usb-Honeywell_1950g_HON1-if00"
CODE = "ION/CMD/LEARN/AZ@7QM"
LABEL = "[)>\x1e06\x1d1PAb-1\x1dQ10\x1e\x04"


def made(kind: str, port: str, silence_ms: int = 2000) -> Scanner:
    return SCANNERS[kind](
        ScannerSettings.model_validate(
            {"name": "gun", "station": "dock-1", "kind": kind, "port": port, "silence_ms": silence_ms}
        )
    )


def is_back_within(scanner: Scanner, limit_s: float) -> float:
    """Return how long it took until the scanner could be opened, tried as the kiosk does."""
    began_s = time.monotonic()
    while True:
        try:
            scanner.open()
        except ScannerGone:
            assert time.monotonic() - began_s < limit_s
            time.sleep(0.5)
        else:
            return time.monotonic() - began_s


def pumps() -> list[int]:
    """Return the processes that wait for keyboards for this one."""
    children = " ".join(path.read_text() for path in Path("/proc/self/task").glob("*/children")).split()
    return [int(pid) for pid in children if Path(f"/proc/{pid}/wchan").read_text().startswith("evdev")]


def wait_for_pumps(count: int) -> list[int]:
    """Wait until so many run: an emulated machine takes a second to start one."""
    until_s = time.monotonic() + LONG_S
    while len(found := pumps()) != count:
        assert time.monotonic() < until_s
        time.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def gun() -> Iterator[Gadget]:
    gun = Gadget(0, "HON1", "acm.0", "hid.keys", "hid.pos")
    gun.plug()
    yield gun
    gun.unplug()


@pytest.fixture
def opened(gun: Gadget) -> Iterator[Callable[[str, str], Scanner]]:
    del gun
    scanners: list[Scanner] = []

    def opened(kind: str, port: str) -> Scanner:
        scanner = made(kind, port)
        scanners.append(scanner)
        before = len(pumps())
        is_back_within(scanner, LONG_S)
        if kind == "keyboard":
            wait_for_pumps(before + 1)
        return scanner

    yield opened
    for scanner in scanners:
        scanner.close()


def type_keys(gun: Gadget, strokes: Strokes) -> None:
    send(gun.node("hid.keys"), key_reports(strokes))


def read_while(scanner: Scanner, sending: Callable[[], object]) -> tuple[bytes, ...]:
    thread = threading.Thread(target=sending)
    thread.start()
    try:
        return scanner.read(LONG_S)
    finally:
        thread.join()


Opened = Callable[[str, str], Scanner]


def test_serial_every_byte(opened: Opened) -> None:
    scanner = opened("serial", BY_ID)
    data = bytes(byte for byte in range(256) if byte not in b"\r\n")
    with open("/dev/ttyGS0", "wb", buffering=0) as device:  # noqa: PTH123 - a device, not a file
        subprocess.run(["stty", "-F", "/dev/ttyGS0", "raw", "-echo"], check=True)
        assert read_while(scanner, lambda: device.write(data + b"\r")) == (data,)


def test_serial_gone_and_back(gun: Gadget, opened: Opened) -> None:
    scanner = opened("serial", BY_ID)
    gun.unplug()
    with pytest.raises(ScannerGone, match="went away"):
        scanner.read(LONG_S)
    gun.plug()
    assert is_back_within(scanner, LONG_S) < 3
    with open("/dev/ttyGS0", "wb", buffering=0) as device:  # noqa: PTH123 - a device, not a file
        subprocess.run(["stty", "-F", "/dev/ttyGS0", "raw", "-echo"], check=True)
        assert read_while(scanner, lambda: device.write(b"BACK\r")) == (b"BACK",)


def test_keyboard_every_way_of_control_characters(gun: Gadget, opened: Opened) -> None:
    scanner = opened("keyboard", GUN)
    strokes = [*typed(LABEL), *alt_code("029"), *alt_code("0255"), *tap(ENTER)]
    assert read_while(scanner, lambda: type_keys(gun, strokes)) == (LABEL.encode() + b"\x1d\xff",)


def test_keyboard_is_found_by_its_port_and_its_link(gun: Gadget, opened: Opened) -> None:
    (found,) = [found for found in Roots().keyboards() if found.is_called(GUN)]
    assert found.fits
    links = [path for path in Path("/dev/input/by-id").iterdir() if "event-kbd" in path.name]
    for name in (found.phys, str(links[0]), str(found.node)):
        scanner = opened("keyboard", name)
        assert read_while(scanner, lambda: type_keys(gun, [*typed("ab"), *tap(ENTER)])) == (b"ab",)
        scanner.close()


def test_keyboard_is_grabbed(opened: Opened) -> None:
    opened("keyboard", GUN)
    with pytest.raises(ScannerGone, match="another program is using it"):
        made("keyboard", GUN).open()


def test_keyboard_gone_in_the_middle_of_a_scan_and_back(gun: Gadget, opened: Opened) -> None:
    scanner = opened("keyboard", GUN)
    type_keys(gun, typed("half"))
    assert scanner.read(0.5) == ()
    gun.unplug()
    with pytest.raises(ScannerGone, match=r"went away \(end of file\).* scan of 4 bytes was dropped"):
        scanner.read(LONG_S)
    gun.plug()
    assert is_back_within(scanner, LONG_S) < 3
    wait_for_pumps(1)
    assert read_while(scanner, lambda: type_keys(gun, [*typed("back"), *tap(ENTER)])) == (b"back",)


def test_keyboard_waits_for_a_reader_that_is_busy(gun: Gadget, opened: Opened) -> None:
    scanner = opened("keyboard", GUN)
    type_keys(gun, [*typed("1" * 1000), *tap(ENTER), *typed("2" * 1000), *tap(ENTER)])
    assert scanner.read(LONG_S) + scanner.read(LONG_S) == (b"1" * 1000, b"2" * 1000)


def test_keyboard_events_that_the_kernel_drops(gun: Gadget) -> None:
    scanner = made("keyboard", GUN, silence_ms=200)
    is_back_within(scanner, LONG_S)
    (pump,) = wait_for_pumps(1)
    os.kill(pump, signal.SIGSTOP)
    type_keys(gun, [(LEFT_SHIFT, 1), *typed("0123456789" * 40)])
    os.kill(pump, signal.SIGCONT)
    with pytest.raises(ScanError, match="a part of the scan was lost"):
        scanner.read(LONG_S)
    assert scanner.read(1) == ()
    # Shift is still held, which only EVIOCGKEY can tell.
    strokes = [*tap(30), (LEFT_SHIFT, 0), *tap(30), *tap(ENTER)]
    reports = list(key_reports([(LEFT_SHIFT, 1), *strokes]))[1:]
    assert read_while(scanner, lambda: send(gun.node("hid.keys"), iter(reports))) == (b"Aa",)
    scanner.close()
    assert pumps() == []


def test_the_same_model_twice(gun: Gadget, opened: Opened) -> None:
    twin = Gadget(1, "HON2", "hid.twin")
    twin.plug()
    try:
        first, second = opened("keyboard", GUN), opened("keyboard", f"{IDS}:HON2")
        with pytest.raises(ScannerGone, match="2 of them"):
            made("keyboard", IDS).open()
        type_keys(gun, [*typed("first"), *tap(ENTER)])
        send(twin.node("hid.twin"), key_reports([*typed("second"), *tap(ENTER)]))
        assert (first.read(LONG_S), second.read(LONG_S)) == ((b"first",), (b"second",))
    finally:
        twin.unplug()


def test_hid_pos_every_byte(gun: Gadget, opened: Opened) -> None:
    scanner = opened("hid-pos", GUN)
    data = bytes(range(256))
    sending = lambda: send(gun.node("hid.pos"), reports_of(data, aim=b"]d1"))  # noqa: E731 - one use
    assert read_while(scanner, sending) == (b"]d1" + data,)


def test_hid_pos_is_told_to_send_reports(gun: Gadget, opened: Opened) -> None:
    device = os.open(gun.node("hid.pos"), os.O_RDWR | os.O_NONBLOCK)
    opened("hid-pos", GUN)
    time.sleep(0.2)
    came = os.read(device, 64)
    os.close(device)
    assert came == b"\xfe\x01"


def test_hid_pos_gone_and_back(gun: Gadget, opened: Opened) -> None:
    scanner = opened("hid-pos", GUN)
    with pytest.raises(ScannerGone, match="another program is using it"):
        made("hid-pos", GUN).open()
    gun.unplug()
    with pytest.raises(ScannerGone, match="went away"):
        scanner.read(LONG_S)
    gun.plug()
    assert is_back_within(scanner, LONG_S) < 3
    assert read_while(scanner, lambda: send(gun.node("hid.pos"), iter([report(b"BACK")]))) == (b"BACK",)


def heard(listener: Listener, sending: Callable[[], object]) -> Heard | None:
    thread = threading.Thread(target=sending)
    thread.start()
    until_s = time.monotonic() + LONG_S
    while (found := listener.heard()) is None and time.monotonic() < until_s:
        time.sleep(0.05)
    thread.join()
    return found


def test_every_kind_is_a_candidate_and_heard(gun: Gadget) -> None:
    plugged_in = PluggedIn(tuple)
    found = {one.kind: one for one in plugged_in.plugged_in() if one.port == GUN}
    assert set(found) == {"serial", "keyboard", "hid-pos"}
    assert {one.is_scanner for one in found.values()} == {True}
    assert found["serial"].device == f"Honeywell 1950g ({IDS}, serial HON1)"

    def from_serial() -> None:
        with open("/dev/ttyGS0", "wb", buffering=0) as device:  # noqa: PTH123 - a device, not a file
            subprocess.run(["stty", "-F", "/dev/ttyGS0", "raw", "-echo"], check=True)
            device.write(CODE.encode() + b"\r")
            time.sleep(1)

    sending = {
        "serial": from_serial,
        "keyboard": lambda: type_keys(gun, [*typed(CODE, "de"), *tap(ENTER)]),
        "hid-pos": lambda: send(gun.node("hid.pos"), iter([report(CODE.encode(), aim=b"]C0")])),
    }
    for kind, candidate in found.items():
        listener = plugged_in.listener(candidate, CODE)
        listener.open()
        if kind == "keyboard":
            wait_for_pumps(1)
        came = heard(listener, sending[kind])
        listener.close()
        assert came == Heard(Traits(layout="de" if kind == "keyboard" else "us"))


def test_what_is_bound_is_no_candidate(gun: Gadget) -> None:
    del gun
    owned = [("serial", BY_ID), ("keyboard", GUN), ("hid-pos", IDS)]
    assert [one for one in PluggedIn(lambda: owned).plugged_in() if IDS in one.port] == []


def test_a_keyboard_that_is_listened_to_is_still_everybody_s(gun: Gadget) -> None:
    (candidate,) = [one for one in PluggedIn(tuple).plugged_in() if (one.kind, one.port) == ("keyboard", GUN)]
    listener = PluggedIn(tuple).listener(candidate, CODE)
    listener.open()
    wait_for_pumps(1)
    (node,) = [found.node for found in Roots().keyboards() if found.is_called(GUN)]
    desktop = os.open(node, os.O_RDONLY | os.O_NONBLOCK)
    type_keys(gun, tap(30))
    time.sleep(0.5)
    came = os.read(desktop, 4096)
    os.close(desktop)
    listener.close()
    assert [(kind, code, value) for *_, kind, code, value in EVENT.iter_unpack(came) if kind == EV_KEY] == [
        (EV_KEY, 30, 1),
        (EV_KEY, 30, 0),
    ]


def test_the_driver_counts_what_arrives_damaged(opened: Opened) -> None:
    scanner = opened("serial", BY_ID)
    assert isinstance(scanner, SerialScanner)
    assert isinstance(scanner._link, DescriptorLink)
    counted: list[bytes] = []

    def ask(fd: int, request: int, field: bytearray) -> None:
        fcntl.ioctl(fd, request, field)
        counted.append(bytes(field))

    assert LineErrors(scanner._link.fileno(), ask).since() is None
    assert len(counted) == 2


def test_the_udev_rules(gun: Gadget) -> None:
    del gun
    udevadm("settle")
    (keyboard,) = [found.node for found in Roots().keyboards() if found.is_called(GUN) and found.fits]
    (pos,) = [found.node for found in Roots().hid_devices() if found.is_called(GUN) and found.fits]
    rights = {}
    for what, node in (("serial", Path(BY_ID)), ("keyboard", keyboard), ("hid-pos", pos)):
        facts = node.stat()
        rights[what] = (grp.getgrgid(facts.st_gid).gr_name, oct(facts.st_mode & 0o777))
    assert rights == {
        "serial": ("dialout", "0o660"),
        "keyboard": ("input", "0o660"),
        "hid-pos": ("input", "0o660"),
    }
    assert "LIBINPUT_IGNORE_DEVICE=1" in udevadm("info", "--query=property", f"--name={keyboard}")
    assert "E: ID_MM_DEVICE_IGNORE=1" in udevadm("info", "--export-db")


def udevadm(*arguments: str) -> list[str]:
    ran = subprocess.run(["udevadm", *arguments], check=True, capture_output=True, text=True)
    return ran.stdout.splitlines()
