"""What is built: procedures, runs, their steps and fields."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeAlias

FieldValue: TypeAlias = bool | int | float | str | tuple[str, ...] | None


class FieldKind(StrEnum):
    """What a step's field takes; the words are ION's."""

    STRING = "STRING"
    NUMBER = "NUMBER"
    BOOLEAN = "BOOLEAN"
    SELECT = "SELECT"
    MULTISELECT = "MULTISELECT"
    DATETIME = "DATETIME"
    SIGNOFF = "SIGNOFF"
    FILE_ATTACHMENT = "FILE_ATTACHMENT"


@dataclass(frozen=True, slots=True)
class StepField:
    """Something to be measured, chosen, signed or attached while a step is worked on."""

    id: str
    name: str
    type: FieldKind
    value: FieldValue = None
    """As ION keeps it, ``None`` while nobody has entered anything.

    A text for ``STRING``, ``SELECT`` and ``DATETIME`` (ISO 8601), a number or its decimal text for
    ``NUMBER``, true or false for ``BOOLEAN``, texts for ``MULTISELECT``; for ``SIGNOFF`` and
    ``FILE_ATTACHMENT`` what ION answers, as a text: it counts as given.
    """
    is_required: bool = False
    options: tuple[str, ...] = ()
    """What a ``SELECT`` or ``MULTISELECT`` offers."""
    unit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    role: str = ""
    """Who may sign a ``SIGNOFF``, empty where anybody may."""
    etag: str | None = None
    entity_id: str | None = None


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
    fields: tuple[StepField, ...] = ()
    entity_id: str | None = None
    """What files are attached to; not the step's ``id``."""


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
    entity_id: str | None = None
    kind: Literal["run"] = "run"

    @property
    def key(self) -> str:
        """Return the name under which the kiosk's tables and screens know this run."""
        return f"run/{self.id}"


@dataclass(frozen=True, slots=True)
class Procedure:
    """What a run executes; only one that is ``RELEASED`` can be run."""

    id: str
    title: str
    status: str = ""
    description: str = ""
    kind: Literal["procedure"] = "procedure"

    @property
    def key(self) -> str:
        """Return the name under which the kiosk's tables and screens know this procedure."""
        return f"procedure/{self.id}"


@dataclass(frozen=True, slots=True)
class Issue:
    """A problem that was reported on a run's step or on a row of inventory."""

    id: str
    title: str
    status: str
    """``PENDING``, ``IN_PROGRESS``, ``IN_REVIEW`` or ``RESOLVED``."""
    disposition_type: str = ""
    disposition: str = ""
    cause: str = ""
    expected: str = ""
    run_step_id: str | None = None
    inventory_id: str | None = None
    etag: str | None = None
    entity_id: str | None = None
    kind: Literal["issue"] = "issue"

    @property
    def key(self) -> str:
        """Return the name under which the kiosk's tables and screens know this issue."""
        return f"issue/{self.id}"
