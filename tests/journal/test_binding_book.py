from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.errors import JournalError
from kiosk.model import Binding
from tests.fakes import Clock
from tests.journal.opened import opened, rows_of

GUN = Binding("dock-1-gun", "dock-1", "keyboard", "0c2e:0b61:HON1", "Honeywell 1950g", Clock().now())
ODD = replace(GUN, name="dock-1-gun-2", kind="serial", baud=9600, layout="de", tab_ends=True)


def test_bindings_survive_and_keep_every_trait(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        assert journal.bindings.all() == ()
        journal.bindings.put(ODD)
        journal.bindings.put(GUN)
    with closing(opened(tmp_path)) as journal:
        assert journal.bindings.all() == (GUN, ODD)
        assert journal.first_break() is None


def test_a_device_has_one_binding_and_a_name_one_device(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        journal.bindings.put(GUN)
        moved = replace(GUN, name="floor-1-gun", station="floor-1")
        journal.bindings.put(moved)
        assert journal.bindings.all() == (moved,)
        other = replace(moved, port="0c2e:0b61:HON2")
        journal.bindings.put(other)
        assert journal.bindings.all() == (other,)


def test_what_is_removed_is_gone_and_told(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        journal.bindings.put(GUN)
        journal.bindings.remove(GUN.name)
        journal.bindings.remove(GUN.name)
        assert journal.bindings.all() == ()
        assert journal.first_break() is None
    with rows_of(tmp_path) as connection:
        told = connection.execute("SELECT station, event, details FROM audit ORDER BY seq").fetchall()
    assert told == [
        ("dock-1", "scanner-bound", '{"kind":"keyboard","name":"dock-1-gun","port":"0c2e:0b61:HON1"}'),
        ("dock-1", "scanner-unbound", '{"name":"dock-1-gun"}'),
    ]


def test_a_binding_that_cannot_be_written_does_not_hold(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        with rows_of(tmp_path) as connection:
            connection.execute(
                "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        with pytest.raises(JournalError):
            journal.bindings.put(GUN)
        assert journal.bindings.all() == ()
