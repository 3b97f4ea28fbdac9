"""Told to stop, a kiosk ends what is in flight, or leaves it in doubt; either way it is in ION once."""

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.end_to_end.floor import Plant, plant, wait_for

MUTATION, ANSWERED_S, LATE_S = "addItemsToReceipt", 1.0, 60.0


@pytest.fixture
def dock(tmp_path: Path) -> Iterator[Plant]:
    with plant(tmp_path, "classic") as running:
        yield running


def _states(dock: Plant) -> list[str]:
    with closing(sqlite3.connect(dock.folder / "kiosk.db")) as journal:
        return [row[0] for row in journal.execute("select state from operations order by seq")]


def _stopped_while_ion_answers(dock: Plant, serial: str, seconds: float) -> list[str]:
    """Receive something that ION takes so long to answer, stop the kiosk meanwhile, and return all states."""
    dock.go_wrong({"operation": MUTATION, "kind": "delay", "seconds": seconds})
    for text in ("ION/CMD/HOME", "ION/PO/5001", "VLV-4410", serial):
        dock.gun.scan(text)
    dock.wait_for_screen("receive/line", missing=[])
    dock.gun.scan("ION/CMD/CONFIRM")
    wait_for(lambda: dock.stock(serialNumber=serial), "the effect in ION")
    process = dock.processes[-1]
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    return _states(dock)


def test_what_is_in_flight_is_ended_or_left_in_doubt(dock: Plant) -> None:
    assert _stopped_while_ion_answers(dock, "SN-STOP-1", ANSWERED_S) == ["done"]
    dock.serve()
    assert _stopped_while_ion_answers(dock, "SN-STOP-2", LATE_S) == ["done", "unknown"]
    dock.serve()
    wait_for(lambda: _states(dock) == ["done", "done"], "what was in doubt to be found")
    assert [len(dock.stock(serialNumber=serial)) for serial in ("SN-STOP-1", "SN-STOP-2")] == [1, 1]
    assert [effect["operation"] for effect in dock.effects()].count(MUTATION) == 2
