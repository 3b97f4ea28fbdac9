"""Which question a station asks, and who is signed in while it does."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.model import Operator
from tests.journal.opened import opened
from tests.station_world import World, warmed


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        yield world
        world.pool.shutdown()


def test_a_question_is_the_same_until_another_was_shown(world: World) -> None:
    warmed(world, "PO-1", "PN-BOLT")
    world.scan("PO-1")
    first = world.view.since
    assert first == world.view.revision
    world.press("COPIES", "2")
    assert (world.view.since, world.view.screen) == (first, "receive/order")
    world.press("CANCEL")
    assert world.view.since > first
    world.scan("PO-1")
    assert world.view.since == world.view.revision


def test_what_is_done_carries_the_name_of_who_is_signed_in(world: World) -> None:
    ada = Operator("ion/42", "Ada Okafor")
    warmed(world, "PO-1", "PN-BOLT")
    world.people.acts.clear()
    world.people.signed_in["dock-1"] = ada
    for data in ("PO-1", "PN-BOLT", "ION/CMD/QUANTITY/5"):
        world.scan(data)
    assert world.view.operator == ada
    assert world.people.acts == ["dock-1"] * 3
    world.press("CONFIRM")
    world.people.signed_in.clear()
    for data in ("PN-BOLT", "ION/CMD/QUANTITY/1", "ION/CMD/CONFIRM"):
        world.scan(data)
    assert [operation.actor for operation in world.operations()] == [ada, None]
    assert world.view.operator is None
    world.people.acts.clear()
    world.station.settled(world.operations()[0])
    world.station.step()
    assert world.people.acts == [], "news from outside is nothing that a person did"
