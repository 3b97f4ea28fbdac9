"""A /sys and a /dev in a folder: raw HID devices, serial ports and keyboards are ptys there."""

import os
import shutil
import tty
from dataclasses import dataclass
from pathlib import Path

from kiosk.scanners.device_names import Roots
from tests.scanners.fake_devices import Model

POS_DESCRIPTOR = bytes.fromhex("068c000902a101")
KEYBOARD_DESCRIPTOR = bytes.fromhex("05010906a101")


@dataclass(frozen=True, slots=True)
class HidModel:
    """What a raw HID device says of itself."""

    vendor: str = "0c2e"
    product: str = "0b81"
    serial: str = "HON1"
    phys: str = "usb-0000:01:00.0-1.3/input0"
    descriptor: bytes = POS_DESCRIPTOR


@dataclass(frozen=True, slots=True)
class SerialModel:
    """What a USB device with a serial port says of itself."""

    vendor: str = "0c2e"
    product: str = "0b6a"
    serial: str = "SER1"
    maker: str = "Honeywell"
    name: str = "1950g"
    driver: str = "ttyACM"


class Device:
    """One that is plugged in: ``send`` is its own side."""

    def __init__(self, node: Path, *traces: Path) -> None:
        self._node, self._traces = node, traces
        self._device_end, self._kiosk_end = os.openpty()
        tty.setraw(self._kiosk_end)
        node.symlink_to(os.ttyname(self._kiosk_end))

    def send(self, data: bytes) -> None:
        os.write(self._device_end, data)

    def unplug(self) -> None:
        self._node.unlink()
        for trace in self._traces:
            if trace.is_dir() and not trace.is_symlink():
                shutil.rmtree(trace)
            else:
                trace.unlink(missing_ok=True)
        os.close(self._kiosk_end)
        os.close(self._device_end)


class Machine:
    """What the devices are plugged into."""

    def __init__(self, root: Path) -> None:
        self.roots = Roots(root / "sys", root / "dev")
        for folder in ("dev/serial/by-id", "dev/serial/by-path", "dev/input", "sys/class/tty"):
            (root / folder).mkdir(parents=True)

    def plug(self, number: int, model: HidModel) -> Device:
        entry = self.roots.sys / f"class/hidraw/hidraw{number}"
        device = entry / "device"
        device.mkdir(parents=True)
        usb = self._usb(number, model.vendor, model.product)
        ids = f"0003:0000{model.vendor.upper()}:0000{model.product.upper()}"
        facts = (
            f"DRIVER=hid-generic\nHID_ID={ids}\nHID_NAME=Honeywell Scanner\nHID_PHYS={model.phys}\n"
            f"HID_UNIQ={model.serial}\nMODALIAS\n"
        )
        (device / "uevent").write_text(facts, encoding="utf-8")
        (device / "report_descriptor").write_bytes(model.descriptor)
        return Device(self.roots.dev / f"hidraw{number}", entry, usb)

    def plug_keyboard(self, number: int, model: Model) -> Device:
        """Plug in a keyboard as ``/dev/input/event<number>``; it cannot be grabbed."""
        entry = self.roots.sys / f"class/input/event{number}"
        device = entry / "device"
        for folder in ("id", "capabilities"):
            (device / folder).mkdir(parents=True)
        for name, text in (
            *(("name", model.name), ("phys", model.phys), ("uniq", model.serial)),
            *(("id/vendor", model.vendor), ("id/product", model.product), ("capabilities/key", model.keys)),
        ):
            (device / name).write_text(f"{text}\n", encoding="utf-8")
        return Device(self.roots.dev / f"input/event{number}", entry)

    def plug_serial(self, number: int, model: SerialModel, *, interface: int = 0) -> Device:
        """Plug in a serial port as ``/dev/<driver><number>``, with udev's links."""
        usb = self._usb(number, model.vendor, model.product)
        for name, text in (("serial", model.serial), ("manufacturer", model.maker), ("product", model.name)):
            if text:
                (usb / name).write_text(f"{text}\n", encoding="utf-8")
        (usb / f"1-{number}:1.{interface}").mkdir()
        entry = self.roots.sys / f"class/tty/{model.driver}{number}"
        entry.mkdir()
        (entry / "device").symlink_to(usb / f"1-{number}:1.{interface}")
        node = self.roots.dev / f"{model.driver}{number}"
        device = Device(node, entry, usb, self.by_path(number), self.by_id(model))
        self.by_path(number).symlink_to(node)
        self.by_id(model).unlink(missing_ok=True)
        self.by_id(model).symlink_to(node)
        return device

    def by_path(self, number: int) -> Path:
        return self.roots.dev / f"serial/by-path/platform-xhci-usb-0:{number}:1.0"

    def by_id(self, model: SerialModel) -> Path:
        name = "_".join(filter(None, ("usb-" + model.maker, model.name, model.serial)))
        return self.roots.dev / f"serial/by-id/{name}-if00"

    def _usb(self, number: int, vendor: str, product: str) -> Path:
        usb = self.roots.sys / f"bus/usb/devices/1-{number}"
        usb.mkdir(parents=True)
        (usb / "idVendor").write_text(f"{vendor}\n", encoding="ascii")
        (usb / "idProduct").write_text(f"{product}\n", encoding="ascii")
        return usb
