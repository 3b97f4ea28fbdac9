from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.journal import Journal
from kiosk.ports import NoteRoom
from tests.contracts.note_room import NOTES, NoteRoomContract
from tests.fakes import FakeNotes
from tests.journal.opened import opened, queued


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(opened(tmp_path)) as journal:
        yield journal


class TestFakeNotes(NoteRoomContract):
    @pytest.fixture
    def room(self) -> NoteRoom:
        return FakeNotes()

    @pytest.fixture
    def markers(self) -> tuple[str, str]:
        return "k:1", "k:2"


class TestSendNotes(NoteRoomContract):
    @pytest.fixture
    def room(self, journal: Journal) -> NoteRoom:
        return journal.notes

    @pytest.fixture
    def markers(self, journal: Journal) -> tuple[str, str]:
        return queued(journal, "key-1").marker, queued(journal, "key-2", "order-line/2").marker


def test_notes_outlast_the_process(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        marker = queued(journal, "key-1").marker
        journal.notes.note(marker, NOTES)
    with closing(opened(tmp_path)) as journal:
        assert journal.notes.noted(marker) == NOTES
