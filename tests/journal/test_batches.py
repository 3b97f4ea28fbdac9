from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.errors import JournalError
from kiosk.journal import Entry, Journal, NewBatch
from kiosk.journal.migrate import upgrade
from kiosk.journal.store import _MIGRATIONS
from kiosk.model import (
    URGENT_PRIORITY,
    Batch,
    BatchState,
    JobState,
    Operator,
    PrintJob,
    QueueAct,
    Tally,
    Verdict,
)
from tests.journal.opened import STATION, new_job, opened, rows_of, scan, session, set_back

OLD_JOB = sa.text(
    "INSERT INTO print_jobs (id, key, station, printer, label, design_digest, fields, subject, encoded, "
    "content, copy, copies, state, created_at, error) VALUES (:key || '-' || :copy, :key || '/' || :copy, "
    "'dock-1', 'zebra', 'part', 'd', '{}', 's', 'e', 'd', :copy, :copies, :state, "
    "'2026-11-26T00:00:00+00:00', '')"
)


def batch_of(
    key: str, count: int, printer: str = "zebra", *, copies: int = 1, priority: int = 50
) -> NewBatch:
    jobs = [new_job(f"{key}/{n}", printer, copies, code=f"ION/LOC/{n}") for n in range(count)]
    return NewBatch(key, STATION, jobs, title="Shelves", by="badge/7", priority=priority)


def claimed(journal: Journal, printer: str = "zebra") -> PrintJob:
    found = journal.prints.claim(printer)
    assert found is not None
    return found[0]


def printed(journal: Journal, *ends: JobState) -> None:
    for end in ends:
        journal.prints.settle(claimed(journal).id, end)


def states(journal: Journal, batch: Batch) -> list[str]:
    return [job.state.value for job in journal.batches.jobs(batch.id)]


def test_many_subjects_in_all_their_copies_are_one_batch_in_one_transaction(journal: Journal) -> None:
    batch = journal.batches.order(batch_of("many", 3, copies=2))
    assert (batch.title, batch.by, batch.state, batch.tally.issued) == ("Shelves", "badge/7", "open", 6)
    jobs = journal.batches.jobs(batch.id)
    assert [(job.encoded, job.copy, job.copies, job.batch) for job in jobs] == [
        (f"ION/LOC/{n}", copy, 2, batch.id) for n in range(3) for copy in (1, 2)
    ]
    assert [claimed(journal, "zebra").id for _ in range(1)] == [jobs[0].id]


def test_a_known_key_gives_the_first_batch_whatever_comes_with_it(journal: Journal) -> None:
    assert journal.batches.of_key("many") is None
    first = journal.batches.order(batch_of("many", 3))
    assert journal.batches.order(batch_of("many", 5)) == first
    assert journal.batches.of_key("many") == first
    assert first.tally.issued == 3


def test_a_batch_that_cannot_be_written_whole_is_not_written_at_all(journal: Journal) -> None:
    journal.batches.order(batch_of("many", 1))
    clash = NewBatch("other", STATION, [new_job("new"), new_job("many/0")])
    with pytest.raises(JournalError, match=r"UNIQUE constraint failed: print_jobs\.key"):
        journal.batches.order(clash)
    assert journal.batches.of_key("other") is None
    assert len(journal.prints.newest(STATION, 10)) == 1


@pytest.mark.parametrize(("count", "priority"), [(0, 50), (1, 0), (1, 101)])
def test_a_batch_of_nothing_or_of_no_priority_is_a_mistake(count: int, priority: int) -> None:
    with pytest.raises(ValueError, match="expected labels and a priority of 1 to 100"):
        batch_of("none", count, priority=priority)


def test_progress_is_counted(journal: Journal) -> None:
    batch = journal.batches.order(batch_of("many", 6))
    printed(journal, JobState.CONFIRMED, JobState.SENT, JobState.UNKNOWN, JobState.FAILED)
    claimed(journal)
    found = journal.batches.find(batch.id)
    assert found is not None
    tally = found.tally
    assert (tally.confirmed, tally.unknown, tally.doubtful, tally.voided) == (1, 2, 1, 1)
    assert (tally.sending, tally.waiting, tally.pending, tally.is_done) == (1, 1, 2, False)
    assert tally.issued == tally.confirmed + tally.voided + tally.unknown + tally.pending


