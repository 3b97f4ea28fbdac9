from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.errors import JournalError
from kiosk.journal import Entry, Journal, Press
from kiosk.model import JobState, Level, Message, Session, Verdict
from tests.journal.opened import (
    STATION,
    counted,
    new_job,
    opened,
    rows_of,
    scan,
    session,
    submit,
)

WHOLE = Entry(
    session(revision=7, lines=["1", "2"], quantity="2.5"),
    scan=scan("scan-1"),
    key="dock-1:abc",
    submits=[("key-1", submit(quantity="5")), ("key-2", submit("order-line/2"))],
    jobs=[new_job("label-1", copies=2)],
)
NOTHING = {
    "scans": 0,
    "presses": 0,
    "sessions": 0,
    "operations": 0,
    "print_jobs": 0,
    "label_contents": 0,
    "audit": 0,
}


def test_an_event_is_written_with_all_that_follows(journal: Journal, tmp_path: Path) -> None:
    journal.book.commit(WHOLE)
    assert counted(tmp_path) == {
        "scans": 1,
        "presses": 0,
        "sessions": 1,
        "operations": 2,
        "print_jobs": 2,
        "label_contents": 1,
        "audit": 4,
    }


def test_the_session_comes_back_whole(tmp_path: Path) -> None:
    message = Message(Level.ASK, "{part}: scan the lot.", {"part": "PN {1}"})
    left = replace(
        session(revision=7, turn=3, quantity="2.5", serials=["a", "b"]), flow="receive", message=message
    )
    with closing(opened(tmp_path)) as journal:
        journal.book.commit(Entry(left, scan=scan("scan-1")))
    with closing(opened(tmp_path)) as journal:
        found = journal.book.reopen(session())
    assert found == replace(left, revision=found.revision)
    assert found.revision > left.revision


def _no_sessions(folder: Path) -> None:
    _forbid(folder, "BEFORE INSERT ON sessions")


def _no_operations(folder: Path) -> None:
    _forbid(folder, "BEFORE INSERT ON operations WHEN NEW.key = 'key-2'")


def _no_second_copy(folder: Path) -> None:
    _forbid(folder, "BEFORE INSERT ON print_jobs WHEN NEW.copy = 2")


def _no_audit(folder: Path) -> None:
    _forbid(folder, "BEFORE INSERT ON audit WHEN NEW.seq IS NOT NULL")


def _forbid(folder: Path, when: str) -> None:
    with rows_of(folder) as connection:
        connection.execute(
            f"CREATE TRIGGER forbidden {when} BEGIN SELECT RAISE(ABORT, 'forbidden here'); END"
        )


@pytest.mark.parametrize("break_it", [_no_sessions, _no_operations, _no_second_copy, _no_audit])
def test_when_one_part_fails_nothing_is_written(
    journal: Journal, tmp_path: Path, break_it: Callable[[Path], None]
) -> None:
    break_it(tmp_path)
    with pytest.raises(JournalError, match=r"The journal refuses it\. \(SQLite says: forbidden here"):
        journal.book.commit(WHOLE)
    assert counted(tmp_path) == NOTHING
    with rows_of(tmp_path) as connection:
        connection.execute("DROP TRIGGER forbidden")
    journal.book.commit(WHOLE)
    assert counted(tmp_path)["operations"] == 2


def test_what_cannot_be_written_as_json_leaves_nothing(journal: Journal, tmp_path: Path) -> None:
    entry = replace(WHOLE, submits=[("key-1", submit(quantity=object()))])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Cannot write"):
        journal.book.commit(entry)
    assert counted(tmp_path) == NOTHING


def test_a_repeated_operation_key_makes_no_second_row(journal: Journal, tmp_path: Path) -> None:
    journal.book.commit(WHOLE)
    journal.book.commit(replace(WHOLE, scan=scan("scan-2"), key=None))
    assert counted(tmp_path)["scans"] == 2
    assert counted(tmp_path)["operations"] == 2
    assert counted(tmp_path)["print_jobs"] == 2


def test_a_key_finds_the_first_scan_or_press(journal: Journal) -> None:
    journal.book.commit(Entry(session(), scan=scan("scan-1"), key="dock-1:a"))
    journal.book.commit(Entry(session(), press=Press("press-1", "CONFIRM", None), key="dock-1:b"))
    journal.book.keep(scan("scan-2"), "dock-1:c")
    found = [journal.book.seen(f"dock-1:{name}") for name in "abcd"]
    assert found == ["scan-1", "press-1", "scan-2", None]


@pytest.mark.parametrize(
    "entry",
    [
        Entry(session(), scan=scan("scan-2"), key="dock-1:a"),
        Entry(session(), scan=scan("scan-1")),
    ],
)
def test_the_database_itself_refuses_a_second_row(journal: Journal, entry: Entry) -> None:
    journal.book.commit(Entry(session(), scan=scan("scan-1"), key="dock-1:a"))
    with pytest.raises(JournalError, match="UNIQUE constraint failed: scans"):
        journal.book.commit(entry)


def test_any_bytes_are_kept_as_they_are(tmp_path: Path) -> None:
    every = bytes(range(256)) * 40
    with closing(opened(tmp_path)) as journal:
        journal.book.keep(scan("scan-1", every))
    with closing(opened(tmp_path)) as journal:
        assert journal.book.waiting(STATION) == (scan("scan-1", every),)
        assert journal.book.waiting("elsewhere") == ()


