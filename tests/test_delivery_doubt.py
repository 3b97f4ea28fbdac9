"""What is in doubt: looked for, waited out, sent again; for a person only where nothing decides it."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import IonError, IonRejected, IonUnknown, IonUnreachable
from kiosk.model import Json, OperationState, Submit
from kiosk.ports import Absent, Answered, Finding, Found, Unsure
from tests.fakes import Clock, FakeIon, Outcome
from tests.journal.opened import opened
from tests.test_delivery import NO_ANSWER, REFUSED, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(opened(tmp_path)) as journal:
        yield World(tmp_path, journal)


@pytest.mark.parametrize("error", [NO_ANSWER, IonError("Something new.")])
def test_an_unknown_outcome_is_looked_up_and_found(world: World, error: IonError) -> None:
    operation = world.queue("key-1")
    world.ion.outcomes.append(Outcome.ANSWER_LOST if error is NO_ANSWER else error)
    if error is not NO_ANSWER:
        world.ion.findings.append(Unsure("not yet"))
    world.run(60)
    assert world.state(operation) == "done"
    assert world.ion.sent[0] == operation.marker
    assert world.trail()[:3] == ["queued", "sent", "unknown"]
    assert len(world.ion.ledger) == 1


def test_an_unknown_outcome_that_is_not_there_is_sent_again(world: World) -> None:
    operation = world.queue("key-1")
    world.ion.outcomes.append(Outcome.LOST)
    world.run(60)
    assert world.state(operation) == "done"
    assert world.trail() == ["queued", "sent", "unknown", "sent", "done"]
    assert world.ion.looked_for == [operation.marker] * 2
    assert len(world.ion.ledger) == 1


def test_what_is_not_shown_yet_is_not_sent_again(world: World) -> None:
    """ION's reads lag behind its changes by some seconds."""
    operation = world.queue("key-1")
    world.ion.outcomes.append(Outcome.ANSWER_LOST)
    world.ion.findings.append(Absent())
    world.run(60)
    assert world.state(operation) == "done"
    assert world.ion.sent == [operation.marker]


def test_what_ion_answered_and_never_shows_holds_and_is_not_sent_again(world: World) -> None:
    operation = world.queue("key-1")
    world.ion.outcomes.append(Outcome.ANSWER_LOST)
    world.ion.findings += [Answered({"inventories": []})] * 9
    world.run(5)
    assert world.state(operation) == "unknown", "reads may lag by six seconds"
    world.run(2)
    assert world.state(operation) == "done"
    assert world.ion.sent == [operation.marker]


