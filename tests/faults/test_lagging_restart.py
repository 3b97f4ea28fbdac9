"""A kiosk that ends in the seconds in which ION's reads lag behind: nothing is lost, nothing made twice."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from kiosk.errors import IonUncounted
from kiosk.journal import Journal
from kiosk.model import Inventory, Json, Operation, OperationState
from kiosk.simulator.schema import Dialect
from kiosk.simulator.switches import Switches
from kiosk.simulator.world import World
from kiosk.wire import from_json
from tests.fakes import Clock
from tests.faults.cases import CASES, Case
from tests.faults.site import Kiosk
from tests.ion.factory import Factory, lose_the_request, refuse_the_connection
from tests.ion.goods import arguments
from tests.ion.test_lagging_reads import UNFENCED, there_and_back
from tests.journal.opened import opened

DONE, PARKED = OperationState.DONE, OperationState.PARKED
LAG_S = 5.0


class Forgetful:
    """Ends the kiosk before what ION answered is noted."""

    def __init__(self, journal: Journal) -> None:
        self._notes = journal.notes

    def noted(self, marker: str) -> Mapping[str, Json]:
        return self._notes.noted(marker)

    def note(self, marker: str, notes: Mapping[str, Json]) -> None:
        if "answered" in notes:
            raise Ended
        self._notes.note(marker, notes)


class Ended(Exception):
    """The process is no more."""


class Place:
    """A tenant whose reads lag, and a folder with the journal of a kiosk that starts again and again."""

    def __init__(self, folder: Path, dialect: Dialect) -> None:
        self.folder, self.clock, self.starts = folder, Clock(), "abcdef"
        world = World(clock=self.clock.now)
        self.factory = Factory(dialect, switches=Switches(read_lag_s=LAG_S), world=world)
        self.clock.sleep(LAG_S + 1)

    @contextmanager
    def start(self, *, works_alone: bool = False, forgets: bool = False) -> Iterator[Kiosk]:
        """Let a kiosk live, until it ends at once."""
        ids, self.starts = self.starts[0], self.starts[1:]
        with closing(opened(self.folder, self.clock, ids)) as journal:
            journal.recover()
            notes = Forgetful(journal) if forgets else journal.notes
            ion = self.factory.gateway(
                notes=notes, monotonic_s=self.clock.monotonic_s, works_alone=works_alone
            )
            with closing(ion):
                yield Kiosk(journal, ion, self.clock)

    def end(self, key: str, *, works_alone: bool = False) -> Operation:
        """Start again, and return what became of an operation."""
        with self.start(works_alone=works_alone) as at:
            at.run()
            return at.found(key)


COUNTED = {"line lot", "line scrap"}
"""What was there before is known by a quantity, also to the next start; of other things a person is asked."""
OTHER_LINE = arguments(line_id="7003", part_id="108", quantity="5", lot=None)
MOMENTS = ("before its answer is noted", "before the journal takes it", "after the journal took it")


@pytest.mark.parametrize("works_alone", [True, False])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("case", UNFENCED, ids=lambda case: case.name)
def test_what_ion_answered_stands_there_once(
    tmp_path: Path, case: Case, moment: str, *, works_alone: bool
) -> None:
    place = Place(tmp_path, case.dialect)
    with place.start(works_alone=works_alone, forgets=moment == MOMENTS[0]) as at, suppress(Ended):
        key = at.queue(case.operation, case.arguments)
        if moment == MOMENTS[2]:
            at.step()
            assert at.found(key).state is OperationState.UNKNOWN
        else:
            operation = at.journal.outbox.claim()
            assert operation is not None
            with suppress(IonUncounted):
                at.ion.perform(case.operation, case.arguments, marker=operation.marker)
    assert case.count(place.factory.effects) == 1
    end = place.end(key, works_alone=works_alone)
    assert case.count(place.factory.effects) == 1
    is_known = case.name in COUNTED and moment != MOMENTS[0]
    assert end.state in ({DONE} if is_known else {DONE, PARKED}), (end.error, end.facts)


@there_and_back
@pytest.mark.parametrize("is_claimed", [False, True])
def test_what_is_changed_back_is_changed_back_by_the_next_start(  # noqa: PLR0913, PLR0917  as the table has them
    tmp_path: Path,
    dialect: Dialect,
    operation: str,
    there: Mapping[str, Json],
    back: Mapping[str, Json],
    mutation: str,
    *,
    is_claimed: bool,
) -> None:
    """What its reads still show is as the second change wants it, so that it would not be sent at all."""
    place = Place(tmp_path, dialect)
    with place.start() as at:
        keys = [at.queue(operation, arguments, "the/same") for arguments in (there, back)]
        at.step()
        assert at.found(keys[0]).state is DONE
        if is_claimed:
            assert at.journal.outbox.claim() is not None
    assert place.end(keys[1]).state is DONE
    assert place.factory.effects == [mutation] * 2


def test_a_fence_of_before_the_start_refuses_nothing_of_the_next_one(tmp_path: Path) -> None:
    """What the reads show is the receipt as it was before its older copies were made stale."""
    case = next(case for case in CASES if case.name == "lot")
    place = Place(tmp_path, case.dialect)
    with place.start() as at:
        key = at.queue(case.operation, case.arguments)
        for mishap in (lose_the_request, probed, refuse_the_connection):
            place.factory.once(case.mutation, mishap)
        at.step()
        while at.found(key).state is not OperationState.QUEUED:
            at.step()
    end = place.end(key)
    assert (end.state, case.count(place.factory.effects)) == (DONE, 1), end.error


def probed(factory: Factory, request: httpx.Request) -> httpx.Response:
    """Let ION answer whether it refuses a stale etag."""
    return factory.answer(request)


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("name", ["lot", "serials", "line serials"])
def test_what_was_received_just_now_can_be_moved(tmp_path: Path, name: str, *, restarts: bool) -> None:
    """Where ION refuses a second copy, a receipt is done with ION's answer, before its reads show it."""
    case = next(case for case in CASES if case.name == name)
    place = Place(tmp_path, case.dialect)
    with place.start() as at:
        prove_the_fence(place, at)
        key = at.queue(case.operation, case.arguments)
        at.step()
        receipt = at.found(key)
        assert receipt.state is DONE, receipt.error
        moves = [moved(at, stock) for stock in received_by(receipt)]
        if not restarts:
            at.run()
            assert {at.found(move).state for move in moves} == {DONE}
    if restarts:
        assert {place.end(move).state for move in moves} == {DONE}
    made = "updatePartInventory" if case.dialect == "classic" else "adjustInventory"
    assert place.factory.effects.count(made) == len(moves)


