"""CSV for people who open it in a spreadsheet: RFC 4180, and no cell is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from kiosk.visible import visible

_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - spreadsheets take the wide forms as well
"""What a cell begins with that spreadsheets calculate or obey, as owasp.org lists it (CSV injection)."""


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows under a line of column names; every cell is text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> str:
    """Return a value on one line; an apostrophe in front says that it is text, where it could be more."""
    text = "" if value is None else str(value)
    shown = visible(text)
    return f"'{shown}" if text[:1] in _FORMULA or shown.lstrip(" ")[:1] in _FORMULA else shown
