from dataclasses import replace

import pytest

from kiosk.errors import IonAuthFailed, IonBusy, IonUnreachable, SignInFailed
from kiosk.sign_in import SignInView
from tests.fakes.sign_in import CODE
from tests.people_world import ADA, JONAS, Floor

DOWN = IonUnreachable("expected an answer, got refused")
BACK = "http://127.0.0.1:8080/sign-in/callback"


@pytest.fixture
def floor() -> Floor:
    floor = Floor()
    floor.desk.step()
    return floor


def trouble(floor: Floor, station: str = "dock-1") -> str:
    return floor.desk.view(station).trouble


# By phone.


def test_a_code_is_shown_and_the_person_who_uses_it_is_signed_in(floor: Floor) -> None:
    floor.desk.begin_device("dock-1")
    view = floor.desk.view("dock-1")
    assert view == SignInView(ways=("phone", "browser"), code=replace(CODE, secret="device-1"), left_s=600.0)
    floor.ion.answers.extend([view.code or CODE, ADA])
    floor.run(12)
    assert floor.desk.view("dock-1") == SignInView(operator=ADA, ways=("phone", "browser"))
    assert floor.people.at("dock-1") == ADA
    assert floor.events == [("dock-1", "signed-in")]
    floor.run(60)
    assert len(floor.ion.asked) == 2


def test_the_server_is_asked_no_more_often_than_it_allows(floor: Floor) -> None:
    floor.desk.begin_device("dock-1")
    floor.run(21)
    assert len(floor.ion.asked) == 4
    floor.ion.answers.append(replace(floor.ion.asked[-1], interval_s=20.0))
    floor.run(5)
    floor.run(19)
    assert len(floor.ion.asked) == 5
    floor.run(2)
    assert len(floor.ion.asked) == 6


def test_a_server_that_does_not_answer_is_asked_later_each_time(floor: Floor) -> None:
    floor.desk.begin_device("dock-1")
    floor.ion.answers.extend([DOWN, IonBusy("later"), DOWN])
    floor.run(5 + 10 + 20 + 1)
    assert len(floor.ion.asked) == 3
    floor.run(40)
    assert len(floor.ion.asked) == 4
    floor.run(5)
    assert len(floor.ion.asked) == 5, "once it answers, it is asked at its own pace again"


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (SignInFailed("You said no on the phone."), "You said no on the phone."),
        (IonAuthFailed("invalid_client"), "ION refuses this sign-in. Tell a technician."),
    ],
)
def test_what_ends_it_is_said_and_noted(floor: Floor, end: Exception, says: str) -> None:
    floor.desk.begin_device("dock-1")
    floor.ion.answers.append(end)
    floor.run(6)
    assert floor.desk.view("dock-1").code is None
    assert trouble(floor) == says
    assert floor.notes == [("dock-1", "sign-in-failed", {"why": str(end)})]
    floor.run(60)
    assert trouble(floor) == "", "whoever comes later has nothing to do with it"


def test_a_code_expires(floor: Floor) -> None:
    floor.desk.begin_device("dock-1")
    floor.run(601)
    assert (floor.desk.view("dock-1").code, trouble(floor)) == (
        None,
        "The code has expired. Ask for a new one.",
    )
    floor.desk.begin_device("dock-1")
    assert trouble(floor) == ""


def test_a_code_that_no_page_shows_is_given_up(floor: Floor) -> None:
    floor.desk.begin_device("dock-1")
    for _ in range(29):
        floor.desk.step()
    floor.ion.answers.append(ADA)
    for _ in range(10):
        floor.desk.step()
    assert floor.desk.view("dock-1") == SignInView(ways=("phone", "browser"))
    assert floor.people.at("dock-1") is None


def test_who_uses_a_code_that_was_given_up_meanwhile_is_not_signed_in(floor: Floor) -> None:
    floor.desk.begin_device("dock-1")
    (_, pending) = next(iter(floor.desk._pending.items()))
    floor.desk.begin_device("dock-1")
    floor.ion.answers.append(ADA)
    floor.desk._ask("dock-1", pending)
    assert floor.people.at("dock-1") is None
    assert floor.ion.dropped == ["ion/42"]
    assert floor.desk.view("dock-1").code == replace(CODE, secret="device-2")


def test_each_station_has_its_own_code(floor: Floor) -> None:
    floor.desk.begin_device("dock-1")
    floor.desk.begin_device("floor-1")
    floor.ion.answers.extend([ADA, JONAS])
    floor.run(6)
    assert (floor.people.at("dock-1"), floor.people.at("floor-1")) == (ADA, JONAS)


def test_without_a_code_it_is_said(floor: Floor) -> None:
    floor.ion.trouble = DOWN
    floor.desk.begin_device("dock-1")
    assert trouble(floor) == "There is no code to be had now. Try again, or tell a technician."


