"""Every look at the machine, in the order in which a technician mends things."""

from kiosk.machine.access import access
from kiosk.machine.clock import clock
from kiosk.machine.disk import disk
from kiosk.machine.finding import Finding
from kiosk.machine.network import network
from kiosk.machine.power import power
from kiosk.machine.services import services
from kiosk.machine.sources import Machine
from kiosk.settings import Settings


def examine(machine: Machine, settings: Settings) -> list[Finding]:
    """Return how the machine is; what it does not have is not spoken of."""
    return [
        *power(machine),
        *disk(machine, settings),
        *clock(machine),
        *network(machine, settings),
        *access(machine, settings),
        *services(machine, settings),
    ]
