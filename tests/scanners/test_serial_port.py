import errno
import grp
import os
import struct
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.errors import ScanError, ScannerGone
from kiosk.language import language
from kiosk.scanners import SCANNERS
from kiosk.scanners.collector import MAX_SCAN_BYTES
from kiosk.scanners.link import DescriptorLink
from kiosk.scanners.serial_port import SerialScanner
from kiosk.settings import ScannerSettings
from tests.scanners.fake_sysfs import HidModel, Machine, SerialModel

LONG_S = 5.0
"""Longer than any of these reads takes; a read that waits it out has failed."""


class Line:
    """A pty: ``send`` is the scanner's side, ``path`` the kiosk's."""

    def __init__(self) -> None:
        self.scanner_end, self._kiosk_end = os.openpty()
        tty.setraw(self._kiosk_end)
        self.path = os.ttyname(self._kiosk_end)

    def send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self.scanner_end, data) :]

    def unplug(self) -> None:
        for end in (self._kiosk_end, self.scanner_end):
            with suppress(OSError):
                os.close(end)


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.unplug()


def settings(port: str, silence_ms: int = 5000) -> ScannerSettings:
    return ScannerSettings(name="gun", station="dock-1", port=port, silence_ms=silence_ms)


@pytest.fixture
def scanner(line: Line) -> Iterator[SerialScanner]:
    scanner = SerialScanner(settings(line.path))
    scanner.open()
    yield scanner
    scanner.close()


def test_the_registry_knows_serial_scanners(line: Line) -> None:
    scanner = SCANNERS["serial"](settings(line.path))
    scanner.open()
    line.send(b"A\r")
    assert scanner.read(LONG_S) == (b"A",)
    scanner.close()


@pytest.mark.parametrize("suffix", [b"\r", b"\n", b"\r\n"])
def test_a_whole_scan(line: Line, scanner: SerialScanner, suffix: bytes) -> None:
    line.send(b"]d1PN-100" + suffix)
    assert scanner.read(LONG_S) == (b"]d1PN-100",)
    assert scanner.read(0) == ()


def test_a_scan_in_pieces(line: Line, scanner: SerialScanner) -> None:
    line.send(b"PN-")
    assert scanner.read(0.01) == ()
    line.send(b"100")
    assert scanner.read(0.01) == ()
    line.send(b"\r")
    assert scanner.read(LONG_S) == (b"PN-100",)


def test_two_scans_in_one_burst(line: Line, scanner: SerialScanner) -> None:
    line.send(b"A\r\nB\r\nC")
    assert scanner.read(LONG_S) == (b"A", b"B")
    line.send(b"\r")
    assert scanner.read(LONG_S) == (b"C",)


def test_a_scan_without_suffix_ends_after_silence(line: Line) -> None:
    scanner = SerialScanner(settings(line.path, silence_ms=20))
    scanner.open()
    line.send(b"NO-SUFFIX")
    assert scanner.read(LONG_S) == (b"NO-SUFFIX",)
    scanner.close()


def test_silence_is_counted_from_the_last_byte_that_was_read(line: Line) -> None:
    scanner = SerialScanner(settings(line.path, silence_ms=5))
    scanner.open()
    line.send(b"HALF")
    assert scanner.read(0) == ()
    line.send(b"-WHOLE\r")
    time.sleep(0.02)
    assert scanner.read(LONG_S) == (b"HALF-WHOLE",)
    scanner.close()


def test_every_byte_arrives(line: Line, scanner: SerialScanner) -> None:
    data = bytes(byte for byte in range(256) if byte not in b"\r\n")
    line.send(data + b"\r")
    assert scanner.read(LONG_S) == (data,)


def test_a_read_waits_no_longer_than_it_is_told(scanner: SerialScanner) -> None:
    began_s = time.monotonic()
    assert scanner.read(0.02) == ()
    assert 0.015 < time.monotonic() - began_s < LONG_S


def test_unplugged_while_reading(line: Line, scanner: SerialScanner) -> None:
    unplug = threading.Timer(0.05, line.unplug)
    unplug.start()
    with pytest.raises(ScannerGone, match=f"Scanner 'gun' went away. Check its plug.*'{line.path}'"):
        scanner.read(LONG_S)
    unplug.join()
    with pytest.raises(ScannerGone, match=r"^Scanner 'gun' is not open\.$"):
        scanner.read(0)


def test_unplugged_in_the_middle_of_a_scan(line: Line, scanner: SerialScanner) -> None:
    line.send(b"HALF")
    assert scanner.read(0.01) == ()
    line.unplug()
    with pytest.raises(ScannerGone, match=r"An unfinished scan of 4 bytes was dropped: scan it again\. \("):
        scanner.read(LONG_S)


def test_any_failing_read_closes_and_says_so(scanner: SerialScanner, tmp_path: Path) -> None:
    link = scanner._link
    assert isinstance(link, DescriptorLink)
    folder = os.open(tmp_path, os.O_RDONLY)
    os.dup2(folder, link.fileno())
    os.close(folder)
    with pytest.raises(ScannerGone, match=r"went away\. .*: the system says: Is a directory\)"):
        scanner.read(LONG_S)
    assert scanner._link is None