def test_a_kept_scan_waits_until_it_is_answered_once(journal: Journal) -> None:
    for name in ("scan-1", "scan-2", "scan-3"):
        journal.book.keep(scan(name))
    journal.book.commit(Entry(session(), scan=scan("scan-2"), submits=[("key-1", submit())]), is_kept=True)
    assert [kept.id for kept in journal.book.waiting(STATION)] == ["scan-1", "scan-3"]
    with pytest.raises(JournalError, match="'scan-2' was answered before"):
        journal.book.commit(
            Entry(session(), scan=scan("scan-2"), submits=[("key-2", submit())]), is_kept=True
        )
    assert [operation.key for operation in journal.outbox.listed()] == ["key-1"]


def test_a_scan_set_aside_waits_no_more_and_is_still_there(journal: Journal, tmp_path: Path) -> None:
    journal.book.keep(scan("scan-1"))
    journal.book.set_aside(scan("scan-1"))
    assert journal.book.waiting(STATION) == ()
    with rows_of(tmp_path) as connection:
        assert connection.execute("SELECT id, state FROM scans").fetchall() == [("scan-1", "set aside")]


def test_a_scan_of_a_label_proves_that_it_came_out(journal: Journal) -> None:
    (job,) = journal.prints.add([new_job("label-1", code='{"uid":"0123"}')])
    journal.prints.claim("zebra")
    journal.prints.recover()
    journal.book.commit(Entry(session(), scan=scan("scan-1"), proof='{"uid":"0123"}'))
    found = journal.prints.find(job.id)
    assert found is not None
    assert (found.state, found.error) == ("confirmed", "")


@pytest.mark.parametrize("text", ['{"uid":"0123"}', "ION/RUN/12"])
def test_each_code_on_a_label_proves_it(journal: Journal, text: str) -> None:
    label = new_job("label-1", code='{"uid":"0123"}')
    fields = {"code": '{"uid":"0123"}', "reference": "ION/RUN/12"}
    (job,) = journal.prints.add([replace(label, label=replace(label.label, fields=fields))])
    journal.prints.claim("zebra")
    assert journal.book.commit(Entry(session(), scan=scan("scan-1"), proof="ION/RUN/13")) is None
    journal.prints.settle(job.id, JobState.SENT)
    proved = journal.book.commit(Entry(session(), scan=scan("scan-2"), proof=text))
    assert proved is not None
    assert (proved.id, proved.state) == (job.id, JobState.CONFIRMED)


@pytest.mark.parametrize("reference", ["PO-7", "", [{"text": "ION/RUN/12"}]])
def test_what_may_stand_on_other_things_proves_nothing(journal: Journal, reference: object) -> None:
    label = new_job("label-1")
    fields = {"code": "ION/LOC/7", "reference": reference}
    made = replace(label.label, fields=fields)  # type: ignore[arg-type]  # rows are no text
    (job,) = journal.prints.add([replace(label, label=made)])
    journal.prints.claim("zebra")
    journal.prints.settle(job.id, JobState.SENT)
    for number, text in enumerate(("PO-7", "ION/RUN/12", "part")):
        assert journal.book.commit(Entry(session(), scan=scan(f"scan-{number}"), proof=text)) is None


@pytest.mark.parametrize(("came_out", "state"), [(True, "confirmed"), (False, "queued")])
def test_a_persons_word_decides_what_is_in_doubt_and_nothing_else(
    journal: Journal, state: str, *, came_out: bool
) -> None:
    doubtful, other = journal.prints.add([new_job("label-1", "zebra"), new_job("label-2", "other")])
    journal.prints.claim("zebra")
    journal.prints.recover()
    assert [job.id for job in journal.prints.doubtful(STATION)] == [doubtful.id]
    assert journal.prints.doubtful("dock-2") == ()
    verdicts = [Verdict(one, came_out=came_out) for one in (doubtful.id, other.id, "none")]
    journal.book.commit(Entry(session(), verdicts=verdicts))
    assert journal.prints.doubtful(STATION) == ()
    found = [journal.prints.find(one.id) for one in (doubtful, other)]
    assert [one.state for one in found if one] == [state, "queued"]
    journal.book.commit(Entry(session(), verdicts=[Verdict(doubtful.id, came_out=not came_out)]))
    found = [journal.prints.find(doubtful.id)]
    assert [one.state for one in found if one] == [state]
    assert journal.first_break() is None


def test_a_new_station_begins_at_rest(journal: Journal) -> None:
    first = Session("s", "dock-9", "home", "idle", {})
    assert journal.book.reopen(first) == first
    again = journal.book.reopen(Session("other", "dock-9", "home", "idle", {}))
    assert again == replace(first, revision=again.revision)
    assert again.revision >= 1_000_000


def test_stations_do_not_meet(journal: Journal) -> None:
    journal.book.commit(replace(WHOLE, session=replace(session(), station="dock-2", step="other")))
    assert journal.book.reopen(session()).step == "idle"
    assert len(journal.prints.newest(STATION, 6)) == 2
    assert journal.prints.newest("dock-2", 6) == ()


def test_a_scan_looks_for_its_label_by_index(journal: Journal, tmp_path: Path) -> None:
    said: list[tuple[str, object]] = []

    def listen(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT") and "print_jobs" in statement:
            said.append((statement, parameters))

    sa.event.listen(journal.clerk.store._engine, "before_cursor_execute", listen)
    journal.book.commit(Entry(session(), scan=scan("scan-1"), proof="ION/LOC/7"))
    ((statement, parameters),) = said
    with rows_of(tmp_path) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()  # type: ignore[arg-type]
    used = [str(step[3]) for step in plan if "print_jobs" in str(step[3])]
    assert used == [
        "SEARCH print_jobs USING INDEX ix_print_jobs_proof (encoded=?)",
        "SEARCH print_jobs USING INDEX ix_print_jobs_reference (reference=?)",
        # Of a row for each printer at most.
        "SCAN print_jobs USING INDEX uq_print_jobs_sending",
    ]
