"""Lists that are longer than a screen; pages are counted from 1 and travel as text.

How many lines a page has, its station's screen decides (``Place.lines``).
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from kiosk.model import Json

Row = TypeVar("Row")

LINES = 4
"""Of a list, at 800 x 480."""


def pages_of(count: int, lines: int) -> int:
    """Return how many pages so many rows take; an empty list has one."""
    return max(1, -(-count // lines))


def page_on(page: Json, count: int, lines: int) -> int:
    """Return the page a state names, or the last one where the list has become shorter."""
    return min(int(str(page or "1")), pages_of(count, lines))


def rows_on(rows: Sequence[Row], page: Json, lines: int) -> Sequence[Row]:
    """Return the rows that a page shows."""
    first = (page_on(page, len(rows), lines) - 1) * lines
    return rows[first : first + lines]


def page_after(page: Json, count: int, lines: int) -> int:
    """Return the page that NEXT turns to: after the last the first."""
    return page_on(page, count, lines) % pages_of(count, lines) + 1


def row_named(state: Mapping[str, Json], key: str, rows: str = "rows") -> str:
    """Return the key of the row that a choice names: by its number on the screen, or by the key itself.

    Args:
        state: of the screen; what it shows counts, not what a page would show now.
        key: the number or the key.
        rows: where in the state the rows stand.
    """
    shown: Any = state.get(rows) or ()
    return next((str(row["key"]) for number, row in enumerate(shown, 1) if key == str(number)), key)
