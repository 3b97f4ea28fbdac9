"""A tenant whose reads lag five seconds behind its changes: nothing is made twice, nor refused for that."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from kiosk.errors import IonBehind, IonConflict, IonRejected, IonUncounted, IonUnknown
from kiosk.ion import Ion
from kiosk.ion.changes import Memory
from kiosk.model import Json
from kiosk.ports import Absent, Answered, Found, Unsure
from kiosk.simulator.schema import DIALECTS, Dialect
from kiosk.simulator.seed import seed_world
from kiosk.simulator.switches import Switches
from kiosk.simulator.world import World
from tests.fakes import Clock
from tests.faults.cases import CASES, Case
from tests.ion.factory import FENCED, Factory, lose_the_request, twice
from tests.ion.goods import LOT, MARKER, SERIALS, arrived, received
from tests.ion.test_over_http import MOVE

LAG_S = 5.0
SWITCHES = Switches(read_lag_s=LAG_S)
NAMED = {case.name: case for case in CASES}
UNFENCED = [NAMED[name] for name in ("line lot", "line scrap", "new run", "line new run", "issue")]
unfenced = pytest.mark.parametrize("case", UNFENCED, ids=lambda case: case.name)


class Lagging:
    """A tenant, its clock and the kiosk's way to it."""

    def __init__(self, dialect: Dialect, switches: Switches = SWITCHES) -> None:
        self.clock = Clock()
        self.factory = Factory(dialect, switches=switches, world=World(clock=self.clock.now))
        self.ion: Ion = self.factory.gateway(works_alone=True, monotonic_s=self.clock.monotonic_s)
        self.catch_up()

    def catch_up(self) -> None:
        """Let the reads show all that was done."""
        self.clock.sleep(LAG_S + 1)

    def perform(self, case: Case) -> Mapping[str, Json]:
        return self.ion.perform(case.operation, case.arguments, marker=MARKER)

    def find(self, case: Case) -> object:
        return self.ion.find_effect(case.operation, case.arguments, marker=MARKER)


@unfenced
def test_what_ion_answered_is_never_called_absent(case: Case) -> None:
    place = Lagging(case.dialect)
    with pytest.raises(IonUncounted, match="does not show it yet"):
        place.perform(case)
    now = place.find(case)
    assert isinstance(now, Answered)
    place.catch_up()
    found = place.find(case)
    assert isinstance(found, Found)
    assert found.result.keys() == now.result.keys()
    assert case.count(place.factory.effects) == 1


@unfenced
def test_what_was_done_twice_is_seen_once_the_reads_have_caught_up(case: Case) -> None:
    place = Lagging(case.dialect)
    place.factory.once(case.mutation, twice)
    with pytest.raises(IonUncounted):
        place.perform(case)
    place.catch_up()
    found = place.find(case)
    assert isinstance(found, Unsure) or (isinstance(found, Found) and found.surplus)


@unfenced
def test_where_reads_keep_up_the_first_answer_is_the_end(case: Case) -> None:
    factory = Factory(case.dialect)
    factory.gateway(works_alone=True).perform(case.operation, case.arguments, marker=MARKER)
    assert case.count(factory.effects) == 1


def test_what_was_answered_is_not_taken_for_somebody_elses() -> None:
    place = Lagging("documented-2026")
    place.ion = place.factory.gateway()
    with pytest.raises(IonUnknown):
        place.ion.perform("receive", LOT, marker=MARKER)
    assert isinstance(place.ion.find_effect("receive", LOT, marker=MARKER), Answered)
    place.catch_up()
    assert isinstance(place.ion.find_effect("receive", LOT, marker=MARKER), Found)


def test_a_fence_that_the_reads_do_not_show_yet_does_not_refuse_our_own_second_send() -> None:
    place = Lagging("classic")
    place.factory.once("addItemsToReceipt", lose_the_request)
    with pytest.raises(IonUnknown):
        place.ion.perform("receive", LOT, marker=MARKER)
    assert place.ion.find_effect("receive", LOT, marker=MARKER) == Absent(), "nor the receipt"
    place.catch_up()
    assert place.ion.find_effect("receive", LOT, marker=MARKER) == FENCED
    place.ion.perform("receive", LOT, marker=MARKER)
    assert received(place.factory, 7002) == 10
    assert place.factory.effects.count("addItemsToReceipt") == 1


