"""A person takes back what was done, at a station with its journal."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import JournalError
from kiosk.journal import NewJob
from kiosk.model import JobState, Operation, OperationState, PreparedLabel, Print
from tests.journal.opened import opened
from tests.station_world import World, warmed


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        world.ion.offered = frozenset({"move", "receive", "undo_receipt"})
        warmed(world, "ION/PI/9", "ION/LOC/8")
        yield world
        world.pool.shutdown()


def moved(world: World) -> Operation:
    """Let a person move stock; it waits for ION."""
    for scan in ("ION/CMD/FLOW/MOVE", "ION/PI/9", "ION/LOC/8", "ION/CMD/CONFIRM"):
        world.scan(scan)
    return world.operations()[-1]


def delivered(world: World) -> Operation:
    claimed = world.journal.outbox.claim()
    assert claimed is not None
    settled = world.journal.outbox.settle(claimed, OperationState.DONE, result={})
    world.station.settled(settled)
    world.station.step()
    return settled


def test_a_move_is_taken_back_by_scanning_alone(world: World) -> None:
    first = moved(world)
    delivered(world)
    for scan in ("ION/CMD/UNDO", "ION/CMD/CONFIRM"):
        world.scan(scan)
    undo = world.operations()[-1]
    assert (undo.operation, undo.undoes) == ("move", first.id)
    places = [undo.arguments[name] for name in ("from_location_id", "location_id", "place")]
    assert places == ["8", "7", "WH-Receiving"]
    assert world.view.state["fate"] == "undoing"
    delivered(world)
    assert world.view.state["fate"] == "undone"
    assert world.message == "good: ION has it: PN-BOLT is at WH-Receiving."
    world.scan("ION/CMD/UNDO")
    assert world.message == "ask: It was taken back already."
    assert len(world.operations()) == 2


def test_a_double_tap_takes_back_once(world: World) -> None:
    moved(world)
    delivered(world)
    world.press("UNDO")
    revision = world.view.revision
    first = world.press("CONFIRM", revision=revision, key="tap")
    second = world.press("CONFIRM", revision=revision, key="tap")
    third = world.press("CONFIRM", revision=revision)
    assert (first.id, second.is_repeat, third.is_stale) == (second.id, True, True)
    assert len(world.operations()) == 2


def test_what_waits_is_withdrawn_and_the_screen_counts_it_no_more(world: World) -> None:
    first = moved(world)
    world.press("UNDO")
    world.press("CONFIRM")
    world.station.step()
    found = world.journal.outbox.find(first.id)
    assert found is not None
    assert (found.state, world.view.waiting) == (OperationState.DISCARDED, 0)
    assert world.journal.outbox.claim() is None
    assert world.view.state["fate"] == "discarded"


def test_what_cannot_be_read_after_the_commit_is_kept_all_the_same(world: World) -> None:
    first, outbox = moved(world), world.journal.outbox
    world.press("UNDO")

    class Outbox:
        def __getattr__(self, name: str) -> object:
            return getattr(outbox, name)

        def find(self, _id: str) -> Operation:
            raise JournalError("disk I/O error")

    object.__setattr__(world.journal, "outbox", Outbox())
    world.press("CONFIRM")
    assert "NOT KEPT" not in world.message
    found = outbox.find(first.id)
    assert found is not None
    assert found.state is OperationState.DISCARDED


def between(world: World, what: Callable[[], object]) -> None:
    """Let something happen between the look at the facts and the commit, once."""
    book, commit = world.journal.book, world.journal.book.commit

    class Book:
        def __getattr__(self, name: str) -> object:
            return getattr(book, name)

        def commit(self, *args: object, **options: object) -> object:
            object.__setattr__(world.journal, "book", book)
            what()
            return commit(*args, **options)  # type: ignore[arg-type]

    object.__setattr__(world.journal, "book", Book())


def test_what_left_meanwhile_is_not_withdrawn_and_that_is_said(world: World) -> None:
    moved(world)
    world.press("UNDO")
    between(world, world.journal.outbox.claim)
    receipt = world.press("CONFIRM")
    assert not receipt.is_repeat
    assert world.message == "ask: It is on its way to ION just now. Wait for the answer."
    assert world.operations()[0].state is OperationState.IN_FLIGHT
    assert world.journal.first_break() is None


def test_a_label_is_printed_again_with_its_reason(world: World) -> None:
    prepared = PreparedLabel("location", "digest", "ION/LOC/7", b"payload", b"PNG")
    label = Print("location", {"code": "ION/LOC/7", "name": "Dock"}, "location/7")
    (job,) = world.journal.prints.add([NewJob("l1", "dock-1", "zebra", label, prepared)])
    world.journal.prints.claim("zebra")
    world.journal.prints.settle(job.id, JobState.SENT)
    for verb, argument in (
        ("HISTORY", None),
        ("CHOOSE", f"label/{job.id}"),
        ("PRINT", None),
        ("CHOOSE", "2"),
    ):
        world.press(verb, argument)
    assert [one.edition for one in world.journal.prints.newest("dock-1", 5)] == [2, 1]
    assert world.woken[-1] == "zebra"
    assert world.message == "wait: Printing the label of Dock once more."


def test_the_past_survives_a_restart(world: World) -> None:
    moved(world)
    delivered(world)
    world.press("HISTORY")
    before = world.view.state
    world.ids = "b"
    world.station = world.hired()
    assert (world.view.screen, world.view.state) == ("home/history", before)
    world.press("CHOOSE", "1")
    assert world.view.screen == "home/entry"
