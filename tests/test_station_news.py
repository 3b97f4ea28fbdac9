"""What ION has done, and when the screen knows of it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.model import Asked, Operation, OperationState, Question
from kiosk.wire import object_json
from tests.journal.opened import opened
from tests.station_world import RUN, World, warmed


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        yield world
        world.pool.shutdown()


def _delivered(world: World, status: str) -> Operation:
    """Let ION take the change that is next, without a word to the station."""
    operation = world.journal.outbox.claim()
    assert operation is not None
    run = replace(RUN, status=status, steps=(replace(RUN.steps[0], status=status),))
    world.ion.teach(Question(Asked.RUN_ID, "12"), run)
    result = {"run": object_json(run)}
    return world.journal.outbox.settle(operation, OperationState.DONE, result=result)


def test_what_ion_has_done_counts_before_the_screen_is_told(world: World) -> None:
    world.scan_and_look("ION/RUN/12")
    world.press("START")
    started = _delivered(world, "IN_PROGRESS")
    world.press("COMPLETE")
    assert [one.arguments["status"] for one in world.operations()] == ["IN_PROGRESS", "COMPLETE"]
    completed = _delivered(world, "COMPLETE")
    for operation in (started, completed):
        world.station.settled(operation)
        world.station.step()
        assert _can(world) == set()
    assert world.message == "good: ION has it: Torque complete."


def test_an_answer_from_before_a_change_does_not_undo_it_on_the_screen(world: World) -> None:
    warmed(world, "ION/RUN/12")
    world.scan("ION/RUN/12")
    world.press("START")
    world.station.look_step()
    world.station.settled(_delivered(world, "IN_PROGRESS"))
    refreshed = world.station._inbox.get()
    world.station.step()
    assert _can(world) == {"complete"}
    world.station._inbox.put(refreshed)
    world.station.step()
    assert _can(world) == {"complete"}
    run = replace(RUN, status="HOLD", steps=(replace(RUN.steps[0], status="HOLD"),))
    world.ion.teach(Question(Asked.RUN_ID, "12"), run)
    world.look()
    assert _can(world) == set()


def _can(world: World) -> set[str]:
    return {verb for verb in ("start", "complete") if world.view.state[f"can_{verb}"]}
