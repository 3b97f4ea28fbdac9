"""A /sys and a /dev in a folder: raw HID devices are ptys there, and nothing else is real."""

import os
import shutil
import tty
from dataclasses import dataclass
from pathlib import Path

from kiosk.scanners.device_names import Roots

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


class HidDevice:
    """One that is plugged in."""

    def __init__(self, entry: Path, usb: Path, node: Path) -> None:
        self._entry, self._usb, self._node = entry, usb, node
        self._device_end, self._kiosk_end = os.openpty()
        tty.setraw(self._kiosk_end)
        node.symlink_to(os.ttyname(self._kiosk_end))

    def send(self, report: bytes) -> None:
        os.write(self._device_end, report)

    def unplug(self) -> None:
        self._node.unlink()
        for folder in (self._entry, self._usb):
            shutil.rmtree(folder)
        os.close(self._kiosk_end)
        os.close(self._device_end)


class Machine:
    """What the devices are plugged into."""

    def __init__(self, root: Path) -> None:
        self.roots = Roots(root / "sys", root / "dev")
        (root / "dev").mkdir()
        (root / "sys").mkdir()

    def plug(self, number: int, model: HidModel) -> HidDevice:
        entry = self.roots.sys / f"class/hidraw/hidraw{number}"
        usb = self.roots.sys / f"bus/usb/devices/1-{number}"
        device = entry / "device"
        for folder in (device, usb):
            folder.mkdir(parents=True)
        (usb / "idVendor").write_text(f"{model.vendor}\n", encoding="ascii")
        (usb / "idProduct").write_text(f"{model.product}\n", encoding="ascii")
        ids = f"0003:0000{model.vendor.upper()}:0000{model.product.upper()}"
        facts = (
            f"DRIVER=hid-generic\nHID_ID={ids}\nHID_PHYS={model.phys}\nHID_UNIQ={model.serial}\nMODALIAS\n"
        )
        (device / "uevent").write_text(facts, encoding="utf-8")
        (device / "report_descriptor").write_bytes(model.descriptor)
        return HidDevice(entry, usb, self.roots.dev / f"hidraw{number}")
