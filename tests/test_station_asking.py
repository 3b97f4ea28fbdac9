"""What a screen asks ION: from memory first, then fresh, once, and again after a restart."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import IonRejected
from kiosk.model import Asked, FieldKind, Procedure, Question, Run, RunStep, StepField
from tests.journal.opened import opened
from tests.station_world import UID, UNIT, World, warmed

QUESTION = Question(Asked.RELEASED_PROCEDURES, "")
VALVE = Procedure("12", "Valve assembly", "RELEASED")
LOT = StepField("f1", "O-ring lot", FieldKind.STRING, is_required=True)
FILLED = Run(
    "13", "Assemble", "IN_PROGRESS", steps=(RunStep("s1", "Torque", "IN_PROGRESS", 1, fields=(LOT,)),)
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        world.ion.offered |= {"create_run", "set_field_value"}
        warmed(world, UID)
        world.ion.teach(QUESTION, VALVE)
        world.ion.asked.clear()
        yield world
        world.pool.shutdown()


def titles(world: World) -> list[str]:
    rows = world.view.state["rows"]
    assert isinstance(rows, list)
    return [str(row["title"]) for row in rows if isinstance(row, dict)]


def at_question(world: World) -> None:
    world.scan(UID)
    world.press("CREATE")
    # Only the question is to be asked now, not the stock again.
    world.station._looks._refreshes.clear()


def test_a_screen_is_shown_before_its_question_is_answered(world: World) -> None:
    at_question(world)
    assert (world.view.screen, world.view.state["found"]) == ("run/procedures", None)
    assert world.message == "wait: Asking ION for its released procedures …"
    world.look()
    assert titles(world) == ["Valve assembly"]
    assert world.ion.asked == [(QUESTION,)]
    assert world.station._looks.next(0) is None


def test_what_was_answered_before_is_there_at_once_and_asked_afresh(world: World) -> None:
    at_question(world)
    world.look()
    world.press("CANCEL")
    world.press("CREATE")
    assert titles(world) == ["Valve assembly"]
    assert world.view.state["found_as_of"] is not None
    world.ion.teach(QUESTION, VALVE, Procedure("13", "Rework", "RELEASED"))
    world.look()
    assert titles(world) == ["Rework", "Valve assembly"]
    assert world.view.state["found_as_of"] is None


def test_without_network_it_is_said_and_can_be_asked_again(world: World) -> None:
    at_question(world)
    world.ion.go_offline()
    world.look()
    assert world.message == "offline: The procedures are not known here, and ION cannot be asked now."
    world.ion.come_back()
    world.press("REPEAT")
    world.look()
    assert titles(world) == ["Valve assembly"]


def test_what_is_remembered_stays_without_network(world: World) -> None:
    at_question(world)
    world.look()
    world.ion.go_offline()
    world.press("CANCEL")
    world.press("CREATE")
    said = world.message
    world.look()
    assert (titles(world), world.message) == (["Valve assembly"], said)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (IonRejected("refused", said="You may not list procedures."), "You may not list procedures."),
        (IonRejected("No document fits."), "No document fits."),
    ],
)
def test_a_refusal_is_said_in_its_words(world: World, trouble: IonRejected, said: str) -> None:
    at_question(world)
    answered = world.ion.ask

    def refuse(*_questions: object) -> None:
        raise trouble

    world.ion.ask = refuse  # type: ignore[method-assign, assignment]  # FakeIon keeps the class of a trouble only
    world.look()
    assert world.message == f"stop: ION does not list its procedures: {said}"
    world.ion.ask = answered  # type: ignore[method-assign]  # as it was


def test_a_mistake_while_asking_is_said_and_the_screen_goes_on(world: World) -> None:
    at_question(world)
    world.ion.trouble = ZeroDivisionError("a mistake")
    with pytest.raises(ZeroDivisionError):
        world.station.look_step()
    world.station.step()
    assert world.message == (
        "stop: ION does not list its procedures: The kiosk made a mistake while asking ION."
    )
    world.ion.come_back()
    world.press("REPEAT")
    world.look()
    assert titles(world) == ["Valve assembly"]


def test_a_question_is_asked_again_after_a_restart(world: World) -> None:
    at_question(world)
    again = World(world.folder, world.journal, ion=world.ion, ids="b")
    assert (again.view.screen, again.view.state["found"]) == ("run/procedures", None)
    again.ion.teach(QUESTION, VALVE)
    again.look()
    assert titles(again) == ["Valve assembly"]
    again.pool.shutdown()


def test_a_person_who_left_is_not_called_back(world: World) -> None:
    at_question(world)
    world.press("CANCEL")
    world.look()
    assert world.view.screen == "lookup/inventory"
    world.press("CREATE")
    assert titles(world) == ["Valve assembly"]


def test_where_text_is_asked_a_scan_asks_ion_nothing(world: World) -> None:
    """Without network the answer would come after seconds; the field has its text at once."""
    world.ion.teach(Question(Asked.RUN_ID, "13"), FILLED)
    world.scan_and_look("ION/RUN/13")
    world.press("ENTER")
    world.ion.go_offline()
    world.ion.asked.clear()
    world.scan("LOT-1")
    assert world.message == "good: O-ring lot: LOT-1. All is filled in."
    assert [(each.operation, each.arguments["value"]) for each in world.operations()] == [
        ("set_field_value", "LOT-1")
    ]
    assert world.ion.asked == []


def test_the_label_of_stock_is_looked_up_even_there(world: World) -> None:
    world.ion.teach(Question(Asked.RUN_ID, "13"), FILLED)
    world.scan_and_look("ION/RUN/13")
    world.press("ENTER")
    world.scan(UID)
    assert [each.arguments["value"] for each in world.operations()] == [UNIT.part.number]


def test_a_double_tap_enters_once(world: World) -> None:
    world.ion.teach(Question(Asked.RUN_ID, "13"), FILLED)
    world.scan_and_look("ION/RUN/13")
    world.press("ENTER")
    world.press("KEY", "5")
    drawn = world.view.revision
    world.press("CONFIRM", revision=drawn)
    assert world.press("CONFIRM", revision=drawn).is_stale
    assert len(world.operations()) == 1
