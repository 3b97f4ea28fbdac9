"""Keyboard scanners among fake devices, plugged in and out; see ``keyboard_cases.py``."""

import inspect
import shutil
import subprocess
import sys

import pytest

from tests.checkout import ROOT
from tests.scanners import keyboard_cases

FILE = keyboard_cases.__file__
CASES = [
    name for name, thing in inspect.getmembers(keyboard_cases, inspect.isfunction) if name.startswith("test_")
]
WRAPPER = shutil.which("umockdev-wrapper")
WITHOUT = "NOT RUN: keyboard scanners need fake devices: sudo apt-get install umockdev"


@pytest.mark.skipif(WRAPPER is None, reason=WITHOUT)
@pytest.mark.parametrize("case", CASES)
def test_keyboard(case: str) -> None:
    ran = subprocess.run(
        [
            *(
                str(WRAPPER),
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "-p",
                "no:hypothesispytest",
            ),
            f"{FILE}::{case}",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