def prove_the_fence(place: Place, at: Kiosk) -> None:
    """Let a receipt be looked for, where there are receipts: so the kiosk learns what its ION refuses."""
    if place.factory.ion.dialect == "classic":
        place.factory.once("addItemsToReceipt", lose_the_request)
        at.queue("receive", OTHER_LINE)
        at.run()
        place.clock.sleep(LAG_S + 1)


def received_by(receipt: Operation) -> list[Inventory]:
    rows = (receipt.result or {})["inventories"]
    assert isinstance(rows, list)
    return [from_json(Inventory, row) for row in rows]


def moved(at: Kiosk, stock: Inventory) -> str:
    there = stock.location.id if stock.location else None
    where: dict[str, Json] = {"inventory_id": stock.id, "location_id": "2", "from_location_id": there}
    return at.queue("move", where, stock.key)


@pytest.mark.parametrize("case", [case for case in CASES if case.has_lock], ids=lambda case: case.name)
@pytest.mark.parametrize("is_settled", [False, True])
def test_what_has_a_lock_is_made_once(tmp_path: Path, case: Case, *, is_settled: bool) -> None:
    place = Place(tmp_path, case.dialect)
    with place.start() as at:
        key = at.queue(case.operation, case.arguments)
        if is_settled:
            at.step()
        else:
            operation = at.journal.outbox.claim()
            assert operation is not None
            with suppress(IonUncounted):
                at.ion.perform(case.operation, case.arguments, marker=operation.marker)
    end = place.end(key)
    assert case.count(place.factory.effects) == case.effects
    assert end.state is DONE, (end.error, end.facts)
