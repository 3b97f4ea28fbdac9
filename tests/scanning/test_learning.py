import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kiosk.errors import JournalError
from kiosk.model import Binding, DeviceState
from kiosk.ports import Heard, LearnView, Traits
from kiosk.scanners.key_layouts import LAYOUTS
from kiosk.scanning.learning import LIMIT_S, new_code
from tests.scanners.strokes import typed
from tests.scanning.rooms import BOUND, CODE, GUN, HONEYWELL, LOGITECH, Floor, eventually

SCANNED = Heard(Traits(layout="de"))


@pytest.fixture
def floor() -> Iterator[Floor]:
    floor = Floor()
    yield floor
    floor.learning.close()
    floor.supervisor.stop()
    floor.roster.close()


@pytest.fixture
def listening(floor: Floor) -> Floor:
    """Return a floor on which two keyboards are listened to."""
    floor.candidates.found += [HONEYWELL, LOGITECH]
    floor.learning.start("dock-1")
    floor.learning.step()
    return floor


def test_nothing_is_listened_to_while_it_is_off(floor: Floor) -> None:
    floor.candidates.found.append(HONEYWELL)
    for _ in range(3):
        floor.learning.step()
    assert floor.learning.view() == LearnView("")
    assert floor.candidates.listeners == {}
    assert floor.clock.passed_s > 0


def test_the_code_is_shown_and_every_candidate_listened_to(listening: Floor) -> None:
    assert listening.learning.view() == LearnView(
        "dock-1",
        CODE,
        120,
        (
            DeviceState("Honeywell 1950g", is_ready=True, text="Listening."),
            DeviceState("Logitech Keyboard", is_ready=True, text="Listening for this code only."),
        ),
    )
    assert listening.candidates.codes == [CODE, CODE]


def test_what_scans_the_code_is_bound_kept_and_heard_at_once(listening: Floor) -> None:
    listening.supervisor.start()
    listening.candidates.sends(HONEYWELL, SCANNED)
    listening.learning.step()
    binding = replace(BOUND, at=listening.clock.now())
    assert listening.book.kept == {"dock-1-scanner": binding}
    assert listening.said == "good: Honeywell 1950g scans for dock-1 now, as dock-1-scanner. Scan something."
    assert listening.learning.view().code == ""
    assert not any(one.is_open for one in listening.candidates.listeners.values())
    listening.scanners["dock-1-scanner"].send(b"PO-1")
    assert eventually(lambda: listening.stations["dock-1"].heard == [(b"PO-1", "dock-1-scanner")])


def test_the_listener_lets_the_device_go_before_the_scanner_opens_it(listening: Floor) -> None:
    seen: list[bool] = []
    listener = listening.candidates.listeners[HONEYWELL.port]
    bind = listening.roster.bind

    def watched(binding: Binding) -> None:
        seen.append(listener.is_open)
        bind(binding)

    listening.roster.bind = watched  # type: ignore[method-assign]  # to look on
    listening.candidates.sends(HONEYWELL, SCANNED)
    listening.learning.step()
    assert seen == [False]


def test_advice_is_shown_and_the_listening_goes_on(listening: Floor) -> None:
    listening.candidates.sends(HONEYWELL, Heard(None, "That was another barcode."))
    listening.learning.step()
    assert listening.said == "ask: Honeywell 1950g: That was another barcode."
    assert listening.learning.view().code == CODE
    listening.candidates.sends(HONEYWELL, SCANNED)
    listening.learning.step()
    assert listening.said.startswith("good: ")


def test_after_two_minutes_nothing_is_listened_to(listening: Floor) -> None:
    listening.clock.passed_s += LIMIT_S - 1
    listening.learning.step()
    assert listening.learning.view().seconds_left == 1
    listening.clock.passed_s += 1
    for _ in range(2):
        listening.learning.step()
    assert listening.said.startswith("stop: Nothing scanned the code in two minutes.")
    assert not any(one.is_open for one in listening.candidates.listeners.values())
    assert listening.book.kept == {}


def test_what_came_of_it_is_shown_for_a_minute(listening: Floor) -> None:
    listening.candidates.sends(HONEYWELL, SCANNED)
    listening.learning.step()
    listening.clock.passed_s += 59
    assert listening.said.startswith("good: ")
    listening.clock.passed_s += 2
    assert listening.said == ""


def test_stopped_nothing_is_listened_to_and_nothing_bound(listening: Floor) -> None:
    listening.candidates.sends(HONEYWELL, SCANNED)
    listening.learning.stop()
    for _ in range(2):
        listening.learning.step()
    assert listening.learning.view() == LearnView("")
    assert not any(one.is_open for one in listening.candidates.listeners.values())
    assert listening.book.kept == {}


def test_started_anew_all_is_listened_to_anew(listening: Floor) -> None:
    listening.learning.start("floor-1")
    listening.learning.step()
    assert [one.opened for one in listening.candidates.listeners.values()] == [2, 2]
    listening.candidates.sends(LOGITECH, SCANNED)
    listening.learning.step()
    assert [(one.name, one.station) for one in listening.book.kept.values()] == [
        ("floor-1-scanner", "floor-1")
    ]


def test_a_scanner_that_is_plugged_in_meanwhile_is_heard_and_one_that_goes_is_not(listening: Floor) -> None:
    late = replace(HONEYWELL, port="0c2e:0b61:HON2", device="Late 1950g")
    listening.candidates.found[:] = [LOGITECH, late]
    listening.clock.passed_s += 1
    listening.learning.step()
    assert [one.name for one in listening.learning.view().devices] == ["Logitech Keyboard", "Late 1950g"]
    assert listening.candidates.listeners[HONEYWELL.port].is_open is False
    listening.candidates.sends(late, SCANNED)
    listening.learning.step()
    assert [one.port for one in listening.book.kept.values()] == ["0c2e:0b61:HON2"]


