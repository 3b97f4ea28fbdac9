from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.ports import FileRoom
from tests.contracts.file_room import FileRoomContract
from tests.fakes import FakeFiles
from tests.journal.opened import opened


class TestFakeFiles(FileRoomContract):
    @pytest.fixture
    def room(self) -> FileRoom:
        return FakeFiles()


class TestFiles(FileRoomContract):
    @pytest.fixture
    def room(self, tmp_path: Path) -> Iterator[FileRoom]:
        with closing(opened(tmp_path)) as journal:
            yield journal.files
