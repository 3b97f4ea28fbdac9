"""How scalars and enums of the schema read and write their values.

Inside, an enum value is its upper-case name in every dialect, a quantity is a ``Decimal``, a time an aware
``datetime``.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from graphql import (
    EnumValueNode,
    FloatValueNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLScalarType,
    GraphQLSchema,
    IntValueNode,
    StringValueNode,
    ValueNode,
    print_ast,
    value_from_ast_untyped,
)

__all__ = ["bind_values", "iso", "number"]


def bind_values(schema: GraphQLSchema) -> None:
    """Give the schema's own scalars and enums their behaviour."""
    _bind(schema, "Decimal", serialize=number, parse_value=_read_decimal, parse_literal=_decimal_literal)
    _bind(schema, "DateTime", serialize=iso, parse_value=_read_datetime, parse_literal=_datetime_literal)
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLEnumType) and not name.startswith("__"):
            _bind_enum(kind)


def number(value: Decimal) -> int | float:
    """Return a quantity as JSON writes it: whole numbers without a fraction."""
    return int(value) if value == value.to_integral_value() else float(value)


def iso(value: datetime) -> str:
    """Return a time as ION writes it: ``2026-04-20T10:00:00Z``."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _bind(schema: GraphQLSchema, name: str, **behaviour: Callable[..., object]) -> None:
    scalar = schema.type_map[name]
    if not isinstance(scalar, GraphQLScalarType):
        raise TypeError(f"{name!r} is not a scalar of the schema but {scalar!r}")
    for method, function in behaviour.items():
        setattr(scalar, method, function)


def _bind_enum(enum: GraphQLEnumType) -> None:
    names = {name.upper(): name for name in enum.values}
    for upper, name in names.items():
        enum.values[name].value = upper
    parse_value, parse_literal = enum.parse_value, enum.parse_literal

    def read(value: str) -> str | None:
        result: str | None = parse_value(names.get(value.upper(), value) if isinstance(value, str) else value)
        return result

    def read_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> str | None:
        if isinstance(node, EnumValueNode):
            node = EnumValueNode(value=names.get(node.value.upper(), node.value))
        result: str | None = parse_literal(node, variables)
        return result

    setattr(enum, "parse_value", read)  # noqa: B010  an assignment would be a type error: methods are not assignable
    setattr(enum, "parse_literal", read_literal)  # noqa: B010


def _read_decimal(value: object) -> Decimal:
    try:
        result = Decimal(str(value)) if _is_number_or_text(value) else None
    except InvalidOperation:
        result = None
    if result is None or not result.is_finite():
        raise GraphQLError(f"Decimal cannot represent {value!r}: expected a number or a decimal string.")
    return result


def _is_number_or_text(value: object) -> bool:
    return isinstance(value, int | float | str) and not isinstance(value, bool)


def _decimal_literal(node: ValueNode, _variables: dict[str, Any] | None = None) -> Decimal:
    if isinstance(node, IntValueNode | FloatValueNode | StringValueNode):
        return _read_decimal(node.value)
    raise GraphQLError(f"Decimal cannot represent {print_ast(node)}: expected a number or a decimal string.")


def _read_datetime(value: object) -> datetime:
    try:
        result = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        result = None
    if result is None:
        raise GraphQLError(f"DateTime cannot represent {value!r}: expected ISO 8601, 2026-04-20T10:00:00Z.")
    return result.replace(tzinfo=result.tzinfo or UTC)


def _datetime_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> datetime:
    return _read_datetime(value_from_ast_untyped(node, variables))
