"""One more label of a serial: with a reason, and by who may, wherever PRINT was pressed."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.decision import Rights
from kiosk.journal import NewJob
from kiosk.model import (
    Asked,
    JobState,
    Operator,
    Part,
    Print,
    PrintJob,
    Proof,
    Question,
    Reason,
    Role,
    Tracking,
)
from tests.journal.opened import opened
from tests.station_world import UNIT, World, warmed

VALVE = Part("2", "PN-VALVE", tracking=Tracking.SERIAL)
PIECE = replace(UNIT, id="11", part=VALVE, uid=None, serial="SN-7")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal, rights=Rights(reprints_serials=Role.OPERATOR))
        world.ion.teach(Question(Asked.INVENTORY_ID, "11"), PIECE)
        warmed(world, "ION/PI/11", "ION/PI/9")
        yield world
        world.pool.shutdown()


def jobs(world: World) -> tuple[PrintJob, ...]:
    return tuple(world.journal.prints.newest("dock-1", 9))


def came_out(world: World) -> None:
    claimed = world.journal.prints.claim("zebra")
    assert claimed is not None
    world.journal.prints.settle(claimed[0].id, JobState.CONFIRMED)


def printed(world: World, scan: str = "ION/PI/11") -> None:
    world.scan(scan)
    world.press("PRINT")
    came_out(world)


def test_a_second_print_asks_why_over_the_step_where_it_was_wanted(world: World) -> None:
    printed(world)
    before = world.view
    world.press("PRINT")
    assert (world.view.screen, len(jobs(world))) == ("home/again", 1)
    assert world.message == "ask: The label of SN-7 is out already. Why one more?"
    world.press("CHOOSE", "reason/damaged")
    second, first = jobs(world)
    assert (second.edition, second.reprint_of, first.state) == (2, first.id, JobState.VOIDED)
    assert (world.view.screen, world.view.state) == (before.screen, before.state)
    assert world.message == "wait: Printing the label of SN-7 once more."


def test_it_can_be_left_alone(world: World) -> None:
    printed(world)
    before = world.view.screen
    world.press("PRINT")
    world.press("CANCEL")
    assert (world.view.screen, len(jobs(world))) == (before, 1)


def test_who_may_not_is_told_who_may(world: World) -> None:
    world.ids, world.rights = "b", Rights(reprints_serials=Role.LEAD)
    world.station = world.hired()
    printed(world)
    world.press("PRINT")
    words = "A label with a serial number is printed once more by a lead. Let one sign in."
    assert (world.message, len(jobs(world))) == (f"ask: {words}", 1)
    world.people.signed_in["dock-1"] = Operator("operator/1", "Lea", Role.LEAD)
    world.people.proofs["dock-1"] = Proof.FRESH
    world.people.with_pin.add("operator/1")
    world.press("PRINT")
    world.press("CHOOSE", f"reason/{Reason.FURTHER.value}")
    assert [one.edition for one in jobs(world)] == [2, 1]


def test_it_is_asked_also_where_another_station_printed_it(world: World) -> None:
    made = world.labels.prepare("dock-2", Print("part", {"code": "ION/PI/11"}, "inventory/11"))
    label = Print("part", {"code": "ION/PI/11", "serialNumber": "SN-7"}, "inventory/11")
    (job,) = world.journal.prints.add([NewJob("l1", "dock-2", "far", label, made)])
    world.journal.prints.claim("far")
    world.journal.prints.settle(job.id, JobState.SENT)
    world.scan("ION/PI/11")
    world.press("PRINT")
    assert world.view.screen == "home/again"
    world.press("CHOOSE", "reason/lost")
    assert [one.edition for one in world.journal.prints.newest("dock-2", 9)] == [2, 1]


def test_one_that_did_not_come_out_is_printed_at_once(world: World) -> None:
    world.scan("ION/PI/11")
    world.press("PRINT")
    claimed = world.journal.prints.claim("zebra")
    assert claimed is not None
    world.journal.prints.settle(claimed[0].id, JobState.FAILED, "no labels")
    world.press("PRINT")
    assert [one.state for one in jobs(world)] == [JobState.QUEUED, JobState.FAILED]


def test_of_what_has_no_serial_as_many_come_out_as_are_wanted(world: World) -> None:
    for _ in range(2):
        printed(world, "ION/PI/9")
    assert [one.state for one in jobs(world)] == [JobState.CONFIRMED] * 2


def test_a_label_that_cannot_be_made_says_so(world: World) -> None:
    printed(world)
    world.labels.printer = ""
    world.press("PRINT")
    assert "no printer" in world.message