class SlowIon(FakeIon):
    """Shows to each look what stood there before it, and takes its time."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    def find_effect(self, operation: str, arguments: Mapping[str, Json], *, marker: str) -> Finding:
        finding = super().find_effect(operation, arguments, marker=marker)
        self.clock.sleep(7)
        return finding


def test_a_look_that_takes_long_tells_of_when_it_began(world: World) -> None:
    world.ion = SlowIon(world.clock)
    world.delivery = world.hired()
    operation = world.queue("key-1")
    world.ion.outcomes.append(Outcome.ANSWER_LOST)
    world.ion.findings += [Answered({}), Found({})]
    world.run(60)
    assert world.state(operation) == "done"
    assert len(world.ion.looked_for) == 2


def test_after_a_fence_reads_get_the_time_to_show_what_came_before_it(world: World) -> None:
    operation = world.queue("key-1")
    world.ion.outcomes.append(Outcome.ANSWER_LOST)
    world.ion.findings += [Absent(), Absent(is_new=True)]
    world.run(60)
    assert world.state(operation) == "done"
    assert world.ion.sent == [operation.marker]
    assert len(world.ion.looked_for) == 3


@pytest.mark.parametrize("arrives_s", [1.0, 119.0])
def test_what_has_no_lock_is_sent_again_only_after_a_late_copy_is_dead(
    world: World, arrives_s: float
) -> None:
    world.ion.is_fenced, world.ion.request_life_s = False, 120
    operation, beside = world.queue("a1", "a"), world.queue("b1", "b")
    world.ion.outcomes.append(Outcome.LATE)
    world.run(arrives_s)
    assert (world.state(operation), world.state(beside)) == ("unknown", "done")
    world.ion.arrive()
    world.run(120)
    assert world.state(operation) == "done"
    assert [effect.marker for effect in world.ion.ledger].count(operation.marker) == 1


def test_what_has_no_lock_and_never_arrived_is_sent_again_after_its_life(world: World) -> None:
    world.ion.is_fenced, world.ion.request_life_s = False, 120
    operation = world.queue("key-1")
    world.ion.outcomes += [Outcome.LOST, Outcome.LOST]
    world.run(119)
    assert len(world.ion.sent) == 1
    world.run(2)
    assert len(world.ion.sent) == 2
    world.run(118)
    assert len(world.ion.sent) == 2
    world.run(5)
    assert (world.state(operation), len(world.ion.sent)) == ("done", 3)


def test_a_restart_waits_for_the_whole_life_again(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        world.ion.is_fenced, world.ion.request_life_s = False, 120
        operation = world.queue("key-1")
        world.ion.outcomes.append(Outcome.LATE)
        world.run(100)
        world.delivery = world.hired()
        world.run(119)
        assert world.ion.sent == [operation.marker]
        world.run(10)
        assert world.state(operation) == "done"
        assert len(world.ion.sent) == 2


def test_second_copies_are_taken_away_by_changes_of_their_own(world: World) -> None:
    world.ion.offered |= {"delete_inventory"}
    undo = Submit("delete_inventory", "inventory/9", "inventory/9", {"inventory_id": "9", "etag": "e"})
    world.ion.surplus = (undo,)
    operation = world.queue("key-1")
    world.ion.outcomes.append(Outcome.ANSWER_LOST)
    world.run(60)
    assert world.state(operation) == "done"
    (taken,) = [each for each in world.journal.outbox.listed() if each.operation == "delete_inventory"]
    assert (taken.key, taken.arguments, taken.state.value) == (
        "key-1/undo/inventory/9",
        undo.arguments,
        "done",
    )
    assert [effect.operation for effect in world.ion.ledger] == ["receive", "delete_inventory"]
    assert world.trail().count("queued") == 2


def test_a_late_first_copy_makes_no_second_effect(world: World) -> None:
    world.queue("key-1")
    world.ion.outcomes.append(Outcome.LATE)
    world.run(60)
    world.ion.arrive()
    assert len(world.ion.ledger) == 1


def test_what_looking_cannot_decide_is_parked_with_both_facts(world: World) -> None:
    operation, behind, beside = world.queue("a1", "a"), world.queue("a2", "a"), world.queue("b1", "b")
    world.ion.is_fenced = False
    world.ion.outcomes.append(Outcome.LATE)
    world.run(120)
    assert (world.state(operation), world.state(behind), world.state(beside)) == ("parked", "queued", "done")
    parked = world.found(operation)
    assert parked.error.endswith("got none within 30 s.")
    assert parked.facts == "ION shows 0 of 5, and a late copy could arrive."
    assert len(world.ion.looked_for) == 4
    world.ion.arrive()
    assert [effect.marker for effect in world.ion.ledger] == [beside.marker, operation.marker]
    assert [told.state.value for told in world.told] == ["done", "parked"]


def test_others_overtake_while_one_is_looked_for(world: World) -> None:
    world.ion.is_fenced = False
    world.ion.outcomes.append(Outcome.LOST)
    doubtful = world.queue("a1", "a")
    others = [world.queue(f"b{number}", f"b{number}") for number in range(5)]
    world.run(1)
    assert [world.state(other) for other in others] == ["done"] * 5
    assert world.state(doubtful) == "unknown"


def test_what_ion_never_shows_is_parked_after_four_sends(world: World) -> None:
    operation = world.queue("key-1")
    world.ion.outcomes += [Outcome.LOST] * 10
    world.run(120)
    assert world.state(operation) == "parked"
    assert len(world.ion.sent) == 4
    assert world.found(operation).facts == "ION does not show it after 4 sends."


def test_a_person_sends_what_was_parked_once_more(world: World) -> None:
    operation = world.queue("key-1")
    world.ion.outcomes += [Outcome.LOST] * 4
    world.run(120)
    world.journal.outbox.decide(operation.id, OperationState.QUEUED, "ION really has it not")
    world.run(120)
    assert world.state(operation) == "done"
    assert len(world.ion.ledger) == 1


def test_a_crash_while_sending_is_looked_up_after_the_restart(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        operation = world.queue("key-1")
        world.ion.outcomes.append(Outcome.ANSWER_LOST)
        journal.outbox.claim()
        with pytest.raises(IonUnknown):
            world.ion.perform("receive", {}, marker=operation.marker)
    with closing(opened(tmp_path, ids="b")) as journal:
        again = World(tmp_path, journal, ion=world.ion)
        journal.recover()
        again.run(60)
        assert again.state(operation) == "done"
    assert len(world.ion.ledger) == 1
    assert world.ion.sent == [operation.marker]


def test_after_a_start_what_was_changed_just_before_is_given_the_time_to_show(tmp_path: Path) -> None:
    """What else there is goes on at once."""
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        world.queue("key-1", "inventory/1")
        world.run(1)
        after, other = world.queue("key-2", "inventory/1"), world.queue("key-3", "inventory/2")
    with closing(opened(tmp_path, ids="b")) as journal:
        again = World(tmp_path, journal, clock=world.clock, ion=world.ion)
        again.run(5)
        assert (again.state(after), again.state(other)) == ("queued", "done")
        last = again.queue("key-4", "inventory/2")
        again.run(0.5)
        assert again.state(last) == "done", "what was changed since the start is known"
        again.run(2)
        assert again.state(after) == "done"


@pytest.mark.parametrize(
    ("findings", "state"),
    [
        ([], "done"),
        ([Absent()], "done"),
        ([Absent(), Absent()], "rejected"),
        ([Unsure("ION shows 3 of 5.")] * 4, "parked"),
    ],
)
def test_a_refusal_of_a_second_send_may_be_our_own_first_copy(
    world: World, findings: list[Absent | Unsure], state: str
) -> None:
    """A serial that exists already, or an etag that is stale, after a first send that was in doubt."""
    operation = world.queue("key-1")
    world.ion.outcomes += [Outcome.ANSWER_LOST, IonRejected("Serial SN-1 exists.")]
    world.ion.findings += [Absent(), Absent(), *findings]  # stale reads: it is there, and not shown yet
    world.run(60)
    if state == "rejected":
        assert world.error(operation) == "Serial SN-1 exists."
    assert world.state(operation) == state
    assert len(world.ion.sent) == 2


def test_a_refusal_in_doubt_that_cannot_be_looked_up_stays_in_doubt(world: World) -> None:
    operation = world.queue("key-1")
    world.ion.outcomes += [Outcome.LOST, REFUSED]
    world.ion.findings += [Absent(), Absent(), *[IonUnreachable("gone")] * 9]
    world.run(30)
    assert world.state(operation) == "unknown"
    world.run(60)
    assert world.state(operation) == "rejected"
    assert world.trail() == ["queued", "sent", "unknown", "sent", "unknown", "rejected"]
