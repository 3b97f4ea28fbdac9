"""How scalars and enums of the schema read and write their values.

Inside, an enum value is its upper-case name in every dialect, a quantity is a ``Decimal``, a time an aware
``datetime``.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from graphql import EnumValueNode, GraphQLEnumType, GraphQLError, GraphQLScalarType, GraphQLSchema

__all__ = ["bind_values", "iso", "number"]

# graphql-core 3.3 renamed these methods and calls the new names; 3.2 has the old ones only.
_WRITERS: Final = ("serialize", "coerce_output_value")
_VALUE_READERS: Final = ("parse_value", "coerce_input_value")
_LITERAL_READERS: Final = ("parse_literal", "coerce_input_literal")


def bind_values(schema: GraphQLSchema) -> None:
    """Give the schema's own scalars and enums their behaviour."""
    for name, (write, read) in _SCALARS.items():
        scalar = schema.type_map[name]
        if not isinstance(scalar, GraphQLScalarType):
            raise TypeError(f"{name!r} is not a scalar of the schema but {scalar!r}")
        for method in _WRITERS:
            setattr(scalar, method, write)
        for method in _VALUE_READERS:
            setattr(scalar, method, read)
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLEnumType) and not name.startswith("__"):
            _bind_enum(kind)


def number(value: Decimal) -> int | float:
    """Return a quantity as JSON writes it: whole numbers without a fraction."""
    return int(value) if value == value.to_integral_value() else float(value)


def iso(value: datetime) -> str:
    """Return a time as ION writes it: ``2026-04-20T10:00:00Z``."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _bind_enum(enum: GraphQLEnumType) -> None:
    """Let an enum take either case, and stand for its upper-case names."""
    names = {name.upper(): name for name in enum.values}
    for upper, name in names.items():
        enum.values[name].value = upper

    def value_name(value: object) -> object:
        return names.get(value.upper(), value) if isinstance(value, str) else value

    def literal(node: object) -> object:
        if not isinstance(node, EnumValueNode):
            return node
        return EnumValueNode(value=names.get(node.value.upper(), node.value))

    for methods, translate in ((_VALUE_READERS, value_name), (_LITERAL_READERS, literal)):
        for method in methods:
            reader = getattr(enum, method, None)
            if reader is not None:
                setattr(enum, method, _translated(reader, translate))


def _translated(
    reader: Callable[..., object], translate: Callable[[object], object]
) -> Callable[..., object]:
    return lambda value, *arguments: reader(translate(value), *arguments)


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


def _read_datetime(value: object) -> datetime:
    try:
        result = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        result = None
    if result is None:
        raise GraphQLError(f"DateTime cannot represent {value!r}: expected ISO 8601, 2026-04-20T10:00:00Z.")
    return result.replace(tzinfo=result.tzinfo or UTC)


def _as_is(value: Any) -> Any:  # noqa: ANN401  any JSON value; the field's type decides what it may be
    return value


_SCALARS: Final[Mapping[str, tuple[Callable[[Any], object], Callable[[Any], object]]]] = {
    "Decimal": (number, _read_decimal),
    "DateTime": (iso, _read_datetime),
    "FieldValue": (_as_is, _as_is),
    "RichText": (_as_is, _as_is),
}
