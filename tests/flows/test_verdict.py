"""Whether a label came out, said by button or barcode."""

from dataclasses import replace

import pytest

from kiosk.model import JobState, Level, Verdict
from tests.flows.floor import BOLT, Floor, at_line
from tests.flows.test_sequel import job

FIRST = replace(job(JobState.UNKNOWN), id="00ff", fields={"lotNumber": "LOT-A"})
SECOND = replace(job(JobState.UNKNOWN), id="11ff", fields={"lotNumber": "LOT-B"})


def in_doubt(floor: Floor) -> Floor:
    floor.place = replace(floor.place, doubtful=(FIRST, SECOND))
    return floor


@pytest.mark.parametrize(
    ("argument", "verdict", "said"),
    [
        ("YES", Verdict("00ff", came_out=True), (Level.GOOD, "The label of LOT-A came out.")),
        ("NO", Verdict("00ff", came_out=False), (Level.WAIT, "The label of LOT-A is printed again.")),
        ("yes/11FF", Verdict("11ff", came_out=True), (Level.GOOD, "The label of LOT-B came out.")),
        ("NO/11ff", Verdict("11ff", came_out=False), (Level.WAIT, "The label of LOT-B is printed again.")),
    ],
)
def test_the_oldest_is_meant_unless_one_is_named(
    argument: str, verdict: Verdict, said: tuple[Level, str]
) -> None:
    floor = in_doubt(at_line(BOLT))
    before = floor.session
    floor.press("PRINTED", argument)
    assert (floor.effects, floor.said) == ([verdict], said)
    assert replace(floor.session, message=before.message) == before


def test_a_canceled_label_that_did_not_come_out_is_not_said_to_be_printed_again() -> None:
    floor = Floor()
    floor.place = replace(floor.place, doubtful=(replace(FIRST, is_wanted=False),))
    floor.press("PRINTED", "NO")
    assert floor.effects == [Verdict("00ff", came_out=False)]
    assert floor.said == (Level.GOOD, "The label of LOT-A was canceled and is not printed.")


@pytest.mark.parametrize("argument", ["NO/22ff", "YES/"])
def test_a_label_that_is_not_in_doubt_is_left_alone(argument: str) -> None:
    floor = in_doubt(Floor()) if argument.startswith("NO") else Floor()
    floor.press("PRINTED", argument)
    assert (floor.effects, floor.said) == ([], (Level.ASK, "No label of this station is in doubt."))


@pytest.mark.parametrize("argument", [None, "", "MAYBE"])
def test_another_word_decides_nothing(argument: str | None) -> None:
    floor = in_doubt(Floor())
    floor.press("PRINTED", argument)
    assert (floor.effects, floor.said) == (
        [],
        (Level.ASK, "Did the label come out? Say yes or no."),
    )


def test_a_question_on_the_screen_stays() -> None:
    floor = in_doubt(Floor())
    floor.scan("nonsense\x1d")
    assert floor.press("PRINTED", "YES") == "home/unknown"
    assert len(floor.effects) == 1
