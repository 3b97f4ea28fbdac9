"""The printers' queue, by button or barcode."""

from dataclasses import replace

import pytest

from kiosk.model import Level, QueueAct, QueueTurn
from tests.flows.floor import BOLT, Floor, at_line


@pytest.mark.parametrize(
    ("argument", "act", "said"),
    [
        (
            "PAUSE",
            QueueAct.PAUSE,
            (Level.ASK, "The printer is paused. Let it go on, or cancel the labels."),
        ),
        ("go", QueueAct.GO, (Level.GOOD, "The printer goes on.")),
        (
            "CANCEL",
            QueueAct.CANCEL,
            (Level.ASK, "The labels that waited are canceled. Let the printer go on."),
        ),
    ],
)
def test_a_person_with_a_scanner_works_the_queue_on_any_screen(
    argument: str, act: QueueAct, said: tuple[Level, str]
) -> None:
    floor = at_line(BOLT)
    floor.place = replace(floor.place, has_printer=True, is_paused=True)
    before = floor.session
    floor.press("QUEUE", argument)
    assert (floor.effects, floor.said) == ([QueueTurn(act)], said)
    assert replace(floor.session, message=before.message) == before


@pytest.mark.parametrize(
    ("argument", "has_printer", "said"),
    [
        ("CANCEL", True, (Level.ASK, "Pause the printer first, then cancel the labels.")),
        ("GO", False, (Level.STOP, "This station has no printer.")),
        ("AWAY", True, (Level.ASK, "What of the printer? Pause, go or cancel.")),
        (None, True, (Level.ASK, "What of the printer? Pause, go or cancel.")),
    ],
)
def test_nothing_is_done_by_mistake(
    argument: str | None, said: tuple[Level, str], *, has_printer: bool
) -> None:
    floor = Floor()
    floor.place = replace(floor.place, has_printer=has_printer)
    floor.press("QUEUE", argument)
    assert (floor.effects, floor.said) == ([], said)
