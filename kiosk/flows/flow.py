"""What goes into a flow and what comes out: events, the place they happen at, outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Protocol, TypeAlias

from kiosk.barcodes import IonRef, Readings
from kiosk.flows.labels import USUAL, Choices
from kiosk.flows.paging import LINES
from kiosk.model import (
    Demand,
    Effect,
    Json,
    Location,
    Message,
    Operation,
    Operator,
    Past,
    Print,
    PrintJob,
    Proof,
    Question,
    Role,
    Session,
    Subject,
)
from kiosk.resolve import GoodsLabel, goods_label

AGAIN = "again"
"""A person agreed to count a package that was counted before."""


class Badge(StrEnum):
    """What a scanned badge does here."""

    WELCOME = "welcome"
    """Its holder is signed in by it, and stands in ``Place.operator``."""
    DISABLED = "disabled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    """It is nobody's, and this station asks who works here."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A barcode that is not a command, with what it turned out to be."""

    readings: Readings
    subjects: tuple[Subject, ...] = ()
    as_of: datetime | None = None
    """When ION said so, where the answer comes from the cache."""
    is_offline: bool = False
    """ION could not be asked, and the cache knows nothing."""
    agreed: tuple[str, ...] = ()
    """What a person answered when this very scan was asked about: keys of what was chosen, ``AGAIN``."""
    badge: Badge | None = None
    """What is known of the badge that it is; ``None`` where it is none that concerns this station."""

    @property
    def label(self) -> GoodsLabel | None:
        """Return what the barcode says about goods, ``None`` where it is no label of goods."""
        return goods_label(self.readings)

    @property
    def step(self) -> str:
        """Return ``<run>:<step>`` where the barcode names a step of a run, else empty."""
        named = (one for one in self.readings.readings if isinstance(one, IonRef) and one.entity == "STEP")
        return next((one.id for one in named), "")

    @property
    def as_of_text(self) -> str | None:
        """Return ``as_of`` as screens keep it: ISO 8601."""
        return self.as_of.isoformat() if self.as_of else None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A command, by barcode or by button: the same thing."""

    verb: str
    argument: str | None = None


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Fresher facts about something the screen may be showing."""

    subject: Subject


@dataclass(frozen=True, slots=True)
class Settled:
    """An operation of this station came to an end, or stopped for a person."""

    operation: Operation


@dataclass(frozen=True, slots=True)
class Printed:
    """A print job of this station moved on."""

    job: PrintJob


@dataclass(frozen=True, slots=True)
class Answered:
    """ION's answer to what the screen asks (see ``kiosk.flows.asking``), or the memory of it."""

    question: Question
    subjects: tuple[Subject, ...] = ()
    as_of: datetime | None = None
    """When ION said so, where the answer comes from the cache."""
    is_offline: bool = False
    """ION could not be asked, and the cache knows nothing."""
    error: str = ""
    """Why ION did not answer though it was asked, in words for a person."""


@dataclass(frozen=True, slots=True)
class Left:
    """Nobody is signed in here any more."""


News: TypeAlias = Refreshed | Settled | Printed | Answered | Left
"""What comes from outside, without a person at the station."""

Event: TypeAlias = Scanned | Pressed | News


@dataclass(frozen=True, slots=True)
class Place:
    """Where the event happens and what holds there; a value, so that flows stay plain functions."""

    station: str
    now: datetime
    flows: tuple[str, ...]
    location: Location | None = None
    """Where received stock goes unless a location is scanned."""
    offers: frozenset[str] | None = None
    """Operations that this tenant's ION has, ``None`` while nobody could ask."""
    outstanding: tuple[Operation, ...] = ()
    """Operations of all stations that are not settled yet, oldest first."""
    has_printer: bool = False
    labels: Choices = field(default_factory=lambda: USUAL)
    """The labels that this station prints."""
    takes_zpl: bool = False
    """Whether its printer takes labels that ION drew."""
    lines: int = LINES
    """Of a list, on the station's screen."""
    zone: tzinfo = UTC
    """In which the clock on the wall runs."""
    operator: Operator | None = None
    """Who is signed in here, ``None`` where nobody is."""
    proof: Proof = Proof.NONE
    """How surely it is they."""
    has_pin: bool = False
    """Whether there is a PIN of theirs to ask for."""
    signers: frozenset[str] = frozenset()
    """Names, without regard to case, of those who have a badge and a PIN, and so sign by these alone; looked
    for only where a step is signed off."""
    asks: Mapping[str, Demand] = field(default_factory=dict)
    """What each flow asks of who works there; one that is not named asks nothing."""
    counted: frozenset[str] = frozenset()
    """Of the packages that the event brings up those that were received before, on any order."""
    doubtful: tuple[PrintJob, ...] = ()
    """Labels of this station of which a person must say whether they came out, oldest first; looked for only
    where a person says so."""
    shift: Print | None = None
    """The label of the shift that is on; counted only where a person asks for it."""
    lost_head: str = ""
    """What is wrong with an audit that once had the head that was scanned, empty where it still has it."""
    past: tuple[Past, ...] = ()
    """What happened at this station last, newest first; looked for only where a person looks back."""
    unsigned: str = Role.OPERATOR
    """The role of who is not signed in."""
    reprints_serials: Role = Role.LEAD
    """Who may print a label with a serial number once more."""

    is_paused: bool = False
    """A person keeps its printers from going on; looked for only where a person speaks of their queue."""

    def demand(self, flow: str) -> Demand:
        """Return what a flow asks of who works there."""
        return self.asks.get(flow, Demand.NONE)

    def lacks(self, operation: str) -> bool:
        """Return whether this tenant's ION is known not to have an operation."""
        return self.offers is not None and operation not in self.offers


@dataclass(frozen=True, slots=True)
class Signing:
    """What a person signs."""

    kind: str
    """``complete``, ``signoff``, ``quantity``, ``over``, ``reprint`` or ``undo``."""
    title: str
    """Of what."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a flow wants after one event: a screen, its state, a message, effects."""

    flow: str
    step: str
    state: Mapping[str, Json] = field(default_factory=dict)
    message: Message | None = None
    effects: tuple[Effect, ...] = ()
    follow: str | None = None
    """A reference to go on with as if it had been scanned, such as ``ION/RUN/12``."""
    signed: Signing | None = None
    """For what of it a person stands with their PIN."""
    acts_for: str = ""
    """The flow whose rules its effects go by, where that is not the one on the screen."""


class Flow(Protocol):
    """One job of the floor. All methods are pure."""

    name: str
    steps: frozenset[str]
    """Every step that it shows."""

    def takes(self, subject: Subject) -> bool:
        """Return whether a scan of this subject alone opens the flow."""

    def subject(self, session: Session) -> Subject | None:
        """Return what the screen is about."""

    def entered(self, session: Session) -> str:
        """Return in words what a person entered and leaving would throw away, empty where that is nothing."""

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Answer an event; ``None`` means: not mine, another flow may fit."""


def stay(session: Session, message: Message | None = None, **changes: Json) -> Outcome:
    """Return an outcome that keeps the screen, with parts of its state replaced."""
    return Outcome(session.flow, session.step, {**session.state, **changes}, message)


def resting(message: Message | None = None, wanted: str | None = None) -> Outcome:
    """Return the screen that waits for any scan.

    Args:
        message: what to say on it.
        wanted: the flow that was chosen and still needs its first scan.
    """
    return Outcome("home", "idle", {"wanted": wanted}, message)
