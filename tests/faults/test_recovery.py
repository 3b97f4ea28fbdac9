"""What was gone comes back by itself: process, scanner, printer, network. ``make bench`` says how soon."""

from pathlib import Path

import pytest

from tests.end_to_end.floor import Plant
from tests.faults.recovery import (
    UNIT,
    fill,
    network_back_s,
    printer_back_s,
    scanner_back_s,
    service_back_s,
)

LONGEST_S = 40.0
"""Not a budget: a kiosk that did not see it by itself would never come back."""
SHORT_S = 3
"""For the controls: in this time one that looks is back."""


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


# --- the controls: what does not look again does not come back


def test_what_is_not_looked_for_again_does_not_come_back(tmp_path: Path) -> None:
    with Plant(tmp_path, "classic", control="tests.faults.lame") as plant:
        plant.go_wrong({"kind": "offline", "on": True})
        fill(plant, waiting=3)
        plant.serve()
        for measure in (scanner_back_s, printer_back_s, network_back_s):
            with pytest.raises(
                AssertionError, match=f"waited {SHORT_S} s for (the scanner|the label|a receipt)"
            ):
                measure(plant, SHORT_S)


def test_a_service_that_systemd_does_not_start_again_stays_away(tmp_path: Path) -> None:
    unit = UNIT.read_text(encoding="utf-8").replace("Restart=always\n", "")
    with Plant(tmp_path) as plant:
        plant.serve()
        with pytest.raises(AssertionError, match=f"waited {SHORT_S} s for the service"):
            service_back_s(plant, SHORT_S, unit)