def test_what_is_wrong_is_said_in_the_language_of_the_screen(scanner: SerialScanner, line: Line) -> None:
    german = language("de")
    line.unplug()
    with pytest.raises(ScannerGone) as gone:
        scanner.read(LONG_S)
    port = scanner._settings.port
    assert german.sentence(str(gone.value)) == (
        "Scanner 'gun' ist weg. Den Stecker prüfen; er wird von selbst wieder geöffnet. "
        f"({port!r}: die Verbindung endete)"
    )
    with pytest.raises(ScannerGone) as closed:
        SerialScanner(settings("/nowhere/gun")).open()
    assert german.sentence(str(closed.value)) == (
        "Scanner 'gun' lässt sich nicht öffnen: er ist nicht da. Den Stecker prüfen; "
        "er wird von selbst geöffnet, wenn er wieder da ist. ('/nowhere/gun')"
    )


def test_back_on_the_same_stable_path(tmp_path: Path) -> None:
    stable = tmp_path / "usb-scanner"
    first = Line()
    stable.symlink_to(first.path)
    scanner = SerialScanner(settings(str(stable)))
    scanner.open()
    first.send(b"HALF")
    assert scanner.read(0.01) == ()
    second = Line()
    first.unplug()
    with pytest.raises(ScannerGone):
        scanner.read(LONG_S)
    stable.unlink()
    with pytest.raises(ScannerGone, match="it is not there"):
        scanner.open()
    stable.symlink_to(second.path)
    scanner.open()
    second.send(b"AGAIN\r")
    assert scanner.read(LONG_S) == (b"AGAIN",)
    scanner.close()
    second.unplug()


def test_a_megabyte_of_garbage_is_dropped_once_and_the_next_scan_is_read(
    line: Line, scanner: SerialScanner
) -> None:
    sender = threading.Thread(target=line.send, args=(b"\xa5" * 1_000_000 + b"\rNEXT\r",))
    sender.start()
    with pytest.raises(
        ScanError,
        match=f"^Scanner 'gun' sent more than {MAX_SCAN_BYTES} bytes without an end; the scan was dropped",
    ) as caught:
        scanner.read(LONG_S)
    assert not isinstance(caught.value, ScannerGone)
    scans: tuple[bytes, ...] = ()
    while not scans:
        scans = scanner.read(LONG_S)
    assert scans == (b"NEXT",)
    sender.join()


def test_a_device_that_never_stops_does_not_hold_the_reader(line: Line, scanner: SerialScanner) -> None:
    sender = threading.Thread(target=line.send, args=(b"\xa5" * 1_000_000,))
    sender.start()
    with pytest.raises(ScanError):
        scanner.read(LONG_S)
    while sender.is_alive():
        began_s = time.monotonic()
        assert scanner.read(0.01) == ()
        assert time.monotonic() - began_s < 1
    sender.join()


def test_scans_before_one_that_is_too_long_are_kept(line: Line, scanner: SerialScanner) -> None:
    scanner.read(0)
    sender = threading.Thread(target=line.send, args=(b"A\r" + b"x" * 9000 + b"\rB\r",))
    sender.start()
    got: list[bytes] = []
    faults = 0
    while got[-1:] != [b"B"]:
        try:
            got += scanner.read(LONG_S)
        except ScanError:
            faults += 1
    assert (got, faults) == ([b"A", b"B"], 1)
    sender.join()


def test_what_the_driver_knows_to_be_damaged_is_dropped_and_the_next_scan_read(line: Line) -> None:
    counts = [0] * 20

    def ask(_fd: int, _request: int, field: bytearray) -> None:
        field[:] = struct.pack("20i", *counts)

    scanner = SerialScanner(settings(line.path), ask=ask)
    scanner.open()
    line.send(b"GOOD\r")
    assert scanner.read(LONG_S) == (b"GOOD",)
    counts[6] += 4
    line.send(b"\xe6\x00\x98\r")
    with pytest.raises(ScanError) as caught:
        scanner.read(LONG_S)
    assert str(caught.value) == (
        "Scanner 'gun' sent what cannot be read at 115200 baud, and it was dropped. "
        "Set baud in the settings to the scanner's own, mostly 9600 or 115200, "
        "and the scanner to 8 data bits without parity."
    )
    line.send(b"AGAIN\r")
    assert scanner.read(LONG_S) == (b"AGAIN",)
    scanner.close()


def test_how_a_scan_came_in_is_known(line: Line) -> None:
    now_s = [10.0]
    scanner = SerialScanner(settings(line.path, silence_ms=50))
    scanner._monotonic_s = lambda: now_s[0]
    scanner.open()
    line.send(b"HALF")
    assert scanner.read(0) == ()
    now_s[0] += 0.03
    line.send(b"-WHOLE\r")
    assert scanner.read(0) == (b"HALF-WHOLE",)
    assert scanner.pace.wire_s == pytest.approx(0.03)
    assert scanner.pace.waited_s == 0
    line.send(b"NO-SUFFIX")
    assert scanner.read(0) == ()
    now_s[0] += 0.06
    assert scanner.read(0) == (b"NO-SUFFIX",)
    assert scanner.pace.wire_s == 0
    assert scanner.pace.waited_s == pytest.approx(0.06)
    scanner.close()


