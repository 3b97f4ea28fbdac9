"""Every scan is on a second medium before it is acknowledged; a medium that is gone holds nobody up."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import JournalError
from kiosk.journal import CopyWatch, Entry, Journal, open_journal, read_copy
from kiosk.journal.second_copy import SecondCopy, line_of
from kiosk.model import RawScan
from tests.fakes import Clock, counted_ids
from tests.journal.opened import opened, scan, session

HOSTILE = bytes(range(256)) + b"\n" * 3


class Stick:
    """A medium that can be pulled out: its folder stays, empty, on the journal's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_in = True
        folder.mkdir()

    def device(self, folder: Path) -> int:
        return 2 if folder == self.folder and self.is_in else 1


@pytest.fixture
def stick(tmp_path: Path) -> Stick:
    return Stick(tmp_path / "stick")


@pytest.fixture
def copy(stick: Stick, tmp_path: Path) -> SecondCopy:
    return SecondCopy(stick.folder / "scans", tmp_path, Clock().now, device=stick.device)


def _kept(stick: Stick) -> list[RawScan | None]:
    return list(read_copy(stick.folder / "scans"))


def test_what_is_written_is_read_again_byte_for_byte(copy: SecondCopy, stick: Stick) -> None:
    scans = [scan("scan-1", HOSTILE), RawScan("2", "dock-1", "gun", b"", Clock().now(), "]d1")]
    for one in scans:
        copy.add(one)
    assert _kept(stick) == scans
    assert copy.words == ""


def test_a_stick_that_is_gone_and_back_has_all(
    copy: SecondCopy, stick: Stick, caplog: pytest.LogCaptureFixture
) -> None:
    copy.add(scan("scan-1"))
    stick.is_in = False
    for number in (2, 3):
        copy.add(scan(f"scan-{number}"))
    assert _kept(stick) == [scan("scan-1")], "nothing is written where no stick is"
    assert copy.words == (
        f"The second copy '{stick.folder}/scans' is gone since 2026-03-02 08:00 UTC: "
        "no other medium is mounted there. The journal has 2 scan(s) that are not in it yet."
    )
    stick.is_in = True
    copy.look()
    assert copy.words == ""
    assert _kept(stick) == [scan(f"scan-{number}") for number in (1, 2, 3)]
    assert [one.levelname for one in caplog.records] == ["ERROR", "WARNING"]


def test_a_stick_that_is_pulled_out_while_nobody_scans_is_noticed(copy: SecondCopy, stick: Stick) -> None:
    told: list[str] = []
    clock = Clock()
    watch = CopyWatch(copy, clock.sleep, lambda: told.append(copy.words))
    watch.step()
    assert (told, clock.slept_s) == ([], [2.0])
    stick.is_in = False
    watch.step()
    watch.step()
    stick.is_in = True
    watch.step()
    assert [bool(words) for words in told] == [True, False]


def test_a_folder_that_is_missing_is_a_stick_that_is_gone(tmp_path: Path) -> None:
    copy = SecondCopy(tmp_path / "nowhere" / "scans", tmp_path, Clock().now)
    copy.add(scan("scan-1"))
    assert (
        "is gone since 2026-03-02 08:00 UTC: the system says: No such file or directory. "
        "The journal has 1 scan(s)" in copy.words
    )


def test_a_line_that_a_power_cut_tore_spoils_no_other(copy: SecondCopy, stick: Stick) -> None:
    copy.add(scan("scan-1"))
    path = stick.folder / "scans"
    with path.open("ab") as file:
        file.write(line_of(scan("scan-torn"))[:-9])
    copy.add(scan("scan-2"))
    assert _kept(stick) == [scan("scan-1"), None, scan("scan-2")]


@pytest.mark.parametrize("offset", range(0, 40, 3))
def test_a_bit_that_flips_is_found(copy: SecondCopy, stick: Stick, offset: int) -> None:
    copy.add(scan("scan-1"))
    copy.add(scan("scan-2"))
    path = stick.folder / "scans"
    data = bytearray(path.read_bytes())
    data[offset] ^= 4
    path.write_bytes(data)
    assert _kept(stick) == [None, scan("scan-2")]


def test_a_copy_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"Cannot read the second copy .*No such file"):
        list(read_copy(tmp_path / "scans"))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Give a journal whose second copy is really on another medium."""
    medium = Path("/dev/shm")  # noqa: S108 - one file of our own in it
    if not medium.is_dir() or medium.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second medium here")
    path = medium / f"kiosk-second-copy-{os.getpid()}"
    with closing(
        open_journal(
            f"sqlite:///{tmp_path}/kiosk.db",
            clock=Clock().now,
            ids=counted_ids(),
            boot="boot-1",
            allow_volatile=True,
            second_copy=path,
        )
    ) as journal:
        yield journal
    path.unlink(missing_ok=True)


def test_a_lost_journal_s_scans_are_taken_back_and_none_is_answered(journal: Journal, tmp_path: Path) -> None:
    journal.book.keep(scan("scan-kept"))
    journal.book.commit(Entry(session(), scan=scan("scan-kept")), is_kept=True)
    journal.book.commit(Entry(session(), scan=scan("scan-answered", HOSTILE)))
    assert journal.state().is_ready
    assert journal.copy is not None
    found = [one for one in read_copy(journal.copy._path) if one is not None]
    assert [one.id for one in found] == ["scan-kept", "scan-answered"]
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    with closing(opened(fresh)) as book:
        assert book.book.take_back(found) == 2
        assert book.book.take_back(found) == 0
        assert [(kept.scan, kept.state) for kept in book.book.scanned()] == [
            (one, "set aside") for one in found
        ]
        assert book.book.waiting("dock-1") == ()
        assert book.first_break() is None


def test_a_copy_on_the_journal_s_own_medium_is_none(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kiosk.db"
    with closing(
        open_journal(
            url,
            clock=Clock().now,
            ids=counted_ids(),
            boot="b",
            allow_volatile=True,
            second_copy=tmp_path / "scans",
        )
    ) as journal:
        journal.book.keep(scan("scan-1"))
        state = journal.state()
    assert not state.is_ready
    assert "no other medium is mounted there. The journal has 1 scan(s) that are not in it yet" in state.text
    assert not (tmp_path / "scans").exists()
