"""The arguments of the kiosk's operations, checked where they come out of the journal."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kiosk.errors import IonRejected
from kiosk.ion.wording import shown
from kiosk.model import Json

__all__ = ["Move", "Receive", "SetRunStatus", "SetStepStatus", "checked"]

_Id = Annotated[str, Field(min_length=1, max_length=200)]
_Status = Annotated[str, Field(pattern=r"^[A-Z_]{1,40}$")]
_Amount = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=24, decimal_places=9)]
T = TypeVar("T", bound=BaseModel)


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Receive(_Arguments):
    """Receive on one line of an order: a quantity, or one unit per serial."""

    order_id: _Id
    line_id: _Id
    part_id: _Id | None = None
    quantity: Annotated[_Amount, Field(gt=0)]
    lot: str | None = None
    serials: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    location_id: _Id | None = None
    received_before: _Amount = Decimal(0)


class SetStepStatus(_Arguments):
    """Start or complete one step of a run."""

    run_id: _Id
    step_id: _Id
    status: Literal["IN_PROGRESS", "COMPLETE"]
    from_status: _Status


class SetRunStatus(_Arguments):
    """Start or complete a whole run."""

    run_id: _Id
    status: Literal["IN_PROGRESS", "COMPLETE"]
    from_status: _Status


class Move(_Arguments):
    """Put one inventory somewhere else, all of it."""

    inventory_id: _Id
    location_id: _Id
    from_location_id: _Id | None = None


def checked(kind: type[T], operation: str, arguments: Mapping[str, Json]) -> T:
    """Return the arguments as ``kind``.

    Raises:
        IonRejected: they are not; nothing was sent.
    """
    try:
        return kind.model_validate(dict(arguments))
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in error.errors(include_url=False)[:3]
        )
        raise IonRejected(
            f"{operation} with {shown(repr(dict(arguments)))}: expected complete arguments, "
            f"got {shown(faults)}",
            code="VALIDATION_ERROR",
        ) from error
