"""The arguments of the kiosk's operations, checked where they come out of the journal."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kiosk.errors import IonRejected
from kiosk.ion.wording import shown
from kiosk.model import FieldKind, FieldValue, Json
from kiosk.words import told

__all__ = [
    "Adjust",
    "Amount",
    "AttachFile",
    "CancelRun",
    "CreateInventory",
    "CreateIssue",
    "CreateRun",
    "Id",
    "Install",
    "Labour",
    "Move",
    "Receive",
    "SetFieldValue",
    "SetRunStatus",
    "SetStepStatus",
    "Text",
    "UndoReceipt",
    "Uninstall",
    "UnverifiedReceipt",
    "UpdateIssue",
    "WordText",
    "checked",
]

Id = Annotated[str, Field(min_length=1, max_length=200)]
WordText = Annotated[str, Field(pattern=r"^[A-Z_]{1,40}$")]
Amount = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=24, decimal_places=9)]
Text = Annotated[str, Field(max_length=20_000)]
_Some = Annotated[Amount, Field(gt=0)]
T = TypeVar("T", bound=BaseModel)


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Receive(_Arguments):
    """Receive on one line of an order: a quantity, or one unit per serial."""

    order_id: Id
    line_id: Id
    part_id: Id | None = None
    quantity: _Some
    lot: str | None = None
    serials: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    location_id: Id | None = None
    received_before: Amount = Decimal(0)


class UnverifiedReceipt(_Arguments):
    """What was received while ION could not be asked, in the words of paper and box."""

    order_number: Id
    part_number: Id
    quantity: _Some
    text: str | None = None
    """A lot or a serial: which of them, the part's tracking says."""


class ReceivedRow(_Arguments):
    """A row of stock as a receipt made it."""

    id: Id
    quantity: Amount
    location_id: Id | None = None


class UndoReceipt(_Arguments):
    """Take rows of stock out of their receipt again, as if they had never come."""

    receipt_id: Id
    rows: Annotated[tuple[ReceivedRow, ...], Field(min_length=1)]


class Move(_Arguments):
    """Put one inventory somewhere else, all of it."""

    inventory_id: Id
    location_id: Id
    from_location_id: Id | None = None


class MovePart(Move):
    """Put a part of one inventory somewhere else."""

    quantity: _Some
    from_quantity: _Some

    @model_validator(mode="after")
    def _leaves_something(self) -> Self:
        if self.quantity >= self.from_quantity:
            raise ValueError(f"expected to move less than the {self.from_quantity} that are there")
        return self


class Adjust(_Arguments):
    """Say how much there is of an inventory, or take off what is scrapped."""

    inventory_id: Id
    kind: Literal["recount", "scrap"]
    quantity: Annotated[Amount, Field(ge=0)]
    from_quantity: Annotated[Amount, Field(ge=0)]
    reason: Text = ""

    @model_validator(mode="after")
    def _scraps_what_is_there(self) -> Self:
        if self.kind == "scrap" and not 0 < self.quantity <= self.from_quantity:
            raise ValueError(f"expected to scrap more than 0 and at most {self.from_quantity}")
        return self


class CreateInventory(_Arguments):
    """Make a row of inventory out of nothing."""

    part_id: Id
    quantity: Annotated[Amount, Field(ge=0)]
    lot: str | None = None
    serial: Annotated[str, Field(min_length=1)] | None = None
    location_id: Id | None = None


class Install(_Arguments):
    """Build one inventory into another one."""

    parent_id: Id
    requirement_id: Id
    inventory_id: Id
    quantity: _Some


class Uninstall(_Arguments):
    """Take an inventory out of another one again."""

    parent_id: Id
    installation_id: Id


class CreateRun(_Arguments):
    """Run a procedure on an inventory, or to build a part."""

    procedure_id: Id
    inventory_id: Id | None = None
    part_id: Id | None = None
    title: Annotated[str, Field(max_length=400)] | None = None


class SetRunStatus(_Arguments):
    """Start or complete a whole run."""

    run_id: Id
    status: WordText
    from_status: WordText


class CancelRun(_Arguments):
    """Cancel a run, that is every step of it that is not finished."""

    run_id: Id


class SetStepStatus(_Arguments):
    """Start, complete, hold, fail or cancel one step of a run, or set it back."""

    run_id: Id
    step_id: Id
    status: WordText
    from_status: WordText


class SetFieldValue(_Arguments):
    """Enter a value into one field of a step; ``None`` takes it away."""

    run_id: Id
    step_id: Id
    field_id: Id
    type: FieldKind
    value: FieldValue
    from_value: FieldValue = None


class CreateIssue(_Arguments):
    """Report a problem with a run's step, a run or an inventory."""

    title: Annotated[str, Field(min_length=1, max_length=400)]
    run_id: Id | None = None
    run_step_id: Id | None = None
    inventory_id: Id | None = None
    disposition_type: str | None = None
    cause: Text | None = None
    expected: Text | None = None

    @model_validator(mode="after")
    def _is_about_something(self) -> Self:
        if not (self.run_step_id or self.run_id or self.inventory_id):
            raise ValueError("expected run_step_id, run_id or inventory_id")
        return self


class UpdateIssue(_Arguments):
    """Change what an issue says; what is left out stays."""

    issue_id: Id
    title: Annotated[str, Field(min_length=1, max_length=400)] | None = None
    status: WordText | None = None
    disposition_type: str | None = None
    disposition: Text | None = None
    cause: Text | None = None
    expected: Text | None = None


class AttachFile(_Arguments):
    """Attach a file that the kiosk keeps to something in ION."""

    entity_id: Id
    filename: Annotated[str, Field(min_length=1, max_length=200)]
    content_type: Annotated[str, Field(pattern=r"^[\w.+-]+/[\w.+-]+$")]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Labour(_Arguments):
    """Check in at a step, or out of it."""

    run_id: Id
    step_id: Id


def checked(kind: type[T], operation: str, arguments: Mapping[str, Json]) -> T:
    """Return the arguments as ``kind``.

    Raises:
        IonRejected: they are not; nothing was sent.
    """
    try:
        return kind.model_validate(dict(arguments))
    except ValidationError as error:
        faults = "; ".join(
            ": ".join(part for part in (".".join(map(str, fault["loc"])), fault["msg"]) if part)
            for fault in error.errors(include_url=False)[:3]
        )
        raise IonRejected(
            told(
                "{call} with {values}: expected complete arguments, got {faults}",
                call=operation,
                values=shown(repr(dict(arguments))),
                faults=shown(faults),
            ),
            code="VALIDATION_ERROR",
        ) from error
