"""What a keyboard scanner does with a device: all cases in a process of their own, among fake devices.

``test_keyboard_device.py`` starts them; by hand: ``umockdev-wrapper pytest``.
"""

import sys
import time
from collections.abc import Callable, Iterator

import pytest

from kiosk.errors import ScanError
from kiosk.scanners.keyboard import KeyboardScanner
from kiosk.settings import ScannerSettings
from tests.contracts.scanner_port import ScannerContract
from tests.scanners.fake_devices import EV_KEY, EV_SYN, SYN_DROPPED, Bed, FakeKeyboard, Model
from tests.scanners.strokes import ENTER, LEFT_SHIFT, tap, typed

LONG_S = 5.0
IDS = "0c2e:0b61"
OTHER = Model("Logitech Keyboard", "046d", "c31c", "", "usb-0000:01:00.0-1.4/input0")
SAME = Model(serial="HON2", phys="usb-0000:01:00.0-1.2/input0")
MOUSE = Model("Mouse", keys="1f0000 0 0 0 0")


def scanner(port: str, silence_ms: int = 5000) -> KeyboardScanner:
    settings = ScannerSettings(
        name="gun", station="dock-1", kind="keyboard", port=port, silence_ms=silence_ms
    )
    return KeyboardScanner(settings)


def opened(port: str, silence_ms: int = 5000) -> KeyboardScanner:
    one = scanner(port, silence_ms)
    one.open()
    return one


def fault(doing: Callable[[], object]) -> str:
    try:
        doing()
    except ScanError as error:
        return str(error)
    raise AssertionError("nothing went wrong")


def send(keyboard: FakeKeyboard, text: str) -> None:
    keyboard.keys([*typed(text), *tap(ENTER)])


def test_it_is_found_by_every_name_it_has() -> None:
    keyboard = Bed().plug(7, Model())
    ports = (
        *("/dev/input/by-id/usb-HON1-event-kbd", "/dev/input/event7", "usb-0000:01:00.0-1.3/input0"),
        *(IDS, IDS.upper(), "0c2e:0b61:HON1"),
    )
    for port in ports:
        one = opened(port)
        send(keyboard, port)
        assert one.read(LONG_S) == (port.encode(),)
        one.close()


def test_control_characters_arrive() -> None:
    keyboard = Bed().plug(7, Model())
    one = opened(IDS)
    label = "[)>\x1e06\x1d1PAb-1\x1dQ10\x1e\x04"
    send(keyboard, "]d1" + label)
    assert one.read(LONG_S) == (b"]d1" + label.encode(),)
    one.close()


def test_two_scans_in_one_read_and_half_a_scan() -> None:
    keyboard = Bed().plug(7, Model())
    one = opened(IDS)
    send(keyboard, "A")
    send(keyboard, "B")
    keyboard.keys(typed("C"))
    time.sleep(0.05)
    got = one.read(LONG_S)
    got += one.read(0.05)
    assert got == (b"A", b"B")
    keyboard.keys([*typed("d"), *tap(ENTER)])
    assert one.read(LONG_S) == (b"Cd",)
    one.close()


def test_a_scan_without_enter_ends_by_silence() -> None:
    keyboard = Bed().plug(7, Model())
    one = opened(IDS, silence_ms=30)
    keyboard.keys(typed("NO-ENTER"))
    assert one.read(LONG_S) == (b"NO-ENTER",)
    one.close()


def test_it_is_back_under_another_number() -> None:
    bed = Bed()
    keyboard = bed.plug(7, Model())
    one = opened(IDS)
    keyboard.keys(typed("HALF"))
    assert one.read(0.05) == ()
    keyboard.unplug()
    said = fault(lambda: one.read(LONG_S))
    assert said.startswith(
        "Scanner 'gun' went away. Check its plug; it is opened again by itself. "
        f"An unfinished scan of 4 bytes was dropped: scan it again. ({IDS!r}: "
    )
    assert fault(one.open) == (
        "Cannot open scanner 'gun': it is not there. "
        f"Check its plug; it is opened by itself when it is back. ({IDS!r})"
    )
    again = bed.plug(9, Model())
    one.open()
    send(again, "BACK")
    assert one.read(LONG_S) == (b"BACK",)
    one.close()


def test_the_same_model_twice() -> None:
    bed = Bed()
    first, second = bed.plug(7, Model()), bed.plug(8, SAME)
    assert fault(lambda: scanner(IDS).open()) == (
        "Cannot open scanner 'gun': expected one keyboard, got: 2 of them: "
        "0c2e:0b61 serial 'HON1' in port 'usb-0000:01:00.0-1.3/input0', "
        "0c2e:0b61 serial 'HON2' in port 'usb-0000:01:00.0-1.2/input0'. "
        f"Name it by its serial number or its physical port. ({IDS!r})"
    )
    by_serial, by_port = opened(f"{IDS}:HON1"), opened(SAME.phys)
    first.keys(tap(LEFT_SHIFT)[:1])
    send(second, "second")
    send(first, "1")
    assert by_serial.read(LONG_S) == (b"!",)
    assert by_port.read(LONG_S) == (b"second",)
    by_serial.close()
    by_port.close()


def test_no_other_keyboard_is_ever_opened() -> None:
    bed = Bed()
    bed.plug(3, OTHER)
    keyboard = bed.plug(7, Model())
    seen: list[str] = []
    sys.addaudithook(lambda event, arguments: seen.append(str(arguments[0])) if event == "open" else None)
    one = opened(IDS)
    send(keyboard, "A")
    assert one.read(LONG_S) == (b"A",)
    one.close()
    keyboard.unplug()
    fault(one.open)
    assert [path for path in seen if path.startswith("/dev/input/")] == ["/dev/input/event7"]


def test_lost_events_drop_the_scan_and_not_the_next() -> None:
    keyboard = Bed().plug(7, Model(), held=(LEFT_SHIFT, 30))
    one = opened(IDS, silence_ms=100)
    keyboard.keys(typed("LOST"))
    keyboard.event(EV_SYN, SYN_DROPPED, 0).event(EV_SYN, 0, 0)
    said = fault(lambda: one.read(LONG_S))
    assert said == "Scanner 'gun': a part of the scan was lost, and the rest was dropped. Scan it again."
    send(keyboard, "rest")
    assert one.read(0.3) == ()
    # EVIOCGKEY said that Shift is held.
    keyboard.keys([*tap(30), (LEFT_SHIFT, 0), *tap(30), *tap(ENTER)])
    assert one.read(LONG_S) == (b"Aa",)
    one.close()


def test_the_kernels_own_repeats_are_no_data() -> None:
    keyboard = Bed().plug(7, Model())
    one = opened(IDS)
    keyboard.keys([(30, 1), (30, 2), (30, 2), (30, 0)])
    keyboard.event(EV_KEY, ENTER, 2)
    keyboard.keys(tap(ENTER))
    assert one.read(LONG_S) == (b"a",)
    one.close()


def test_a_mouse_is_no_scanner() -> None:
    bed = Bed()
    bed.plug(7, MOUSE)
    for port in (IDS, "/dev/input/event7"):
        assert fault(lambda port=port: scanner(port).open()) == (  # type: ignore[misc]
            "Cannot open scanner 'gun': expected one keyboard, got: 0c2e:0b61 serial 'HON1' "
            "in port 'usb-0000:01:00.0-1.3/input0' in another mode. "
            f"Scan the code that sets the mode in its manual. ({port!r})"
        )


def test_a_device_of_the_same_make_is_a_hint() -> None:
    bed = Bed()
    bed.plug(7, Model())
    assert fault(lambda: scanner("0c2e:0b6a").open()).endswith(
        "From the same make 0c2e:0b61 is plugged in: the scanner may be set to another mode. ('0c2e:0b6a')"
    )


class KeyboardWorld:
    """A keyboard scanner that comes back under a new number each time."""

    def __init__(self) -> None:
        self._bed, self._number = Bed(), 6
        self._keyboard: FakeKeyboard | None = None
        self.plug()
        self.scanner = scanner(IDS)

    def send(self, *scans: bytes) -> None:
        assert self._keyboard is not None
        for scan in scans:
            send(self._keyboard, scan.decode())

    def unplug(self) -> None:
        assert self._keyboard is not None
        self._keyboard.unplug()

    def plug(self) -> None:
        self._number += 1
        self._keyboard = self._bed.plug(self._number, Model())


class TestKeyboardScanner(ScannerContract):
    @pytest.fixture
    def world(self) -> Iterator[KeyboardWorld]:
        world = KeyboardWorld()
        yield world
        world.scanner.close()