def test_a_paused_batch_holds_what_is_not_sent_and_lets_others_pass(journal: Journal) -> None:
    first = journal.batches.order(batch_of("first", 3))
    second = journal.batches.order(batch_of("second", 1))
    under_way = claimed(journal)
    paused = journal.batches.pause(first.id)
    assert paused is not None
    assert (paused.state, paused.tally.waiting) == (BatchState.PAUSED, 2)
    assert states(journal, first) == ["sending", "held", "held"]
    journal.prints.settle(under_way.id, JobState.CONFIRMED)
    assert claimed(journal).batch == second.id
    printed_later = journal.batches.go_on(first.id)
    assert printed_later is not None
    assert printed_later.state is BatchState.OPEN
    assert states(journal, first) == ["confirmed", "queued", "queued"]


def test_cancel_keeps_what_is_out_and_says_how_many(journal: Journal) -> None:
    batch = journal.batches.order(batch_of("many", 6))
    printed(journal, JobState.CONFIRMED, JobState.SENT, JobState.UNKNOWN)
    under_way = claimed(journal)
    canceled = journal.batches.cancel(batch.id)
    assert canceled is not None
    assert states(journal, batch) == ["confirmed", "sent", "unknown", "sending", "voided", "voided"]
    assert (canceled.tally.confirmed, canceled.tally.unknown, canceled.tally.voided) == (1, 2, 2)
    journal.prints.settle(under_way.id, JobState.CONFIRMED)
    assert journal.prints.claim("zebra") is None


@pytest.mark.parametrize(
    ("turn", "becomes"),
    [
        (lambda batches, id_: batches.pause(id_), JobState.HELD),
        (lambda batches, id_: batches.cancel(id_), JobState.VOIDED),
    ],
)
def test_what_comes_back_to_a_batch_that_stopped_is_not_sent_again(
    journal: Journal, turn: Callable[[object, str], object], becomes: JobState
) -> None:
    batch = journal.batches.order(batch_of("many", 2))
    job = claimed(journal)
    turn(journal.batches, batch.id)
    settled = journal.prints.settle(job.id, JobState.QUEUED, "not reached")
    assert settled is not None
    assert settled.state is becomes
    assert journal.prints.claim("zebra") is None


def test_a_doubtful_label_of_a_canceled_batch_that_did_not_come_out_is_not_printed(journal: Journal) -> None:
    batch = journal.batches.order(batch_of("many", 1))
    job = claimed(journal)
    journal.prints.settle(job.id, JobState.UNKNOWN)
    assert [one.is_wanted for one in journal.prints.doubtful(STATION)] == [True]
    journal.batches.cancel(batch.id)
    assert [one.is_wanted for one in journal.prints.doubtful(STATION)] == [False]
    journal.book.commit(Entry(session(), verdicts=[Verdict(job.id, came_out=False)]))
    assert states(journal, batch) == ["voided"]


def test_what_was_canceled_stays_canceled(journal: Journal) -> None:
    batch = journal.batches.order(batch_of("many", 1))
    assert journal.batches.cancel(batch.id) == journal.batches.cancel(batch.id)
    assert journal.batches.go_on(batch.id) is None
    assert journal.batches.pause(batch.id) is None
    assert [turn("nobody") for turn in (journal.batches.cancel, journal.batches.find)] == [None, None]


def test_the_urgent_goes_first_and_the_rest_in_its_order(journal: Journal) -> None:
    normal = journal.batches.order(batch_of("normal", 2))
    urgent = journal.batches.order(batch_of("urgent", 2, priority=URGENT_PRIORITY))
    late = journal.batches.order(batch_of("late", 1))
    assert [batch.id for batch in journal.batches.pending("zebra")] == [urgent.id, normal.id, late.id]
    journal.batches.prioritize(late.id, 100)
    order = []
    while (found := journal.prints.claim("zebra")) is not None:
        order.append(found[0].batch)
        journal.prints.settle(found[0].id, JobState.CONFIRMED)
    assert order == [late.id, urgent.id, urgent.id, normal.id, normal.id]
    assert journal.batches.pending("zebra") == ()
    assert journal.batches.prioritize("nobody", 10) is None
    with pytest.raises(ValueError, match="expected 1 to 100"):
        journal.batches.prioritize(late.id, 0)


def test_a_held_printer_is_given_nothing_until_it_is_released(journal: Journal) -> None:
    journal.batches.order(batch_of("many", 2))
    under_way = claimed(journal)
    journal.prints.hold("zebra", "Ada")
    journal.prints.hold("zebra", "Bob")
    journal.prints.settle(under_way.id, JobState.CONFIRMED)
    assert journal.prints.claim("zebra") is None
    held = journal.prints.held("zebra")
    assert held is not None
    assert held.by == "Ada"
    journal.prints.release("zebra")
    journal.prints.release("zebra")
    assert journal.prints.held("zebra") is None
    assert claimed(journal).state is JobState.SENDING


