"""The service is killed at its own calls, in the midst of six jobs; each is done once, or a person is asked.

``KIOSK_KILL_POINTS`` says how often.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.end_to_end.floor import Plant
from tests.faults.crash_work import HAS_STRACE
from tests.faults.kill_points import Service, find_points, point_after_sending, strike

POINTS = int(os.environ.get("KIOSK_KILL_POINTS", "6"))
PLACES = min(5, POINTS // 20 + 1)
"""Services that are struck at the same time."""
MOST_ASKED = 0.1
"""Of all strikes: what cannot be proved is asked about, and asking about everything would be no answer."""

pytestmark = pytest.mark.skipif(not HAS_STRACE, reason="strace is not installed")


def _at_work(stack: ExitStack, folder: Path) -> tuple[Plant, Service]:
    folder.mkdir()
    plant = stack.enter_context(Plant(folder))
    service = Service(plant)
    service.start()
    return plant, service


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with Plant(tmp_path) as running:
        yield running


def test_killed_anywhere_it_does_each_job_once(tmp_path: Path) -> None:
    with ExitStack() as stack:
        places = [_at_work(stack, tmp_path / str(number)) for number in range(PLACES)]
        points = find_points(*places[0], tmp_path)
        tally = strike(places, points, POINTS)
    assert tally.faults == []
    assert tally.struck.total() == POINTS
    assert tally.parked <= max(3, POINTS * MOST_ASKED)
    assert tally.unfinished <= max(2, POINTS * MOST_ASKED)


@pytest.mark.parametrize(("control", "is_good"), [("", True), ("tests.faults.hasty", False)])
def test_a_label_that_was_being_sent_is_asked_about_and_one_who_sends_it_again_is_found_out(
    plant: Plant, tmp_path: Path, control: str, *, is_good: bool
) -> None:
    """The second is the control: the same strike, with the protection taken away."""
    plant.control = control
    service = Service(plant)
    service.start()
    point = point_after_sending(plant, service, tmp_path)
    tally = strike([(plant, service)], [point], 1)
    assert tally.struck.total() == 1
    assert (tally.faults == [], tally.parked) == (is_good, int(is_good)), tally
