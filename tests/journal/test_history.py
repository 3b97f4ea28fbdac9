from contextlib import closing
from dataclasses import replace
from pathlib import Path

from kiosk.journal import Entry, Journal, NewReprint
from kiosk.model import KeptScan, Operation, OperationState, PrintJob, RawScan, Reason, Submit, Why
from tests.fakes import Clock
from tests.journal.opened import STATION, new_job, opened, queued, session


def scan(id_: str, data: bytes, clock: Clock, station: str = STATION) -> RawScan:
    return RawScan(id_, station, "gun", data, clock.now())


def keys(journal: Journal, limit: int = 50, station: str = STATION) -> list[str]:
    return [past.key for past in journal.history.newest(station, limit)]


def test_what_happened_comes_newest_first_and_from_one_station(tmp_path: Path) -> None:
    clock = Clock()
    with closing(opened(tmp_path, clock)) as journal:
        journal.book.keep(scan("s1", b"PN-1", clock))
        clock.sleep(1)
        first = queued(journal, "a1")
        clock.sleep(1)
        (job,) = journal.prints.add([new_job("l1")])
        clock.sleep(1)
        journal.book.keep(scan("s2", b"PN-2", clock))
        journal.book.keep(scan("s3", b"PN-3", clock, station="dock-2"))
        assert keys(journal) == ["scan/s2", f"label/{job.id}", f"operation/{first.id}", "scan/s1"]
        assert keys(journal, 2) == ["scan/s2", f"label/{job.id}"]
        assert keys(journal, station="dock-2") == ["scan/s3"]
        kinds = [type(past.what) for past in journal.history.newest(STATION, 3)]
        assert kinds == [KeptScan, PrintJob, Operation]


def test_buttons_and_badges_are_no_history(journal: Journal) -> None:
    clock = Clock()
    for number, data in enumerate(
        (b"ION/CMD/CONFIRM", b"]C0ion/cmd/back", b"ION/OP/ada", b"ION/RUN/1", b"]")
    ):
        journal.book.keep(scan(f"s{number}", data, clock))
    assert keys(journal) == ["scan/s4", "scan/s3"]


def test_an_operation_knows_what_takes_it_back(journal: Journal) -> None:
    queued(journal, "a1")
    claimed = journal.outbox.claim()
    assert claimed is not None
    first = journal.outbox.settle(claimed, OperationState.DONE, result={})
    undo = Submit("undo_receipt", first.subject, first.about, {}, undoes=first.id)
    journal.book.commit(Entry(session(), submits=[("u1", undo)]))
    newest, oldest = journal.history.newest(STATION, 5)
    assert isinstance(newest.what, Operation)
    assert (oldest.undone_by, newest.undone_by) == (newest.what, None)


def test_a_glance_shows_the_last_thing_done_and_the_oldest_that_waits(journal: Journal) -> None:
    assert journal.history.glance(STATION).last is None
    first, second = queued(journal, "a1", "a"), queued(journal, "b1", "b")
    drawn = Submit("render_label", "label/1", "label/1", {})
    journal.book.commit(Entry(session(), submits=[("c1", drawn)]))
    glance = journal.history.glance(STATION)
    assert glance.last is not None
    assert (glance.last.what, glance.oldest) == (second, first)
    elsewhere = journal.history.glance("dock-2")
    assert (elsewhere.last, elsewhere.oldest) == (None, first)


def test_a_label_is_printed_again_in_the_transaction_of_its_event(journal: Journal) -> None:
    (job,) = journal.prints.add([new_job("l1")])
    again = NewReprint(job.id, "s/1/again/0", 1, Why(Reason.LOST), "Ada")
    journal.book.commit(Entry(session(), reprints=[again]))
    journal.book.commit(Entry(replace(session(), revision=2), reprints=[again]))
    newest = journal.prints.newest(STATION, 5)
    assert [(one.edition, one.reprint_of) for one in newest] == [(2, job.id), (1, "")]
