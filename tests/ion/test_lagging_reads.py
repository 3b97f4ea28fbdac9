"""A tenant whose reads lag five seconds behind its changes: nothing is made twice, nor refused for that."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from kiosk.errors import IonUncounted, IonUnknown
from kiosk.ion import Ion
from kiosk.model import Json
from kiosk.ports import Absent, Answered, Found, Unsure
from kiosk.simulator.schema import Dialect
from kiosk.simulator.seed import seed_world
from kiosk.simulator.switches import Switches
from kiosk.simulator.world import World
from tests.fakes import Clock
from tests.faults.cases import CASES, Case
from tests.ion.factory import FENCED, Factory, lose_the_request, twice
from tests.ion.goods import LOT, MARKER, received

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
        self.ion: Ion = self.factory.gateway(works_alone=True)
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
