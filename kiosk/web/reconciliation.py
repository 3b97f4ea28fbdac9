"""The account of all labels: what was issued is confirmed, voided or unknown, as a page and as CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import Blueprint, Response, request

from kiosk.model import JobState, LabelAccount, Tally
from kiosk.spreadsheet import csv_text
from kiosk.web.api_queues import print_room
from kiosk.web.context import Web
from kiosk.web.office_page import office_page
from kiosk.web.printer_view import label_row

COLUMNS: Final = (
    "day",
    "printer",
    "label",
    "issued",
    "confirmed",
    "voided",
    "of_which_canceled",
    "unknown",
    "waiting",
    "sending",
)
_DAYS: Final = 7
_MOST_DAYS: Final = 366
_FIRST_DAY: Final = date(2000, 1, 1)
_LAST_DAY: Final = date(2999, 12, 31)
"""Days that a mistyped address cannot pass."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some days, both ends among them."""

    first: date
    last: date

    def moved(self, days: int) -> "Span":
        """Return as many days, earlier or later."""
        by = timedelta(days=days)
        return Span(self.first + by, self.last + by)

    @property
    def length(self) -> int:
        """Return how many days that are."""
        return (self.last - self.first).days + 1

    @property
    def query(self) -> str:
        """Return it as a page's address has it."""
        return f"first={self.first.isoformat()}&last={self.last.isoformat()}"


def reconciliation_blueprint(web: Web) -> Blueprint:
    """Return the routes of the account."""
    reconciliation = Blueprint("reconciliation", __name__)

    @reconciliation.get("/print/reconciliation")
    def page() -> Response:
        days = account_context(web, request.args.get("first", ""), request.args.get("last", ""))
        return office_page(web, "reconciliation.html", days, here="/printers")

    @reconciliation.get("/print/reconciliation.csv")
    def download() -> Response:
        span = span_of(request.args.get("first", ""), request.args.get("last", ""), _today(web))
        rows = print_room(web).accounts(span.first, span.last)
        response = Response(csv_text(COLUMNS, map(_cells, rows)), mimetype="text/csv")
        name = f"labels-{span.first.isoformat()}-{span.last.isoformat()}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    return reconciliation


def account_context(web: Web, first: str, last: str) -> Mapping[str, object]:
    """Return what the account is drawn with.

    Args:
        web: what the routes share.
        first: its first day, ISO 8601; what is none gives the last seven.
        last: its last day.
    """
    room, today = print_room(web), _today(web)
    span = span_of(first, last, today)
    rows = room.accounts(span.first, span.last)
    return {
        "span": span,
        "earlier": span.moved(-span.length),
        "later": span.moved(span.length) if span.last < today else None,
        "rows": rows,
        "total": total_of(rows),
        "canceled": sum(row.canceled for row in rows),
        "doubts": [label_row(job) for job in room.unaccounted(span.first, span.last)],
    }


def span_of(first: str, last: str, today: date) -> Span:
    """Return the days that an address names; where it names none, the last seven; a year at most."""
    end = min(max(_day(last) or today, _FIRST_DAY), _LAST_DAY)
    begin = min(max(_day(first) or end - timedelta(days=_DAYS - 1), _FIRST_DAY), end)
    return Span(max(begin, end - timedelta(days=_MOST_DAYS - 1)), end)


def total_of(rows: Sequence[LabelAccount]) -> Tally:
    """Return the sum of all rows."""
    return Tally({state: sum(row.tally.counts.get(state, 0) for row in rows) for state in JobState})


def _cells(row: LabelAccount) -> Sequence[object]:
    tally = row.tally
    return (
        row.day.isoformat(),
        row.printer,
        row.label,
        tally.issued,
        tally.confirmed,
        tally.voided,
        row.canceled,
        tally.unknown,
        tally.waiting,
        tally.sending,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _today(web: Web) -> date:
    return web.rooms.clock().astimezone().date()
