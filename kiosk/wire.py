"""Values of the model as JSON, and back.

Quantities travel as plain decimal strings (``"10"``, ``"2.5"``), times as ISO 8601, tuples as lists.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter

from kiosk.model import Json, Level, Message, Subject
from kiosk.words import Told, told

Value = TypeVar("Value")
_SUBJECT: TypeAdapter[Subject] = TypeAdapter(Annotated[Subject, Field(discriminator="kind")])


def plain(quantity: Decimal) -> str:
    """Return a quantity without exponent and trailing zeros: ``Decimal("1E+2")`` is ``"100"``."""
    text = format(quantity, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def to_json(value: object) -> Json:
    """Return a value of the model as JSON."""
    written: Json
    match value:
        case None | bool() | int() | float():
            written = value
        case str():
            written = str(value)
        case Decimal():
            written = plain(value)
        case datetime():
            written = value.isoformat()
        case Mapping():
            written = {str(key): to_json(item) for key, item in value.items()}
        case tuple() | list():
            written = [to_json(item) for item in value]
        case _ if is_dataclass(value):
            written = {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
        case _:
            raise TypeError(
                f"Cannot write {value!r} as JSON: expected a value of the model, got {type(value).__name__}."
            )
    return written


def object_json(value: object) -> dict[str, Json]:
    """Return a dataclass of the model as a JSON object."""
    written = to_json(value)
    if not isinstance(written, dict):
        raise TypeError(f"Cannot write {value!r} as a JSON object.")
    return written


def told_json(text: str) -> Json:
    """Return what a sentence is made of, ``None`` of a text that remembers nothing."""
    if not isinstance(text, Told):
        return None
    values: dict[str, Json] = {name: told_json(value) or str(value) for name, value in text.values.items()}
    return {"template": text.template, "values": values}


def told_again(text: str, made_of: object) -> str:
    """Return a kept text as the sentence it was, where what it is said to be made of makes just that text."""
    again = _told(made_of) if made_of else None
    return again if again == text and again is not None else text


def made_of_each(texts: Mapping[str, str]) -> dict[str, Json]:
    """Return what texts are made of, by their names, without those that remember nothing."""
    return {name: made_of for name, text in texts.items() if (made_of := told_json(text)) is not None}


def message_json(message: Message | None) -> Json:
    """Return a message with what its values are made of, where that is known."""
    if message is None:
        return None
    made_of = made_of_each(message.values)
    return {**object_json(message), **({"told": made_of} if made_of else {})}


def message_from_json(data: object) -> Message | None:
    """Read a message that ``message_json`` wrote."""
    if not isinstance(data, Mapping):
        return None
    made_of = data.get("told") or {}
    values = {name: told_again(value, made_of.get(name)) for name, value in data["values"].items()}
    return Message(Level(data["level"]), data["template"], values)


def _told(made_of: object) -> Told | None:
    if not isinstance(made_of, Mapping):
        return None
    template, values = made_of.get("template"), made_of.get("values")
    if not isinstance(template, str) or not isinstance(values, Mapping):
        return None
    filled: dict[str, str] = {}
    for name, value in values.items():
        again = _told(value)
        filled[str(name)] = str(value) if again is None else again
    try:
        return told(template, **filled)
    except (LookupError, ValueError, AttributeError):
        return None


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def from_json(kind: type[Value], data: object) -> Value:
    """Read a dataclass of the model from its JSON.

    Raises:
        ValueError: the data is not of that kind.
    """
    adapter = _ADAPTERS.get(kind)
    if adapter is None:
        adapter = _ADAPTERS[kind] = TypeAdapter(kind)
    value: Value = adapter.validate_python(data)
    return value


def subject_from_json(data: object) -> Subject:
    """Read a subject from its JSON; its ``kind`` says which.

    Raises:
        ValueError: the data is no subject.
    """
    return _SUBJECT.validate_python(data)


def digest_of(source: str) -> str:
    """Return SHA-256 in hex, by which an editor tells which text it opened."""
    return hashlib.sha256(source.encode("utf-8", "replace")).hexdigest()
