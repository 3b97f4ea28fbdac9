"""PINs as a station's page hands them in, with everything behind it but the station's screen."""

import logging
import threading
from dataclasses import dataclass, field, replace

import pytest

from kiosk.errors import JournalError
from kiosk.model import BadgeHolder, Operator, Pin, Presence, Proof
from kiosk.operators import PinReply, Staff, hire_staff
from kiosk.ports import Receipt, StationView
from kiosk.settings import IonSettings, Settings, StationSettings
from kiosk.supervisor import Supervisor
from tests.fakes import FakeSignIn
from tests.operators.world import MIA_PIN, Office
from tests.web.fakes import FakeStation

RIGHT = PinReply(is_right=True)


@dataclass
class Room:
    """A station that notes what reaches it."""

    shown: StationView = field(default_factory=lambda: FakeStation().view_now)
    presses: list[str] = field(default_factory=list)
    lefts: int = 0
    is_full: bool = False

    def view(self) -> StationView:
        return self.shown

    def press(self, verb: str) -> Receipt:
        if self.is_full:
            raise JournalError("The disk is full.")
        self.presses.append(verb)
        return Receipt("1", is_repeat=False)

    def left(self) -> None:
        self.lefts += 1


@dataclass
class Shift:
    room: Room
    staff: Staff

    def come(self, badge: str = "7") -> BadgeHolder:
        found = self.staff.people.holder(badge)
        assert found is not None
        self.staff.people.came("dock-1", found)
        return found

    def give(self, text: str, who: str = "operator/id-7") -> PinReply:
        return self.staff.desk.give_pin("dock-1", who, text)

    def asks(self, screen: str) -> None:
        flow, _, step = screen.partition("/")
        station = FakeStation()
        station.alter(flow=flow, step=step)
        self.room.shown = station.view_now


def hired(office: Office, room: Room, ion: FakeSignIn | None = None) -> Staff:
    settings = Settings(
        ion=IonSettings(url="http://ion", token_url="http://ion/token", client_id="kiosk"),
        stations=(StationSettings(name="dock-1"),),
    )
    return hire_staff(
        settings,
        office.journal,
        ion=ion,
        stations={"dock-1": room},
        publish=lambda _name: None,
        supervisor=Supervisor(),
        clock=office.clock.now,
        ids=lambda: "id",
        monotonic_s=office.clock.monotonic_s,
    )


@pytest.fixture
def shift(office: Office) -> Shift:
    room = Room()
    staff = hired(office, room)
    for badge in ("7", "8"):
        add(staff, badge)
    return Shift(room, staff)


def add(staff: Staff, badge: str, pin: Pin | None = MIA_PIN) -> None:
    register = replace(staff.register, ids=lambda: f"id-{badge}")
    register.add(BadgeHolder("", f"Person {badge}", badge), None, pin, None)


def test_a_right_pin_lets_go_on_what_waits(shift: Shift) -> None:
    mia = shift.come()
    shift.asks("home/pin")
    assert shift.give("271828") == RIGHT
    assert shift.room.presses == ["UNLOCK"]
    assert shift.staff.people.presence("dock-1") == Presence(mia.operator, Proof.FRESH, has_pin=True)


def test_a_wrong_one_is_told_and_nothing_goes_on(shift: Shift) -> None:
    shift.come()
    shift.asks("home/pin")
    for _ in range(4):
        assert shift.give("271829") == PinReply(is_right=False, words="Wrong PIN.")
    assert shift.give("271829") == PinReply(is_right=False, words="Wrong PIN.", wait_s=1)
    reply = shift.give("271828")
    assert (reply.words, reply.wait_s) == ("Too soon. It was not looked at.", 1)
    assert shift.room.presses == []
    presence = shift.staff.people.presence("dock-1")
    assert presence is not None
    assert presence.proof is Proof.NONE


@pytest.mark.parametrize(
    "text", ["", "12345", "1" * 13, "ION/OP/8", "\u0968\u096d\u0967\u096e\u0968\u096e", "271828\x00"]
)
def test_what_is_no_pin_is_not_looked_at_and_does_not_count(shift: Shift, text: str) -> None:
    shift.come()
    for _ in range(20):
        assert shift.give(text).words == "A PIN has 6 to 12 digits. It was not looked at."
    assert shift.give("271828") == RIGHT


def test_the_pin_of_who_was_asked_is_not_taken_for_another(shift: Shift) -> None:
    shift.come("8")
    reply = shift.give("271828", who="operator/id-7")
    assert reply.words == "Somebody else is signed in now. It was not looked at."
    shift.staff.desk.sign_out("dock-1")
    assert shift.give("271828", who="operator/id-8").is_right is False
    assert shift.room.lefts == 1


def test_a_pin_that_nothing_waits_for_presses_nothing(shift: Shift) -> None:
    shift.come()
    assert shift.give("271828") == RIGHT
    assert shift.room.presses == []


def test_who_lost_their_pin_is_sent_to_a_lead(shift: Shift) -> None:
    add(shift.staff, "9", pin=None)
    shift.come("9")
    reply = shift.give("271828", who="operator/id-9")
    assert reply.words == "There is no PIN to compare it with. Ask a lead."


def test_who_came_by_ion_has_no_pin_here(shift: Shift) -> None:
    shift.staff.people.sign_in("dock-1", Operator("ion/id-7", "Ada"), "phone")
    assert shift.give("271828", who="ion/id-7").words == "There is no PIN to compare it with. Ask a lead."


def test_a_station_that_cannot_write_says_so_itself(shift: Shift, caplog: pytest.LogCaptureFixture) -> None:
    shift.come()
    shift.asks("home/pin")
    shift.room.is_full = True
    with caplog.at_level(logging.DEBUG):
        assert shift.give("271828") == RIGHT
    assert "Station dock-1: what waited for a person did not go on" in caplog.text
    assert "271828" not in caplog.text


def test_people_are_watched_with_and_without_ion(office: Office) -> None:
    for ion in (None, FakeSignIn()):
        staff = hired(office, Room(), ion)
        assert (staff.sign_in is None) is (ion is None)


def test_two_pins_at_once_are_looked_at_one_after_the_other(shift: Shift) -> None:
    shift.come()
    replies: list[PinReply] = []
    threads = [threading.Thread(target=lambda: replies.append(shift.give("271829"))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(reply.words == "Wrong PIN." for reply in replies) == 5