def test_pages_of_a_batch(journal: Journal) -> None:
    batch = journal.batches.order(batch_of("many", 5))
    first = journal.batches.jobs(batch.id, limit=3)
    rest = journal.batches.jobs(batch.id, after=first[-1].id, limit=3)
    assert [job.encoded[-1] for job in (*first, *rest)] == list("01234")


def test_labels_of_one_event_are_one_batch(journal: Journal) -> None:
    jobs = [new_job(f"session/1/label/{n}", code=f"ION/LOC/{n}") for n in range(3)]
    journal.book.commit(Entry(session(), jobs=jobs))
    (batch,) = journal.batches.pending("zebra")
    assert batch.tally == Tally({JobState.QUEUED: 3})


def test_a_scan_while_the_label_is_being_sent_is_not_forgotten(journal: Journal) -> None:
    journal.prints.add([new_job("a"), new_job("b", code="ION/LOC/8"), new_job("c", code="ION/LOC/9")])
    for code, end in (("7", JobState.SENT), ("8", JobState.UNKNOWN)):
        job = claimed(journal)
        journal.book.commit(Entry(session(), scan=scan(f"scan-{code}"), proof=f"ION/LOC/{code}"))
        settled = journal.prints.settle(job.id, end, "why")
        assert settled is not None
        assert (settled.state, settled.error) == (JobState.CONFIRMED, "")
    job = claimed(journal)
    journal.book.commit(Entry(session(), scan=scan("scan-9"), proof="ION/LOC/9"))
    journal.prints.settle(job.id, JobState.QUEUED, "not taken")  # so an older copy was scanned
    assert claimed(journal).id == job.id
    assert journal.prints.recover() == 1
    assert journal.prints.find(job.id).state is JobState.UNKNOWN  # type: ignore[union-attr]  # it is there


def test_labels_queued_before_there_were_batches_are_batches_of_their_copies(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/kiosk.db")
    with engine.begin() as connection:
        upgrade(connection, _MIGRATIONS, "0005")
        connection.exec_driver_sql("INSERT INTO label_contents VALUES ('d', x'00', x'00')")
        for key, copy, copies, state in (
            ("api/a", 1, 11, "confirmed"),
            ("api/b", 1, 1, "queued"),
            *(("api/a", copy, 11, "queued") for copy in range(2, 12)),
        ):
            connection.execute(OLD_JOB, {"key": key, "copy": copy, "copies": copies, "state": state})
    engine.dispose()
    with closing(opened(tmp_path)) as journal:
        assert [(batch.key, batch.tally) for batch in journal.batches.pending("zebra")] == [
            ("api/b", Tally({JobState.QUEUED: 1})),
            ("api/a", Tally({JobState.CONFIRMED: 1, JobState.QUEUED: 10})),
        ]
    with rows_of(tmp_path) as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT id FROM print_jobs WHERE printer = 'zebra' AND state IN ('queued') "
            "ORDER BY priority DESC, seq LIMIT 1"
        ).fetchall()
        assert [row[3] for row in plan] == ["SEARCH print_jobs USING INDEX ix_print_jobs_next (printer=?)"]


def test_migrating_back_keeps_the_labels(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        batch = journal.batches.order(batch_of("many", 2))
        journal.batches.pause(batch.id)
    set_back(tmp_path, "0006")
    with rows_of(tmp_path) as rows:
        assert rows.execute("SELECT state FROM print_jobs").fetchall() == [("queued",), ("queued",)]


def test_a_station_turns_its_own_printers_queues_in_the_transaction_of_its_word(journal: Journal) -> None:
    own = journal.batches.order(NewBatch("own", "dock-1", [new_job("own-1"), new_job("own-2")]))
    other = journal.batches.order(NewBatch("other", "desk", [replace(new_job("other-1"), station="desk")]))
    for act, held in ((QueueAct.PAUSE, True), (QueueAct.PAUSE, True), (QueueAct.CANCEL, True)):
        journal.book.commit(Entry(session(), actor=Operator("operator/1", "Ada"), turns=[(act, ["zebra"])]))
        hold = journal.prints.held("zebra")
        assert (hold is not None) is held
        assert hold is None or hold.by == "Ada"
    states = [batch.state for one in (own, other) if (batch := journal.batches.find(one.id)) is not None]
    assert states == [BatchState.CANCELED, BatchState.OPEN], "what others asked for stays"
    journal.book.commit(Entry(session(), turns=[(QueueAct.GO, ["zebra"])]))
    assert journal.prints.held("zebra") is None
