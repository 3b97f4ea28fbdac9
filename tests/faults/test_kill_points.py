"""The service is killed at one of its own calls, or refused it, in the midst of six jobs; each is done once.

``KIOSK_KILL_POINTS`` says how often.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.end_to_end.floor import Plant
from tests.faults.crash_work import HAS_STRACE
from tests.faults.kill_points import (
    REFUSALS,
    REFUSED_CALLS,
    Service,
    find_points,
    first_sync_of_a_label,
    point_after_sending,
    strike,
)

POINTS = int(os.environ.get("KIOSK_KILL_POINTS", "6"))
EACH = max(1, POINTS // 20)
"""How often the system refuses each of the calls in each of its ways."""
PLACES = min(5, POINTS // 20 + 1)
"""Services that are struck at the same time."""
MOST_ASKED = 0.1
"""Of all strikes: what cannot be proved is asked about, and asking about everything would be no answer."""

pytestmark = pytest.mark.skipif(not HAS_STRACE, reason="strace is not installed")


def _at_work(stack: ExitStack, folder: Path) -> tuple[Plant, Service]:
    plant = stack.enter_context(Plant(folder))
    service = Service(plant)
    service.start()
    return plant, service


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with Plant(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[Plant, Service]]]:
    with ExitStack() as stack:
        yield [_at_work(stack, tmp_path_factory.mktemp("site")) for _ in range(PLACES)]


def test_killed_anywhere_it_does_each_job_once(places: list[tuple[Plant, Service]], tmp_path: Path) -> None:
    points = find_points(*places[0], tmp_path)
    tally = strike(places, points, POINTS)
    assert tally.faults == []
    assert tally.struck.total() == POINTS
    assert tally.parked <= max(3, POINTS * MOST_ASKED)
    assert tally.unfinished <= max(2, POINTS * MOST_ASKED)


def test_what_the_system_refuses_it_does_not_acknowledge_and_it_goes_on(
    places: list[tuple[Plant, Service]], tmp_path: Path
) -> None:
    points = find_points(*places[0], tmp_path, REFUSED_CALLS)
    for call, error in REFUSALS:
        tally = strike(places, [point for point in points if point.call == call], EACH, fault=error)
        assert (error, tally.faults) == (error, [])
        assert tally.struck.total() == EACH
        assert tally.parked <= max(1, EACH * MOST_ASKED)
    for plant, service in places:
        assert service.is_alive
        plant.client.get(f"http://127.0.0.1:{plant.port}/healthz").raise_for_status()


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


@pytest.mark.parametrize(("control", "is_good"), [("", True), ("tests.faults.trusting", False)])
def test_a_label_that_the_disk_refused_is_refused_and_one_who_acknowledges_it_is_found_out(
    plant: Plant, control: str, *, is_good: bool
) -> None:
    """The second is the control: the same strike, with the protection taken away."""
    plant.control = control
    service = Service(plant)
    service.start()
    tally = strike([(plant, service)], [first_sync_of_a_label()], 1, fault="error=EIO")
    assert tally.struck.total() == 1
    assert any("was acknowledged and is gone" in fault for fault in tally.faults) is not is_good, tally