def test_a_sign_in_that_cannot_be_written_down_is_none(floor: Floor) -> None:
    floor.desk.begin_device("dock-1")
    floor.ion.answers.append(ADA)
    floor.is_full = True
    floor.run(6)
    assert floor.people.at("dock-1") is None
    assert trouble(floor) == "The kiosk cannot write. Nobody is signed in. Tell a technician."
    assert floor.ion.dropped == ["ion/42"]


# By browser.


def test_a_browser_goes_and_comes_back_once(floor: Floor) -> None:
    url = floor.desk.begin_browser("dock-1", BACK, "mine")
    assert url == f"https://auth.example/auth?state=state-1&redirect_uri={BACK}"
    floor.ion.answers.append(ADA)
    assert floor.desk.finish_browser("mine", {"code": "c", "state": "state-1"}) == "dock-1"
    assert floor.people.at("dock-1") == ADA
    assert floor.ion.came_back[0][0].redirect_uri == BACK
    with pytest.raises(SignInFailed, match="This sign-in was not begun here, or it took too long"):
        floor.desk.finish_browser("mine", {"code": "c", "state": "state-1"})


def test_another_browser_s_answer_signs_nobody_in(floor: Floor) -> None:
    floor.desk.begin_browser("dock-1", BACK, "mine")
    for holder in ("another", ""):
        with pytest.raises(SignInFailed, match="This sign-in was not begun here"):
            floor.desk.finish_browser(holder, {"code": "c", "state": "state-1"})
    assert floor.ion.came_back == []


def test_a_browser_that_comes_too_late(floor: Floor) -> None:
    floor.desk.begin_browser("dock-1", BACK, "mine")
    floor.clock.passed_s += 600
    with pytest.raises(SignInFailed, match="it took too long"):
        floor.desk.finish_browser("mine", {"code": "c"})


def test_what_goes_wrong_is_said_noted_and_final(floor: Floor) -> None:
    for end, says in (
        (SignInFailed("You did not sign in."), "You did not sign in."),
        (DOWN, "ION did not finish the sign-in. Begin again."),
    ):
        floor.desk.begin_browser("dock-1", BACK, "mine")
        floor.ion.answers.append(end)
        with pytest.raises(SignInFailed, match=says):
            floor.desk.finish_browser("mine", {"code": "c"})
        assert floor.notes.pop() == ("dock-1", "sign-in-failed", {"why": str(end)})
    floor.desk.begin_browser("dock-1", BACK, "mine")
    floor.ion.answers.append(ADA)
    floor.is_full = True
    with pytest.raises(SignInFailed, match="The kiosk cannot write"):
        floor.desk.finish_browser("mine", {"code": "c"})
    assert floor.people.at("dock-1") is None


def test_browsers_that_never_come_back_are_forgotten(floor: Floor) -> None:
    for number in range(100):
        floor.desk.begin_browser("dock-1", BACK, f"holder-{number}")
    assert len(floor.desk._sent) == 32
    floor.ion.answers.append(ADA)
    assert floor.desk.finish_browser("holder-99", {}) == "dock-1"
    with pytest.raises(SignInFailed):
        floor.desk.finish_browser("holder-0", {})


def test_a_server_that_is_down_is_said(floor: Floor) -> None:
    floor.ion.trouble = DOWN
    with pytest.raises(SignInFailed, match="ION's sign-in cannot be reached now"):
        floor.desk.begin_browser("dock-1", BACK, "mine")


# What a station allows.


def test_a_station_offers_what_both_it_and_ion_have(floor: Floor) -> None:
    assert [floor.desk.is_open(name) for name in ("dock-1", "floor-1", "desk-1", "none")] == [
        True,
        True,
        False,
        False,
    ]
    assert floor.desk.view("floor-1").ways == ("phone",)
    with pytest.raises(SignInFailed, match="People do not sign in this way here"):
        floor.desk.begin_browser("floor-1", BACK, "mine")
    for name in ("desk-1", "none"):
        with pytest.raises(SignInFailed):
            floor.desk.begin_device(name)


def test_a_server_is_found_when_it_answers_and_looked_at_again() -> None:
    floor = Floor()
    floor.ion.trouble = DOWN
    floor.run(1)
    assert trouble(floor) == "The server that signs people in has not answered yet. Try again in a moment."
    floor.ion.trouble = None
    floor.run(20)
    assert floor.desk.view("dock-1").ways == ("phone", "browser")
    floor.ion.offered = frozenset({"phone"})
    floor.run(600)
    assert floor.desk.view("dock-1").ways == ("phone",)


def test_the_loop_signs_out_whose_time_is_up(floor: Floor) -> None:
    floor.come(ADA)
    floor.run(301)
    assert floor.people.at("dock-1") is None
    floor.come(JONAS)
    floor.desk.sign_out("dock-1")
    assert floor.people.at("dock-1") is None
