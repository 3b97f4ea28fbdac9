"""Lists show as many lines as the station's screen has room for, and a number names a line that is shown."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flows.flow import Place
from kiosk.flows.paging import LINES, page_after, page_on, pages_of, rows_on
from kiosk.settings import StationSettings
from tests.flows.floor import DOCK, FLOWS, LOT, NOW, ORDER, RUN, SHELF, UNIT, Floor

LARGE = Place("dock-1", NOW, FLOWS, DOCK, has_printer=True, lines=9)
FOUND = (UNIT, LOT, ORDER, RUN, SHELF)


def found_at(place: Place) -> Floor:
    at = Floor(place)
    at.scan("ION/CMD/SEARCH")
    at.scan("SN")
    at.answers(*FOUND)
    return at


@pytest.mark.parametrize(
    ("screen", "lines"),
    [("800x480", 4), ("1024x600", 5), ("1280x720", 6), ("1280x800", 6), ("1920x1080", 9), ("3840x2160", 9)],
)
def test_a_screen_has_room_for_so_many_lines(screen: str, lines: int) -> None:
    assert StationSettings(name="dock-1", screen=screen).lines == lines


def test_a_station_that_names_no_screen_has_the_smallest() -> None:
    assert StationSettings(name="dock-1").lines == LINES == Place("dock-1", NOW, FLOWS).lines


@given(count=st.integers(0, 60), lines=st.integers(4, 9))
def test_every_row_is_on_one_page(count: int, lines: int) -> None:
    rows = list(range(count))
    pages = [rows_on(rows, str(page), lines) for page in range(1, pages_of(count, lines) + 1)]
    assert [row for page in pages for row in page] == rows
    assert all(len(page) <= lines for page in pages)
    assert page_after(str(len(pages)), count, lines) == 1
    assert page_on("99", count, lines) == len(pages)


def test_what_is_found_stands_on_one_page_of_a_large_screen() -> None:
    at = found_at(LARGE)
    assert [row["key"] for row in at.state["rows"]] == [one.key for one in FOUND]
    assert at.state["pages"] == "1"
    at.press("CHOOSE", "5")
    assert at.followed == ["ION/LOC/4"]


def test_an_order_s_line_beyond_the_fourth_is_named_by_its_number() -> None:
    order = replace(ORDER, lines=tuple(replace(line, received=line.received * 0) for line in ORDER.lines))
    for lines, step in ((9, "line"), (4, "order")):
        at = Floor(replace(LARGE, lines=lines))
        at.scan("PO-7", order)
        at.press("CHOOSE", "5")
        assert at.session.step == step


def test_a_number_names_the_line_that_is_shown_though_the_station_has_another_screen_now() -> None:
    at = found_at(LARGE)
    at.place = replace(LARGE, lines=4)
    shown: Any = at.state["rows"][4]
    assert shown["key"] == SHELF.key
    at.press("CHOOSE", "5")
    assert at.followed == ["ION/LOC/4"]


def test_help_shows_a_barcode_for_every_line() -> None:
    texts = set[str]()
    at = Floor(LARGE)
    at.scan("PO-7", ORDER)
    at.press("HELP")
    for _ in range(int(at.state["pages"])):
        texts |= {item["text"] for item in at.state["items"]}
        at.press("NEXT")
    assert {f"ION/CMD/CHOOSE/{number}" for number in range(1, 10)} <= texts
    at = Floor()
    at.scan("PO-7", ORDER)
    at.press("HELP")
    for _ in range(int(at.state["pages"])):
        assert "ION/CMD/CHOOSE/5" not in {item["text"] for item in at.state["items"]}
        at.press("NEXT")
