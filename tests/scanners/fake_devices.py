"""Keyboards that are not there: umockdev's fake /dev and /sys, driven through its C library.

It works only in a process that ``umockdev-wrapper`` started. The facts it needs:

* The reader may see the device before its ioctl answers are loaded, as on a real machine before udev is done.
* A replug takes a new event number, and the old pty's number must not come again.
* An ioctl is answered only when its size is the one in the description: EVIOCGKEY 96.
"""

import ctypes
import fcntl
import os
import struct
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

EVENT = struct.Struct("llHHi")
EV_SYN, EV_KEY, EV_MSC, EV_LED = 0, 1, 4, 17
SYN_DROPPED = 3
_TIOCGPTN = 0x8004_5430
"""Asks a pty for its number."""
_KEY_BYTES = 96


@dataclass(frozen=True, slots=True)
class Model:
    """What a keyboard says of itself."""

    name: str = "Honeywell Scanning 1950g"
    vendor: str = "0c2e"
    product: str = "0b61"
    serial: str = "HON1"
    phys: str = "usb-0000:01:00.0-1.3/input0"
    keys: str = "ffffffffffffffff fffffffffffffffe"
    """The capability bit map as sysfs shows it."""


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL("libumockdev.so.0")
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    for name, arguments, result in (
        ("new", [], pointer),
        ("get_root_dir", [pointer], text),
        ("add_from_string", [pointer, text, pointer], ctypes.c_int),
        ("load_ioctl", [pointer, text, text, pointer], ctypes.c_int),
        ("get_dev_fd", [pointer, text], ctypes.c_int),
        ("uevent", [pointer, text, text], None),
        ("remove_device", [pointer, text], None),
    ):
        function = getattr(library, f"umockdev_testbed_{name}")
        function.argtypes, function.restype = arguments, result
    return library


class Bed:
    """One fake tree of devices."""

    def __init__(self) -> None:
        self.library = _library()
        self.handle = self.library.umockdev_testbed_new()

    def plug(self, number: int, model: Model, *, held: Iterable[int] = ()) -> "FakeKeyboard":
        """Plug in a keyboard as ``/dev/input/event<number>``; ``held`` keys are what EVIOCGKEY answers."""
        node = f"/dev/input/event{number}"
        problem = ctypes.c_void_p()
        path = (
            f"/devices/pci0000:00/usb1/1-{number}/1-{number}:1.0/"
            f"0003:{model.vendor}:{model.product}.0001/input/input{number}/event{number}"
        )
        description = _description(number, path, model).encode()
        if not self.library.umockdev_testbed_add_from_string(self.handle, description, ctypes.byref(problem)):
            raise RuntimeError(f"umockdev refused the description of {node}")
        with tempfile.NamedTemporaryFile("w", suffix=".ioctl") as file:
            file.write(f"@DEV {node}\nEVIOCGKEY(0) {_KEY_BYTES} {_bits(held)}\n")
            file.flush()
            if not self.library.umockdev_testbed_load_ioctl(
                self.handle, node.encode(), file.name.encode(), ctypes.byref(problem)
            ):
                raise RuntimeError(f"umockdev refused the ioctl answers of {node}")
        fd = self.library.umockdev_testbed_get_dev_fd(self.handle, node.encode())
        return FakeKeyboard(self, f"/sys{path}", fd)


class FakeKeyboard:
    """The device's side of a keyboard."""

    def __init__(self, bed: Bed, path: str, fd: int) -> None:
        self._bed = bed
        self._path = path.encode()
        self._usb_path = path.rsplit("/", 5)[0].encode()
        self._fd = fd

    def event(self, kind: int, code: int, value: int) -> Self:
        """Send one event."""
        seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
        os.write(self._fd, EVENT.pack(seconds, nanoseconds // 1000, kind, code, value))
        return self

    def keys(self, keys: Iterable[tuple[int, int]]) -> None:
        """Send key events, each with its end of packet, as the kernel does."""
        for code, value in keys:
            self.event(EV_MSC, 4, 0x70000 + code).event(EV_KEY, code, value).event(EV_SYN, 0, 0)

    def unplug(self) -> None:
        """Take the device away; a reader that has it open reads an error."""
        self._bed.library.umockdev_testbed_uevent(self._bed.handle, self._path, b"remove")
        self._bed.library.umockdev_testbed_remove_device(self._bed.handle, self._usb_path)
        (number,) = struct.unpack("I", fcntl.ioctl(self._fd, _TIOCGPTN, b"\0\0\0\0"))
        # umockdev keeps its end open, and a kernel does not. The pty's number stays in use until the end.
        os.open(f"/dev/pts/{number}", os.O_RDONLY | os.O_NOCTTY)
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, self._fd)
        os.close(nowhere)


def _bits(codes: Iterable[int]) -> str:
    field = bytearray(_KEY_BYTES)
    for code in codes:
        field[code // 8] |= 1 << code % 8
    return field.hex().upper()


def _description(number: int, path: str, model: Model) -> str:
    device = path.rpartition("/")[0]
    return f"""P: {path}
N: input/event{number}
S: input/by-id/usb-{model.serial}-event-kbd
E: DEVLINKS=/dev/input/by-id/usb-{model.serial}-event-kbd
E: DEVNAME=/dev/input/event{number}
E: MAJOR=13
E: MINOR={64 + number}
E: SUBSYSTEM=input
A: dev=13:{64 + number}
L: device=../../input{number}

P: {device}
E: SUBSYSTEM=input
A: name={model.name}
A: phys={model.phys}
A: id/vendor={model.vendor}
A: id/product={model.product}
A: capabilities/key={model.keys}

P: /devices/pci0000:00/usb1/1-{number}
N: bus/usb/001/{number:03d}
E: SUBSYSTEM=usb
E: DEVTYPE=usb_device
A: idVendor={model.vendor}
A: idProduct={model.product}
A: serial={model.serial}

"""
