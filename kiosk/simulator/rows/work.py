"""Procedures, and the runs that carry them out."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kiosk.simulator.rows.parts import Attribute

__all__ = [
    "BeforeRedline",
    "DatagridColumn",
    "DatagridRow",
    "DatagridValue",
    "FieldValidation",
    "FieldValue",
    "Label",
    "Procedure",
    "ProcedureStatus",
    "Redline",
    "RichText",
    "Run",
    "RunBatch",
    "RunStep",
    "RunStepField",
    "Session",
    "Step",
    "StepEdge",
    "StepField",
    "StepStatus",
]

FieldValue = str | int | float | bool | list[str] | None
"""What a run-step field holds, by its type."""

RichText = str | list[Any] | dict[str, Any] | None
"""Text, or a list of blocks."""


class ProcedureStatus(StrEnum):
    """The stored state of a procedure; only a released one can be run."""

    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    RELEASED = "RELEASED"
    ARCHIVED = "ARCHIVED"


class StepStatus(StrEnum):
    """The stored state of a run step."""

    TODO = "TODO"
    IN_PROGRESS = "IN_PROGRESS"
    HOLD = "HOLD"
    REDLINE = "REDLINE"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    DAG_MODIFIABLE = "DAG_MODIFIABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A word to find procedures by."""

    id: int
    etag: str
    value: str
    family_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """A template for runs."""

    id: int
    etag: str
    family_id: int
    title: str
    description: str | None = None
    type: str = "BUILD"
    status: ProcedureStatus = ProcedureStatus.RELEASED
    export_controlled: bool = False
    created_by_id: int | None = None
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldValidation:
    """A bound on a number."""

    function: str
    """MIN or MAX."""
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a procedure."""

    id: int
    etag: str
    procedure_id: int
    title: str
    content: str | None
    position: int
    parent_id: int | None = None
    type: str | None = None
    slate_content: RichText = None
    lead_time: int | None = None
    location_id: int | None = None
    is_standard_step: bool = False
    is_derived_step: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepField:
    """A blank to fill in, as the procedure defines it."""

    id: int
    etag: str
    step_id: int
    name: str
    type: str
    required: bool = False
    options: tuple[str, ...] | None = None
    unit: str | None = None
    display: str | None = None
    allow_not_applicable: bool = False
    allowed_ion_type: str | None = None
    signoff_role_id: int | None = None
    validations: tuple[FieldValidation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEdge:
    """One step waits for another; both of a procedure, or both of a run."""

    id: int
    etag: str
    step_id: int
    upstream_step_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DatagridColumn:
    """A column of a step's table; of a procedure's step or of a run's."""

    id: int
    etag: str
    step_id: int | None
    run_step_id: int | None
    index: int
    header: str
    type: str
    options: tuple[str, ...] | None = None
    signoff_role_id: int | None = None
    last_session_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatagridValue:
    """A cell."""

    column_id: int
    value: FieldValue = None
    file_attachment_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatagridRow:
    """A row of a step's table."""

    id: int
    etag: str
    step_id: int | None
    run_step_id: int | None
    index: int
    required: bool = False
    allow_not_applicable: bool = False
    values: tuple[DatagridValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBatch:
    """Runs that are carried out together."""

    id: int
    etag: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A procedure carried out on an inventory; its status follows from its steps."""

    id: int
    etag: str
    uid: str
    title: str
    procedure_id: int
    part_inventory_id: int | None
    created: datetime
    created_by_id: int | None = None
    run_batch_id: int | None = None
    summary_id: int | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Redline:
    """What an edit during execution changed."""

    id: int
    diff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeRedline:
    """A step as it was before its redline."""

    title: str
    content: str | None
    fields: tuple[str, ...] = ()
    """Names of its fields."""
    edges: tuple[str, ...] = ()
    """Every edge to or from it, as ``step<upstream``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStep:
    """A step of a run."""

    id: int
    etag: str
    run_id: int
    title: str
    content: str | None
    status: StepStatus
    position: int
    parent_id: int | None = None
    location_id: int | None = None
    created_by_id: int | None = None
    part_inventory_ids: tuple[int, ...] = ()
    before_redline: BeforeRedline | None = None
    """How the step was when the redline began; None too for a step that was made in it."""
    redlines: tuple[Redline, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStepField:
    """A blank to fill in on a run step, and what was filled in."""

    id: int
    etag: str
    run_step_id: int
    name: str
    type: str
    required: bool = False
    value: FieldValue = None
    options: tuple[str, ...] | None = None
    unit: str | None = None
    allow_not_applicable: bool = False
    signoff_role_id: int | None = None
    validations: tuple[FieldValidation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody's time on a step."""

    id: int
    etag: str
    run_step_id: int
    created_by_id: int
    check_in: datetime
    check_out: datetime | None = None
