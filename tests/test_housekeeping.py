import pytest

from kiosk.housekeeping import Housekeeping
from tests.fakes import Clock


def test_a_chore_is_done_every_hour_and_never_at_once() -> None:
    clock, done = Clock(), list[float]()
    keeping = Housekeeping(lambda: done.append(clock.passed_s), clock.sleep, clock.monotonic_s)
    while clock.passed_s < 7500:
        keeping.step()
    assert done == [60.0, 3660.0, 7260.0]


def test_a_chore_with_more_to_do_goes_on_in_a_moment() -> None:
    clock, done = Clock(), list[float]()

    def some() -> bool:
        done.append(clock.passed_s)
        return len(done) < 3

    keeping = Housekeeping(some, clock.sleep, clock.monotonic_s)
    while clock.passed_s < 3700:
        keeping.step()
    assert done == [60.0, 61.0, 62.0, 3662.0]


def test_a_chore_that_fails_is_not_tried_again_at_once() -> None:
    clock = Clock()

    def fail() -> None:
        raise OSError("disk")

    keeping = Housekeeping(fail, clock.sleep, clock.monotonic_s)
    keeping.step()
    clock.passed_s = 61
    with pytest.raises(OSError, match="disk"):
        keeping.step()
    keeping.step()
    assert clock.slept_s == [1.0, 1.0]
