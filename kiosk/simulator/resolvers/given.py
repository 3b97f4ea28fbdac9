"""Reading the arguments of a mutation."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rules.attributes import AttributeChange
from kiosk.simulator.schema.values import iso, number

__all__ = ["Given", "Payload", "attributes", "columns", "deleted", "plain", "snake"]

Given = Mapping[str, Any]
Payload = dict[str, Any]

_CAPITAL: Final = re.compile("[A-Z]")


def snake(name: str) -> str:
    """Return the row's name of a field of the schema: ``partNumber`` is ``part_number``."""
    return _CAPITAL.sub(lambda letter: f"_{letter[0].lower()}", name)


def columns(given: Given, *names: str, **renamed: str) -> dict[str, Any]:
    """Return what was given of these arguments, by the rows' names; what was left out is left out.

    ``attributes`` become changes, lists become tuples; ``renamed`` maps an argument to a row's name.
    """
    found = {snake(name): given[name] for name in names if name in given}
    found |= {row_name: given[name] for name, row_name in renamed.items() if name in given}
    if "attributes" in found:
        found["attributes"] = attributes(given)
    return {
        name: tuple(value) if isinstance(value, list) and name not in _RICH else value
        for name, value in found.items()
    }


_RICH: Final = ("attributes", "slate_content", "cause_condition", "expected_condition", "disposition")
"""Columns that are lists by nature."""


def attributes(given: Given) -> Sequence[AttributeChange]:
    """Return the attributes that are to be set."""
    return [
        AttributeChange(
            key=each["key"],
            value=each.get("value"),
            etag=each.get("etag"),
            type=each.get("type") or "STRING",
        )
        for each in given.get("attributes") or ()
    ]


def deleted(delete: Callable[..., int]) -> Callable[[Request, Given], Payload]:
    """Return the mutation that deletes by id and etag with this rule."""
    return lambda request, given: {"id": delete(request.desk, given["id"], given["etag"])}


def plain(value: Any) -> Any:  # noqa: ANN401  arguments as GraphQL coerced them, to JSON
    """Return arguments as JSON has them."""
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Decimal):
        return number(value)
    return iso(value) if isinstance(value, datetime) else value
