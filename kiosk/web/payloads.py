"""What programs may send to the API, checked at the edge; unknown fields are refused."""

from typing import Annotated, Self, TypeVar

from flask import Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from kiosk.model import MOST_PRIORITY, NORMAL_PRIORITY, Json, Reason, Why
from kiosk.ports import LabelWish
from kiosk.web.context import IDEMPOTENCY_HEADER, key_of
from kiosk.web.guards import check_origin
from kiosk.web.problems import Problem

Payload = TypeVar("Payload", bound=BaseModel)
MOST_LABELS = 500
"""In one request; each is laid out, rendered and read back before it is answered."""
MOST_PRINTS = 10_000
"""In one request, all copies counted."""
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


class WishPayload(SentPayload):
    """One label to print: exactly one of fields and a subject."""

    label: str | None = Field(default=None, min_length=1, max_length=64)
    fields: dict[str, str | list[dict[str, str]]] | None = None
    subject: str | None = Field(default=None, min_length=1, max_length=4096)
    printer: Station | None = None
    copies: int = Field(default=1, ge=1, le=999)
    station: Station | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.fields is None) == (self.subject is None):
            raise ValueError("expected either fields or subject")
        if self.fields is not None and self.label is None:
            raise ValueError("expected label beside fields")
        return self


class LabelsPayload(SentPayload):
    """Labels to print: one, or a list of them; what is said beside a list holds for all of it."""

    label: str | None = Field(default=None, min_length=1, max_length=64)
    fields: dict[str, str | list[dict[str, str]]] | None = None
    subject: str | None = Field(default=None, min_length=1, max_length=4096)
    labels: tuple[WishPayload, ...] | None = Field(default=None, min_length=1, max_length=MOST_LABELS)
    printer: Station | None = None
    copies: int = Field(default=1, ge=1, le=999)
    station: Station | None = None
    title: str = Field(default="", max_length=200)
    reason: Reason | None = None
    note: str = Field(default="", max_length=200)
    priority: int = Field(default=NORMAL_PRIORITY, ge=1, le=MOST_PRIORITY)

    @model_validator(mode="after")
    def _one_or_many(self) -> Self:
        own = {"label", "fields", "subject", "copies"} & self.model_fields_set
        if self.labels is not None and own:
            raise ValueError(f"expected labels, or {' and '.join(sorted(own))} of one, not both")
        if self.labels is None and (self.fields is None) == (self.subject is None):
            raise ValueError("expected either fields or subject, or labels")
        if self.labels is None and self.fields is not None and self.label is None:
            raise ValueError("expected label beside fields")
        if sum(wish.copies for wish in self.labels or ()) > MOST_PRINTS:
            raise ValueError(f"expected {MOST_PRINTS} labels at most, all copies counted")
        return self

    @property
    def why(self) -> Why | None:
        """Return why labels that are out are wanted once more, ``None`` where that is not said."""
        return Why(self.reason, self.note) if self.reason is not None else None

    @property
    def wishes(self) -> tuple[LabelWish, ...]:
        """Return the labels that are asked for."""
        many: tuple[WishPayload | LabelsPayload, ...] = (self,) if self.labels is None else self.labels
        return tuple(
            LabelWish(
                label=one.label or "",
                fields=one.fields,
                subject=one.subject or "",
                # A label that names its own place is not torn between two.
                printer=one.printer or ("" if one.station else self.printer or ""),
                station=one.station or ("" if one.printer else self.station or ""),
                copies=one.copies,
            )
            for one in many
        )


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
        {
            "field": ".".join(str(part) for part in fault["loc"]) or "body",
            "expected": fault["msg"],
            "got": "nothing" if fault["type"] == "missing" else _kind_of(fault["input"]),
        }
        for fault in error.errors(include_url=False, include_context=False)
    ]
    return Problem(422, "Invalid request", "The request does not fit the API's description.", faults=faults)


def _kind_of(value: object) -> str:
    """Say what was sent without any of it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return f"a text of {len(value)} characters"
        case list() | tuple():
            return f"a list of {len(value)}"
        case _:
            return "an object"
