"""How the machine beneath the kiosk is, read from the kernel without opening a device."""

from kiosk.machine.examination import examine
from kiosk.machine.finding import Finding
from kiosk.machine.sources import Machine

__all__ = ["Finding", "Machine", "examine"]
