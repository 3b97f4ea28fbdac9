"""Lists that are longer than a screen, four rows a page; pages are counted from 1 and travel as text."""

from collections.abc import Sequence
from typing import TypeVar

from kiosk.model import Json

Row = TypeVar("Row")

ROWS_A_PAGE = 4


def pages_of(count: int) -> int:
    """Return how many pages so many rows take; an empty list has one."""
    return max(1, -(-count // ROWS_A_PAGE))


def page_on(page: Json, count: int) -> int:
    """Return the page a state names, or the last one where the list has become shorter."""
    return min(int(str(page or "1")), pages_of(count))


def rows_on(rows: Sequence[Row], page: Json) -> Sequence[Row]:
    """Return the rows that a page shows."""
    first = (page_on(page, len(rows)) - 1) * ROWS_A_PAGE
    return rows[first : first + ROWS_A_PAGE]


def page_after(page: Json, count: int) -> int:
    """Return the page that NEXT turns to: after the last the first."""
    return page_on(page, count) % pages_of(count) + 1
