"""What a schema offers in place of a name that it does not have, for a person who writes a document."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from graphql import GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

__all__ = ["nearest_names"]

_MOST: Final = 3
_LIKENESS: Final = 0.5
_TYPE: Final = re.compile(r"type (\w+)")
_ARGUMENT: Final = re.compile(r"(\w+)\.(\w+)\((\w+)\)")
_FIELD: Final = re.compile(r"(\w+)\.(\w+)")


def nearest_names(schema: GraphQLSchema, missing: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return for each missing name the likest ones that the schema has at the same place.

    Args:
        schema: the tenant's.
        missing: as ``Choice.missing`` has them: ``Type.field``, ``Type.field(argument)``, ``type Name``.
    """
    found = {name: _nearest(schema, name) for name in missing}
    return {name: names for name, names in found.items() if names}


def _nearest(schema: GraphQLSchema, missing: str) -> tuple[str, ...]:
    if match := _TYPE.fullmatch(missing):
        offered = [name for name in schema.type_map if not name.startswith("__")]
        return tuple(f"type {name}" for name in _close(match[1], offered))
    if match := _ARGUMENT.fullmatch(missing):
        kind, field, argument = match.groups()
        parent = schema.get_type(kind)
        known = parent.fields.get(field) if isinstance(parent, GraphQLObjectType) else None
        return tuple(f"{kind}.{field}({name})" for name in _close(argument, known.args if known else ()))
    if match := _FIELD.fullmatch(missing):
        kind, field = match.groups()
        return tuple(f"{kind}.{name}" for name in _close(field, _fields(schema, kind)))
    return ()


def _fields(schema: GraphQLSchema, kind: str) -> Mapping[str, object]:
    found = schema.get_type(kind)
    if isinstance(found, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        return dict(found.fields)
    return {}


def _close(name: str, offered: Iterable[str]) -> list[str]:
    """Compare without regard to case and underscores: ``partKit`` is close to ``part_kits``."""
    by_plain = {re.sub("_", "", each).lower(): each for each in offered}
    plain = re.sub("_", "", name).lower()
    likest = get_close_matches(plain, by_plain, n=_MOST, cutoff=_LIKENESS)
    held = [each for each in by_plain if each not in likest and (plain in each or each in plain)]
    return [by_plain[each] for each in (*likest, *held)[:_MOST]]
