"""The label of a shift, and the scan of it."""

from dataclasses import replace

from kiosk.model import Level, Print
from tests.flows.floor import BOLT, Floor, at_line

LABEL = Print("shift", {"station": "dock-1"}, "shift/dock-1")
HEAD = f"12:{'0A' * 32}"


def test_the_label_is_printed_and_the_screen_stays() -> None:
    floor = at_line(BOLT)
    before = floor.session
    floor.place = replace(floor.place, shift=LABEL, has_printer=True)
    floor.press("SHIFT")
    assert floor.effects == [LABEL]
    assert floor.said == (Level.WAIT, "The label of the shift is printed. Keep it: it proves what was done.")
    assert replace(floor.session, message=before.message) == before


def test_without_a_printer_or_shifts_it_says_so() -> None:
    floor = Floor()
    floor.place = replace(floor.place, shift=LABEL, has_printer=False)
    floor.press("SHIFT")
    assert (floor.effects, floor.said) == (
        [],
        (Level.ASK, "This station has no printer for the label of the shift."),
    )
    floor.place = replace(floor.place, shift=None)
    floor.press("SHIFT")
    assert (floor.effects, floor.said) == ([], (Level.ASK, "This kiosk counts no shifts."))


def test_a_head_that_is_still_there() -> None:
    floor = at_line(BOLT)
    floor.press("HEAD", HEAD)
    assert floor.said == (Level.GOOD, "The journal still has entry 12 as it was printed.")


def test_a_head_that_is_gone_stops_everybody() -> None:
    floor = Floor()
    floor.place = replace(floor.place, lost_head="The audit was cut off: it once had 12 entries, and has 4.")
    floor.press("HEAD", HEAD)
    assert floor.said == (
        Level.STOP,
        "The audit was cut off: it once had 12 entries, and has 4. Keep this label, and tell a technician.",
    )


def test_no_head_is_no_good_news() -> None:
    floor = Floor()
    floor.press("HEAD", None)
    assert floor.said == (Level.ASK, "Scan the code on the label of a shift.")
