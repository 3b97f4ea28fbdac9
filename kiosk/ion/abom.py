"""What is built into what: an assembly with everything in it, and two assemblies compared.

GraphQL has no depth without end, so that each level is asked for by itself, all of one level at once.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from kiosk.errors import IonRejected
from kiosk.ion.shapes import rows_of
from kiosk.ion.taking import as_json
from kiosk.ion.tenant import Tenant
from kiosk.ion.wording import quoted
from kiosk.model import Json
from kiosk.words import told

__all__ = ["abom_tree", "compare_aboms"]

_LOOK_UP: Final = "abom"
_AT_ONCE: Final = 20
_LEVELS: Final = 12
_MOST: Final = 2000
"""Assemblies that anybody looks through."""
_Row = dict[str, Any]


def abom_tree(tenant: Tenant, inventory_id: str) -> Json:
    """Return an inventory, what it requires and what is installed for it, down to the last part.

    ``{"id", "serial", "part", "requirements": [{"id", "part", "quantity", "installed": [...]}]}``; what is
    installed is built alike. An inventory that stands in itself is not followed a second time.

    Raises:
        IonRejected: there is no such inventory, or too much in it.
        IonError: ION could not be asked.
    """
    rows = _rows(tenant, [inventory_id])
    if inventory_id not in rows:
        raise IonRejected(
            told("aBOM of {id}: expected an inventory, got none", id=quoted(inventory_id)),
            code="NOT_FOUND_ERROR",
        )
    level = _installed(list(rows.values()))
    for _ in range(_LEVELS):
        wanted = [id_ for id_ in dict.fromkeys(level) if id_ not in rows]
        if not wanted:
            break
        if len(rows) + len(wanted) > _MOST:
            raise IonRejected(
                told(
                    "aBOM of {id}: expected at most {count} inventories, got more",
                    id=quoted(inventory_id),
                    count=_MOST,
                )
            )
        found = _rows(tenant, wanted)
        rows |= found
        level = _installed(list(found.values()))
    return _node(inventory_id, rows, ())


def compare_aboms(tenant: Tenant, inventory_id: str, other_id: str) -> list[Json]:
    """Return where two assemblies differ: ``{"part", "quantity", "other_quantity"}`` for each part that does.

    Raises:
        IonRejected: one of them is not there.
        IonError: ION could not be asked.
    """
    rows = _rows(tenant, [inventory_id, other_id])
    missing = [id_ for id_ in (inventory_id, other_id) if id_ not in rows]
    if missing:
        raise IonRejected(
            told("aBOM of {id}: expected an inventory, got none", id=quoted(missing[0])),
            code="NOT_FOUND_ERROR",
        )
    one, other = (_quantities(rows[id_]) for id_ in (inventory_id, other_id))
    return [
        {
            "part": part,
            "quantity": as_json(one.get(part, Decimal(0))),
            "other_quantity": as_json(other.get(part, Decimal(0))),
        }
        for part in sorted(one.keys() | other.keys())
        if one.get(part, Decimal(0)) != other.get(part, Decimal(0))
    ]


def _rows(tenant: Tenant, ids: Sequence[str]) -> dict[str, _Row]:
    """Return the assemblies by id, those that ION knows."""
    call = tenant.catalogue.question(_LOOK_UP)
    found: dict[str, _Row] = {}
    for start in range(0, len(ids), _AT_ONCE):
        chunk = ids[start : start + _AT_ONCE]
        merged = tenant.catalogue.merged((_LOOK_UP,) * len(chunk)) if len(chunk) > 1 else None
        answers: Sequence[Mapping[str, Any]]
        if merged is None:
            answers = [tenant.send(call, {"inventory_id": id_}) for id_ in chunk]
        else:
            answers = merged.split(tenant.send_merged(merged, [{"inventory_id": id_} for id_ in chunk]))
        for answer in answers:
            for root in answer.values():
                found |= {
                    str(row["id"]): row for row in rows_of(root) if isinstance(row, dict) and "id" in row
                }
    return found


def _requirements(row: Mapping[str, Any]) -> list[_Row]:
    return [each for each in rows_of(row.get("requirements")) if isinstance(each, dict)]


def _installations(requirement: Mapping[str, Any]) -> list[_Row]:
    """Return what is installed, by whichever of the two names this tenant has."""
    name = "installed" if "installed" in requirement else "installations"
    return [
        each
        for each in rows_of(requirement.get(name))
        if isinstance(each, dict) and isinstance(each.get("inventory"), dict)
    ]


def _installed(rows: Sequence[_Row]) -> list[str]:
    return [
        str(installation["inventory"].get("id"))
        for row in rows
        for requirement in _requirements(row)
        for installation in _installations(requirement)
    ]


def _node(id_: str, rows: Mapping[str, _Row], above: tuple[str, ...], named: _Row | None = None) -> Json:
    row = rows.get(id_) or named or {"id": id_}
    requirements = _requirements(row) if id_ in rows and id_ not in above else []
    return {
        "id": id_,
        "serial": as_json(row.get("serial")),
        "part": as_json(_number(row)),
        "requirements": [
            {
                "id": str(requirement.get("id")),
                "part": as_json(_number(requirement)),
                "quantity": as_json(requirement.get("quantity")),
                "installed": [
                    _node(str(each["inventory"].get("id")), rows, (*above, id_), each["inventory"])
                    for each in _installations(requirement)
                ],
            }
            for requirement in requirements
        ],
    }


def _number(row: Mapping[str, Any]) -> object:
    part = row.get("part")
    return part.get("number") if isinstance(part, dict) else None


def _quantities(row: Mapping[str, Any]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for requirement in _requirements(row):
        part = str(_number(requirement))
        quantity = requirement.get("quantity")
        found[part] = found.get(part, Decimal(0)) + Decimal(str(quantity if quantity is not None else 0))
    return found
