"""What the pages ask for, answered by the kiosk's parts."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.inquiry import Inquiry
from kiosk.ion_link import IonLink
from kiosk.journal import Journal
from kiosk.label_service import LabelService
from kiosk.label_subjects import LabelSubjects
from kiosk.model import DeviceState, Role
from kiosk.ports import Operators
from kiosk.print_room import PrintRoom
from kiosk.printing import LabelShop, PrinterDesk
from kiosk.scanning import Roster
from kiosk.settings import Settings
from kiosk.web import PRINTERS


@dataclass(frozen=True, slots=True)
class Lamps:
    """The state of every device, for pages and programs."""

    settings: Settings
    roster: Roster
    desks: Mapping[str, PrinterDesk]
    link: IonLink

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


def label_service(  # noqa: PLR0913, PLR0917 - each is one part of the kiosk
    journal: Journal,
    shop: LabelShop,
    desks: Mapping[str, PrinterDesk],
    settings: Settings,
    inquiry: Inquiry,
    publish: Callable[[str], None],
) -> LabelService:
    """Make the room in which programs and people at a workstation order labels."""

    def tell(printer: str, station: str) -> None:
        desks[printer].wake()
        for listener in filter(None, (station, PRINTERS)):
            publish(listener)

    return LabelService(
        journal,
        shop,
        LabelSubjects(inquiry),
        {one.name: one.printer for one in settings.stations},
        desks,
        tell,
        lambda: uuid.uuid4().hex,
    )
