"""What leaves the kiosk: changes for ION, labels for printers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias

from kiosk.model.json import Json
from kiosk.model.people import Operator
from kiosk.words import told

LabelFields: TypeAlias = Mapping[str, "str | Sequence[Mapping[str, str]]"]
"""What stands on a label: a text for each field, rows of texts for each table of its design."""


@dataclass(frozen=True, slots=True)
class DesignVersion:
    """A text of a label design that was saved."""

    number: int
    """From 1; 0 for what comes with the kiosk."""
    at: datetime | None
    """When, ``None`` for what comes with the kiosk."""


class OperationState(StrEnum):
    """Where an operation stands on its way to ION."""

    QUEUED = "queued"
    IN_FLIGHT = "in_flight"
    DONE = "done"
    REJECTED = "rejected"
    """ION proved that it was not executed; waits for a person to send again or discard."""
    UNKNOWN = "unknown"
    """Sent, outcome not known; looked up before anything else happens."""
    PARKED = "parked"
    """Could not be decided by looking; waits for a person."""
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Submit:
    """A change that ION is to make."""

    operation: str
    subject: str
    """Operations on one subject go one at a time, oldest first."""
    about: str
    """The key of what a screen shows it with: the order of an order line, the run of a step."""
    arguments: Mapping[str, Json]
    serves: str = ""
    """What it prepares (``step/6``): whatever needs that waits until this is done."""
    needs: str = ""
    """What has to be prepared first: it waits for all that serves it, and is not sent if ION refused any."""
    undoes: str = ""
    """The id of the operation that it takes back, empty where it takes none back."""


@dataclass(frozen=True, slots=True)
class LabelTemplate:
    """A label that ION draws itself, in ZPL."""

    id: str
    name: str
    entity_type: str = ""
    """ION's word for what it is a label of: ``PARTS_INVENTORY``, ``LOCATIONS``, ..."""
    kind: Literal["label-template"] = "label-template"

    @property
    def key(self) -> str:
        """Return the name under which the kiosk's tables and screens know this template."""
        return f"label-template/{self.id}"


@dataclass(frozen=True, slots=True)
class LabelChoice:
    """A label that a station can print of something."""

    name: str
    """Of its design."""
    title: str
    printer: str = ""
    """Where it is printed, empty for the station's own printer."""
    needs: frozenset[str] = frozenset()
    """Fields without which it is not printed."""
    tables: frozenset[str] = frozenset()
    """Its tables, of which one at least must have rows."""


@dataclass(frozen=True, slots=True)
class Print:
    """A label that is to come out of a station's printer, once a copy."""

    label: str
    fields: LabelFields
    subject: str
    copies: int = 1
    printer: str = ""
    """Empty for the station's own."""
    is_selecting: bool = False
    """``fields`` is all that is known, and the design takes of it what it shows; else it takes all of it."""
    zpl: str = ""
    """The finished label where ION has drawn it; there is no design then."""


_MARK = "k:"
_OVERTAKEN = re.compile(r"Changed by ([^:]+): ")


def overtaken_words(by: str, words: str) -> str:
    """Return the error of an operation that came after somebody else's change.

    Args:
        by: who changed the thing, empty where nobody knows.
        words: what is known of it.
    """
    somebody = by.replace(":", " ").strip() or told("someone else")
    return told("Changed by {somebody}: {words}", somebody=somebody, words=words)


def marked_id(marker: str) -> str:
    """Return the id of the operation that has this name in ION."""
    return marker.removeprefix(_MARK)


def answered_keys(result: Mapping[str, Json]) -> frozenset[str]:
    """Return the keys of the things in ION's answer to a change, such as ``inventory/9047``."""
    things = (each for value in result.values() for each in (value if isinstance(value, list) else [value]))
    return frozenset(
        f"{thing['kind']}/{thing['id']}"
        for thing in things
        if isinstance(thing, Mapping) and {"kind", "id"} <= thing.keys()
    )