def test_items_of_a_receipt_that_do_not_show_yet_are_not_added_again() -> None:
    place = Lagging("classic", replace(SWITCHES, adding_checks_receipt_etag=False))
    with pytest.raises(IonUncounted, match="does not show it yet"):
        place.ion.perform("receive", LOT, marker=MARKER)
    assert isinstance(place.ion.find_effect("receive", LOT, marker=MARKER), Answered)
    place.catch_up()
    assert isinstance(place.ion.find_effect("receive", LOT, marker=MARKER), Found)
    assert received(place.factory, 7002) == 10


@unfenced
def test_what_a_person_sends_again_is_not_taken_for_answered_before(case: Case) -> None:
    """What ION did is gone again by then, since somebody took it away."""
    place = Lagging(case.dialect)
    with pytest.raises(IonUncounted, match="does not show it yet"):
        place.perform(case)
    assert isinstance(place.find(case), Answered)
    place.factory.world = place.factory.ion.world = seed_world(World(clock=place.clock.now))
    place.catch_up()
    place.factory.once(case.mutation, lose_the_request)
    with pytest.raises(IonUnknown):
        place.perform(case)
    assert isinstance(place.find(case), Absent)


BACK: Mapping[str, Json] = {
    **MOVE,
    "location_id": MOVE["from_location_id"],
    "from_location_id": MOVE["location_id"],
}
HELD = NAMED["step"].arguments
RESUMED: Mapping[str, Json] = {**HELD, "status": "IN_PROGRESS", "from_status": "HOLD"}
there_and_back = pytest.mark.parametrize(
    ("dialect", "operation", "there", "back", "mutation"),
    [
        ("classic", "move", MOVE, BACK, "updatePartInventory"),
        ("documented-2026", "move", MOVE, BACK, "adjustInventory"),
        ("classic", "set_step_status", HELD, RESUMED, "updateRunStep"),
    ],
)


@there_and_back
def test_what_is_changed_back_at_once_is_changed_back(
    dialect: Dialect,
    operation: str,
    there: Mapping[str, Json],
    back: Mapping[str, Json],
    mutation: str,
) -> None:
    """What a lagging read shows is as the second change wants it, and it would not be sent at all."""
    place = Lagging(dialect)
    place.ion.perform(operation, there, marker="k:1")
    place.clock.sleep(1)
    with pytest.raises(IonBehind) as busy:
        place.ion.perform(operation, back, marker="k:2")
    assert busy.value.retry_after_s == 2.0
    with pytest.raises(IonBehind):
        place.ion.find_effect(operation, back, marker="k:2")
    place.catch_up()
    place.ion.perform(operation, back, marker="k:2")
    assert place.factory.effects == [mutation] * 2


def test_what_somebody_else_changed_just_now_is_known_once_it_shows() -> None:
    place = Lagging("classic")
    place.factory.gateway().perform("move", MOVE, marker="k:theirs")
    elsewhere = {**MOVE, "location_id": "5"}
    with pytest.raises(IonBehind):
        place.ion.perform("move", elsewhere, marker=MARKER)
    place.catch_up()
    with pytest.raises(IonConflict, match="changed it in between"):
        place.ion.perform("move", elsewhere, marker=MARKER)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_never_was_there_is_refused_at_once(dialect: Dialect) -> None:
    with pytest.raises(IonRejected, match="was not found"):
        Lagging(dialect).ion.perform("move", {**MOVE, "inventory_id": "999999"}, marker=MARKER)


def test_what_was_received_just_now_is_taken_back_once_the_reads_show_it() -> None:
    """Until then they show no receipt, or one that is empty, as if it were taken back already."""
    place = Lagging("classic")
    place.factory.once("addItemsToReceipt", lose_the_request)
    with pytest.raises(IonUnknown):
        place.ion.perform("receive", LOT, marker=MARKER)
    place.catch_up()
    assert place.ion.find_effect("receive", LOT, marker=MARKER) == FENCED
    undo = arrived(place.ion, LOT, MARKER)
    for act in (place.ion.perform, place.ion.find_effect):
        with pytest.raises(IonBehind, match="does not show it yet"):
            act("undo_receipt", undo, marker="k:undo")
    place.catch_up()
    place.ion.perform("undo_receipt", undo, marker="k:undo")
    assert received(place.factory, 7002) == 0


