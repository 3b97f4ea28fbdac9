from contextlib import ExitStack
from dataclasses import replace

import pytest

from kiosk.errors import ScannerGone
from kiosk.model import Pace
from kiosk.ports import Candidate
from kiosk.scanners import SCANNERS, PluggedIn, Subordinate
from kiosk.scanners.serial_port import SerialScanner
from kiosk.settings import ScannerSettings
from tests.fakes import FakeScanner
from tests.scanners.fake_devices import Model
from tests.scanners.fake_sysfs import KEYBOARD_DESCRIPTOR, HidModel, Machine, SerialModel

LOGITECH = Model("Logitech USB Keyboard", "046d", "c31c", "", "usb-0000:01:00.0-1.4/input0")


def found(machine: Machine, *owners: tuple[str, str]) -> list[Candidate]:
    return list(PluggedIn(lambda: owners, machine.roots).plugged_in())


def test_every_kind_is_found_and_what_looks_like_a_scanner_comes_first(
    machine: Machine, plugs: ExitStack
) -> None:
    plugs.callback(machine.plug_keyboard(1, LOGITECH).unplug)
    plugs.callback(machine.plug_keyboard(2, Model(keys="1f0000 0 0 0 0")).unplug)
    plugs.callback(machine.plug_keyboard(3, Model()).unplug)
    plugs.callback(machine.plug(4, HidModel()).unplug)
    plugs.callback(machine.plug(5, HidModel(descriptor=KEYBOARD_DESCRIPTOR)).unplug)
    adapter = SerialModel("0403", "6001", "A1", "FTDI", "FT232R", driver="ttyUSB")
    plugs.callback(machine.plug_serial(6, adapter).unplug)
    assert found(machine) == [
        Candidate("hid-pos", "0c2e:0b81:HON1", "Honeywell Scanner (0c2e:0b81, serial HON1)", is_scanner=True),
        Candidate(
            "keyboard", "0c2e:0b61:HON1", "Honeywell Scanning 1950g (0c2e:0b61, serial HON1)", is_scanner=True
        ),
        Candidate("serial", "0403:6001:A1", "FTDI FT232R (0403:6001, serial A1)", is_scanner=False),
        Candidate(
            "keyboard", "usb-0000:01:00.0-1.4/input0", "Logitech USB Keyboard (046d:c31c)", is_scanner=False
        ),
    ]


@pytest.mark.parametrize(
    "owner",
    [
        ("keyboard", "0c2e:0b61"),
        ("keyboard", "0C2E:0B61:HON1"),
        ("keyboard", "usb-0000:01:00.0-1.3/input0"),
        ("keyboard", "path"),
    ],
)
def test_what_is_bound_is_no_candidate(machine: Machine, plugs: ExitStack, owner: tuple[str, str]) -> None:
    plugs.callback(machine.plug_keyboard(3, Model()).unplug)
    kind, port = owner
    owned = (kind, str(machine.roots.dev / "input/event3") if port == "path" else port)
    assert found(machine, owned) == []
    assert len(found(machine, ("hid-pos", port), ("keyboard", "0c2e:0b61:HON2"))) == 1


def test_twins_are_told_apart_by_serial_number_or_port(machine: Machine, plugs: ExitStack) -> None:
    for number, model in enumerate(
        (
            Model(),
            Model(serial="HON2", phys="usb-2/input0"),
            Model(product="0001", serial="", phys="usb-3/input0"),
            Model(product="0001", serial="", phys="usb-4/input0"),
            Model(product="0002", serial="SAME", phys="usb-5/input0"),
            Model(product="0002", serial="SAME", phys="usb-6/input0"),
            Model(product="0003", serial="", phys=""),
            Model(product="0003", serial="", phys=""),
            Model(product="0004", serial="", phys=""),
        )
    ):
        plugs.callback(machine.plug_keyboard(number, model).unplug)
    for number in (10, 11):
        plugs.callback(machine.plug_serial(number, SerialModel(serial="")).unplug)
    assert {one.port for one in found(machine)} == {
        *("0c2e:0b61:HON1", "0c2e:0b61:HON2", "usb-3/input0", "usb-4/input0", "usb-5/input0", "usb-6/input0"),
        *("", "0c2e:0004", str(machine.by_path(10)), str(machine.by_path(11))),
    }


def test_a_device_may_call_itself_what_it_likes(machine: Machine, plugs: ExitStack) -> None:
    hostile = replace(LOGITECH, name="\x1b[2J<b>" + "x" * 500, serial="\u202e\x07S")
    plugs.callback(machine.plug_keyboard(1, hostile).unplug)
    (one,) = found(machine)
    assert one.device == "[2J<b>" + "x" * 54 + " (046d:c31c, serial S)"


def settings(name: str, port: str, kind: str = "serial") -> ScannerSettings:
    return ScannerSettings.model_validate({"name": name, "station": "dock-1", "kind": kind, "port": port})


def test_a_bound_scanner_yields_to_the_settings(machine: Machine, plugs: ExitStack) -> None:
    device = machine.plug_serial(0, SerialModel())
    plugs.callback(device.unplug)
    bound = settings("dock-1-scanner", "0c2e:0b6a:SER1")
    scanner = SerialScanner(bound, roots=machine.roots)
    first = (
        settings("other-kind", "0c2e:0b6a", "keyboard"),
        settings("other", "0c2e:0b6b"),
        settings("gun", str(machine.by_id(SerialModel()))),
    )
    with pytest.raises(ScannerGone) as caught:
        Subordinate(scanner, bound, first, machine.roots).open()
    assert str(caught.value) == (
        "The settings file has this device as scanner 'gun', which comes first. Remove this one."
    )
    alone = Subordinate(scanner, bound, first[:2], machine.roots)
    alone.open()
    device.send(b"A\r")
    assert alone.read(5) == (b"A",)
    assert alone.pace == Pace(0.0, 0.0)
    alone.close()


def test_one_of_a_kind_without_names_is_always_first() -> None:
    scanner = FakeScanner()
    one = settings("net", "socket://gun:4001", "network")
    Subordinate(scanner, one, [one]).open()
    assert scanner.opened == 1


def test_there_is_a_kind_for_every_candidate(machine: Machine, plugs: ExitStack) -> None:
    plugs.callback(machine.plug_keyboard(3, Model()).unplug)
    plugs.callback(machine.plug(4, HidModel()).unplug)
    plugs.callback(machine.plug_serial(6, SerialModel()).unplug)
    assert {one.kind for one in found(machine)} == set(SCANNERS) - {"network"}
