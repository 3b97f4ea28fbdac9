"""A scan proves that a label came out, unless what it says is known to stand on something else."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.journal import Entry, Journal
from kiosk.model import JobState, PrintJob
from tests.journal.opened import new_job, rows_of, scan, session

CODE = "ION/LOC/7"


def scanned(journal: Journal, number: int, data: bytes = CODE.encode()) -> PrintJob | None:
    """Scan a code; return the job that this proved."""
    says = data.decode().removeprefix("]d1").strip("\r\n")
    return journal.book.commit(Entry(session(), scan=scan(f"scan-{number}", data), proof=says))


def sent(journal: Journal, key: str, state: JobState = JobState.SENT, copies: int = 1) -> PrintJob:
    """Print a label; return its last copy."""
    for job in journal.prints.add([new_job(key, code=CODE, copies=copies)]):
        journal.prints.claim("zebra")
        journal.prints.settle(job.id, state)
    return job


@pytest.mark.parametrize("state", [JobState.SENT, JobState.UNKNOWN])
@pytest.mark.parametrize("data", [b"ION/LOC/7", b"]d1ION/LOC/7\r\n"])
def test_what_was_scanned_before_it_was_ordered_proves_nothing(
    journal: Journal, state: JobState, data: bytes
) -> None:
    scanned(journal, 1, data)
    job = sent(journal, "label", state)
    assert scanned(journal, 2) is None
    found = journal.prints.find(job.id)
    assert found is not None
    assert found.state is state


def test_another_code_scanned_before_takes_no_proof_away(journal: Journal) -> None:
    scanned(journal, 1, b"ION/LOC/8")
    job = sent(journal, "label")
    proved = scanned(journal, 2)
    assert proved is not None
    assert proved.id == job.id


def test_of_a_label_that_is_being_sent_nothing_is_kept_in_mind_then(journal: Journal) -> None:
    scanned(journal, 1)
    (job,) = journal.prints.add([new_job("label", code=CODE)])
    journal.prints.claim("zebra")
    scanned(journal, 2)
    after = journal.prints.settle(job.id, JobState.SENT)
    assert after is not None
    assert after.state is JobState.SENT


def test_an_older_label_that_came_out_may_be_what_is_scanned(journal: Journal) -> None:
    sent(journal, "older", JobState.CONFIRMED)
    job = sent(journal, "newer")
    assert scanned(journal, 1) is None
    found = journal.prints.find(job.id)
    assert found is not None
    assert found.state is JobState.SENT


def test_an_older_one_that_never_came_out_is_none(journal: Journal) -> None:
    sent(journal, "older", JobState.FAILED)
    job = sent(journal, "newer")
    proved = scanned(journal, 1)
    assert proved is not None
    assert proved.id == job.id


def test_the_copies_of_a_label_are_proved_one_by_one(journal: Journal) -> None:
    last = sent(journal, "label", copies=3)
    proved = [scanned(journal, number) for number in (1, 2, 3)]
    assert [one.copy for one in proved if one] == [1, 2, 3]
    assert proved[2] is not None
    assert proved[2].id == last.id


def test_what_was_scanned_is_found_without_looking_through_all_of_it(
    journal: Journal, tmp_path: Path
) -> None:
    sent(journal, "label")
    asked: list[tuple[str, object]] = []

    def listen(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "instr" in statement:
            asked.append((statement, parameters))

    sa.event.listen(journal.clerk.store._engine, "before_cursor_execute", listen)
    scanned(journal, 1)
    ((statement, parameters),) = asked
    with rows_of(tmp_path) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()  # type: ignore[arg-type]
    steps = [str(step[3]) for step in plan if "SEARCH" in str(step[3]) or "SCAN" in str(step[3])]
    assert steps.count("SEARCH of USING INDEX sqlite_autoindex_print_jobs_1 (id=?)") == 2
    assert "SEARCH older USING INDEX ix_print_jobs_encoded (encoded=?)" in steps
    assert "SEARCH scans USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in steps
