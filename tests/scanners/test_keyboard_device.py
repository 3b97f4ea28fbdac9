"""Keyboard scanners among fake devices, plugged in and out; see ``keyboard_cases.py``."""

import pytest

from tests.scanners import keyboard_cases
from tests.scanners.among_fakes import cases_of, needs_fake_devices, run_case


@needs_fake_devices
@pytest.mark.parametrize("case", cases_of(keyboard_cases))
def test_keyboard(case: str) -> None:
    run_case(keyboard_cases, case)
