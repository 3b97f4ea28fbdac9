"""The nouns of the floor: what ION keeps, what a person does, what the kiosk has to deliver.

Ids are opaque strings, quantities are ``Decimal`` in the part's stock unit, times are aware and in UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

LabelFields: TypeAlias = Mapping[str, "str | Sequence[Mapping[str, str]]"]
"""What stands on a label: a text for each field, rows of texts for each table of its design."""


@dataclass(frozen=True, slots=True)
class DesignVersion:
    """A text of a label design that was saved."""

    number: int
    """From 1; 0 for what comes with the kiosk."""
    at: datetime | None
    """When, ``None`` for what comes with the kiosk."""


class Tracking(StrEnum):
    """How ION tells units of a part apart."""

    SERIAL = "serial"
    LOT = "lot"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Part:
    """A catalogue entry: number plus revision is unique."""

    id: str
    number: str
    revision: str = ""
    description: str = ""
    tracking: Tracking = Tracking.NONE


@dataclass(frozen=True, slots=True)
class Location:
    """A place that holds stock: warehouse, rack, shelf, tote or work centre."""

    id: str
    name: str
    uid: str | None = None
    kind: Literal["location"] = "location"

    @property
    def key(self) -> str:
        """Return the name under which the kiosk's tables and screens know this location."""
        return f"location/{self.id}"


@dataclass(frozen=True, slots=True)
class RunHeading:
    """A run as it is named on another subject's screen."""

    id: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """One row of stock: a unit, a lot at a place, or a quantity at a place."""

    id: str
    part: Part
    quantity: Decimal
    status: str
    uid: str | None = None
    serial: str | None = None
    lot: str | None = None
    location: Location | None = None
    etag: str | None = None
    runs: tuple[RunHeading, ...] = ()
    """Runs of this inventory that are neither complete nor canceled."""
    kind: Literal["inventory"] = "inventory"

    @property
    def key(self) -> str:
        """Return the name under which the kiosk's tables and screens know this inventory."""
        return f"inventory/{self.id}"


@dataclass(frozen=True, slots=True)
class Stock:
    """A part together with its rows of inventory."""

    part: Part
    rows: tuple[Inventory, ...] = ()
    kind: Literal["stock"] = "stock"

    @property
    def key(self) -> str:
        """Return the name under which the kiosk's tables and screens know this part."""
        return f"part/{self.part.id}"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A purchase order line; ``part`` is ``None`` for services."""

    id: str
    part: Part | None
    ordered: Decimal
    received: Decimal
    description: str = ""
    status: str = ""
    number: str = ""
    """The line's number on the order, empty where ION does not tell."""

    @property
    def remaining(self) -> Decimal:
        """Return what ION still expects, never below zero."""
        return max(self.ordered - self.received, Decimal(0))

    @property
    def key(self) -> str:
        """Return the subject under which receipts on this line are kept in order."""
        return f"order-line/{self.id}"


@dataclass(frozen=True, slots=True)
class Order:
    """A purchase order; ION receives only against one that is ``ORDERED`` or ``PARTIALLY_RECEIVED``."""

    id: str
    number: str
    status: str
    supplier: str = ""
    lines: tuple[OrderLine, ...] = ()
    kind: Literal["order"] = "order"

    @property
    def key(self) -> str:
        """Return the name under which the kiosk's tables and screens know this order."""
        return f"order/{self.id}"


@dataclass(frozen=True, slots=True)
class RunStep:
    """One step of a run; it can start when every upstream step is complete."""

    id: str
    title: str
    status: str
    position: int = 0
    etag: str | None = None
    upstream: tuple[str, ...] = ()
    """Steps that must be complete before this one can start."""
    parent: str | None = None
    """The step that must be in progress while this one is worked on."""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a procedure; where ION has steps its status follows from theirs."""

    id: str
    title: str
    status: str
    uid: str | None = None
    etag: str | None = None
    procedure: str = ""
    part_number: str = ""
    serial: str | None = None
    inventory_id: str | None = None
    steps: tuple[RunStep, ...] = ()
    kind: Literal["run"] = "run"

    @property
    def key(self) -> str:
        """Return the name under which the kiosk's tables and screens know this run."""
        return f"run/{self.id}"


Subject: TypeAlias = Inventory | Stock | Order | Run | Location
"""What a scan can turn out to be."""


class Asked(StrEnum):
    """By what ION is asked for a subject."""

    UID = "uid"
    INVENTORY_ID = "inventory-id"
    PART_ID = "part-id"
    PART_NUMBER = "part-number"
    SERIAL = "serial"
    LOT = "lot"
    ORDER_ID = "order-id"
    ORDER_NUMBER = "order-number"
    RUN_ID = "run-id"
    LOCATION_ID = "location-id"
    LOCATION_NAME = "location-name"


@dataclass(frozen=True, slots=True)
class Question:
    """One look-up, such as *which inventory has serial SN-1*; also the key of its cached answer."""

    by: Asked
    value: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The subjects ION gave for one question, empty where it knows none."""

    question: Question
    subjects: tuple[Subject, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class RawScan:
    """What a scanner sent, byte for byte, less the configured suffix."""

    id: str
    station: str
    scanner: str
    data: bytes
    at: datetime
    symbology: str | None = None
    """AIM symbology identifier where the device reports it apart from the data."""


@dataclass(frozen=True, slots=True)
class ScanSeen:
    """A scan as it came from a scanner, for a person who looks at what the device really sends."""

    at: datetime
    data: bytes
    """What the scanner sent, a symbology identifier included, without its suffix."""


class Level(StrEnum):
    """The five states a message can have; each has its own colour, icon and word."""

    GOOD = "good"
    ASK = "ask"
    STOP = "stop"
    WAIT = "wait"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for the operator: a constant template and the values that go into it."""

    level: Level
    template: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the sentence with its values filled in."""
        return self.template.format_map(self.values)


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


@dataclass(frozen=True, slots=True)
class Print:
    """A label that is to come out of the station's printer, once a copy."""

    label: str
    fields: LabelFields
    subject: str
    copies: int = 1


Effect: TypeAlias = Submit | Print


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


class JobState(StrEnum):
    """Where a print job stands; only ``confirmed`` means that paper came out."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    CONFIRMED = "confirmed"
    UNKNOWN = "unknown"
    """Cut off while sending; a person says whether the label came out."""
    FAILED = "failed"
    """Proved not printed and not tried again; says why."""
    VOIDED = "voided"


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


@dataclass(frozen=True, slots=True)
class PreparedLabel:
    """A label laid out, rendered, read back and encoded for one printer."""

    label: str
    design_digest: str
    encoded: str
    payload: bytes
    png: bytes


@dataclass(frozen=True, slots=True)
class Session:
    """What a station is in the middle of."""

    id: str
    station: str
    flow: str
    step: str
    state: Mapping[str, Json] = field(default_factory=dict)
    message: Message | None = None
    turn: int = 0
    """Counts events that had effects; part of every operation key."""
    revision: int = 0
    """Counts every change of the screen."""


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A scanner or printer as the lamps show it."""

    name: str
    is_ready: bool
    text: str
    """What it is doing or what a person must do."""
