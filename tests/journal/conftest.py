from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.journal import Journal
from tests.journal.opened import opened


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(opened(tmp_path)) as journal:
        yield journal
