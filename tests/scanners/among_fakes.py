"""Runs the tests of a module in a process of their own, among umockdev's fake devices."""

import shutil
import subprocess
import sys
from types import ModuleType

import pytest

from tests.checkout import ROOT

WRAPPER = shutil.which("umockdev-wrapper")
needs_fake_devices = pytest.mark.skipif(
    WRAPPER is None, reason="NOT RUN: keyboard scanners need fake devices: sudo apt-get install umockdev"
)


def run_cases(module: ModuleType) -> None:
    """Run all of them, one after the other, and fail with what those printed that failed."""
    pytest_alone = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    ran = subprocess.run(
        [str(WRAPPER), sys.executable, *pytest_alone, str(module.__file__)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
