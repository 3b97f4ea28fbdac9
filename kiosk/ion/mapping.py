"""Turns ION's answers into the kiosk's nouns, or into words about why they are none."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from kiosk.barcodes import Pattern
from kiosk.ion.answers import undecided
from kiosk.ion.shapes import (
    InventoryShape,
    IssueShape,
    KitShape,
    LineShape,
    LocationShape,
    OrderShape,
    PartShape,
    PatternShape,
    ProcedureShape,
    ReceiptState,
    RunShape,
    TemplateShape,
)
from kiosk.ion.wording import shown
from kiosk.model import (
    Inventory,
    Issue,
    Json,
    Kit,
    LabelTemplate,
    Location,
    Order,
    OrderLine,
    Part,
    Procedure,
    Run,
)
from kiosk.words import told

__all__ = ["dump", "read", "to_receipt"]

T = TypeVar("T")

_READERS: Final[Mapping[type, type[Any]]] = {
    Part: PartShape,
    Location: LocationShape,
    Inventory: InventoryShape,
    OrderLine: LineShape,
    Order: OrderShape,
    Run: RunShape,
    Procedure: ProcedureShape,
    Issue: IssueShape,
    Kit: KitShape,
    LabelTemplate: TemplateShape,
    Pattern: PatternShape,
}
_DUMPERS: Final[Mapping[type, TypeAdapter[Any]]] = {
    kind: TypeAdapter(kind) for kind in (Inventory, OrderLine, Order, Run, Issue)
}


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


def dump(value: object) -> Json:
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
            told(
                "{tried}: expected ION's {name} to be complete, got {faults}",
                tried=tried,
                name=name,
                faults=shown(faults),
            ),
            is_mutation=is_mutation,
        ) from error
