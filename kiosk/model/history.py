"""What happened at a station, as a person looks back on it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from kiosk.model.delivery import Operation, PrintJob
from kiosk.model.floor import RawScan

BESIDE: Final = frozenset(
    {
        "check_receipt",
        "render_label",
        "attach_file",
        "delete_receipt",
        "delete_inventory",
        "delete_file",
        "archive_run",
    }
)
"""Operations that are done beside a person's work, and are not the last thing that they did."""


class ScanState(StrEnum):
    """Where a scan stands."""

    WAITING = "waiting"
    """On disk, and not answered yet."""
    HANDLED = "handled"
    SET_ASIDE = "set aside"
    """Kept, but more than the kiosk could answer."""


@dataclass(frozen=True, slots=True)
class KeptScan:
    """A scan, and what became of it."""

    scan: RawScan
    state: ScanState
    screen: str
    """Where it led to, ``<flow>/<step>``; empty while it waits."""


Happened: TypeAlias = KeptScan | Operation | PrintJob


@dataclass(frozen=True, slots=True)
class Past:
    """One thing that happened at a station."""

    what: Happened
    undone_by: Operation | None = None
    """What takes the operation back, unless that was given up itself."""

    @property
    def key(self) -> str:
        """Return its name among all that happened: ``scan/<id>``, ``operation/<id>`` or ``label/<id>``."""
        match self.what:
            case KeptScan(scan=scan):
                return f"scan/{scan.id}"
            case Operation(id=id_):
                return f"operation/{id_}"
            case PrintJob(id=id_):
                return f"label/{id_}"

    @property
    def at(self) -> datetime:
        """Return when it happened."""
        return self.what.scan.at if isinstance(self.what, KeptScan) else self.what.created_at


@dataclass(frozen=True, slots=True)
class Glance:
    """What a station's screen shows of its past at any moment."""

    last: Past | None = None
    """What a person did last that ION is told of."""
    oldest: Operation | None = None
    """What has been waiting for ION the longest, at any station."""
