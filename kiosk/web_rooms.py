"""What the pages ask for, answered by the kiosk's parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.ion_link import IonLink
from kiosk.journal import Journal
from kiosk.model import DeviceState, Role
from kiosk.ports import Operators
from kiosk.print_room import PrintRoom
from kiosk.printing import PrinterDesk
from kiosk.scanning import Roster
from kiosk.settings import Settings


@dataclass(frozen=True, slots=True)
class Lamps:
    """The state of every device, for pages and programs."""

    settings: Settings
    roster: Roster
    desks: Mapping[str, PrinterDesk]
    link: IonLink
    book: Journal

    def scanners(self, station: str) -> tuple[DeviceState, ...]:
        """See ``Devices``."""
        return self.roster.lamps(station)

    def printers(self, station: str) -> tuple[DeviceState, ...]:
        """See ``Devices``."""
        names = [one.printer for one in self.settings.stations if one.name == station]
        return tuple(self.desks[name].lamp for name in names if name in self.desks)

    def ion(self) -> DeviceState:
        """See ``Devices``."""
        return self.link.state

    def journal(self) -> DeviceState:
        """See ``Devices``."""
        return self.book.state()


def print_room(
    settings: Settings,
    journal: Journal,
    desks: Mapping[str, PrinterDesk],
    people: Operators,
    publish: Callable[[], None],
) -> PrintRoom:
    """Make the room in which pages and programs look after labels."""
    return PrintRoom(
        journal,
        desks,
        {one.name: (one.printer,) for one in settings.stations},
        people,
        publish,
        Role(settings.labels.reprint_serialized),
        settings.people.unsigned,
    )
