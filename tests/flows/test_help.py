from dataclasses import replace

import pytest

from kiosk.barcodes import Command, read
from kiosk.flows.flow import Place, Pressed
from kiosk.flows.help import PREFIX, SAMPLES, expected
from kiosk.flows.screens import SCREENS
from kiosk.model import Demand
from tests.flows.floor import FLOWS, LOT, NOW, ORDER, SHELF, Floor
from tests.flows.test_history import said

PLACE = Place("dock-1", NOW, FLOWS)


@pytest.mark.parametrize("screen", [*sorted(SCREENS), "shift/day"])
def test_every_barcode_of_the_help_is_read_as_what_it_says(screen: str) -> None:
    for one in expected(screen, PLACE):
        text = str(one["text"])
        is_command = any(isinstance(each, Command) for each in read(text.encode()).readings)
        assert (is_command, text.startswith(PREFIX)) == (not one["is_sample"], not one["is_sample"])


def test_home_shows_every_flow_of_the_station() -> None:
    texts = {one["text"] for one in expected("home/idle", PLACE)}
    assert {f"ION/CMD/FLOW/{flow.upper()}" for flow in FLOWS} <= texts


def test_help_goes_back_to_the_very_step_with_everything_entered() -> None:
    at = Floor()
    at.scan("PO-7", ORDER)
    at.press("CHOOSE", "order-line/1")
    at.press("QUANTITY", "4")
    before = at.session
    assert at.scan("ION/CMD/HELP") == "home/help"
    assert at.state["screen"] == "receive/line"
    pages = int(at.state["pages"])
    for _ in range(pages):
        at.press("NEXT")
    assert at.state["page"] == "1"
    at.press("STATUS")
    at.press("HELP")
    assert at.press("BACK") == "receive/line"
    assert (at.session.state, at.session.message) == (before.state, before.message)


def test_help_of_a_question_goes_back_to_the_question() -> None:
    at = Floor()
    at.scan("LOT-A", LOT, SHELF)
    at.press("HELP")
    assert (at.screen, at.state["screen"]) == ("home/help", "home/choose")
    assert at.press("BACK") == "home/choose"


def test_an_example_is_only_an_example() -> None:
    at = Floor()
    at.press("HELP")
    for _, text in SAMPLES.values():
        assert at.scan(text, LOT) == "home/help"
    assert said(at) == "ask: That is only an example. Scan a real one."
    at.press("BACK")
    assert at.scan(SAMPLES["lot"][1], LOT) == "lookup/inventory"


def test_help_is_there_for_whoever_stands_before_a_locked_screen() -> None:
    at = Floor()
    at.place = replace(at.place, asks=dict.fromkeys(FLOWS, Demand.BADGE))
    at.press("FLOW", "receive")
    at.scan("PO-7", ORDER)
    assert at.screen == "home/who"
    assert at.press("HELP") == "home/help"
    assert at.press("CONFIRM") == "home/help"
    assert at.press("BACK") == "home/who"


def test_how_it_is_turns_its_pages_and_gives_back() -> None:
    at = Floor()
    assert at.scan("ION/CMD/STATUS") == "home/status"
    at.happens(Pressed("NEXT"))
    assert at.state["turns"] == "1"
    assert at.press("BACK") == "home/idle"
