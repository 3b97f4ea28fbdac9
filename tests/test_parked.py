"""Work that stopped for a person, and what the person decides."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from kiosk.errors import IonUnreachable
from kiosk.journal import Entry, Journal
from kiosk.model import Level, Operation, OperationState, Operator, Role
from kiosk.parked import ParkedDesk
from kiosk.ports import Absent, Answered, Choice, Found, Unsure
from tests.fakes import FakeIon
from tests.journal.opened import opened, queued, rows_of, session, submit


@dataclass(slots=True)
class World:
    folder: Path
    journal: Journal
    ion: FakeIon = field(default_factory=FakeIon)
    told: list[Operation] = field(default_factory=list)

    @property
    def desk(self) -> ParkedDesk:
        return ParkedDesk(self.journal, self.ion, self.told.append)

    def stopped(
        self, key: str, state: OperationState = OperationState.PARKED, error: str = "5 of 10."
    ) -> str:
        given = submit(title="PN-BOLT", quantity="5", lot=None, serials=["A", "B"], photos=[])
        self.journal.book.commit(Entry(session(), submits=[(key, given)]))
        operation = self.journal.outbox.claim()
        assert operation is not None
        return self.journal.outbox.settle(operation, state, error=error).id

    def state(self, id_: str) -> OperationState:
        found = self.journal.outbox.find(id_)
        assert found is not None
        return found.state

    def audited(self) -> list[str]:
        with rows_of(self.folder) as connection:
            return [row[0] for row in connection.execute("SELECT details FROM audit ORDER BY seq")]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(opened(tmp_path)) as journal:
        yield World(tmp_path, journal)


def test_what_waits_is_shown_oldest_first_with_both_sides(world: World) -> None:
    refused = world.stopped("key-1", OperationState.REJECTED, "Lot is required.")
    parked = world.stopped("key-2")
    queued(world.journal, "key-3")
    first, second = world.desk.work()
    assert (first.id, first.is_refused, first.why, first.held) == (refused, True, "Lot is required.", 1)
    assert (second.id, second.is_refused, second.why, second.held) == (parked, False, "5 of 10.", 1)
    assert second.wanted == "Receive 5 × PN-BOLT"
    assert second.sent == {"title": "PN-BOLT", "quantity": "5", "serials": '["A", "B"]'}
    assert second.attempts == 1


@pytest.mark.parametrize(
    ("choice", "state"),
    [
        (Choice.AGAIN, OperationState.QUEUED),
        (Choice.BY_HAND, OperationState.DONE),
        (Choice.GIVE_UP, OperationState.DISCARDED),
    ],
)
@pytest.mark.parametrize("before", [OperationState.PARKED, OperationState.REJECTED])
def test_each_decision_is_taken_once_and_audited(
    world: World, choice: Choice, state: OperationState, before: OperationState
) -> None:
    id_ = world.stopped("key-1", before)
    said = world.desk.decide(id_, choice, "counted  \n twice")
    assert said.level is Level.GOOD
    assert world.state(id_) is state
    assert [(one.id, one.state) for one in world.told] == [(id_, state)]
    assert '"why":"counted twice"' in world.audited()[-1].replace(": ", ":")
    before_second = world.audited()
    assert world.desk.decide(id_, choice, "again").text == "This was decided already."
    assert world.audited() == before_second
    assert len(world.told) == 1


@pytest.mark.parametrize("choice", [Choice.BY_HAND, Choice.GIVE_UP])
def test_without_a_reason_nothing_is_decided(world: World, choice: Choice) -> None:
    id_ = world.stopped("key-1")
    assert world.desk.decide(id_, choice, " \t ").text.endswith(": say why first.")
    assert world.state(id_) is OperationState.PARKED
    assert world.told == []


def test_what_is_done_by_hand_frees_what_waits_behind_it(world: World) -> None:
    id_ = world.stopped("key-1")
    queued(world.journal, "key-2")
    assert world.journal.outbox.claim() is None
    world.desk.decide(id_, Choice.BY_HAND, "entered in ION")
    claimed = world.journal.outbox.claim()
    assert claimed is not None
    assert claimed.key == "key-2"


def test_ion_is_asked_what_it_shows_now(world: World) -> None:
    id_ = world.stopped("key-1")
    world.ion.findings += [Found({}), Answered({}), Absent(), Unsure("5 of 10 are there.")]
    world.ion.findings.append(IonUnreachable("gone"))
    said = [world.desk.look(id_) for _ in range(5)]
    assert [one and one.text for one in said] == [
        "ION shows it: it is done there.",
        "ION answered that it did it, and does not show it yet. Look again.",
        "ION does not show it: it is not done there.",
        "Nobody can tell from here: 5 of 10 are there.",
        f"ION cannot be asked now: {IonUnreachable('gone').words}",
    ]
    assert world.state(id_) is OperationState.PARKED
    assert world.desk.look("none") is None
    assert world.desk.decide("none", Choice.AGAIN, "").text == "This was decided already."


# Where the flow asks for a PIN.

LEA = Operator("operator/1", "Lea", Role.LEAD)


@pytest.mark.parametrize("choice", Choice)
def test_what_was_signed_is_given_up_with_a_pin_alone(world: World, choice: Choice) -> None:
    id_ = world.stopped("key-1")
    desk = replace(world.desk, is_guarded=lambda one: one.flow == "home")
    assert [one.is_guarded for one in desk.work()] == [True]
    said = desk.decide(id_, choice, "counted twice")
    if choice is Choice.AGAIN:
        assert world.state(id_) is OperationState.QUEUED, "what is looked for first needs nobody's word"
        return
    assert said.text.endswith(": this needs badge and PIN of a lead or technician.")
    assert world.state(id_) is OperationState.PARKED
    assert desk.decide(id_, choice, "counted twice", LEA).level is Level.GOOD
    assert world.state(id_) is not OperationState.PARKED
    assert world.audited()[-1] == f'{{"by":"operator/1","id":"{id_}","why":"counted twice"}}'
