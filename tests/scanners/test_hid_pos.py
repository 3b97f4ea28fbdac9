import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.errors import ScanError, ScannerGone
from kiosk.scanners import SCANNERS
from kiosk.scanners.hid_pos import HidPosScanner
from kiosk.settings import ScannerSettings
from tests.scanners.fake_sysfs import KEYBOARD_DESCRIPTOR, Device, HidModel, Machine
from tests.scanners.reports import report

LONG_S = 5.0
IDS = "0c2e:0b81"


@pytest.fixture
def device(machine: Machine) -> Iterator[Device]:
    device = machine.plug(3, HidModel())
    yield device
    with suppress(OSError):
        device.unplug()


def settings(port: str = IDS, silence_ms: int = 5000) -> ScannerSettings:
    return ScannerSettings(name="gun", station="dock-1", kind="hid-pos", port=port, silence_ms=silence_ms)


@pytest.fixture
def scanner(machine: Machine, device: Device) -> Iterator[HidPosScanner]:
    del device
    scanner = HidPosScanner(settings(), roots=machine.roots)
    scanner.open()
    yield scanner
    scanner.close()


def test_the_registry_knows_it() -> None:
    assert isinstance(SCANNERS["hid-pos"](settings()), HidPosScanner)


@pytest.mark.parametrize("port", [IDS, IDS.upper(), f"{IDS}:HON1", "usb-0000:01:00.0-1.3/input0", "path"])
def test_it_is_found_by_every_name_it_has(machine: Machine, device: Device, port: str) -> None:
    name = str(machine.roots.dev / "hidraw3") if port == "path" else port
    scanner = HidPosScanner(settings(name), roots=machine.roots)
    scanner.open()
    device.send(report(b"PN-100", aim=b"]d1"))
    assert scanner.read(LONG_S) == (b"]d1PN-100",)
    assert scanner.read(0) == ()
    scanner.close()


def test_a_scan_of_two_reports(device: Device, scanner: HidPosScanner) -> None:
    device.send(report(b"A" * 56, is_continued=True))
    assert scanner.read(0.02) == ()
    device.send(report(b"B"))
    assert scanner.read(LONG_S) == (b"A" * 56 + b"B",)


def test_a_scan_that_stops_is_said(machine: Machine, device: Device) -> None:
    scanner = HidPosScanner(settings(silence_ms=20), roots=machine.roots)
    scanner.open()
    device.send(report(b"A" * 56, is_continued=True))
    with pytest.raises(ScanError) as caught:
        scanner.read(LONG_S)
    assert str(caught.value) == (
        "Scanner 'gun' stopped in the middle of a scan, and it was dropped. Scan it again."
    )
    scanner.close()


def test_gone_and_back_under_another_number(machine: Machine, device: Device, scanner: HidPosScanner) -> None:
    device.send(report(b"HALF", is_continued=True))
    assert scanner.read(0.02) == ()
    device.unplug()
    with pytest.raises(ScannerGone, match=r"went away\. .* An unfinished scan of 4 bytes was dropped"):
        scanner.read(LONG_S)
    with pytest.raises(ScannerGone, match=r"it is not there\. Check its plug; .* when it is back\. \("):
        scanner.open()
    again = machine.plug(5, HidModel())
    scanner.open()
    again.send(report(b"BACK"))
    assert scanner.read(LONG_S) == (b"BACK",)
    again.unplug()


@pytest.mark.usefixtures("scanner")
def test_one_kiosk_only(machine: Machine) -> None:
    second = HidPosScanner(settings(), roots=machine.roots)
    with pytest.raises(ScannerGone, match="another program is using it"):
        second.open()


def test_the_same_model_twice(machine: Machine, device: Device) -> None:
    other = machine.plug(4, HidModel(serial="", phys="usb-0000:01:00.0-1.2/input0"))
    with pytest.raises(ScannerGone, match=r"got: 2 of them: .*'HON1'.*, 0c2e:0b81 in port .*Name it by its"):
        HidPosScanner(settings(), roots=machine.roots).open()
    scanner = HidPosScanner(settings("usb-0000:01:00.0-1.2/input0"), roots=machine.roots)
    scanner.open()
    device.send(report(b"WRONG"))
    other.send(report(b"RIGHT"))
    assert scanner.read(LONG_S) == (b"RIGHT",)
    scanner.close()
    other.unplug()


def test_one_that_acts_as_a_keyboard_is_told_how_to_change(machine: Machine) -> None:
    keyboard = machine.plug(3, HidModel(descriptor=KEYBOARD_DESCRIPTOR))
    with pytest.raises(ScannerGone) as caught:
        HidPosScanner(settings(), roots=machine.roots).open()
    assert str(caught.value) == (
        "Cannot open scanner 'gun': expected one scanner in HID-POS mode, got: 0c2e:0b81 serial "
        "'HON1' in port 'usb-0000:01:00.0-1.3/input0' in another mode. "
        f"Scan the code that sets the mode in its manual. ({IDS!r})"
    )
    keyboard.unplug()


@pytest.mark.usefixtures("device")
def test_another_model_of_the_same_make_is_a_hint(machine: Machine) -> None:
    with pytest.raises(ScannerGone, match=r"From the same make 0c2e:0b81 is plugged in"):
        HidPosScanner(settings("0c2e:0b61"), roots=machine.roots).open()
    with pytest.raises(ScannerGone, match=r"when it is back\. \("):
        HidPosScanner(settings("05e0:1200"), roots=machine.roots).open()


def test_a_file_is_no_scanner(machine: Machine, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(ScannerGone, match=re.escape("one scanner in HID-POS mode, got: something else")):
        HidPosScanner(settings(str(path)), roots=machine.roots).open()


def test_without_sysfs_nothing_is_there(tmp_path: Path) -> None:
    with pytest.raises(ScannerGone, match="it is not there"):
        HidPosScanner(settings(), roots=Machine(tmp_path).roots).open()
