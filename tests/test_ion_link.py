from collections.abc import Mapping, Sequence

import pytest

from kiosk.errors import (
    IonAuthFailed,
    IonBusy,
    IonConflict,
    IonError,
    IonRejected,
    IonSignedOut,
    IonUncounted,
    IonUnknown,
    IonUnreachable,
)
from kiosk.ion_link import IonLink
from kiosk.model import Asked, DeviceState, Location, Operator, Question, Subject
from kiosk.ports import Found
from tests.fakes import Clock, FakeIon

QUESTION = Question(Asked.LOCATION_NAME, "Dock")
ONLINE = DeviceState("ION", is_ready=True, text="Online.")


class World:
    def __init__(self, ion: FakeIon | None = None) -> None:
        self.ion, self.clock, self.changes = ion or FakeIon(), Clock(), 0
        self.link = IonLink(
            self.ion,
            clock=self.clock.now,
            sleep=self.clock.sleep,
            on_change=self.changed,
            monotonic_s=self.clock.monotonic_s,
        )

    def changed(self) -> None:
        self.changes += 1

    def run(self, for_s: float) -> None:
        end_s = self.clock.passed_s + for_s
        while self.clock.passed_s < end_s:
            self.link.step()


def test_everything_goes_through() -> None:
    world = World()
    world.ion.teach(QUESTION, Location("7", "Dock"))
    assert world.link.ask([QUESTION]) == {QUESTION: (Location("7", "Dock"),)}
    ada = Operator("ion/42", "Ada")
    assert world.link.perform("move", {"a": 1}, marker="k:1", actor=ada) == {}
    assert world.ion.ledger[0].actor == ada
    assert world.link.find_effect("move", {}, marker="k:1") == Found({})
    assert world.link.offers() == world.ion.offered
    assert len(world.ion.ledger) == 1


def test_before_anybody_asked_nothing_is_known() -> None:
    world = World()
    assert world.link.state == DeviceState("ION", is_ready=False, text="Not asked yet.")
    assert world.link.known_offers is None


def test_what_is_kept_of_the_tenant_is_known_at_once_and_without_network() -> None:
    ion = FakeIon()
    ion.keeps_schema = True
    ion.go_offline()
    world = World(ion)
    assert world.link.known_offers == ion.offered
    world.run(1)
    assert world.link.known_offers == ion.offered
    assert not world.link.state.is_ready


def test_what_ion_offers_is_known_before_its_first_answer_is_used() -> None:
    world = World()
    world.link.ask([QUESTION])
    assert world.link.known_offers == world.ion.offered


def test_it_finds_out_by_itself_whether_ion_answers_and_what_it_offers() -> None:
    world = World()
    world.run(1)
    assert world.link.state == ONLINE
    assert world.link.known_offers == world.ion.offered


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (IonUnreachable("Refused."), "Offline since 2026-03-02 08:00 UTC. ION does not answer."),
        (IonUnknown("No answer."), "Offline since 2026-03-02 08:00 UTC. ION does not answer."),
        (
            IonAuthFailed("401."),
            "Offline since 2026-03-02 08:00 UTC. ION does not let the kiosk in. Tell a technician.",
        ),
    ],
)
def test_what_puts_the_lamp_out(error: IonError, text: str) -> None:
    world = World()
    world.ion.trouble = error
    with pytest.raises(type(error)):
        world.link.ask([QUESTION])
    assert world.link.state == DeviceState("ION", is_ready=False, text=text)


@pytest.mark.parametrize(
    "error",
    [
        IonRejected("No."),
        IonConflict("Stale."),
        IonBusy("Later."),
        IonSignedOut("Gone."),
        IonUncounted("Not shown yet."),
    ],
)
def test_who_answers_is_there_whatever_the_answer(error: IonError) -> None:
    world = World()
    world.ion.outcomes.append(error)
    with pytest.raises(type(error)):
        world.link.perform("move", {}, marker="k:1")
    assert world.link.state == ONLINE


def test_the_time_of_going_offline_stays_and_only_changes_are_told() -> None:
    world = World()
    world.run(1)
    told = world.changes
    world.ion.go_offline()
    world.run(1800)
    assert world.link.state.text.startswith("Offline since 2026-03-02 08:00 UTC. ION does not answer")
    assert world.changes == told + 1
    world.ion.come_back()
    world.run(3)
    assert world.link.state == ONLINE
    assert world.changes == told + 2


def test_while_ion_is_gone_nobody_waits_for_it() -> None:
    world = World()
    world.ion.go_offline()
    with pytest.raises(IonUnreachable, match="refused"):
        world.link.ask([QUESTION])
    world.ion.come_back()
    with pytest.raises(IonUnreachable, match="a moment ago"):
        world.link.ask([QUESTION])
    assert world.ion.asked == []
    world.run(3)
    assert world.link.ask([QUESTION]) == {QUESTION: ()}


def test_a_schema_that_is_known_is_no_sign_that_ion_answers() -> None:
    world = World()
    world.run(1)
    world.ion.keeps_schema = True
    world.ion.go_offline()
    world.run(20)
    assert world.link.offers() == world.ion.offered
    assert world.link.state.is_ready is False


def test_it_asks_seldom_while_all_is_well_or_others_ask() -> None:
    world = World()
    world.run(60)
    assert 3 <= len(world.ion.asked) <= 5
    world.ion.asked.clear()
    for _ in range(10):
        world.link.ask([QUESTION])
        world.run(5)
    assert world.ion.asked == [(QUESTION,)] * 10


def test_offline_it_asks_often_but_not_with_a_wrong_key() -> None:
    tries: dict[type[Exception], int] = {}
    for error in (IonUnreachable("gone"), IonAuthFailed("wrong key")):
        world = World()
        world.ion.trouble = error
        before = world.clock.passed_s
        asked = 0
        while world.clock.passed_s < before + 60:
            at = world.link._ask_at_s
            world.link.step()
            asked += world.link._ask_at_s != at
        tries[type(error)] = asked
    assert 25 <= tries[IonUnreachable] <= 31
    assert 5 <= tries[IonAuthFailed] <= 7


def test_the_tenant_is_looked_at_again_whenever_it_answers() -> None:
    world = World()
    world.run(1)
    assert world.ion.renewals == 1
    world.ion.go_offline()
    world.run(60)
    assert world.ion.renewals == 1
    world.ion.offered = world.ion.offered - {"move"}
    world.ion.come_back()
    world.run(20)
    assert world.ion.renewals > 1
    assert world.link.known_offers == world.ion.offered


def test_what_mends_the_line_stands_on_the_lamp() -> None:
    class Stranger(FakeIon):
        def ask(self, questions: Sequence[Question]) -> Mapping[Question, tuple[Subject, ...]]:
            raise IonUnreachable(f"{questions}: got ConnectError", remedy="Set the clock.")

    world = World(Stranger())
    world.run(1)
    assert world.link.state.text.endswith("ION does not answer. Set the clock.")
