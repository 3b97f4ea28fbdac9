"""What was gone comes back by itself: process, scanner, printer, network. ``make bench`` says how soon."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    with Plant(tmp_path_factory.mktemp("plant"), "classic") as running:
        fill(running, waiting=2000)
        running.serve()
        yield running


def test_a_service_that_was_killed_is_back_with_all_that_waited(plant: Plant) -> None:
    plant.go_wrong({"kind": "offline", "on": True})
    before = plant.view()["waiting"]
    assert service_back_s(plant) < LONGEST_S
    assert plant.view()["waiting"] <= before
    plant.go_wrong({"kind": "offline", "on": False})


def test_a_scanner_that_is_plugged_in_again_is_heard(plant: Plant) -> None:
    assert scanner_back_s(plant) < LONGEST_S


def test_a_printer_that_is_switched_on_again_prints_what_waited(plant: Plant) -> None:
    assert printer_back_s(plant) < LONGEST_S


def test_thousands_that_wait_move_when_the_network_is_back(plant: Plant) -> None:
    assert plant.view()["waiting"] > 1000
    assert network_back_s(plant) < LONGEST_S


def test_the_pause_before_a_restart_is_the_units() -> None:
    unit = (Path(__file__).parents[2] / "systemd" / "ion-kiosk.service").read_text(encoding="utf-8")
    assert f"RestartSec={RESTART_PAUSE_S:g}" in unit.splitlines()
