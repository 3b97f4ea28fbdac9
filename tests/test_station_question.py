"""Which question a station asks, and who is signed in while it does."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.model import Json, Location, Operator, Session
from kiosk.station import _Face
from kiosk.wire import object_json
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


def test_of_photos_it_matters_which_thing_the_screen_is_about() -> None:
    def face(number: str, **state: Json) -> _Face:
        location = object_json(Location(number, f"Shelf {number}"))
        session = Session("s", "dock-1", "lookup", "location", {"location": location, **state}, revision=1)
        return _Face(session, 1, 1)

    def later(face: _Face) -> Session:
        return replace(face.session, revision=2)

    assert face("8").after_event(later(face("9"))).since == 1
    assert face("8", photos=[]).after_event(later(face("8", photos=["a"]))).since == 1
    assert face("8", photos=[]).after_event(later(face("9", photos=[]))).since == 2
    assert face("8", photos=[]).after_news(later(face("9", photos=[]))).since == 2
    of = face("8", photos=[], photos_of="line/1")
    assert of.after_event(later(face("8", photos=[], photos_of="line/1"))).since == 1
    assert of.after_event(later(face("8", photos=[], photos_of="line/2"))).since == 2


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