def test_a_receipt_that_the_reads_do_not_show_yet_can_be_taken_back() -> None:
    place = Lagging("classic")
    place.ion._memory.is_fence_proved = True
    undo = arrived(place.ion, SERIALS, MARKER)
    with pytest.raises(IonBehind, match="does not show it yet"):
        place.ion.perform("undo_receipt", undo, marker="k:undo")
    place.catch_up()
    place.ion.perform("undo_receipt", undo, marker="k:undo")
    assert received(place.factory, 7001) == 0


def moves_of(result: Mapping[str, Any]) -> list[Mapping[str, Json]]:
    """Return what moves each row of stock that came in."""
    return [
        {**MOVE, "inventory_id": row["id"], "location_id": "5", "from_location_id": row["location"]["id"]}
        for row in result["inventories"]
    ]


@pytest.mark.parametrize("name", ["serials", "line serials"])
def test_stock_that_ion_made_is_waited_for_no_longer_than_reads_may_lag(name: str) -> None:
    """Its reads show the row as it was when it was on order, or none; here somebody takes it away again."""
    place = Lagging(NAMED[name].dialect)
    place.ion._memory.is_fence_proved = True
    move = moves_of(place.perform(NAMED[name]))[0]
    with place.factory.world.transaction():
        place.factory.world.part_inventories.remove(int(str(move["inventory_id"])))
    for _ in range(4):
        with pytest.raises(IonBehind, match="does not show it yet") as behind:
            place.ion.perform("move", move, marker=MARKER)
        place.clock.sleep(behind.value.retry_after_s)
    with pytest.raises(IonRejected, match="was not found"):
        place.ion.perform("move", move, marker=MARKER)


@pytest.mark.parametrize("name", ["serials", "line serials"])
def test_where_reads_keep_up_stock_that_came_just_now_is_moved_there_and_back(name: str) -> None:
    case = NAMED[name]
    ion = Factory(case.dialect).gateway(works_alone=True)
    there = moves_of(ion.perform(case.operation, case.arguments, marker=MARKER))[0]
    back = {**there, "location_id": there["from_location_id"], "from_location_id": there["location_id"]}
    for number, move in enumerate((there, back, there)):
        ion.perform("move", move, marker=f"k:{number}")


def test_an_etag_that_stays_as_it_is_holds_nothing_up_for_long() -> None:
    memory = Memory()
    memory.supersede("9002", "e1")
    assert [memory.is_behind("9002", "e1", "move", MARKER) for _ in range(6)] == [True] * 4 + [False] * 2
    assert not memory.is_behind("9002", "e1", "move", "k:next")
    assert memory.is_behind("9002", "e1", "adjust", "k:next")
    assert not memory.is_behind("9002", "e2", "adjust", "k:next")
    assert not memory.is_behind("9003", "e1", "adjust", "k:next")
    assert not memory.is_behind("9002", None, "adjust", "k:next")


def test_a_change_that_waits_for_one_etag_after_the_other_proves_of_none_that_it_stays() -> None:
    memory = Memory()
    for etag in ("e1", "e2"):
        memory.supersede("9002", etag)
        assert [memory.is_behind("9002", etag, "move", MARKER) for _ in range(3)] == [True] * 3
    assert memory.is_behind("9002", "e1", "move", "k:next")


def test_the_newest_etag_is_known_by_any_before_it() -> None:
    memory = Memory()
    memory.supersede("9002", "e1", by="e2")
    memory.supersede("9002", "e2", by="e3")
    memory.supersede("9003", "e3", by="e9")
    assert [memory.newest("9002", etag) for etag in ("e1", "e2", "e3", "other")] == [
        "e3",
        "e3",
        "e3",
        "other",
    ]


def test_an_etag_that_ion_answers_is_not_superseded() -> None:
    """Where one comes back, or stays, the newest is found all the same."""
    memory = Memory()
    memory.supersede("9002", "e1", by="e2")
    memory.supersede("9002", "e2", by="e1")
    memory.supersede("9003", "e1", by="e1")
    memory.supersede("9004", None, by="e1")
    assert [memory.newest("9002", etag) for etag in ("e1", "e2")] == ["e1", "e1"]
    assert not memory.is_behind("9002", "e1", "move", MARKER)
    assert memory.newest("9003", "e1") == "e1"
    assert not memory.is_behind("9003", "e1", "move", MARKER)
