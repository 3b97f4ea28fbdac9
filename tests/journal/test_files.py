from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import JournalError
from kiosk.journal import Entry, Journal, open_journal
from kiosk.journal.files import MOST_FILE_BYTES
from kiosk.model import OperationState, Submit
from tests.fakes import Clock, counted_ids
from tests.journal.opened import opened, rows_of, session

HOUR_S, DAY_S = 3600.0, 86400.0


def audited(folder: Path) -> list[str]:
    with rows_of(folder) as connection:
        return [row[0] for row in connection.execute("SELECT event FROM audit ORDER BY seq")]


def shown(journal: Journal, *digests: str, submits: tuple[tuple[str, Submit], ...] = ()) -> None:
    """Let the station's screen have these photos."""
    journal.book.commit(Entry(session(photos=list(digests)), submits=submits))


def attach(digest: str) -> tuple[str, Submit]:
    return f"key-{digest}", Submit("attach_file", "issue/1", "issue/1", {"digest": digest})


def swept(journal: Journal, clock: Clock, after_s: float) -> int:
    clock.passed_s += after_s
    return journal.files.sweep()


def test_bytes_are_on_disk_before_their_digest_is_told(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        digest = journal.files.keep(b"photo")
        with rows_of(tmp_path) as connection:
            assert connection.execute("SELECT digest, content FROM files").fetchall() == [(digest, b"photo")]
    assert audited(tmp_path) == ["file-kept"]
    with closing(opened(tmp_path)) as journal:
        assert journal.files.read(digest) == b"photo"


@pytest.mark.parametrize("content", [b"", bytes(MOST_FILE_BYTES + 1)])
def test_a_file_without_bytes_or_with_too_many_is_refused(journal: Journal, content: bytes) -> None:
    with pytest.raises(JournalError, match=rf"Cannot keep a file of {len(content)} bytes: expected 1 to"):
        journal.files.keep(content)
    assert journal.files.read("0" * 64) is None


def test_the_largest_file_is_kept(journal: Journal) -> None:
    assert journal.files.read(journal.files.keep(bytes(MOST_FILE_BYTES))) == bytes(MOST_FILE_BYTES)


def test_a_disk_that_still_has_room_for_scans_has_none_for_photos(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.journal.files._SPARE_BYTES", 1 << 60)  # no test can fill a disk
    with closing(opened(tmp_path)) as journal:
        with pytest.raises(JournalError, match=r"The disk is almost full: expected \d+ KiB free"):
            journal.files.keep(b"photo")
        shown(journal)
    url = f"sqlite:///{tmp_path}/kiosk.db"
    full = open_journal(url, clock=Clock().now, ids=counted_ids(), boot="b", least_free_bytes=1 << 60)
    with closing(full), pytest.raises(JournalError, match="The disk is almost full"):
        full.files.keep(b"photo")


def test_what_was_changed_on_disk_is_not_given_out(tmp_path: Path, journal: Journal) -> None:
    digest = journal.files.keep(b"photo")
    with rows_of(tmp_path) as connection:
        connection.execute("UPDATE files SET content = x'00'")
    with pytest.raises(JournalError, match=f"File '{digest}' is damaged"):
        journal.files.read(digest)


def test_a_file_stays_while_a_screen_or_an_operation_names_it_and_a_week_longer(tmp_path: Path) -> None:
    clock = Clock()
    with closing(opened(tmp_path, clock)) as journal:
        digest = journal.files.keep(b"photo")
        shown(journal, digest)
        assert [swept(journal, clock, 30 * DAY_S) for _ in range(3)] == [0, 0, 0]
        shown(journal, submits=(attach(digest),))
        assert [swept(journal, clock, 30 * DAY_S) for _ in range(3)] == [0, 0, 0]
        operation = journal.outbox.claim()
        assert operation is not None
        journal.outbox.settle(operation, OperationState.REJECTED, error="No such entity.")
        assert [swept(journal, clock, 30 * DAY_S) for _ in range(3)] == [0, 0, 0]
        journal.outbox.decide(operation.id, OperationState.QUEUED, "again")
        again = journal.outbox.claim()
        assert again is not None
        journal.outbox.settle(again, OperationState.DONE, result={})
        assert [swept(journal, clock, 2 * HOUR_S), swept(journal, clock, 6.9 * DAY_S)] == [0, 0]
        assert journal.files.read(digest) == b"photo"
        assert swept(journal, clock, DAY_S) == 1
        assert journal.files.read(digest) is None
        assert journal.first_break() is None
    assert audited(tmp_path)[-1] == "file-removed"


def test_a_photo_that_nobody_kept_goes_but_not_before_the_press_can_have_come(tmp_path: Path) -> None:
    clock = Clock()
    with closing(opened(tmp_path, clock)) as journal:
        digest = journal.files.keep(b"photo")
        assert swept(journal, clock, 0.9 * HOUR_S) == 0
        assert swept(journal, clock, 8 * DAY_S) == 0, "only now it is found that nothing names it"
        assert swept(journal, clock, 8 * DAY_S) == 1
        assert journal.files.read(digest) is None


def test_a_released_file_that_is_wanted_again_stays(tmp_path: Path) -> None:
    clock = Clock()
    with closing(opened(tmp_path, clock)) as journal:
        named, kept = journal.files.keep(b"named again"), journal.files.keep(b"kept again")
        assert swept(journal, clock, 2 * HOUR_S) == 0
        shown(journal, named)
        assert swept(journal, clock, 6 * DAY_S) == 0
        assert journal.files.keep(b"kept again") == kept
        shown(journal)
        assert swept(journal, clock, 2 * DAY_S) == 0
        assert journal.files.read(named) == b"named again"
        assert journal.files.read(kept) == b"kept again"


def test_of_files_without_number_each_is_judged_alone(tmp_path: Path) -> None:
    clock = Clock()
    with closing(opened(tmp_path, clock)) as journal:
        digests = [journal.files.keep(b"photo %d" % number) for number in range(20)]
        shown(journal, *digests[:3], submits=tuple(map(attach, digests[3:6])))
        swept(journal, clock, 2 * HOUR_S)
        assert swept(journal, clock, 8 * DAY_S) == 14
        assert [journal.files.read(digest) is not None for digest in digests] == [True] * 6 + [False] * 14
