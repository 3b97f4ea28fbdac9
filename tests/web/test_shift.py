"""The page of shifts: for leads only, drawn from a real journal."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from kiosk.journal import Entry
from kiosk.model import Role, Work
from kiosk.operators import Office
from kiosk.settings import PeopleSettings, ShiftSettings
from kiosk.shift import ShiftDesk
from kiosk.web import create_app
from kiosk.web.shift import COLUMNS, charts_of
from tests.fakes import FakeLabels
from tests.fakes.time_and_ids import START
from tests.journal.opened import session, submit
from tests.operators.world import MIA_PIN
from tests.operators.world import Office as People
from tests.web.fakes import world
from tests.web.markup import Markup

PIN = MIA_PIN.digits
NOW = datetime(2026, 11, 26, 6, 10, tzinfo=UTC)


@dataclass
class Page:
    people: People
    desk: ShiftDesk
    client: FlaskClient
    headers: dict[str, str]

    def post(self, path: str, **form: str) -> tuple[int, str]:
        answer = self.client.post(f"/shift/{path}", data=form, headers=self.headers)
        return answer.status_code, answer.get_data(as_text=True)

    def shown(self, query: str = "") -> str:
        return self.client.get(f"/shift{query}").get_data(as_text=True)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    people = People(tmp_path)
    people.clock.passed_s = (NOW - START).total_seconds()
    for badge, role in (("L1", Role.LEAD), ("7", Role.OPERATOR)):
        people.come(badge, role)
    journal = people.journal
    for number in range(3):
        journal.book.commit(Entry(session(), submits=[(f"key-{number}", submit(f"line/{number}"))]))
    settings = ShiftSettings(starts=("06:00", "14:00", "22:00"))
    desk = ShiftDesk(
        journal, settings, FakeLabels(), lambda _name: None, people.clock.now, ZoneInfo("Europe/Berlin")
    )
    office = Office(
        people.register,
        people.gate,
        PeopleSettings(),
        monotonic_s=people.clock.monotonic_s,
        note=people.journal.note,
    )
    client = create_app(replace(world().rooms, office=office, shift=desk)).test_client()
    token = re.search(r'"X-CSRF-Token": "([0-9a-f]+)"', client.get("/shift").get_data(as_text=True))
    assert token is not None
    yield Page(people, desk, client, {"X-CSRF-Token": token[1], "HX-Request": "true"})
    journal.close()


def test_nobody_sees_it_who_is_no_lead(page: Page) -> None:
    assert "Badge and PIN of a lead or technician" in page.shown()
    assert "<table" not in page.shown()
    assert page.client.get("/shift.csv").status_code == 403
    assert page.post("label", of="dock-1", key="0a")[0] == 403
    status, shown = page.post("sign-in", badge="7", pin=PIN)
    assert (status, "<table" in shown) == (200, False)
    assert page.client.post("/shift/sign-in", data={"badge": "L1", "pin": PIN}).status_code == 403, "no token"


def test_a_lead_sees_charts_and_the_same_as_a_table(page: Page) -> None:
    status, panel = page.post("sign-in", badge="L1", pin=PIN)
    assert (status, "<table" in panel) == (200, True)
    shown = page.shown("?station=dock-1")
    text = Markup(shown).text
    assert "Nov 26, 2026 Shift 1 6:00 AM to 2:00 PM" in text
    assert "7:00 AM CET 3 0 0 0 0 0" in text
    assert "All 3 0 0 0 0 0" in text
    assert shown.count("<figure") == len(Work)
    assert "".join(shown.split("<figure")[1:]).count("<rect x=") == 1, (
        "one bar, for the one hour in which something was done"
    )
    assert 'style="' not in shown
    assert "All 0 0 0 0 0 0" in Markup(page.shown("?of=floor%202&station=dock-1")).text


def test_other_days_and_shifts(page: Page) -> None:
    page.post("sign-in", badge="L1", pin=PIN)
    day = Markup(page.shown("?day=2026-11-26&shift=0")).text
    assert "Whole day 6:00 AM to 6:00 AM" in day
    assert "All 3 0" in day
    before = page.shown("?day=2026-11-25&shift=2")
    assert "Nov 25, 2026 Shift 2 2:00 PM to 10:00 PM" in Markup(before).text
    assert "Day after" in before
    assert "Day after" not in page.shown()
    clock_back = Markup(page.shown("?day=2026-10-24&shift=3")).text
    assert "2:00 AM CEST" in clock_back
    assert "2:00 AM CET" in clock_back
    for query in ("?day=nonsense", "?day=9999-12-31&shift=7", "?day=0001-01-01", "?of=<b>"):
        assert page.client.get(f"/shift{query}").status_code == 200


def test_the_figures_as_csv(page: Page) -> None:
    page.post("sign-in", badge="L1", pin=PIN)
    answer = page.client.get("/shift.csv?day=2026-11-26&shift=1&of=dock-1")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="shift-2026-11-26-1.csv"'
    head, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True)))
    assert tuple(head) == COLUMNS
    assert len(rows) == 8
    assert rows[1] == ["2026-11-26", "Shift 1", "dock-1", "2026-11-26T07:00:00+01:00", "3", *"00000"]


def test_the_label_is_printed_once_for_a_page(page: Page) -> None:
    page.post("sign-in", badge="L1", pin=PIN)
    form = {"day": "2026-11-26", "shift": "1", "key": "0a1b"}
    assert "Choose a station" in page.post("label", **form)[1]
    for _ in range(2):
        status, shown = page.post("label", of="dock-1", **form)
        assert (status, "The label of the shift is printed at dock-1." in shown) == (200, True)
    (job,) = page.desk.journal.prints.newest("dock-1", 9)
    assert job.fields["received"] == "3"
    assert page.post("label", of="dock-1", day="2026-11-26", key="../")[0] == 400


def test_where_nobody_signs_in_it_is_open(page: Page) -> None:
    client = create_app(replace(world().rooms, office=None, shift=page.desk)).test_client()
    assert "<table" in client.get("/shift").get_data(as_text=True)
    nowhere = create_app(replace(world().rooms, office=None, shift=None)).test_client()
    assert nowhere.get("/shift").status_code == 404


def test_a_bar_is_as_high_as_its_hour(page: Page) -> None:
    desk = page.desk
    day = desk.shifts(desk.today())[0]
    received = charts_of(desk.report(day))[0]
    assert [bar.at.hour for bar in received.bars][:2] == [6, 7]
    assert len(received.bars) == 24
    assert [(bar.count, bar.height, bar.y) for bar in received.bars if bar.count] == [(3, 72.0, 0.0)]
    assert (received.total, received.most) == (3, 3)
    empty = charts_of(desk.report(day, "floor 2"))[0]
    assert {bar.height for bar in empty.bars} == {0.0}
