"""What was gone comes back by itself: process, scanner, printer, network. ``make bench`` says how soon."""

from pathlib import Path

from tests.end_to_end.floor import Plant
from tests.faults.recovery import (
    RESTART_PAUSE_S,
    fill,
    network_back_s,
    printer_back_s,
    scanner_back_s,
    service_back_s,
)

LONGEST_S = 40.0
"""Not a budget: a kiosk that did not see it by itself would never come back."""


def test_what_was_gone_comes_back_by_itself(tmp_path: Path) -> None:
    """One kiosk with thousands of receipts that wait: a start of the service takes longer than the rest."""
    with Plant(tmp_path, "classic") as plant:
        fill(plant, waiting=2000)
        plant.go_wrong({"kind": "offline", "on": True})
        plant.serve()
        assert plant.view()["waiting"] == 2000
        assert service_back_s(plant) < LONGEST_S
        assert plant.view()["waiting"] == 2000, "nothing that waited is gone"
        plant.go_wrong({"kind": "offline", "on": False})
        assert printer_back_s(plant) < LONGEST_S
        assert network_back_s(plant) < LONGEST_S
        assert plant.view()["waiting"] > 1000, "it was a queue that began to move, not an empty one"
        assert scanner_back_s(plant) < LONGEST_S


def test_the_pause_before_a_restart_is_the_units() -> None:
    unit = (Path(__file__).parents[2] / "systemd" / "ion-kiosk.service").read_text(encoding="utf-8")
    assert f"RestartSec={RESTART_PAUSE_S:g}" in unit.splitlines()
