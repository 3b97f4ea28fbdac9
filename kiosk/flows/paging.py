"""Lists that are longer than a screen, four rows a page; pages are counted from 1 and travel as text."""

from kiosk.model import Json

ROWS_A_PAGE = 4


def pages_of(count: int) -> int:
    """Return how many pages so many rows take; an empty list has one."""
    return max(1, -(-count // ROWS_A_PAGE))


def page_on(page: Json, count: int) -> int:
    """Return the page a state names, or the last one where the list has become shorter."""
    return min(int(str(page or "1")), pages_of(count))


def page_after(page: Json, count: int) -> int:
    """Return the page that NEXT turns to: after the last the first."""
    return page_on(page, count) % pages_of(count) + 1
