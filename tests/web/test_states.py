"""What the page that says how everything is tells, and what became of things in a word."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kiosk.model import DeviceState, Glance, JobState, Level, Operation, OperationState, Operator, ScanState
from kiosk.web.fates import OPERATIONS, became
from kiosk.web.states import StateView, page_after, state_views, turned, turns_of
from tests.flows.floor import NOW
from tests.flows.pasts import GOT, PASTS, printed
from tests.web.fakes import World
from tests.web.markup import Markup

GONE = DeviceState("dock-gun", is_ready=False, text="It is not plugged in.", since=NOW)


def views(kiosk: World, **changes: object) -> dict[str, StateView]:
    kiosk.station.alter(**changes)
    return {one.title: one for one in state_views(kiosk.station.view_now)}


def test_all_is_well(kiosk: World) -> None:
    found = views(kiosk)
    assert list(found) == [
        "ION",
        "Nothing waits",
        "Scanner dock-gun",
        "Printer dock-zebra",
        "Nobody is signed in",
    ]
    assert {one.level for one in found.values()} == {Level.GOOD}
    assert not [one.remedy for one in found.values() if one.remedy]


def test_what_is_gone_comes_first_with_since_when_and_what_to_do(kiosk: World) -> None:
    found = views(kiosk, scanners=(GONE,), printers=())
    first = next(iter(found.values()))
    assert (first.title, first.word, first.since) == ("Scanner dock-gun", GONE.text, NOW.isoformat())
    assert first.remedy == "Plug its cable in. If the lamp stays dark, call a technician."
    assert found["No printer"].remedy == "The settings name none. Ask a technician."
    back = views(kiosk, scanners=(replace(GONE, is_ready=True, text="Ready.", since=None),))
    assert (back["Scanner dock-gun"].level, back["Scanner dock-gun"].since) == (Level.GOOD, "")


def test_what_waits_is_told_with_the_oldest(kiosk: World) -> None:
    oldest = PASTS[1].what
    assert isinstance(oldest, Operation)
    found = views(kiosk, waiting=3, parked=2, glance=Glance(None, oldest))
    line = found["3 on the way to ION"]
    assert (line.word, line.since, line.is_oldest) == (
        "Receive 5 × BOLT-1",
        oldest.created_at.isoformat(),
        True,
    )
    assert found["2 for a person"].level is Level.STOP
    offline = DeviceState("ION", is_ready=False, text="Offline since 10:03.")
    found = views(kiosk, ion=offline, glance=Glance(), operator=Operator("1", "Mia"))
    assert "as soon as ION answers" in found["3 on the way to ION"].remedy
    assert found["ION"].remedy.startswith("Go on working")
    assert "Mia" in found


def test_the_pages_turn_round() -> None:
    rows = [StateView(str(number), "", Level.GOOD, "x", "x") for number in range(7)]
    assert turns_of(rows, 4) == 3
    assert [[one.title for one in turned(rows, turns, 4)] for turns in ("0", "1", "2", "3")] == [
        ["0", "1", "2"],
        ["3", "4", "5"],
        ["6"],
        ["0", "1", "2"],
    ]
    assert (page_after(rows, "<script>", 4), turns_of([], 4)) == (1, 1)
    assert (len(turned(rows, "0", 6)), len(turned(rows, "1", 6)), turns_of(rows, 9)) == (5, 2, 1)


def test_a_tap_on_the_lamps_leads_there_and_home_shows_what_was_done_last(
    kiosk: World, client: FlaskClient
) -> None:
    kiosk.station.show("home/idle", {})
    kiosk.station.alter(glance=Glance(GOT))
    drawn = client.get("/station/dock-1/screen").get_data(as_text=True)
    assert 'class="states-tap" data-command="ION/CMD/STATUS"' in drawn
    assert "Receive 5 × " in drawn
    assert "ION has it" in drawn


def test_the_name_of_the_label_that_came_out_last_is_nobody_s_word_to_translate(
    kiosk: World, client: FlaskClient
) -> None:
    kiosk.station.show("home/idle", {})
    mia = Operator("operator/1", "Mia Tanaka", language="de")
    kiosk.station.alter(operator=mia, glance=Glance(printed(1, serialNumber="Open", lotNumber="")))
    drawn = Markup(client.get("/station/dock-1/screen").get_data(as_text=True))
    assert "Open gedruckt" in drawn.text
    kiosk.station.alter(operator=mia, glance=Glance(GOT))
    drawn = Markup(client.get("/station/dock-1/screen").get_data(as_text=True))
    assert "5 × BOLT-1" in drawn.text
    assert "Receive" not in drawn.text


@pytest.mark.parametrize("state", [*OperationState, *JobState, *ScanState])
def test_every_state_has_its_word(state: OperationState | JobState | ScanState) -> None:
    kinds = {OperationState: "operation", JobState: "label", ScanState: "scan"}
    fate = became({"kind": kinds[type(state)], "fate": state.value, "screen": "receive/line"})
    assert fate.word
    assert set(OPERATIONS) >= {one.value for one in OperationState}
