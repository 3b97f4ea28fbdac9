"""A kiosk that starts again while a receipt on an order's line is in doubt judges it as before.

What the kiosk knew when it was queued may count another receipt of its own twice: as received, and as still
to be sent. So it is here.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import httpx
import pytest

from kiosk.errors import IonRejected, IonUncounted, IonUnknown, IonUnreachable, JournalError
from kiosk.ion import Ion
from kiosk.model import Json
from kiosk.ports import Absent, Answered, Found, Unsure
from kiosk.simulator.switches import Switches
from kiosk.simulator.world import World
from tests.fakes import Clock, FakeNotes
from tests.ion.factory import (
    LATE,
    Factory,
    Mishap,
    lose_the_answer,
    lose_the_request,
    refuse_the_connection,
)
from tests.ion.goods import LOT, MARKER, SERIALS, arguments, lots, received, serials

OTHERS: Mapping[str, Json] = {**LOT, "lot": "LOT-1"}
TWICE_COUNTED: Mapping[str, Json] = {**LOT, "received_before": "20"}
SERIALS_TWICE_COUNTED: Mapping[str, Json] = {**SERIALS, "received_before": "1"}


class Place:
    """A tenant, and a kiosk that starts as often as it is asked to."""

    def __init__(self, switches: Switches | None = None) -> None:
        self.clock, self.notes = Clock(), FakeNotes()
        world = World(clock=self.clock.now)
        self.factory = Factory("documented-2026", switches=switches, world=world)
        self.restart()

    def restart(self, *, forgets: bool = False) -> None:
        """Start again; after an earlier kiosk that kept no notes where it ``forgets``."""
        if forgets:
            self.notes.kept.clear()
        self.ion: Ion = self.factory.gateway(notes=self.notes)

    def perform(self, what: Mapping[str, Json]) -> Mapping[str, Json]:
        return self.ion.perform("receive", what, marker=MARKER)

    def find(self, what: Mapping[str, Json] = LOT) -> object:
        return self.ion.find_effect("receive", what, marker=MARKER)

    def break_off(self, what: Mapping[str, Json], *mishaps: Mishap) -> None:
        """Send it, and start again before anybody knows what became of it."""
        for mishap in mishaps:
            self.factory.once("receivePurchaseOrderLine", mishap)
        with pytest.raises(IonUnknown):
            self.perform(what)
        self.restart()


def die_after(factory: Factory, request: httpx.Request) -> httpx.Response:
    """Let ION do it, and nobody hear of it, nor look at once."""
    factory.once("purchaseOrder", lose_the_request)
    return lose_the_answer(factory, request)


def die_before(factory: Factory, request: httpx.Request) -> httpx.Response:
    """Let nothing reach ION, and nobody look at once."""
    factory.once("purchaseOrder", lose_the_request)
    return lose_the_request(factory, request)


def just_so(factory: Factory, request: httpx.Request) -> httpx.Response:
    return factory.answer(request)


@pytest.mark.parametrize("done", [1, 2])
def test_serials_that_ion_has_are_completed(done: int) -> None:
    place = Place()
    place.break_off(SERIALS_TWICE_COUNTED, *[just_so] * (done - 1), lose_the_answer)
    assert place.find(SERIALS_TWICE_COUNTED) == Absent()
    assert serials(place.perform(SERIALS_TWICE_COUNTED)) == SERIALS["serials"]
    assert place.factory.effects == ["receivePurchaseOrderLine"] * 3


def test_serials_that_ion_has_are_found() -> None:
    place = Place()
    place.break_off(SERIALS_TWICE_COUNTED, just_so, just_so, lose_the_answer)
    found = place.find(SERIALS_TWICE_COUNTED)
    assert isinstance(found, Found)
    assert serials(found.result) == SERIALS["serials"]


def test_serials_of_which_nothing_is_noted_are_for_a_person() -> None:
    place = Place()
    place.break_off(SERIALS_TWICE_COUNTED, lose_the_answer)
    place.restart(forgets=True)
    finding = place.find(SERIALS_TWICE_COUNTED)
    assert isinstance(finding, Unsure)
    assert finding.facts.endswith("Whose that is, ION does not tell")
    with pytest.raises(IonRejected, match="already exists"):
        place.perform(SERIALS_TWICE_COUNTED)
    assert isinstance(place.find(SERIALS_TWICE_COUNTED), Unsure)


def test_serials_beside_which_the_line_lost_something_are_for_a_person() -> None:
    place = Place()
    place.ion.perform("receive", {**SERIALS, "serials": ["SN-1", "SN-2"]}, marker="k:before")
    place.break_off(SERIALS, just_so, just_so, lose_the_answer)
    lines = place.factory.world.purchase_order_lines
    lines.put(replace(lines[7001], received_quantity=Decimal(4)))
    assert isinstance(place.find(SERIALS), Unsure)


def test_a_serial_on_a_line_that_has_received_nothing_is_somebody_elses() -> None:
    place = Place()
    what = {**SERIALS, "serials": ["SN-000123"]}
    assert place.find(what) == Absent()
    with pytest.raises(IonRejected, match="already exists"):
        place.perform(what)


def test_a_lot_is_found_and_not_received_again() -> None:
    place = Place()
    place.ion.perform("receive", OTHERS, marker="k:before")
    place.break_off(TWICE_COUNTED, die_after)
    found = place.find(TWICE_COUNTED)
    assert isinstance(found, Found)
    assert lots(found.result) == [("LOT-2026-0200", "10")]


def test_a_lot_is_found_by_who_received_it_and_did_not_get_to_write_that_down() -> None:
    place = Place()
    place.perform(LOT)
    assert isinstance(place.find(), Found)


def test_a_lot_that_is_not_there_is_known_not_to_be() -> None:
    place = Place()
    place.ion.perform("receive", OTHERS, marker="k:before")
    place.break_off(TWICE_COUNTED, lose_the_request)
    assert place.find(TWICE_COUNTED) == LATE
    place.perform(TWICE_COUNTED)
    assert received(place.factory, 7002) == 20


@pytest.mark.parametrize("before", ["0", "10", "20"])
def test_a_lot_of_which_nothing_is_noted_is_for_a_person(before: str) -> None:
    place = Place()
    place.ion.perform("receive", OTHERS, marker="k:before")
    place.break_off(arguments(received_before=before), die_after)
    place.restart(forgets=True)
    assert isinstance(place.find(arguments(received_before=before)), Unsure)


def test_who_ended_before_the_note_has_sent_nothing() -> None:
    place = Place()
    place.notes.trouble = "disk full"
    with pytest.raises(JournalError):
        place.perform(LOT)
    assert place.factory.mutations == []
    place.notes.trouble = ""
    place.restart()
    assert place.find() == LATE


def test_what_the_disk_refused_once_is_noted_before_it_is_sent() -> None:
    place = Place()
    place.ion.perform("receive", OTHERS, marker="k:before")
    place.notes.trouble = "disk full"
    with pytest.raises(JournalError):
        place.perform(TWICE_COUNTED)
    place.notes.trouble = ""
    place.break_off(TWICE_COUNTED, die_after)
    assert isinstance(place.find(TWICE_COUNTED), Found)
    assert received(place.factory, 7002) == 20


def test_that_it_was_looked_for_in_vain_is_noted_once_the_disk_takes_it() -> None:
    place = Place()
    place.break_off(LOT, die_before)
    place.notes.trouble = "disk full"
    with pytest.raises(JournalError):
        place.find()
    place.notes.trouble = ""
    assert place.find() == LATE
    place.restart()
    place.factory.gateway().perform("receive", LOT, marker="k:dock-2:1:0000")
    assert isinstance(place.find(), Unsure)


def test_what_is_proved_not_executed_is_noted_no_more() -> None:
    """Until it is sent again others may do the same, which is not to be taken for it then."""
    place = Place()
    place.factory.once("receivePurchaseOrderLine", refuse_the_connection)
    with pytest.raises(IonUnreachable):
        place.perform(LOT)
    assert place.notes.noted(MARKER) == {}


def test_what_was_looked_for_in_vain_and_comes_late_may_be_somebody_elses() -> None:
    place = Place()
    place.break_off(LOT, lose_the_request)
    assert place.find() == LATE
    place.restart()
    place.factory.gateway().perform("receive", LOT, marker="k:dock-2:1:0000")
    finding = place.find()
    assert isinstance(finding, Unsure)
    assert finding.facts.endswith("Which of them, ION does not tell")


def test_what_ion_answered_is_remembered_where_its_reads_lag() -> None:
    place = Place(Switches(read_lag_s=5.0))
    place.clock.sleep(6)
    with pytest.raises(IonUncounted):
        place.perform(LOT)
    place.restart()
    assert isinstance(place.find(), Answered)
    place.clock.sleep(6)
    assert isinstance(place.find(), Found)
    assert received(place.factory, 7002) == 10


def test_what_a_person_sends_once_more_is_not_called_answered_after_a_restart() -> None:
    place = Place(Switches(read_lag_s=5.0))
    place.clock.sleep(6)
    with pytest.raises(IonUncounted):
        place.perform(LOT)
    place.break_off(LOT, lose_the_request)
    assert not isinstance(place.find(), Answered)
