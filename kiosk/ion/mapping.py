"""Turns ION's JSON, as the kiosk's documents ask for it, into the kiosk's nouns.

The documents give every field the kiosk's own name, so one reading serves all dialects.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from kiosk.ion.answers import undecided
from kiosk.ion.wording import shown
from kiosk.model import (
    Inventory,
    Json,
    Location,
    Order,
    OrderLine,
    Part,
    Run,
    RunHeading,
    RunStep,
    Subject,
    Tracking,
)

__all__ = ["ReceiptItem", "ReceiptState", "dump", "read", "rows_of", "to_receipt"]

_CLOSED: Final = frozenset({"COMPLETE", "PARTIAL_COMPLETE", "CANCELED", "CANCELLED"})
_PLACES: Final = Decimal("0.000000001")
_LARGEST: Final = Decimal("1e15")
T = TypeVar("T")


def _text(value: object) -> object:
    return "" if value is None else value


def _id(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _quantity(value: object) -> object:
    """Accept a JSON number or a decimal text; no exponent is worked out before its size is checked."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise ValueError("expected a number")  # noqa: TRY004  what pydantic turns into a fault
    try:
        number = Decimal(value)
    except ArithmeticError:
        raise ValueError("expected a number") from None
    if not number.is_finite() or abs(number) >= _LARGEST:
        raise ValueError(f"expected a quantity below {_LARGEST}")
    # Servers that compute in binary answer 0.30000000000000004; ION keeps nothing finer than this.
    rounded = number.quantize(_PLACES).normalize()
    return rounded if rounded.as_tuple().exponent <= 0 else rounded.quantize(Decimal(1))  # type: ignore[operator]


