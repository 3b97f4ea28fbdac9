"""The account of labels, as a page and as CSV."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient

from kiosk.model import JobState, LabelAccount, Tally
from kiosk.web.reconciliation import COLUMNS, span_of, total_of
from tests.web.conftest import Page
from tests.web.fakes import NOW, World, print_job
from tests.web.markup import Markup

TODAY = date(2026, 11, 21)
COUNTS = {
    JobState.CONFIRMED: 40,
    JobState.VOIDED: 3,
    JobState.SENT: 1,
    JobState.UNKNOWN: 1,
    JobState.QUEUED: 2,
}
PART = LabelAccount(NOW.date(), "dock-zebra", "part", Tally(COUNTS), 2)
SHELF = LabelAccount(NOW.date(), "=cmd|'/c calc'!A1", "location", Tally({JobState.CONFIRMED: 5}), 0)


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        ("", "", (date(2026, 11, 15), TODAY)),
        ("2026-11-01", "2026-11-03", (date(2026, 11, 1), date(2026, 11, 3))),
        ("2026-11-05", "2026-11-03", (date(2026, 11, 3), date(2026, 11, 3))),
        ("", "2026-11-03", (date(2026, 10, 28), date(2026, 11, 3))),
        ("1900-01-01", "2026-11-03", (date(2025, 11, 3), date(2026, 11, 3))),
        ("nonsense", "9999-12-31", (date(2999, 12, 25), date(2999, 12, 31))),
        ("0001-01-01", "0001-01-01", (date(2000, 1, 1), date(2000, 1, 1))),
    ],
)
def test_which_days_are_meant(first: str, last: str, span: tuple[date, date]) -> None:
    found = span_of(first, last, TODAY)
    assert (found.first, found.last) == span


def test_days_before_and_after_are_as_many() -> None:
    span = span_of("2026-11-01", "2026-11-03", TODAY)
    assert span.moved(-span.length) == span_of("2026-10-29", "2026-10-31", TODAY)
    assert span.query == "first=2026-11-01&last=2026-11-03"


def test_the_page_adds_up(kiosk: World, client: FlaskClient) -> None:
    kiosk.prints.table = (PART, SHELF)
    kiosk.prints.doubts = (print_job(7, JobState.SENT),)
    drawn = Markup(client.get("/print/reconciliation?station=dock-1").get_data(as_text=True))
    assert "Nov 21, 2026 dock-zebra part 47 40 3 2 canceled 2 2" in drawn.text
    assert "All 52 45 3 2 canceled 2 2" in drawn.text
    assert "SN-000007 sent, not confirmed" in drawn.text
    assert "Later" not in drawn.text
    total = total_of((PART, SHELF))
    assert total.issued == total.confirmed + total.voided + total.unknown + total.pending == 52
    past = client.get("/print/reconciliation?first=2026-11-01&last=2026-11-03").get_data(as_text=True)
    assert "No label was asked for on these days." in past
    assert "first=2026-11-04&amp;last=2026-11-06" in past


def test_the_table_for_a_spreadsheet_holds_no_formula(kiosk: World, client: FlaskClient) -> None:
    kiosk.prints.table = (PART, replace(SHELF, label="@SUM(1)"))
    answer = client.get("/print/reconciliation.csv?first=2026-11-20&last=2026-11-21")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="labels-2026-11-20-2026-11-21.csv"'
    )
    head, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True)))
    assert tuple(head) == COLUMNS
    assert rows == [
        ["2026-11-21", "dock-zebra", "part", "47", "40", "3", "2", "2", "2", "0"],
        ["2026-11-21", "'=cmd|'/c calc'!A1", "'@SUM(1)", "5", "5", "0", "0", "0", "0", "0"],
    ]
    for row in rows:
        issued, confirmed, voided, _, unknown, waiting, sending = map(int, row[3:])
        assert issued == confirmed + voided + unknown + waiting + sending


def test_what_is_said_there_draws_the_account_anew(kiosk: World, page: Page) -> None:
    kiosk.jobs.add(print_job(7, JobState.SENT))
    kiosk.prints.table = (PART,)
    form = {"act": "came-out", "name": f"{7:032x}", "first": "2026-11-20", "last": "2026-11-21"}
    answer = page.client.post("/printers/act", data=form, headers=page.headers)
    drawn = Markup(answer.get_data(as_text=True))
    assert "The label of SN-000007 came out." in drawn.text
    assert "dock-zebra part 47" in drawn.text
    assert [one["id"] for one in drawn.having("hx-swap-oob")] == ["accounts"]
    wrong = page.client.post("/printers/act", data={**form, "last": "x"}, headers=page.headers)
    assert wrong.status_code == 200
