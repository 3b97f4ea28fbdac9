"""Receipts through random faults: none counted twice, none lost, hardly one for a person.

``KIOSK_FAULT_RECEIPTS`` says how many, ``KIOSK_FAULT_SEED`` which faults.
"""

import os
from pathlib import Path

import pytest

from kiosk.simulator.schema import Dialect
from tests.faults.receipts import Reads, received_by_kiosk, received_by_quickstart

RECEIPTS = int(os.environ.get("KIOSK_FAULT_RECEIPTS", "75"))
SEED = int(os.environ.get("KIOSK_FAULT_SEED", "7"))
MOST_PARKED = 0.001


@pytest.mark.parametrize("read_lag_s", [0.0, 5.0])
@pytest.mark.parametrize("dialect", ["classic", "documented-2026"])
def test_no_receipt_is_counted_twice_and_none_is_lost(
    tmp_path: Path, dialect: Dialect, read_lag_s: float
) -> None:
    tally = received_by_kiosk(tmp_path, dialect, RECEIPTS, SEED, Reads(read_lag_s))
    assert tally.faults > RECEIPTS / 20
    assert (tally.duplicates, tally.lost, tally.rejected) == (0, 0, 0), tally
    assert tally.done + tally.parked == RECEIPTS
    assert tally.parked <= RECEIPTS * MOST_PARKED, tally


def test_a_client_that_sends_everything_three_times_counts_twice() -> None:
    """The control: the same faults, met as the vendor's quickstart meets them."""
    tally = received_by_quickstart("documented-2026", 150, SEED)
    assert tally.duplicates > 0, tally


def test_a_kiosk_that_believes_reads_that_lag_counts_twice(tmp_path: Path) -> None:
    """The control: what ION does not show yet is sent again at once."""
    tally = received_by_kiosk(tmp_path, "documented-2026", 75, SEED, Reads(5.0, is_believed=True))
    assert tally.duplicates > 0, tally
