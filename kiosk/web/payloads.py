"""What programs may send to the API, checked at the edge; unknown fields are refused."""

from typing import Annotated, Self, TypeVar

from flask import Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from kiosk.model import Json, Reason, Why
from kiosk.web.context import IDEMPOTENCY_HEADER, key_of
from kiosk.web.guards import check_origin
from kiosk.web.problems import Problem

Payload = TypeVar("Payload", bound=BaseModel)
Station = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class SentPayload(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ScanPayload(SentPayload):
    """A scan: exactly one of text and bytes."""

    station: Station
    text: str | None = None
    data_base64: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (self.data_base64 is None):
            raise ValueError("expected either text or data_base64")
        return self


class EventPayload(SentPayload):
    """A button press; ``value`` is another name for ``argument``."""

    action: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")
    argument: str | int | None = None
    value: str | int | None = None
    revision: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _one_argument(self) -> Self:
        if self.argument is not None and self.value is not None:
            raise ValueError("expected argument or value, not both")
        return self

    @property
    def given(self) -> str | None:
        """Return the argument under either name, as text."""
        value = self.argument if self.argument is not None else self.value
        return None if value is None else str(value)


class LabelPayload(SentPayload):
    """Labels to print."""

    label: str = Field(min_length=1, max_length=64)
    fields: dict[str, str | list[dict[str, str]]]
    printer: str | None = None
    copies: int = Field(default=1, ge=1, le=999)
    station: Station | None = None


class EmptyPayload(SentPayload):
    """Nothing: the path says it all."""


class TakeOverPayload(SentPayload):
    """Which printer prints what waits for another."""

    to: str = Field(min_length=1, max_length=64)


class VoidPayload(SentPayload):
    """Why a label does not count."""

    reason: Reason
    note: str = Field(default="", max_length=200)

    @property
    def why(self) -> Why:
        """Return both."""
        return Why(self.reason, self.note)


class ReprintPayload(VoidPayload):
    """Labels to print once more, and why."""

    copies: int = Field(default=1, ge=1, le=999)


def read_sent(request: Request, kind: type[Payload]) -> tuple[Payload, str | None]:
    """Return what a program sent and its idempotency key; what a page of another site sent is refused.

    Raises:
        Forbidden: a browser sent it for another site.
        Problem: it does not fit; says where, never what was sent.
        UnsupportedMediaType: it is not sent as JSON: other types can be sent by a form of another site.
        BadRequest: it is no JSON.
    """
    check_origin(request)
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Expected Content-Type: application/json.")
    try:
        return kind.model_validate(request.get_json()), key_of(request.headers.get(IDEMPOTENCY_HEADER))
    except RecursionError as error:
        raise BadRequest("The body is nested too deeply to be JSON of this API.") from error
    except ValidationError as error:
        raise _invalid(error) from error


def _invalid(error: ValidationError) -> Problem:
    faults: list[Json] = [
        {"field": ".".join(str(part) for part in fault["loc"]) or "body", "expected": fault["msg"]}
        for fault in error.errors(include_input=False, include_url=False, include_context=False)
    ]
    return Problem(422, "Invalid request", "The request does not fit the API's description.", faults=faults)
