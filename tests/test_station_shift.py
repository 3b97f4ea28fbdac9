"""The label of a shift at a station: its barcode prints it, and the scan of it looks at the audit."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.barcodes.ion import command
from kiosk.model import Print
from kiosk.station import Station
from tests.journal.opened import opened, rows_of
from tests.station_world import SETTINGS, World

LABEL = Print("shift", {"code": "ION/CMD/HEAD", "station": "dock-1"}, "shift/dock-1")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        around = replace(world.station._around, shift=lambda _station: LABEL)
        world.station = Station(SETTINGS, around, idle_s=0.01, patience_s=5.0)
        yield world
        world.pool.shutdown()


def test_its_barcode_prints_it(world: World) -> None:
    world.scan(command("SHIFT"))
    assert world.message == "wait: The label of the shift is printed. Keep it: it proves what was done."
    (job,) = world.journal.prints.newest("dock-1", 9)
    assert (job.label, job.fields["station"], world.woken) == ("shift", "dock-1", ["zebra"])


def test_its_scan_finds_the_entry_or_says_that_it_is_gone(world: World) -> None:
    head = world.journal.head()
    world.scan(command("HEAD", str(head)))
    assert world.message == f"good: The journal still has entry {head.seq} as it was printed."
    with rows_of(world.folder) as connection:
        connection.execute("DROP TRIGGER audit_is_never_changed")
        connection.execute("UPDATE audit SET hash = 'forged' WHERE seq = ?", (head.seq,))
    world.scan(command("HEAD", str(head)))
    assert world.message == (
        f"stop: The audit was rewritten: its entry {head.seq} is another than it once was. "
        "Keep this label, and tell a technician."
    )
