"""Arguments as a table writes them: a name and a kind each, ``"id"`` or ``"text?"``."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, create_model

from kiosk.ion.arguments import Amount, Text, WordText
from kiosk.ion.shapes.values import Id
from kiosk.ion.variables import Word
from kiosk.model import Json

__all__ = ["Takes", "as_json", "model_of", "values_of"]

Takes = Mapping[str, str]
"""Argument to kind; a question mark means that it may be left out."""

_KINDS: Final[Mapping[str, Any]] = {
    "id": Id,
    "text": Text,
    "word": WordText,
    "amount": Annotated[Amount, Field(gt=0)],
    "number": int,
    "address": Annotated[str, Field(pattern=r"^https?://[^\s]{1,2000}$")],
}


def model_of(operation: str, takes: Takes, beside: frozenset[str] = frozenset()) -> type[BaseModel]:
    """Return the model that checks these arguments; any other name is refused.

    Args:
        operation: whose arguments they are.
        takes: those that are sent.
        beside: names that may stand there and are not looked at.
    """
    return _model(operation, tuple(takes.items()), beside)


@lru_cache(maxsize=256)
def _model(operation: str, takes: tuple[tuple[str, str], ...], beside: frozenset[str]) -> type[BaseModel]:
    fields: dict[str, Any] = dict.fromkeys(beside, (object, None))
    for name, kind in takes:
        of = _KINDS[kind.removesuffix("?")]
        fields[name] = (of | None, None) if kind.endswith("?") else (of, ...)
    return create_model(operation, __config__=ConfigDict(extra="forbid", frozen=True), **fields)


def values_of(arguments: BaseModel, takes: Takes) -> dict[str, object]:
    """Return the arguments as values of GraphQL variables of the same names."""
    values = {name: getattr(arguments, name) for name in takes}
    return {
        name: Word(value) if takes[name].startswith("word") else value
        for name, value in values.items()
        if value is not None
    }


def as_json(value: object) -> Json:
    """Return ION's JSON as JSON that can be written again: exact numbers as their text."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value if isinstance(value, bool | int | float | str) else None
