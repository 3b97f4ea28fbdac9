"""Other programs that take the kiosk's devices away."""

from collections.abc import Iterator
from pathlib import Path

from kiosk.machine.finding import Finding
from kiosk.machine.sources import Machine, text
from kiosk.settings import Settings

_PRINTER_CLASS = "07"


def services(machine: Machine, settings: Settings) -> Iterator[Finding]:
    """Tell ModemManager where it may speak to a scanner, and ipp-usb where it holds a printer."""
    if machine.runs("ModemManager"):
        yield _modem_manager(machine, settings)
    if machine.runs("ipp-usb"):
        yield from _ipp_usb(machine)


def _modem_manager(machine: Machine, settings: Settings) -> Finding:
    ports = [
        (one.name, one.port) for one in settings.scanners if one.kind == "serial" and one.port.startswith("/")
    ]
    open_to_it = [name for name, port in ports if not _is_kept_away(machine, Path(port))]
    if open_to_it:
        return Finding(
            "services",
            "ModemManager",
            is_ok=False,
            text=f"runs, and nothing keeps it away from {', '.join(open_to_it)}: it sends modem commands "
            "into a scanner and holds it for ten seconds. Where there is no modem: "
            "sudo systemctl mask --now ModemManager; else add its make to 70-ion-kiosk.rules.",
        )
    return Finding(
        "services", "ModemManager", is_ok=True, text="runs; the scanners are marked as none of its business."
    )


def _is_kept_away(machine: Machine, port: Path) -> bool:
    """Return whether udev marked the device for ModemManager; one that is not there is nobody's."""
    node = Path(port.resolve())
    device = machine.sys / "class/tty" / node.name / "device"
    if not device.exists():
        return True
    for folder in (device.resolve(), *device.resolve().parents):
        if (folder / "idVendor").exists():
            marks = text(machine.run / "udev/data" / f"c{text(folder / 'dev')}").splitlines()
            return "E:ID_MM_DEVICE_IGNORE=1" in marks
    return False  # a port that is soldered in


def _ipp_usb(machine: Machine) -> Iterator[Finding]:
    held = sorted(
        {
            text(interface.parent / "product") or interface.parent.name
            for interface in _usb_printers(machine)
            if (interface / "driver").resolve().name == "usbfs"
        }
    )
    if held:
        yield Finding(
            "services",
            "ipp-usb",
            is_ok=False,
            text=f"holds {', '.join(held)}, so that there is no /dev/usb/lp for it: "
            "sudo systemctl disable --now ipp-usb, then unplug the printer and plug it in again; "
            "or name it in kiosk.toml as ipp://localhost:60000/ipp/print",
        )
    else:
        yield Finding("services", "ipp-usb", is_ok=True, text="runs, and holds no printer.")


def _usb_printers(machine: Machine) -> Iterator[Path]:
    for entry in sorted(machine.sys.glob("bus/usb/devices/*/bInterfaceClass")):
        if text(entry) == _PRINTER_CLASS:
            yield entry.parent.resolve()
