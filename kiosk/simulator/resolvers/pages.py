"""Pages of a list: Relay connections (classic) and plain lists with a limit (documented-2026)."""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Final

from kiosk.simulator.rules.desk import invalid

__all__ = ["connection", "limited", "sorted_by"]

_CURSOR: Final = "arrayconnection:"


def sorted_by(rows: Sequence[Any], orders: Sequence[str | None] | None) -> list[Any]:
    """Return rows in the orders named, such as ``SERIAL_NUMBER_DESC``, the first one counting most."""
    result = list(rows)
    for order in reversed([each for each in orders or () if each is not None]):
        column, _, direction = order.lower().rpartition("_")
        result.sort(key=lambda row: _sort_key(getattr(row, column)), reverse=direction == "desc")
    return result


def connection(rows: Sequence[Any], arguments: Mapping[str, Any]) -> dict[str, object]:
    """Return one page as a connection, by ``first``, ``after``, ``last`` and ``before``."""
    start = 0 if arguments.get("after") is None else _offset(arguments["after"]) + 1
    end = len(rows) if arguments.get("before") is None else min(_offset(arguments["before"]), len(rows))
    first, last = (_count(arguments, name) for name in ("first", "last"))
    if first is not None:
        end = min(end, start + first)
    if last is not None:
        start = max(start, end - last)
    page = rows[start : max(start, end)]
    edges = [{"cursor": _cursor(offset), "node": row} for offset, row in enumerate(page, start=start)]
    info = {
        "startCursor": edges[0]["cursor"] if edges else None,
        "endCursor": edges[-1]["cursor"] if edges else None,
        "hasPreviousPage": bool(edges) and start > 0,
        "hasNextPage": start + len(page) < len(rows) and bool(edges),
        "totalCount": len(rows),
        "count": len(page),
    }
    return {"edges": edges, "pageInfo": info}


def limited(rows: Sequence[Any], limit: int | None) -> Sequence[Any]:
    """Return the first rows, all of them without a limit."""
    if limit is not None and limit < 0:
        raise invalid(f"limit must be 0 or more, got {limit}")
    return rows[:limit]


def _count(arguments: Mapping[str, Any], name: str) -> int | None:
    count: int | None = arguments.get(name)
    if count is not None and count < 0:
        raise invalid(f"{name} must be 0 or more, got {count}")
    return count


def _cursor(offset: int) -> str:
    return b64encode(f"{_CURSOR}{offset}".encode()).decode()


def _offset(cursor: str) -> int:
    try:
        text = b64decode(cursor.encode(), validate=True).decode()
        return int(text.removeprefix(_CURSOR)) if text.startswith(_CURSOR) else _bad_cursor(cursor)
    except (binascii.Error, UnicodeError, ValueError):
        return _bad_cursor(cursor)


def _bad_cursor(cursor: str) -> int:
    raise invalid(f"Cursor {cursor!r} was not given out here")


def _sort_key(value: object) -> tuple[bool, object]:
    return value is not None, value
