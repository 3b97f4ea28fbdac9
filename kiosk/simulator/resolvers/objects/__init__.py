"""What the fields of objects read, where it is not simply the row's own column."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from graphql import GraphQLObjectType, get_nullable_type, is_leaf_type

from kiosk.simulator.resolvers.given import snake
from kiosk.simulator.resolvers.objects import buying, catalogue, quality, stock, work
from kiosk.simulator.resolvers.objects.catalogue import attached_to
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.schema import build
from kiosk.simulator.schema.values import iso, number
from kiosk.simulator.world import entity_id

__all__ = ["read_path", "resolve_field"]

Resolver = Callable[..., Any]

_COLUMNS: Final = {"_etag": "etag", "Etag": "etag", "_created": "created", "Attributes": "attributes"}

_EVERYWHERE: Final[Mapping[str, Resolver]] = {
    "entity": lambda row, _request: {"id": entity_id(row)},
    "fileAttachments": lambda row, request: attached_to(row, request, assets=False),
    "createdBy": lambda row, request: request.world.users.get(row.created_by_id),
}
_OWN_ENTITY_ID: Final = ("FileAttachment", "BarcodeLabel", "ReviewRequest", "Review")
"""Types whose ``entityId`` is that of another object."""

_FIELDS: Final[Mapping[str, Mapping[str, Resolver]]] = {
    **catalogue.FIELDS,
    **stock.FIELDS,
    **buying.FIELDS,
    **work.FIELDS,
    **quality.FIELDS,
}


def resolve_field(
    row: Any,  # noqa: ANN401  any row
    type_name: str,
    field_name: str,
    request: Request,
    arguments: Mapping[str, Any] | None = None,
) -> object:
    """Return the value of one field of an object."""
    resolver = _FIELDS.get(type_name, {}).get(field_name)
    if resolver is not None:
        return resolver(row, request, **(arguments or {}))
    if isinstance(row, dict):
        return row.get(field_name)
    if field_name == "entityId" and type_name not in _OWN_ENTITY_ID:
        return entity_id(row)
    if field_name in _EVERYWHERE:
        return _EVERYWHERE[field_name](row, request)
    value: object = getattr(row, _COLUMNS.get(field_name) or snake(field_name))
    return value


def read_path(row: Any, path: str, request: Request) -> object:  # noqa: ANN401  any row
    """Return what a label's placeholder names: fields of the schema joined by dots.

    Raises:
        LookupError: The schema has no such field.
    """
    value, kind = row, build("classic").type_map.get(type(row).__name__)
    for name in path.split("."):
        if not isinstance(kind, GraphQLObjectType) or name not in kind.fields:
            raise LookupError(f"no field {name!r}")
        value = None if value is None else resolve_field(value, kind.name, name, request)
        kind = get_nullable_type(kind.fields[name].type)
    if not is_leaf_type(kind):
        raise LookupError(f"{path!r} is no single value")
    if isinstance(value, Decimal):
        return number(value)
    return iso(value) if isinstance(value, datetime) else value
