"""The power is cut after every system call of the real service at work; what it promised is still true.

``KIOSK_CRASH_IMAGES`` says how many disks are looked at.
"""

import os
from pathlib import Path

import pytest

from tests.faults.crash_judge import judge
from tests.faults.crash_work import CONTROL, HAS_STRACE, SERVICE, traced

IMAGES = int(os.environ.get("KIOSK_CRASH_IMAGES", "1000"))
CONTROL_IMAGES = 200
ROUNDS = 3 if IMAGES > 10_000 else 1
"""Times that the service does each of its jobs."""

pytestmark = pytest.mark.skipif(not HAS_STRACE, reason="strace is not installed")


def test_what_was_promised_survives_every_power_cut(tmp_path: Path) -> None:
    verdict = judge(traced(_state(tmp_path), SERVICE, rounds=ROUNDS), IMAGES)
    assert dict(verdict.faults) == {}, verdict.first
    assert verdict.images >= IMAGES * 0.9


def test_a_log_that_is_not_synced_loses_what_was_promised(tmp_path: Path) -> None:
    """The control: with its protection taken away the same service fails before the same judge."""
    verdict = judge(traced(_state(tmp_path), CONTROL, rounds=1), CONTROL_IMAGES)
    assert verdict.faults["lost"] > CONTROL_IMAGES / 10
    assert verdict.faults["corrupt"] == verdict.faults["unreadable"] == 0


def _state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir()
    return folder
