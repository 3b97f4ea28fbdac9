"""Puts the kiosk's values into the types a tenant's schema has for them."""

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
)

from kiosk.ion.wording import quoted
from kiosk.words import told

__all__ = ["NotEncodable", "Raw", "Word", "encode", "plain"]

_SMALLEST_INT: Final = -(2**31)
_LARGEST_INT: Final = 2**31 - 1


class NotEncodable(ValueError):
    """The value cannot be said in the type that the schema has for it; nothing was sent.

    Attributes:
        text: the name of the variable, what was expected and what came.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Word(str):
    """One of ION's own words (``COMPLETE``); spelt as the schema's enum has it, else in its case."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Raw:
    """A JSON value for which the schema has a scalar of its own; ``None`` is sent as null.

    Where the schema says that it is plain text after all, lists become JSON text and true becomes ``true``.
    """

    value: bool | int | float | str | list[str] | None


def encode(name: str, value: object, kind: GraphQLInputType, *, is_lower: bool) -> Any:  # noqa: ANN401  JSON
    """Return ``value`` as JSON of type ``kind``.

    Args:
        name: the variable, for error texts.
        value: text, truth, number, ``Word``, ``Raw`` or a list of these. Of a list of words those that the
            schema's enum does not have are left out, as long as one stays.
        kind: the type that the schema expects.
        is_lower: the case of a ``Word`` where the schema says only that it is text.

    Raises:
        NotEncodable: an id that is no number where ION numbers, a word that the enum does not have.
    """
    if isinstance(kind, GraphQLNonNull):
        return encode(name, value, kind.of_type, is_lower=is_lower)
    if isinstance(kind, GraphQLList):
        items = value if isinstance(value, list | tuple) else [value]
        return [_single(name, item, _named(kind.of_type), is_lower) for item in _sayable(items, kind)]
    return _single(name, value, kind, is_lower)


def plain(value: Decimal) -> str:
    """Return a quantity as ION's own programs send it: decimal, without an exponent or trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sayable(items: list[object] | tuple[object, ...], kind: GraphQLList[Any]) -> list[object]:
    inner = _named(kind.of_type)
    if not isinstance(inner, GraphQLEnumType) or not all(isinstance(item, Word) for item in items):
        return list(items)
    members = {member.upper() for member in map(str, inner.values)}
    return [item for item in items if str(item).upper() in members] or list(items)


def _named(kind: object) -> object:
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def _raw(name: str, value: object, scalar: str) -> object:
    if isinstance(value, str):
        return _text(name, value)
    if scalar != "String" or value is None:
        return value
    return json.dumps(value, ensure_ascii=False)


def _single(name: str, value: object, kind: object, is_lower: bool) -> object:
    if isinstance(kind, GraphQLEnumType):
        return _enum(name, value, kind)
    if not isinstance(kind, GraphQLScalarType):
        raise NotEncodable(
            told(
                "${name}: expected a plain value for {kind}, got {value}",
                name=name,
                kind=kind,
                value=quoted(repr(value)),
            )
        )
    if isinstance(value, Raw):
        return _raw(name, value.value, kind.name)
    if isinstance(value, bool) and kind.name not in {"Int", "Float", "ID", "String"}:
        return value
    if kind.name == "Int":
        return _int(name, value)
    if kind.name == "Float":
        return float(_decimal(name, value))
    if isinstance(value, Word):
        return value.lower() if is_lower else value.upper()
    return plain(value) if isinstance(value, Decimal) else _text(name, str(value))


def _text(name: str, value: str) -> str:
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise NotEncodable(
            told("${name}: expected text that UTF-8 can carry, got {value}", name=name, value=quoted(value))
        )
    return value


def _enum(name: str, value: object, kind: GraphQLEnumType) -> str:
    wanted = str(value).upper()
    for member in map(str, kind.values):
        if member.upper() == wanted:
            return member
    raise NotEncodable(
        told(
            "${name}: expected one of {kind}'s {values}, got {value}",
            name=name,
            kind=kind.name,
            values=", ".join(kind.values),
            value=quoted(str(value)),
        )
    )


def _int(name: str, value: object) -> int:
    number = _decimal(name, value)
    if number != number.to_integral_value() or not _SMALLEST_INT <= number <= _LARGEST_INT:
        raise NotEncodable(
            told(
                "${name}: expected a whole number of 32 bits, got {value}",
                name=name,
                value=quoted(str(value)),
            )
        )
    return int(number)


def _decimal(name: str, value: object) -> Decimal:
    text = str(value)
    try:
        number = Decimal(text) if text.isascii() and text.strip() == text else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number.adjusted()) > 30:  # noqa: PLR2004  beyond any stock
        raise NotEncodable(told("${name}: expected a number, got {value}", name=name, value=quoted(text)))
    return number
