"""Strings made to do harm, at a real station: on disk as they came, on the screen after a restart."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.barcodes import Command, read
from tests.hostile.strings import HARM
from tests.journal.opened import opened
from tests.station_world import World

MANY = [*HARM, *(b"A" + raw + b"\x1d7" for raw in HARM), *(b"]d1" + raw for raw in HARM)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        yield world
        world.pool.shutdown()


@pytest.mark.parametrize("is_offline", [False, True])
def test_every_one_is_kept_as_it_came_and_shown(world: World, *, is_offline: bool) -> None:
    if is_offline:
        world.ion.go_offline()
    for number, raw in enumerate(MANY):
        world.scan(raw)
        if world.station._looking:
            world.look()
        readings = read(raw)
        if any(isinstance(one, Command) for one in readings.readings):
            continue
        assert readings.shown in world.message, raw
        world.ids = f"r{number}-"
        before = world.view
        world.station = world.hired()
        assert (world.view.screen, world.view.state) == (before.screen, before.state)
        world.press("HOME")
    assert world.scans() == [(raw, "handled") for raw in MANY]
    assert world.operations() == []
    assert world.journal.first_break() is None
