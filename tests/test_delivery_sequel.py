"""What follows from a change: further ones in the transaction that marks it done, or why ION refused it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.errors import IonConflict, IonForbidden, IonRejected, JournalError
from kiosk.journal import Entry
from kiosk.model import Operation, OperationState, Operator, Submit
from tests.journal.opened import opened, rows_of, session
from tests.test_delivery import World

ADA = Operator("badge/4711", "Ada Lovelace")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        world.ion.offered |= {"create_issue", "attach_file"}
        yield world


def with_photos(world: World, key: str) -> Operation:
    files = [
        {"digest": f"{n}" * 64, "filename": f"Bent-{n}.jpg", "content_type": "image/jpeg"} for n in (1, 2)
    ]
    issue = Submit("create_issue", "run/7", "run/7", {"title": "Bent", "photos": files})
    world.journal.book.commit(Entry(session(), submits=[(key, issue)], actor=ADA))
    return next(each for each in world.journal.outbox.listed() if each.key == key)


def test_changes_that_follow_are_queued_when_it_is_done(world: World) -> None:
    world.labels.printer = ""
    world.ion.results["create_issue"] = {"issue": {"entity_id": "905"}}
    operation = with_photos(world, "key-1")
    world.delivery.step()
    follow = world.journal.outbox.listed((OperationState.QUEUED,))[::-1]
    assert [(each.key, each.operation, each.subject, each.about) for each in follow] == [
        ("key-1/then/0", "attach_file", f"photo/{'1' * 64}", "run/7"),
        ("key-1/then/1", "attach_file", f"photo/{'2' * 64}", "run/7"),
    ]
    assert [each.arguments["entity_id"] for each in follow] == ["905", "905"]
    assert (follow[0].station, follow[0].flow) == (operation.station, operation.flow)
    assert [each.actor for each in follow] == [ADA, ADA]
    world.run(10)
    assert [effect.operation for effect in world.ion.ledger] == ["create_issue", "attach_file", "attach_file"]


def test_changes_that_follow_are_on_disk_with_the_ending_or_not_at_all(world: World) -> None:
    """The disk fills while the ending is written: it is written later, with all that follows, once."""
    operation = with_photos(world, "key-1")
    with rows_of(world.folder) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON operations BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        with pytest.raises(JournalError):
            world.delivery.step()
        assert world.state(operation) == "in_flight"
        connection.execute("DROP TRIGGER full")
    world.run(10)
    assert world.state(operation) == "done"
    assert [effect.operation for effect in world.ion.ledger] == ["create_issue", "attach_file", "attach_file"]
    assert len({effect.marker for effect in world.ion.ledger}) == 3


@pytest.mark.parametrize(
    ("error", "words", "by"),
    [
        (IonConflict("It is gone."), "Changed by someone else: It is gone.", "someone else"),
        (IonConflict("It is gone.", by="A. B.: C"), "Changed by A. B.  C: It is gone.", "A. B.  C"),
        (
            IonForbidden("No.", permission="CreateIssue", said="Not allowed."),
            "Not allowed. ION's permission CreateIssue is missing.",
            "",
        ),
    ],
)
def test_a_refusal_says_who_was_faster_and_what_is_not_permitted(
    world: World, error: IonRejected, words: str, by: str
) -> None:
    operation = with_photos(world, "key-1")
    world.ion.outcomes.append(error)
    world.run(10)
    refused = world.journal.outbox.find(operation.id)
    assert refused is not None
    assert (refused.error, refused.overtaken_by) == (words, by)
    assert replace(refused, state=OperationState.DONE).overtaken_by == ""
