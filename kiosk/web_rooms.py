"""What the pages ask for, answered by the kiosk's parts."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.errors import OperatorRefused
from kiosk.flows import subject_shown
from kiosk.flows.copies import named
from kiosk.flows.labels import labels_of
from kiosk.ion_link import IonLink
from kiosk.journal import Journal
from kiosk.model import DeviceState, Print, PrintJob, Session
from kiosk.ports import LabelRoom, StationView
from kiosk.printing import PrinterDesk
from kiosk.scanning import Roster
from kiosk.settings import Settings
from kiosk.web import Changes


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


@dataclass(frozen=True, slots=True)
class JobRoom:
    """Print jobs, as the pages ask for them."""

    journal: Journal
    desks: Mapping[str, PrinterDesk]
    changes: Changes
    asks_pin: Callable[[str], bool] = lambda _station: False
    """Whether a station asks for PINs."""

    def job(self, job_id: str) -> PrintJob | None:
        """Return the job."""
        return self.journal.prints.find(job_id)

    def picture(self, job_id: str) -> bytes | None:
        """Return the picture of what was sent."""
        return self.journal.prints.picture(job_id)

    def reprint(self, job_id: str, copies: int, key: str | None) -> tuple[PrintJob, ...]:
        """Queue the very bytes of a job again, unless that has to be signed."""
        job = self.journal.prints.find(job_id)
        if job is not None and job.fields.get("serialNumber") and self.asks_pin(job.station):
            raise OperatorRefused(
                f"Station {job.station!r} prints the label of a serial with a PIN alone: do it at its screen."
            )
        jobs = self.journal.prints.again(job_id, f"again/{job_id}/{key or uuid.uuid4().hex}", copies)
        for job in jobs[:1]:
            if job.printer in self.desks:
                self.desks[job.printer].wake()
            self.changes.publish(job.station)
        return jobs


def label_shown(view: StationView, labels: LabelRoom) -> Print | None:
    """Return the label of what a station shows."""
    subject = subject_shown(Session(view.session, view.station, view.flow, view.step, view.state))
    if subject is None:
        return None
    found = labels_of(subject, labels.choices(view.station))
    return named(found, str(view.state["label"]) if view.flow == "label" else None)
