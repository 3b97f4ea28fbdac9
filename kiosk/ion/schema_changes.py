"""What is different between two schemas of one tenant, a line for each name that came, went or changed."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    print_schema,
)

__all__ = ["parsed_schema", "schema_changes", "schema_text"]


def schema_text(schema: GraphQLSchema) -> str:
    """Return a schema in GraphQL's schema language, its types in the order of their names."""
    return print_schema(schema) + "\n"


def parsed_schema(text: str) -> GraphQLSchema:
    """Read a schema that was saved.

    Raises:
        ValueError: the text is none.
    """
    try:
        schema = build_schema(text, assume_valid=True)
    except (GraphQLError, TypeError, RecursionError) as error:
        raise ValueError(f"expected a schema in GraphQL's schema language, got {error}") from error
    if schema.query_type is None:
        raise ValueError("expected a schema in GraphQL's schema language, got no type Query")
    return schema


def schema_changes(before: GraphQLSchema, now: GraphQLSchema) -> tuple[str, ...]:
    """Return what changed: ``+ Query.kits(first): Int``, ``- type Kit``, ``~ Run.id: ID! -> Int!``."""
    return tuple(_changes(_names(before), _names(now)))


def _changes(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(before.keys() | now.keys()):
        was, is_now = before.get(name), now.get(name)
        if was is None:
            yield f"+ {name}{_typed(is_now)}"
        elif is_now is None:
            yield f"- {name}{_typed(was)}"
        elif was != is_now:
            yield f"~ {name}: {was} -> {is_now}"


def _typed(kind: str | None) -> str:
    return f": {kind}" if kind else ""


def _names(schema: GraphQLSchema) -> dict[str, str]:
    """Return every name of a schema with its type as text, empty where it has none."""
    found: dict[str, str] = {}
    for name, kind in schema.type_map.items():
        if not name.startswith("__"):
            found[f"type {name}"] = ""
            found |= _members(name, kind)
    return found


def _members(name: str, kind: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  any type of a schema
    if isinstance(kind, GraphQLEnumType):
        yield from ((f"{name}.{member}", "") for member in kind.values)
    elif isinstance(kind, GraphQLUnionType):
        yield from ((f"{name} | {member.name}", "") for member in kind.types)
    elif isinstance(kind, GraphQLInputObjectType):
        yield from ((f"{name}.{field}", str(of.type)) for field, of in kind.fields.items())
    elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        for field, of in kind.fields.items():
            yield f"{name}.{field}", str(of.type)
            yield from ((f"{name}.{field}({argument})", str(each.type)) for argument, each in of.args.items())
