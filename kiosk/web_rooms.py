"""What the pages ask for, answered by the kiosk's parts."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from kiosk import __version__
from kiosk.flows import subject_shown
from kiosk.flows.copies import named
from kiosk.flows.labels import labels_of
from kiosk.housekeeping import Housekeeping
from kiosk.inquiry import Inquiry
from kiosk.ion_link import IonLink
from kiosk.journal import Journal, database_path
from kiosk.label_service import LabelService
from kiosk.label_subjects import LabelSubjects
from kiosk.meters import Meters, Watched
from kiosk.model import DeviceState, Print, Role, Session
from kiosk.ports import LabelRoom, Operators, StationView
from kiosk.print_room import PrintRoom
from kiosk.printer_desk import PrinterDesk
from kiosk.printing import LabelShop
from kiosk.scanning import Roster
from kiosk.serial_rule import SerialRule
from kiosk.settings import Settings
from kiosk.shift import ShiftDesk
from kiosk.supervisor import Supervisor
from kiosk.web import PRINTERS


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
        found = [one for one in self.settings.stations if one.name == station]
        names = [name for one in found for name in (one.printer, *(label.printer for label in one.labels))]
        return tuple(self.desks[name].lamp for name in dict.fromkeys(names) if name in self.desks)

    def ion(self) -> DeviceState:
        """See ``Devices``."""
        return self.link.state

    def journal(self) -> DeviceState:
        """See ``Devices``."""
        return self.book.state()


def serial_rule(settings: Settings) -> SerialRule:
    """Return who may print the label of a serial once more."""
    return SerialRule(Role(settings.labels.reprint_serialized), settings.asks_pin)


def print_room(  # noqa: PLR0913 - each is one part of the kiosk
    settings: Settings,
    journal: Journal,
    desks: Mapping[str, PrinterDesk],
    *,
    people: Operators,
    publish: Callable[[], None],
    labels: LabelRoom,
) -> PrintRoom:
    """Make the room in which pages and programs look after labels."""
    return PrintRoom(
        journal,
        desks,
        {one.name: labels.printers_of(one.name) for one in settings.stations},
        people,
        publish,
        serial_rule(settings),
        settings.people.unsigned,
        labels,
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
        serial_rule(settings),
    )


def shift_desk(
    settings: Settings,
    journal: Journal,
    labels: LabelRoom,
    desks: Mapping[str, PrinterDesk],
    supervisor: Supervisor,
) -> ShiftDesk:
    """Make who counts shifts, and let their labels come out by themselves where the settings say so."""
    desk = ShiftDesk(
        journal, settings.shift, labels, lambda name: desks[name].wake(), lambda: datetime.now(UTC)
    )
    if settings.shift.prints_at:
        supervisor.add("shift label", Housekeeping(desk.finish, supervisor.sleep, every_s=30.0).step)
    return desk


def metrics_page(
    meters: Meters, settings: Settings, journal: Journal, lamps: Lamps, supervisor: Supervisor
) -> Callable[[], bytes]:
    """Return who writes ``/metrics``."""
    watched = Watched(
        journal.tally.counts,
        database_path(settings.journal.url),
        supervisor.health,
        lambda: [desk.lamp for desk in lamps.desks.values()],
        lambda: [post.lamp for post in lamps.roster.posts],
        lambda: lamps.link.state,
        meters.clock,
        __version__,
    )
    return lambda: meters.page(watched)


def label_shown(view: StationView, labels: LabelRoom) -> Print | None:
    """Return the label of what a station shows."""
    subject = subject_shown(Session(view.session, view.station, view.flow, view.step, view.state))
    if subject is None:
        return None
    found = labels_of(subject, labels.choices(view.station))
    return named(found, str(view.state["label"]) if view.flow == "label" else None)
