import sqlite3
from pathlib import Path

import pytest

from kiosk.errors import JournalOvertaken
from kiosk.journal import Entry, Journal
from kiosk.model import Operation, OperationState, Operator, Role, Submit, Withdraw
from tests.journal.opened import counted, queued, rows_of, session

ADA = Operator("1", "Ada", Role.OPERATOR)


def undo(of: Operation) -> Submit:
    return Submit("undo_receipt", of.subject, of.about, {}, undoes=of.id)


def done(journal: Journal, key: str, subject: str = "a") -> Operation:
    queued(journal, key, subject)
    claimed = journal.outbox.claim()
    assert claimed is not None
    return journal.outbox.settle(claimed, OperationState.DONE, result={}, trace="trace-1")


def take_back(journal: Journal, of: Operation, key: str) -> None:
    journal.book.commit(Entry(session(), submits=[(key, undo(of))]))


def withdraw(journal: Journal, id_: str) -> None:
    journal.book.commit(Entry(session(), actor=ADA, withdrawals=[Withdraw(id_)]))


def test_what_still_waits_is_withdrawn_and_never_sent(journal: Journal) -> None:
    waiting = queued(journal, "a1", "a")
    withdraw(journal, waiting.id)
    now = journal.outbox.find(waiting.id)
    assert now is not None
    assert (now.state, now.error) == (OperationState.DISCARDED, "Withdrawn before it was sent to ION.")
    assert now.settled_at is not None
    assert journal.outbox.claim() is None
    assert journal.first_break() is None


def test_what_is_on_its_way_is_not_withdrawn_and_nothing_of_the_event_is_written(
    journal: Journal, tmp_path: Path
) -> None:
    sent = queued(journal, "a1", "a")
    assert journal.outbox.claim() is not None
    before = counted(tmp_path)
    with pytest.raises(JournalOvertaken, match="expected it to wait"):
        withdraw(journal, sent.id)
    assert counted(tmp_path) == before


def test_what_something_newer_waits_behind_is_not_withdrawn(journal: Journal) -> None:
    first, second = queued(journal, "a1", "a"), queued(journal, "a2", "a")
    with pytest.raises(JournalOvertaken):
        withdraw(journal, first.id)
    withdraw(journal, second.id)
    withdraw(journal, first.id)


def test_what_may_have_been_sent_is_not_withdrawn(journal: Journal) -> None:
    queued(journal, "a1", "a")
    claimed = journal.outbox.claim()
    assert claimed is not None
    doubtful = journal.outbox.settle(claimed, OperationState.UNKNOWN)
    again = journal.outbox.settle(journal.outbox.mark_in_flight(doubtful), OperationState.QUEUED)
    with pytest.raises(JournalOvertaken):
        withdraw(journal, again.id)


def test_an_operation_is_taken_back_once(journal: Journal, tmp_path: Path) -> None:
    first = done(journal, "a1")
    assert (first.settled_at is not None, first.trace) == (True, "trace-1")
    take_back(journal, first, "u1")
    take_back(journal, first, "u1")
    with pytest.raises(JournalOvertaken, match="expected it done and not taken back"):
        take_back(journal, first, "u2")
    with rows_of(tmp_path) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE operations SET undoes = ? WHERE key = 'a1'", [first.id])


def test_one_given_up_makes_room_for_another(journal: Journal) -> None:
    first = done(journal, "a1")
    take_back(journal, first, "u1")
    withdraw(journal, journal.outbox.listed(limit=1)[0].id)
    take_back(journal, first, "u2")
    assert [one.undoes for one in journal.outbox.listed(limit=2)] == [first.id, first.id]


def test_what_is_not_done_is_not_taken_back(journal: Journal) -> None:
    waiting = queued(journal, "a1", "a")
    with pytest.raises(JournalOvertaken):
        take_back(journal, waiting, "u1")


def test_a_package_whose_receipt_was_taken_back_counts_as_new(journal: Journal) -> None:
    receipt = Submit("receive", "line/1", "order/1", {"bags": ["bag-1"]})
    journal.book.commit(Entry(session(), submits=[("a1", receipt)]))
    claimed = journal.outbox.claim()
    assert claimed is not None
    first = journal.outbox.settle(claimed, OperationState.DONE, result={})
    assert journal.outbox.packages(["bag-1"]) == {"bag-1"}
    take_back(journal, first, "u1")
    assert journal.outbox.packages(["bag-1"]) == {"bag-1"}
    taken = journal.outbox.claim()
    assert taken is not None
    journal.outbox.settle(taken, OperationState.DONE, result={})
    assert journal.outbox.packages(["bag-1"]) == frozenset()
