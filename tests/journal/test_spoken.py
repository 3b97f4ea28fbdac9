"""What the lamp says of the journal, and what the journal says of operations, in every language."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.errors import JournalError
from kiosk.journal import Journal
from kiosk.journal.backup import _DOUBT
from kiosk.journal.second_copy import SecondCopy
from kiosk.journal.undoing import WITHDRAWN
from kiosk.language import language
from tests.fakes import Clock
from tests.journal.opened import opened, rows_of, scan

OTHERS = ("de", "es", "fr")
ENGLISH = re.compile(r"\b(the|that|since|nothing|tell|cannot|before|look)\b", re.IGNORECASE)


def _held(journal: Journal) -> Journal:
    path = journal.clerk.store.path
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with suppress(JournalError):
            journal.book.keep(scan("scan-1"))
    return journal


def _full(journal: Journal) -> Journal:
    journal.clerk.store._least_free_bytes = 1 << 62
    journal.clerk.store.prove_writing()
    return journal


def _damaged(journal: Journal) -> Journal:
    journal.clerk.store.condemn("page 3")
    return journal


def _changed(journal: Journal) -> Journal:
    journal.note("dock-1", "one", {})
    with rows_of(journal.clerk.store.path.parent) as connection:
        connection.execute("DROP TRIGGER audit_is_never_changed")
        connection.execute("UPDATE audit SET event = 'two'")
    journal.watch.look_at_tail()
    return journal


def _lacking_its_copy(journal: Journal) -> Journal:
    folder = journal.clerk.store.path.parent
    copy = SecondCopy(folder / "scans", folder, Clock().now)
    copy.add(scan("scan-1"))
    return replace(journal, copy=copy)


@pytest.mark.parametrize("befall", [_held, _full, _damaged, _changed, _lacking_its_copy])
def test_what_is_wrong_with_the_journal_is_said_in_the_language_of_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, befall: Callable[[Journal], Journal]
) -> None:
    monkeypatch.setattr("kiosk.journal.store._BUSY_TIMEOUT_S", 0.001)
    with closing(opened(tmp_path)) as journal:
        state = befall(journal).state()
    assert not state.is_ready
    assert ENGLISH.search(state.text)
    for tag in OTHERS:
        said = language(tag).sentence(state.text)
        assert not ENGLISH.search(said), said


@pytest.mark.parametrize("text", [WITHDRAWN, _DOUBT])
@pytest.mark.parametrize("tag", OTHERS)
def test_why_an_operation_ended_is_said_in_the_language_of_the_page(tag: str, text: str) -> None:
    assert not ENGLISH.search(language(tag).sentence(text))
