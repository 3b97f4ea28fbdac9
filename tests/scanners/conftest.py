"""A machine to plug scanners into, and what takes them out again."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.scanners.fake_sysfs import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def plugs() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack
