import re
import struct
import termios
import time
from contextlib import ExitStack

import pytest

from kiosk.errors import ScannerGone
from kiosk.ports import Heard, Listener, Traits
from kiosk.scanners import PluggedIn
from kiosk.scanners.key_layouts import LAYOUTS
from kiosk.scanners.listening import SerialListener
from tests.scanners.fake_devices import Model
from tests.scanners.fake_sysfs import Device, HidModel, Machine, SerialModel
from tests.scanners.reports import report
from tests.scanners.strokes import ENTER, Strokes, alt_code, tap, typed

LONG_S = 5.0
CODE = "ION/CMD/LEARN/AZ@7QM"
LOGITECH = Model("USB Keyboard", "046d", "c31c", "", "usb-4/input0")
OTHER = "That was another barcode. Scan the one that is shown here."
WIRED = SerialModel("0403", "6001", "A1", "FTDI", "FT232R", driver="ttyUSB")


def listening(machine: Machine, plugs: ExitStack) -> Listener:
    candidates = PluggedIn(tuple, machine.roots)
    (one,) = candidates.plugged_in()
    listener = candidates.listener(one, CODE)
    listener.open()
    plugs.callback(listener.close)
    return listener


def heard(listener: Listener) -> Heard | None:
    """Return what is heard next; ``None`` where nothing is, though all was sent before."""
    end_s = time.monotonic() + 0.6
    while (found := listener.heard()) is None and time.monotonic() < end_s:
        time.sleep(0.005)
    return found


def events(strokes: Strokes, key_s: float = 0.004) -> bytes:
    """Return key events as the kernel stamps them, one press every ``key_s``."""
    data = b""
    at_us = 0
    for code, value in strokes:
        at_us += round(key_s * 1_000_000) if value else 0
        seconds, microseconds = divmod(at_us, 1_000_000)
        for event in ((4, 4, code), (1, code, value), (0, 0, 0)):
            data += struct.pack("llHHi", seconds, microseconds, *event)
    return data


def types(device: Device, text: str, layout: str = "us", key_s: float = 0.004) -> None:
    device.send(events([*typed(text, layout), *tap(ENTER)], key_s))


def serial(machine: Machine, plugs: ExitStack, model: SerialModel) -> tuple[Device, Listener]:
    device = machine.plug_serial(0, model)
    plugs.callback(device.unplug)
    return device, listening(machine, plugs)


def keyboard(machine: Machine, plugs: ExitStack, model: Model) -> tuple[Device, Listener]:
    device = machine.plug_keyboard(3, model)
    plugs.callback(device.unplug)
    return device, listening(machine, plugs)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (f"{CODE}\r", Heard(Traits())),
        (CODE, Heard(Traits())),
        (f"]C0{CODE}\r\n", Heard(Traits())),
        (f"{CODE}\t", Heard(Traits(tab_ends=True))),
        (
            f"\x02{CODE}\r",
            Heard(None, "It sent b'\\x02' with the code. Set no prefix, and CR as its only suffix."),
        ),
        (
            f"{CODE.swapcase()}\r",
            Heard(None, "Upper and lower case came swapped: Caps Lock, or a setting for it."),
        ),
        ("PO-10007\r", Heard(None, OTHER)),
    ],
)
def test_what_a_serial_scanner_sends(machine: Machine, plugs: ExitStack, sent: str, expected: Heard) -> None:
    device, listener = serial(machine, plugs, SerialModel())
    assert listener.heard() is None
    device.send(sent.encode())
    assert heard(listener) == expected


def test_the_code_counts_among_other_barcodes(machine: Machine, plugs: ExitStack) -> None:
    device, listener = serial(machine, plugs, SerialModel())
    device.send(f"PO-1\r{CODE}\r".encode())
    assert heard(listener) == Heard(Traits())


def test_what_is_no_scanner_may_talk(machine: Machine, plugs: ExitStack) -> None:
    device, listener = serial(machine, plugs, WIRED)
    device.send(b"+ 12.50 kg\r\n" * 5)
    assert heard(listener) is None
    device.send(f"{CODE}\r".encode())
    assert heard(listener) == Heard(Traits())


def test_a_line_that_is_not_legible_is_heard_at_the_next_speed(machine: Machine, plugs: ExitStack) -> None:
    device, listener = serial(machine, plugs, WIRED)
    assert isinstance(listener, SerialListener)
    device.send(b"\xe6\x00\x98\x80\xf8\x00\x1e")
    assert heard(listener) == Heard(
        None, "Not legible at 115200 baud. It is heard at 9600 baud now: scan the code again."
    )
    speed = termios.tcgetattr(device._kiosk_end)[4]
    assert speed == termios.B9600
    device.send(f"{CODE}\r".encode())
    assert heard(listener) == Heard(Traits(baud=9600))
    speeds = []
    for _ in range(5):
        device.send(b"\xe6\x00\x98\x80\xf8\x00\x1e")
        one = heard(listener)
        assert one is not None
        speeds += re.findall(r"heard at (\d+) baud", one.advice)
    assert speeds == ["19200", "38400", "57600", "115200", "9600"]


def test_what_the_driver_knows_to_be_damaged_is_heard_at_the_next_speed(
    machine: Machine, plugs: ExitStack
) -> None:
    counts = [0] * 20

    def ask(_fd: int, _request: int, field: bytearray) -> None:
        field[:] = struct.pack("20i", *counts)

    device = machine.plug_serial(0, WIRED)
    plugs.callback(device.unplug)
    (one,) = PluggedIn(tuple, machine.roots).plugged_in()
    listener = SerialListener(one, CODE, machine.roots, ask=ask)
    listener.open()
    plugs.callback(listener.close)
    counts[6] += 3
    device.send(b"ABC\r")
    assert heard(listener) == Heard(
        None, "Not legible at 115200 baud. It is heard at 9600 baud now: scan the code again."
    )
    device.send(f"{CODE}\r".encode())
    assert heard(listener) == Heard(Traits(baud=9600))


def test_a_port_that_goes_away_is_told(machine: Machine, plugs: ExitStack) -> None:
    device = machine.plug_serial(0, SerialModel())
    listener = listening(machine, plugs)
    device.unplug()
    with pytest.raises(ScannerGone, match="went away"):
        heard(listener)


def test_a_port_that_another_program_has_cannot_be_heard(machine: Machine, plugs: ExitStack) -> None:
    serial(machine, plugs, SerialModel())
    with pytest.raises(ScannerGone, match="another program is using it"):
        listening(machine, plugs)


def test_what_a_hid_pos_scanner_sends(machine: Machine, plugs: ExitStack) -> None:
    device = machine.plug(3, HidModel())
    plugs.callback(device.unplug)
    listener = listening(machine, plugs)
    device.send(report(b"PO-1"))
    assert heard(listener) == Heard(None, OTHER)
    device.send(report(CODE.encode(), aim=b"]C0"))
    assert heard(listener) == Heard(Traits())


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("model", [Model(), LOGITECH])
def test_a_keyboard_scanner_shows_its_layout(
    machine: Machine, plugs: ExitStack, model: Model, layout: str
) -> None:
    device, listener = keyboard(machine, plugs, model)
    types(device, f"]C0{CODE}", layout)
    assert heard(listener) == Heard(Traits(layout=layout))


def test_alt_codes_are_of_any_layout(machine: Machine, plugs: ExitStack) -> None:
    device, listener = keyboard(machine, plugs, Model())
    device.send(events([stroke for char in CODE for stroke in alt_code(f"0{ord(char):02}")] + tap(ENTER)))
    assert heard(listener) == Heard(Traits())


def test_a_keyboard_scanner_may_end_with_tab_or_not_at_all(machine: Machine, plugs: ExitStack) -> None:
    device, listener = keyboard(machine, plugs, Model())
    device.send(events([*typed(CODE), *tap(15)]))
    assert heard(listener) == Heard(Traits(tab_ends=True))
    device.send(events(typed(CODE)))
    assert heard(listener) == Heard(Traits())


def test_a_person_who_types_the_code_does_not_lose_the_keyboard(machine: Machine, plugs: ExitStack) -> None:
    device, listener = keyboard(machine, plugs, LOGITECH)
    types(device, CODE, key_s=0.08)
    assert heard(listener) == Heard(
        None,
        "The code came as slowly as a person types, and a keyboard is never taken. "
        "If it is a scanner, set no delay between its keys.",
    )


def test_nothing_is_told_of_what_else_is_typed_on_a_keyboard(machine: Machine, plugs: ExitStack) -> None:
    device, listener = keyboard(machine, plugs, LOGITECH)
    types(device, "my password", key_s=0.01)
    types(device, "x" * 3000)
    assert heard(listener) is None


def test_a_scanner_that_sends_something_else_is_told(machine: Machine, plugs: ExitStack) -> None:
    device, listener = keyboard(machine, plugs, Model())
    types(device, "PO-10007")
    assert heard(listener) == Heard(
        None, f"{OTHER} If it was that one, set the scanner's keyboard layout to US."
    )


def test_where_the_kernel_lost_keys_the_code_is_scanned_again(machine: Machine, plugs: ExitStack) -> None:
    device, listener = keyboard(machine, plugs, Model())
    keys = events(typed(CODE))
    device.send(keys[:480] + struct.pack("llHHi", 0, 0, 0, 3, 0) + keys[960:])
    device.send(events(tap(ENTER)))
    assert heard(listener) is None
    types(device, CODE)
    assert heard(listener) == Heard(Traits())


def test_events_may_come_in_any_pieces(machine: Machine, plugs: ExitStack) -> None:
    device, listener = keyboard(machine, plugs, Model())
    data = events([*typed(CODE), *tap(ENTER)])
    for start in range(0, len(data), 37):
        device.send(data[start : start + 37])
    assert heard(listener) == Heard(Traits())


def test_a_keyboard_that_goes_away_is_told(machine: Machine, plugs: ExitStack) -> None:
    device = machine.plug_keyboard(3, Model())
    listener = listening(machine, plugs)
    device.unplug()
    with pytest.raises(ScannerGone, match="went away"):
        heard(listener)