@dataclass(frozen=True, slots=True)
class Operation:
    """A submitted change as the journal holds it."""

    id: str
    key: str
    """Derived from session and turn; unique, so that a repeated event finds the first one."""
    station: str
    flow: str
    operation: str
    subject: str
    about: str
    arguments: Mapping[str, Json]
    state: OperationState
    created_at: datetime
    attempts: int = 0
    is_doubtful: bool = False
    """An earlier send may have been executed, so a refusal now may be caused by our own first copy."""
    result: Mapping[str, Json] | None = None
    error: str = ""
    facts: str = ""
    """What ION showed when its effect was looked for last, in words; empty where that was never unclear."""
    serves: str = ""
    """As in ``Submit``."""
    needs: str = ""
    """As in ``Submit``."""
    actor: Operator | None = None
    """Who did it; ``None`` where nobody was signed in."""
    event: str = ""
    """The id of the scan or press that led to it; empty where that is not kept."""
    undoes: str = ""
    """As in ``Submit``."""
    settled_at: datetime | None = None
    """When it came to an end, or stopped for a person; ``None`` before, and where that was not kept."""
    trace: str = ""
    """ION's own id of the refusal, for the technician; empty where it gave none."""

    @property
    def marker(self) -> str:
        """Return its name in ION, 34 characters, put in a note where ION has room for one."""
        return f"{_MARK}{self.id}"

    @property
    def overtaken_by(self) -> str:
        """Return who changed the thing before it, where ION refused it for that; else empty."""
        match = _OVERTAKEN.match(self.error) if self.state is OperationState.REJECTED else None
        return match[1] if match else ""


class Reason(StrEnum):
    """Why a label is printed once more, or no longer counts."""

    DAMAGED = "damaged"
    LOST = "lost"
    MISPRINTED = "misprinted"
    """It came out, and cannot be read or is not on the label."""
    MISSING = "missing"
    """It never came out."""
    FURTHER = "further"
    """One more of it is needed; the first stays good."""
    CANCELED = "canceled"
    """Its batch was canceled before it was printed; no person chooses this."""
    OTHER = "other"
    """As the note beside it says."""


@dataclass(frozen=True, slots=True)
class Why:
    """A reason as a person gives it."""

    reason: Reason
    note: str = ""
    """In their own words."""

    @property
    def is_said(self) -> bool:
        """Return whether it says anything: another reason is none without words."""
        return self.reason is not Reason.OTHER or bool(self.note.strip())


class JobState(StrEnum):
    """Where a print job stands; only ``confirmed`` means that paper came out."""

    QUEUED = "queued"
    HELD = "held"
    """Queued, and held back by a person until they let it go on (IPP's pending-held)."""
    SENDING = "sending"
    SENT = "sent"
    CONFIRMED = "confirmed"
    UNKNOWN = "unknown"
    """Cut off while sending; a person says whether the label came out."""
    FAILED = "failed"
    """Proved not printed and not tried again; says why."""
    VOIDED = "voided"
    """Does not count: spoiled, or canceled before it was printed."""


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One label on its way to paper; copies are jobs of their own."""

    id: str
    key: str
    station: str
    printer: str
    label: str
    design_digest: str
    fields: LabelFields
    subject: str
    encoded: str
    """What the label's main symbol says; scanning it proves that the label came out."""
    copy: int
    copies: int
    state: JobState
    created_at: datetime
    error: str = ""
    batch: str = ""
    """The id of the batch it is of."""
    edition: int = 1
    """1 for the first print of a label, and one more for each reprint of it."""
    reprint_of: str = ""
    """The id of the first print, empty where it is that."""
    moved_from: str = ""
    """The printer it waited for before another took over."""
    made_for: str = ""
    """The kind of printer that prints it right; empty where that is not kept."""
    is_wanted: bool = True
    """Of a label in doubt: whether it is printed again if it did not come out; not so in a canceled batch."""
    event: str = ""
    """The id of the scan or press that led to it; empty where it was another's, or a program's."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person's word for a label of which nobody else knows whether it came out."""

    job: str
    came_out: bool
    """Without a label it is printed again."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A person takes back what still waits: ION is never told of it."""

    operation: str
    """Its id. It is queued, was never sent in doubt, and nothing newer waits behind it."""


@dataclass(frozen=True, slots=True)
class Reprint:
    """A label that is to come out once more, byte for byte."""

    job: PrintJob
    """Any print of it."""
    why: Why


class QueueAct(StrEnum):
    """What a person at a station wants of the queues of its printers."""

    PAUSE = "pause"
    GO = "go"
    CANCEL = "cancel"
    """Of what waits that which this station asked for."""


@dataclass(frozen=True, slots=True)
class QueueTurn:
    """It is wanted now."""

    act: QueueAct


Effect: TypeAlias = Submit | Print | Verdict | Withdraw | Reprint | QueueTurn


@dataclass(frozen=True, slots=True)
class PreparedLabel:
    """A label laid out, rendered, read back and encoded for one printer."""

    label: str
    design_digest: str
    encoded: str
    payload: bytes
    png: bytes
    made_for: str = ""
    """The kind of printer that prints it right, as ``PrintQueue.take_over`` compares it."""
    copies: "tuple[PreparedLabel, ...]" = ()
    """Each copy, where they say which of how many they are; empty where all are alike."""


@dataclass(frozen=True, slots=True)
class Face:
    """What stands on one sheet."""

    fields: LabelFields
    prepared: PreparedLabel