def test_one_that_cannot_be_opened_says_why_and_is_tried_again(floor: Floor) -> None:
    floor.candidates.found.append(HONEYWELL)
    floor.candidates.listener(HONEYWELL, CODE).problem = "Not permitted."
    floor.learning.start("dock-1")
    floor.learning.step()
    (device,) = floor.learning.view().devices
    assert device == DeviceState("Honeywell 1950g", is_ready=False, text="Not permitted.")
    floor.candidates.listeners[HONEYWELL.port].problem = ""
    floor.clock.passed_s += 1
    floor.learning.step()
    assert floor.learning.view().devices[0].is_ready


def test_one_that_goes_away_while_it_is_heard_says_so_and_is_tried_again(listening: Floor) -> None:
    listener = listening.candidates.listeners[HONEYWELL.port]
    listener.problem = "It went away."
    listening.learning.step()
    assert listening.learning.view().devices[0] == DeviceState(
        "Honeywell 1950g", is_ready=False, text="It went away."
    )
    listener.problem = ""
    listening.clock.passed_s += 1
    listening.learning.step()
    assert listening.learning.view().devices[0].is_ready


def test_twins_that_cannot_be_told_apart_are_not_listened_to(floor: Floor) -> None:
    floor.candidates.found.append(replace(HONEYWELL, port=""))
    floor.learning.start("dock-1")
    floor.learning.step()
    (device,) = floor.learning.view().devices
    assert device.text == "It cannot be told from another of its model. Plug in only one of them."
    assert floor.candidates.listeners == {}


def test_a_binding_that_cannot_be_written_does_not_hold(listening: Floor) -> None:
    listening.book.failure = JournalError("disk full")
    listening.candidates.sends(HONEYWELL, SCANNED)
    listening.learning.step()
    assert listening.said == (
        "stop: Not added: the kiosk cannot write its journal. Tell a technician. disk full"
    )
    assert listening.roster.posts == ()


def test_the_code_of_a_scanner_of_the_settings_is_no_scan_and_changes_nothing(floor: Floor) -> None:
    floor.roster.employ(GUN)
    floor.learning.start("floor-1")
    floor.scanners["dock-gun"].send(b"]C0" + CODE.encode(), b"PO-1")
    floor.step("dock-gun")
    assert floor.stations["dock-1"].heard == [(b"PO-1", "dock-gun")]
    assert floor.said == (
        "ask: dock-gun belongs to dock-1 by the settings file. A technician changes it there."
    )
    assert floor.learning.view().code == CODE


def test_a_bound_scanner_that_scans_the_code_goes_over_to_that_station(floor: Floor) -> None:
    floor.book.put(BOUND)
    floor.roster.bind(BOUND)
    floor.learning.start("floor-1")
    floor.learning.step()
    floor.scanners["dock-1-scanner"].send(CODE.encode())
    floor.step("dock-1-scanner")
    floor.learning.step()
    moved = replace(BOUND, name="floor-1-scanner", station="floor-1", at=floor.clock.now())
    assert floor.book.kept == {"floor-1-scanner": moved}
    assert [(one.name, one.station) for one in floor.roster.posts] == [("floor-1-scanner", "floor-1")]
    assert floor.said.startswith("good: Honeywell 1950g scans for floor-1 now")
    assert floor.stations["dock-1"].heard == []


def test_a_bound_scanner_that_was_removed_in_this_moment_goes_nowhere(floor: Floor) -> None:
    floor.book.put(BOUND)
    floor.roster.bind(BOUND)
    floor.learning.start("floor-1")
    floor.learning.step()
    assert floor.learning.is_spoken_for("dock-1-scanner", CODE.encode())
    floor.learning.forget("dock-1-scanner")
    floor.learning.step()
    assert (floor.book.kept, floor.roster.posts) == ({}, ())


def test_a_bound_scanner_of_the_same_station_is_fine(floor: Floor) -> None:
    floor.roster.bind(BOUND)
    floor.learning.start("dock-1")
    floor.scanners["dock-1-scanner"].send(CODE.encode())
    floor.step("dock-1-scanner")
    assert floor.said == "good: dock-1-scanner scans for dock-1 already."
    assert floor.learning.view().code == ""


def test_the_code_is_a_scan_like_any_other_when_it_is_not_shown(floor: Floor) -> None:
    floor.roster.employ(GUN)
    floor.scanners["dock-gun"].send(CODE.encode())
    floor.step("dock-gun")
    assert floor.stations["dock-1"].heard == [(CODE.encode(), "dock-gun")]


def test_what_is_forgotten_is_heard_no_more(floor: Floor) -> None:
    floor.book.put(BOUND)
    floor.roster.bind(BOUND)
    floor.learning.forget("dock-1-scanner")
    assert (floor.book.kept, floor.roster.posts) == ({}, ())
    assert floor.said == "good: dock-1-scanner was removed from dock-1."
    floor.learning.forget("dock-1-scanner")


def test_what_cannot_be_forgotten_is_still_heard(floor: Floor) -> None:
    floor.roster.bind(BOUND)
    floor.book.failure = JournalError("disk full")
    with pytest.raises(JournalError):
        floor.learning.forget("dock-1-scanner")
    assert [one.name for one in floor.roster.posts] == ["dock-1-scanner"]


def test_every_code_is_new_and_tells_the_layouts_apart() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) > 190
    assert all(re.fullmatch(r"ION/CMD/LEARN/[AQWZYM2-8]{2}@[AQWZYM2-8]{3}", code) for code in codes)
    code = min(codes)
    assert len({tuple(typed(code, layout)) for layout in LAYOUTS}) == len(LAYOUTS)