def test_a_port_has_one_reader(line: Line, scanner: SerialScanner) -> None:
    second = SerialScanner(settings(line.path))
    with pytest.raises(ScannerGone, match="another program is using it"):
        second.open()
    line.send(b"A\r")
    assert scanner.read(LONG_S) == (b"A",)


def test_opening_again_closes_first(line: Line, scanner: SerialScanner) -> None:
    scanner.open()
    line.send(b"A\r")
    assert scanner.read(LONG_S) == (b"A",)


def test_closing_twice_is_fine(scanner: SerialScanner) -> None:
    scanner.close()
    scanner.close()


def test_not_there(tmp_path: Path) -> None:
    path = str(tmp_path / "absent")
    with pytest.raises(ScannerGone) as caught:
        SerialScanner(settings(path)).open()
    assert str(caught.value) == (
        "Cannot open scanner 'gun': it is not there. "
        f"Check its plug; it is opened by itself when it is back. ({path!r})"
    )


def test_it_is_found_by_every_name_it_has(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    model = SerialModel()
    device = machine.plug_serial(0, model)
    ports = (
        *("0c2e:0b6a", "0C2E:0B6A:SER1", str(machine.by_path(0)), str(machine.by_id(model))),
        str(machine.roots.dev / "ttyACM0"),
    )
    for port in ports:
        scanner = SerialScanner(settings(port), roots=machine.roots)
        scanner.open()
        device.send(port.encode() + b"\r")
        assert scanner.read(LONG_S) == (port.encode(),)
        scanner.close()
    device.unplug()


def test_the_same_model_twice_without_serial_number(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    twins = [machine.plug_serial(number, SerialModel(serial="")) for number in (0, 1)]
    with pytest.raises(ScannerGone) as caught:
        SerialScanner(settings("0c2e:0b6a"), roots=machine.roots).open()
    assert str(caught.value) == (
        "Cannot open scanner 'gun': expected a serial port at 115200 baud, got: 2 of them: "
        f"0c2e:0b6a in port '{machine.by_path(0)}', 0c2e:0b6a in port '{machine.by_path(1)}'. "
        "Name it by its serial number or its physical port. ('0c2e:0b6a')"
    )
    for number, device in enumerate(twins):
        scanner = SerialScanner(settings(str(machine.by_path(number))), roots=machine.roots)
        scanner.open()
        device.send(b"%d\r" % number)
        assert scanner.read(LONG_S) == (b"%d" % number,)
        scanner.close()
        device.unplug()


def test_back_under_another_number(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    first = machine.plug_serial(0, SerialModel())
    scanner = SerialScanner(settings("0c2e:0b6a:SER1"), roots=machine.roots)
    scanner.open()
    first.unplug()
    with pytest.raises(ScannerGone):
        scanner.read(LONG_S)
    with pytest.raises(ScannerGone, match=r"it is not there. Check its plug; .* when it is back\. \("):
        scanner.open()
    again = machine.plug_serial(4, SerialModel())
    scanner.open()
    again.send(b"BACK\r")
    assert scanner.read(LONG_S) == (b"BACK",)
    scanner.close()
    again.unplug()


def test_a_scanner_in_another_mode_is_a_hint(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    device = machine.plug(1, HidModel())
    with pytest.raises(
        ScannerGone, match=r"From the same make 0c2e:0b81 is plugged in: .* another mode\. \("
    ):
        SerialScanner(settings("0c2e:0b6a"), roots=machine.roots).open()
    device.unplug()


def test_no_serial_port(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"")
    with pytest.raises(ScannerGone, match="Cannot open scanner 'gun': expected a serial port at"):
        SerialScanner(settings(str(path))).open()


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (errno.EACCES, "not permitted. Add the kiosk's user to the group 'dialout' and restart the kiosk."),
        (errno.EBUSY, "another program is using it. Stop that program; the kiosk tries again by itself."),
        (errno.ENODEV, "it is not there. Check its plug; it is opened by itself when it is back."),
    ],
)
def test_each_fault_says_what_to_do(code: int, advice: str) -> None:
    scanner = SerialScanner(settings("/dev/scanner"))
    assert scanner._why_not(OSError(code, os.strerror(code))) == advice


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
def test_a_device_that_udev_did_not_hand_over_says_so(tmp_path: Path, mode: int) -> None:
    node = tmp_path / "hidraw3"
    node.touch()
    node.chmod(mode)
    group = grp.getgrgid(node.stat().st_gid).gr_name
    refusal = PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(node))
    assert SerialScanner(settings("0c2e:0b6a"))._why_not(refusal) == (
        f"not permitted. {node} belongs to group {group!r} with mode {mode:04o}, "
        "expected 'dialout' and 0660. "
        "Add its make, which lsusb shows, to 70-ion-kiosk.rules, and plug it in again."
    )
