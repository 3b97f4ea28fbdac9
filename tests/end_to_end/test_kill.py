"""The power goes at the worst moments; ION's own ledger says what happened."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import plain_http
from tests.end_to_end.floor import Plant, plant, wait_for

ORDER, LOT_PART, SERIAL_PART = 5001, "ORNG-2-214", "VLV-4410"


@pytest.fixture
def dock(tmp_path: Path) -> Iterator[Plant]:
    with plant(tmp_path) as running:
        yield running


def _enter(dock: Plant, part: str, *entries: str) -> None:
    for text in (f"ION/PO/{ORDER}", part, *entries):
        dock.gun.scan(text)
    dock.wait_for_screen("receive/line", missing=[])
    dock.gun.scan("ION/CMD/CONFIRM")


def test_killed_between_commit_and_delivery_it_is_delivered_once(dock: Plant) -> None:
    dock.gun.scan(f"ION/PO/{ORDER}")
    dock.wait_for_screen("receive/order")
    dock.go_wrong({"kind": "offline", "on": True})
    _enter(dock, LOT_PART, "ION/CMD/QUANTITY/4", "LOT-KILL-1")
    wait_for(lambda: dock.view()["waiting"] == 1, "the receipt to be committed")
    dock.kill()
    assert dock.stock(lotNumber="LOT-KILL-1") == []
    dock.go_wrong({"kind": "offline", "on": False})
    dock.serve()
    wait_for(lambda: dock.stock(lotNumber="LOT-KILL-1"), "the receipt after the restart")
    wait_for(lambda: dock.view()["waiting"] == 0, "the queue to be empty")
    (row,) = dock.stock(lotNumber="LOT-KILL-1")
    assert float(row["quantity"]) == 4
    wait_for(dock.printer.codes, "its label")


_MUTATION = {"classic": "addItemsToReceipt", "documented-2026": "receivePurchaseOrderLine"}


@pytest.mark.parametrize("dialect", _MUTATION)
def test_killed_while_ion_was_answering_it_is_found_and_not_sent_again(tmp_path: Path, dialect: str) -> None:
    with plant(tmp_path, dialect) as dock:
        dock.go_wrong({"operation": _MUTATION[dialect], "kind": "delay", "seconds": 60})
        _enter(dock, SERIAL_PART, "SN-KILL-7")
        wait_for(lambda: dock.stock(serialNumber="SN-KILL-7"), "the effect in ION")
        dock.kill()
        assert _states(dock) == ["in_flight"]
        dock.serve()
        wait_for(lambda: _states(dock) == ["done"], "the receipt to be found")
        assert len(dock.stock(serialNumber="SN-KILL-7")) == 1
        assert [effect["operation"] for effect in dock.effects()].count(_MUTATION[dialect]) == 1
        wait_for(dock.printer.codes, "its label")


@pytest.mark.parametrize(
    ("dialect", "part", "entries"),
    [
        ("classic", SERIAL_PART, ("SN-LATE-1",)),
        ("classic", LOT_PART, ("ION/CMD/QUANTITY/4", "LOT-LATE-1")),
        ("documented-2026", SERIAL_PART, ("SN-LATE-1",)),
    ],
)
def test_a_first_copy_that_comes_late_adds_nothing(
    tmp_path: Path, dialect: str, part: str, entries: tuple[str, ...]
) -> None:
    with plant(tmp_path, dialect) as dock:
        dock.go_wrong({"operation": _MUTATION[dialect], "kind": "hold_and_release"})
        _enter(dock, part, *entries)
        wait_for(lambda: _states(dock) == ["done"], "the receipt to be done")
        rows = (
            dock.stock(serialNumber=entries[0]) if part == SERIAL_PART else dock.stock(lotNumber=entries[1])
        )
        assert len(rows) == 1
        assert [effect["operation"] for effect in dock.effects()].count(_MUTATION[dialect]) == 1


@pytest.mark.parametrize("is_late", [False, True])
def test_what_has_no_fence_is_sent_again_once_a_late_copy_is_dead(tmp_path: Path, is_late: bool) -> None:
    with plant(tmp_path, "documented-2026") as dock:
        kind = "hold_and_release" if is_late else "reset_before"
        dock.go_wrong({"operation": _MUTATION["documented-2026"], "kind": kind})
        _enter(dock, LOT_PART, "ION/CMD/QUANTITY/4", "LOT-DOUBT-1")
        wait_for(lambda: _states(dock) == ["unknown"], "the receipt to be in doubt")
        if is_late:
            plain_http.post(f"{dock.ion.base_url}/faults/release").raise_for_status()
        wait_for(lambda: _states(dock) == ["done"], "the receipt to be done")
        assert [float(row["quantity"]) for row in dock.stock(lotNumber="LOT-DOUBT-1")] == [4]
        assert [effect["operation"] for effect in dock.effects()] == [_MUTATION["documented-2026"]]


def _states(dock: Plant) -> list[str]:
    with closing(sqlite3.connect(dock.folder / "kiosk.db")) as journal:
        return [row[0] for row in journal.execute("select state from operations")]
