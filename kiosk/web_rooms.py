"""What the pages ask for, answered by the kiosk's parts."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kiosk.ion_link import IonLink
from kiosk.journal import Journal
from kiosk.model import DeviceState, JobState, PrintJob, ScanSeen
from kiosk.printing import PrinterDesk
from kiosk.scanner_line import ScannerLine
from kiosk.settings import ScannerSettings, Settings
from kiosk.web import Changes


@dataclass(frozen=True, slots=True)
class Lamps:
    """The state of every device, for pages and programs."""

    settings: Settings
    lines: Mapping[str, ScannerLine]
    desks: Mapping[str, PrinterDesk]
    link: IonLink

    def scanners(self, station: str) -> tuple[DeviceState, ...]:
        """See ``Devices``."""
        return tuple(self.lines[one.name].lamp for one in self.settings.scanners if one.station == station)

    def printers(self, station: str) -> tuple[DeviceState, ...]:
        """See ``Devices``."""
        names = [one.printer for one in self.settings.stations if one.name == station]
        return tuple(self.desks[name].lamp for name in names if name in self.desks)

    def ion(self) -> DeviceState:
        """See ``Devices``."""
        return self.link.state


@dataclass(frozen=True, slots=True)
class ScannerDesk:
    """A scanner, as the scanner page asks for it."""

    settings: ScannerSettings
    line: ScannerLine

    @property
    def name(self) -> str:
        """Return its name in the settings."""
        return self.settings.name

    @property
    def kind(self) -> str:
        """Return how it is connected."""
        return self.settings.kind

    @property
    def port(self) -> str:
        """Return where it is plugged in."""
        return self.settings.port

    @property
    def station(self) -> str:
        """Return the station it scans for."""
        return self.settings.station

    @property
    def lamp(self) -> DeviceState:
        """Return how it is."""
        return self.line.lamp

    @property
    def faults(self) -> int:
        """Return how often it went away, or something was dropped."""
        return self.line.faults

    def last_scans(self) -> Sequence[ScanSeen]:
        """Return what it sent last, newest first."""
        return self.line.last_scans()


@dataclass(frozen=True, slots=True)
class JobRoom:
    """Print jobs, as the pages ask for them."""

    journal: Journal
    desks: Mapping[str, PrinterDesk]
    changes: Changes

    def job(self, job_id: str) -> PrintJob | None:
        """Return the job."""
        return self.journal.prints.find(job_id)

    def picture(self, job_id: str) -> bytes | None:
        """Return the picture of what was sent."""
        return self.journal.prints.picture(job_id)

    def decide(self, job_id: str, came_out: bool) -> None:
        """Take a person's word for a job that is in doubt; without a label it is queued again."""
        job = self.journal.prints.find(job_id)
        if job is not None and job.state is JobState.UNKNOWN:
            self.journal.prints.settle(job_id, JobState.CONFIRMED if came_out else JobState.QUEUED)

    def reprint(self, job_id: str, copies: int, key: str | None) -> tuple[PrintJob, ...]:
        """Queue the very bytes of a job again."""
        jobs = self.journal.prints.again(job_id, f"again/{job_id}/{key or uuid.uuid4().hex}", copies)
        for job in jobs[:1]:
            if job.printer in self.desks:
                self.desks[job.printer].wake()
            self.changes.publish(job.station)
        return jobs
