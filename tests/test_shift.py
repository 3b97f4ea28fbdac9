"""What was done in a shift, counted from a real journal, and the label that carries the audit's head."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from kiosk.barcodes import Command, read
from kiosk.errors import LabelError
from kiosk.journal import Entry, Journal, read_head
from kiosk.model import JobState, Json, OperationState, Session, Submit, Work
from kiosk.settings import ShiftSettings
from kiosk.shift import LABEL, ShiftDesk, figures
from tests.fakes import Clock, FakeLabels
from tests.fakes.time_and_ids import START
from tests.journal.opened import new_job, opened, rows_of, session

BERLIN = ZoneInfo("Europe/Berlin")
THREE = ShiftSettings(starts=("06:00", "14:00", "22:00"), prints_at=("dock-1", "floor-2"))


@dataclass
class Floor:
    """A journal into which work is written at chosen times."""

    folder: Path
    journal: Journal
    clock: Clock
    labels: FakeLabels = field(default_factory=FakeLabels)
    woken: list[str] = field(default_factory=list)
    number: int = 0

    def desk(self, settings: ShiftSettings = THREE) -> ShiftDesk:
        return ShiftDesk(self.journal, settings, self.labels, self.woken.append, self.clock.now, BERLIN)

    def at(self, moment: str) -> None:
        self.clock.passed_s = (datetime.fromisoformat(moment) - START).total_seconds()

    def done(
        self,
        operation: str,
        state: OperationState = OperationState.DONE,
        station: str = "dock-1",
        **more: Json,
    ) -> None:
        self.number += 1
        submit = Submit(operation, f"subject/{self.number}", "about/1", more)
        here = Session("session-1", station, "home", "idle", {}, None, 1, 1)
        self.journal.book.commit(Entry(here, submits=[(f"key-{self.number}", submit)]))
        found = self.journal.outbox.listed(limit=1)[0]
        if state is not OperationState.QUEUED:
            self.journal.outbox.settle(found, state)

    def printed(self, state: JobState) -> None:
        self.number += 1
        (job,) = self.journal.prints.add([new_job(f"label-{self.number}")])
        with rows_of(self.folder) as connection:
            connection.execute("UPDATE print_jobs SET state = ? WHERE id = ?", (state, job.id))


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    clock = Clock()
    with closing(opened(tmp_path, clock)) as journal:
        yield Floor(tmp_path, journal, clock)


def _counts(desk: ShiftDesk, station: str = "") -> Mapping[str, Mapping[Work, int]]:
    report = desk.report(desk.current(), station)
    return {f"{hour.at:%H:%M%z}": dict(hour.counts) for hour in report.hours if any(hour.counts.values())}


def test_everything_is_counted_in_its_hour(floor: Floor) -> None:
    floor.at("2026-11-26T05:10:00+00:00")
    floor.done("receive")
    floor.done("check_receipt", OperationState.QUEUED)
    floor.done("check_receipt")
    floor.done("set_step_status", status="IN_PROGRESS")
    floor.done("set_run_status", status="COMPLETE")
    floor.done("set_run_status", status="FAILED")
    floor.done("attach_file")
    floor.printed(JobState.CONFIRMED)
    floor.printed(JobState.SENT)
    floor.printed(JobState.VOIDED)
    floor.printed(JobState.QUEUED)
    floor.at("2026-11-26T06:59:59+00:00")
    floor.done("move")
    floor.done("move", OperationState.PARKED)
    floor.done("move", OperationState.REJECTED, "floor-2")
    floor.done("move", OperationState.DISCARDED)
    assert _counts(floor.desk()) == {
        "06:00+0100": {Work.RECEIVED: 2, Work.STARTED: 1, Work.COMPLETED: 1, Work.LABELS: 2},
        "07:00+0100": {Work.MOVED: 3, Work.PARKED: 2},
    }
    assert _counts(floor.desk(), "floor-2") == {"07:00+0100": {Work.MOVED: 1, Work.PARKED: 1}}
    assert floor.desk().report(floor.desk().current()).totals[Work.MOVED] == 3


def test_a_shift_ends_where_the_next_begins(floor: Floor) -> None:
    for moment in ("04:59:59", "05:00:00", "12:59:59", "13:00:00"):
        floor.at(f"2026-11-26T{moment}+00:00")
        floor.done("move")
    first = floor.desk().shifts(floor.desk().today())[1]
    assert floor.desk().report(first).totals[Work.MOVED] == 2
    day = floor.desk().shifts(floor.desk().today())[0]
    assert floor.desk().report(day).totals[Work.MOVED] == 3


def test_the_hour_that_comes_twice_is_counted_apart(floor: Floor) -> None:
    for moment in ("2026-10-25T00:30:00+00:00", "2026-10-25T01:30:00+00:00"):
        floor.at(moment)
        floor.done("move")
    assert _counts(floor.desk()) == {"02:00+0200": {Work.MOVED: 1}, "02:00+0100": {Work.MOVED: 1}}


def test_each_count_is_one_query_by_index(floor: Floor) -> None:
    floor.at("2026-11-26T05:10:00+00:00")
    floor.done("receive")
    said: list[tuple[str, object]] = []

    def listen(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        said.append((statement, parameters))

    engine = floor.journal.clerk.store._engine
    sa.event.listen(engine, "before_cursor_execute", listen)
    desk = floor.desk()
    desk.report(desk.current())
    desk.report(desk.current(), "dock-1")
    sa.event.remove(engine, "before_cursor_execute", listen)
    queries = [one for one in said if one[0].startswith("SELECT")]
    assert len(queries) == 4
    with rows_of(floor.folder) as connection:
        plans = [
            str(step[3])
            for statement, parameters in queries
            for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
        ]
    found = [plan for plan in plans if plan.startswith(("SCAN", "SEARCH"))]
    assert {plan.split("INDEX ")[1].split(" (")[0] for plan in found} == {
        "ix_operations_created",
        "ix_print_jobs_created",
    }


def test_the_label_says_it_all_and_proves_the_audit(floor: Floor) -> None:
    floor.at("2026-11-26T05:10:00+00:00")
    floor.done("receive")
    desk = floor.desk()
    head = floor.journal.head()
    (job,) = desk.print_label("dock-1", key="once")
    assert (job.label, job.subject, floor.woken) == (LABEL, "shift/dock-1/2026-11-26/1", ["zebra"])
    fields = job.fields
    assert (fields["received"], fields["moved"], fields["shift"]) == ("1", "0", "Shift 1 06:00-14:00")
    assert f"{fields['hash1']}{fields['hash2']}" == head.hash.upper()
    reading = read(str(fields["code"]).encode()).readings[0]
    assert isinstance(reading, Command)
    assert read_head(reading.argument or "") == head
    assert floor.journal.lost(reading.argument or "") == ""
    assert desk.print_label("dock-1", key="once")[0].id == job.id, "a second tap prints nothing"


def test_a_station_without_a_printer_says_so(floor: Floor) -> None:
    floor.labels = FakeLabels(printer="")
    with pytest.raises(LabelError, match="Station 'dock-1' has no printer"):
        floor.desk().print_label("dock-1", key="once")


def test_a_shift_that_ended_gives_its_label_by_itself_once(floor: Floor) -> None:
    floor.at("2026-11-26T05:10:00+00:00")
    floor.done("receive")
    desk = floor.desk()
    desk.finish()
    assert floor.journal.prints.newest("dock-1", 9) == (), "the night shift did nothing"
    floor.at("2026-11-26T13:00:30+00:00")
    for _ in range(3):
        desk.finish()
    floor.desk().finish()
    (job,) = floor.journal.prints.newest("dock-1", 9)
    assert (job.fields["shift"], job.fields["received"]) == ("Shift 1 06:00-14:00", "1")
    assert floor.journal.prints.newest("floor-2", 9) == (), "nothing was done there"


def test_a_shift_that_ended_long_ago_gives_none(floor: Floor) -> None:
    floor.at("2026-11-26T05:10:00+00:00")
    floor.done("receive")
    floor.at("2026-11-28T05:10:00+00:00")
    floor.desk(ShiftSettings(prints_at=("dock-1",))).finish()
    assert floor.journal.prints.newest("dock-1", 9) == ()


def test_a_label_that_cannot_be_made_is_told_once(floor: Floor, caplog: pytest.LogCaptureFixture) -> None:
    floor.at("2026-11-26T05:10:00+00:00")
    floor.done("receive")
    floor.at("2026-11-26T13:00:30+00:00")
    floor.labels = FakeLabels(printer="")
    desk = floor.desk()
    desk.finish()
    desk.finish()
    (line,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert line.getMessage() == (
        "The label of Shift 1 at dock-1 was not printed: Station 'dock-1' has no printer."
    )


def test_figures_for_a_spreadsheet(floor: Floor) -> None:
    floor.at("2026-11-26T05:10:00+00:00")
    floor.done("receive")
    desk = floor.desk()
    rows = figures(desk.report(desk.current(), "dock-1"))
    assert len(rows) == 8
    assert rows[0] == {
        "day": "2026-11-26",
        "shift": "Shift 1",
        "station": "dock-1",
        "hour": "2026-11-26T06:00:00+01:00",
        "received": 1,
        "moved": 0,
        "started": 0,
        "completed": 0,
        "labels": 0,
        "parked": 0,
    }


def test_a_head_is_looked_for_by_scanning_it(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        journal.book.commit(Entry(session()))
        head = journal.head()
        assert journal.lost(str(head).upper()) == ""
        words = journal.lost(f"{head.seq}:{'0' * 64}")
        assert words == f"The audit was rewritten: its entry {head.seq} is another than it once was."
        assert journal.lost("nonsense") == "'nonsense' is no head of an audit."
