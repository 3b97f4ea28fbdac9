import errno
import struct

import pytest

from kiosk.scanners.collector import Dropped
from kiosk.scanners.line_errors import LineErrors

FRAME, OVERRUN, PARITY, BREAK, BUFFER_OVERRUN = range(6, 11)


class Driver:
    """Counts what a test says."""

    def __init__(self) -> None:
        self.counts = [0] * 20
        self.is_silent = False

    def ask(self, fd: int, request: int, field: bytearray) -> int:
        assert (fd, request, len(field)) == (7, 0x545D, 80)
        if self.is_silent:
            raise OSError(errno.ENOTTY, "Inappropriate ioctl for device")
        field[:] = struct.pack("20i", *self.counts)
        return 0


@pytest.mark.parametrize(
    ("count", "damage"),
    [
        (FRAME, Dropped.GARBLED),
        (PARITY, Dropped.GARBLED),
        (BREAK, Dropped.GARBLED),
        (OVERRUN, Dropped.LOST),
        (BUFFER_OVERRUN, Dropped.LOST),
        (4, None),
        (0, None),
    ],
)
def test_each_counter_says_how_the_line_is(count: int, damage: Dropped | None) -> None:
    driver = Driver()
    driver.counts = [5] * 20
    errors = LineErrors(7, driver.ask)
    assert errors.since() is None
    driver.counts[count] += 1
    assert errors.since() is damage
    assert errors.since() is None


def test_a_driver_that_does_not_count_says_nothing() -> None:
    driver = Driver()
    driver.is_silent = True
    errors = LineErrors(7, driver.ask)
    driver.counts[FRAME] = 3
    assert errors.since() is None
