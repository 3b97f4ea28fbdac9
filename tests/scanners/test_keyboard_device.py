"""Keyboard scanners among fake devices, plugged in and out; see ``keyboard_cases.py``."""

from tests.scanners import keyboard_cases
from tests.scanners.among_fakes import needs_fake_devices, run_cases


@needs_fake_devices
def test_keyboards() -> None:
    run_cases(keyboard_cases)
