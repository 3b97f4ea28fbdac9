import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.scanners.device_names import Found, Roots, find, opened

GUN = Found(Path("/dev/x"), "0c2e", "0b61", "A:1", "usb-1/input0", fits=True)
TWIN = Found(Path("/dev/y"), "0c2e", "0b61", "", "usb-2/input0", fits=True)


@pytest.mark.parametrize(
    ("port", "is_called"),
    [
        ("0c2e:0b61", True),
        ("0C2E:0B61", True),
        ("0c2e:0b61:A:1", True),
        ("0c2e:0b61:a:1", False),
        ("0c2e:0b61:", False),
        ("0c2e:0b62", False),
        ("05e0:0b61", False),
        ("usb-1/input0", True),
        ("usb-1/input1", False),
        ("", False),
        ("/dev/x", False),
    ],
)
def test_names(port: str, is_called: bool) -> None:
    assert GUN.is_called(port) is is_called


def test_a_twin_without_serial_is_found_by_its_port() -> None:
    assert find("usb-2/input0", lambda: [GUN, TWIN]) == TWIN
    assert find("0c2e:0b61:A:1", lambda: [GUN, TWIN]) == GUN
    with pytest.raises(ValueError, match="2 of them"):
        find("0c2e:0b61", lambda: [GUN, TWIN])


def test_a_device_that_changes_while_it_is_opened_is_let_go(tmp_path: Path) -> None:
    node = tmp_path / "event7"
    node.touch()
    mine = Found(node, "0c2e", "0b61", "", "usb-1/input0", fits=True)
    somebodys = Found(node, "046d", "c31c", "", "usb-2/input0", fits=True)
    looks: Iterator[list[Found]] = iter([[mine], [somebodys]])
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(FileNotFoundError):
        opened("0c2e:0b61", lambda: next(looks), os.O_RDONLY)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize(
    ("bits", "is_keyboard"),
    [
        ("ffffffffffffffff fffffffffffffffe", True),
        ("50000000", True),
        ("10000000", False),
        ("50000000 0", False),
        ("1f0000 0 0 0 0", False),
        ("", False),
    ],
)
def test_a_keyboard_has_letters_and_enter(tmp_path: Path, bits: str, is_keyboard: bool) -> None:
    device = tmp_path / "class/input/event0/device"
    (device / "capabilities").mkdir(parents=True)
    (device / "capabilities/key").write_text(f"{bits}\n", encoding="ascii")
    (found,) = Roots(tmp_path, Path("/dev")).keyboards()
    assert found == Found(Path("/dev/input/event0"), "", "", "", "", fits=is_keyboard)


def test_the_serial_number_is_the_input_devices_own_or_that_of_its_usb_device(tmp_path: Path) -> None:
    usb = tmp_path / "devices/usb1/1-1"
    device = usb / "1-1:1.0/input/input3"
    (device / "event3").mkdir(parents=True)
    (tmp_path / "class/input").mkdir(parents=True)
    (tmp_path / "class/input/event3").symlink_to(device / "event3")
    (device / "event3/device").symlink_to(device)
    (usb / "idVendor").write_text("0c2e\n", encoding="ascii")
    (usb / "serial").write_text("FROM-USB\n", encoding="ascii")
    roots = Roots(tmp_path, Path("/dev"))
    assert [found.serial for found in roots.keyboards()] == ["FROM-USB"]
    (device / "uniq").write_text("OWN\n", encoding="ascii")
    assert [found.serial for found in roots.keyboards()] == ["OWN"]
