"""Runs test functions of a module each in a process of its own, among umockdev's fake devices."""

import inspect
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


def cases_of(module: ModuleType) -> list[str]:
    """Return the names of its test functions, those of its classes too."""
    functions = _tests_in(module)
    methods = [
        f"{name}::{test}"
        for name, kind in inspect.getmembers(module, inspect.isclass)
        if name.startswith("Test")
        for test in _tests_in(kind)
    ]
    return functions + methods


def _tests_in(place: object) -> list[str]:
    return [name for name, _ in inspect.getmembers(place, inspect.isfunction) if name.startswith("test_")]


def run_case(module: ModuleType, case: str) -> None:
    """Run one of them, and fail with what it printed."""
    pytest_alone = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    ran = subprocess.run(
        [str(WRAPPER), sys.executable, *pytest_alone, f"{module.__file__}::{case}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