def _word(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else "UNKNOWN" if value is None else value


def _tracking(value: object) -> object:
    word = value.lower() if isinstance(value, str) else ""
    return word if word in {Tracking.SERIAL, Tracking.LOT} else Tracking.NONE


_Id = Annotated[str, BeforeValidator(_id), Field(min_length=1, max_length=200)]
_Text = Annotated[str, BeforeValidator(_text)]
_Quantity = Annotated[Decimal, BeforeValidator(_quantity)]
_Word = Annotated[str, BeforeValidator(_word)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Part(_Shape):
    id: _Id
    number: str
    revision: _Text = ""
    description: _Text = ""
    tracking: Annotated[Tracking, BeforeValidator(_tracking)] = Tracking.NONE

    def value(self) -> Part:
        return Part(self.id, self.number, self.revision, self.description, self.tracking)


class _Location(_Shape):
    id: _Id
    name: str
    uid: str | None = None

    def value(self) -> Location:
        return Location(self.id, self.name, self.uid or None)


class _Heading(_Shape):
    id: _Id
    title: _Text = ""
    status: _Word = "UNKNOWN"

    def value(self) -> RunHeading:
        return RunHeading(self.id, self.title, self.status)


class _Inventory(_Shape):
    id: _Id
    part: _Part
    quantity: _Quantity
    status: _Word = "UNKNOWN"
    uid: str | None = None
    serial: str | None = None
    lot: str | None = None
    location: _Location | None = None
    etag: str | None = None
    runs: tuple[_Heading, ...] | None = None

    def value(self) -> Inventory:
        return Inventory(
            id=self.id,
            part=self.part.value(),
            quantity=self.quantity,
            status=self.status,
            uid=self.uid or None,
            serial=self.serial or None,
            lot=self.lot or None,
            location=self.location.value() if self.location else None,
            etag=self.etag,
            runs=tuple(run.value() for run in self.runs or () if run.status not in _CLOSED),
        )


class _Line(_Shape):
    id: _Id
    part: _Part | None = None
    ordered: _Quantity
    received: _Quantity
    description: _Text = ""
    status: _Word = "UNKNOWN"

    def value(self) -> OrderLine:
        part = self.part.value() if self.part else None
        return OrderLine(self.id, part, self.ordered, self.received, self.description, self.status)


class _Named(_Shape):
    name: _Text = ""
    title: _Text = ""


class _Order(_Shape):
    id: _Id
    number: Annotated[str, BeforeValidator(_id)]
    status: _Word
    supplier: _Named | None = None
    lines: Annotated[tuple[_Line, ...], BeforeValidator(rows_of)]

    def value(self) -> Order:
        return Order(
            id=self.id,
            number=self.number,
            status=self.status,
            supplier=self.supplier.name if self.supplier else "",
            lines=tuple(line.value() for line in self.lines),
        )


class _Step(_Shape):
    id: _Id
    title: _Text = ""
    status: _Word
    position: int = 0
    etag: str | None = None
    upstream: tuple[_Id, ...] | None = None

    def value(self) -> RunStep:
        return RunStep(self.id, self.title, self.status, self.position, self.etag, self.upstream or ())


class _BuiltPart(_Shape):
    number: _Text = ""


class _BuiltInventory(_Shape):
    id: _Id
    serial: str | None = None
    part: _BuiltPart | None = None


class _Run(_Shape):
    id: _Id
    title: _Text = ""
    status: _Word
    uid: str | None = None
    etag: str | None = None
    procedure: _Named | None = None
    inventory: _BuiltInventory | None = None
    steps: Annotated[tuple[_Step, ...], BeforeValidator(rows_of)] = ()

    def value(self) -> Run:
        built = self.inventory
        return Run(
            id=self.id,
            title=self.title,
            status=self.status,
            uid=self.uid or None,
            etag=self.etag,
            procedure=self.procedure.title if self.procedure else "",
            part_number=built.part.number if built and built.part else "",
            serial=(built.serial or None) if built else None,
            inventory_id=built.id if built else None,
            steps=tuple(sorted((step.value() for step in self.steps), key=lambda step: step.position)),
        )


class ReceiptItem(_Shape):
    """One thing that a receipt says was received."""

    id: _Id
    quantity: _Quantity
    line: _Line
    inventory: _Inventory | None = None


class ReceiptState(_Shape):
    """A receipt as ION shows it now."""

    id: _Id
    etag: str
    note: _Text = ""
    order: _Order | None = None
    items: Annotated[tuple[ReceiptItem, ...], BeforeValidator(rows_of)] = ()


_READERS: Final[Mapping[type, type[Any]]] = {
    Part: _Part,
    Location: _Location,
    Inventory: _Inventory,
    OrderLine: _Line,
    Order: _Order,
    Run: _Run,
}
_DUMPERS: Final[Mapping[type, TypeAdapter[Any]]] = {
    kind: TypeAdapter(kind) for kind in (Inventory, OrderLine, Order, Run, Location)
}


def rows_of(value: object) -> list[object]:
    """Return the objects of a list, of a connection (``edges``/``node``) or of a single answer; of null none.

    Raises:
        ValueError: a connection is not built like one.
    """
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, dict) and "edges" in value:
        edges = value["edges"]
        if not isinstance(edges, list) or not all(isinstance(edge, dict) for edge in edges):
            raise ValueError("expected a list of edges with a node each")
        return [edge.get("node") for edge in edges]
    return [value]


def read(kind: type[T], value: object, *, tried: str, is_mutation: bool = False) -> T:
    """Return ``value`` as a noun of ``kiosk.model``.

    Raises:
        IonUnreachable: it is not one; the same of a change's answer is ``IonUnknown``.
    """
    found: T = _checked(
        lambda: _READERS[kind].model_validate(value).value(), kind.__name__, tried, is_mutation=is_mutation
    )
    return found


def to_receipt(value: object, *, tried: str, is_mutation: bool) -> ReceiptState:
    """Return ``value`` as a receipt.

    Raises:
        IonUnreachable: it is not one; the same of a change's answer is ``IonUnknown``.
    """
    return _checked(lambda: ReceiptState.model_validate(value), "Receipt", tried, is_mutation=is_mutation)


def dump(value: Subject | OrderLine) -> Json:
    """Return a noun as JSON."""
    data: Json = _DUMPERS[type(value)].dump_python(value, mode="json")
    return data


def _checked(make: Callable[[], T], name: str, tried: str, *, is_mutation: bool) -> T:
    try:
        return make()
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'the whole'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False)[:3]
        )
        raise undecided(
            f"{tried}: expected ION's {name} to be complete, got {shown(faults)}", is_mutation=is_mutation
        ) from error
