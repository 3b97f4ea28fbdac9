import contextlib
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.errors import JournalError
from kiosk.journal import Journal
from kiosk.journal.shared_commit import SharedCommit
from tests.faults.crash_work import HAS_STRACE
from tests.journal.opened import counted, rows_of, scan
from tests.journal.shared_work import at_once, event, until

MANY = 5


class Writers:
    """Threads that each write a scan, and who of them went on."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.commits: list[object] = []
        self.went_on: list[int] = []
        self.refused: list[str] = []
        sa.event.listen(journal.clerk.store._engine, "commit", self.commits.append)

    def scan(self, number: int) -> None:
        self._count(number, lambda: self.journal.book.commit(event(number)))

    def again(self, number: int) -> None:
        """Keep a scan whose id is there already."""
        self._count(number, lambda: self.journal.book.keep(scan("scan-0")))

    def broken(self, number: int) -> None:
        self._count(number, self._break)

    def run(self, *writes: Callable[[], None]) -> None:
        for thread in self.begun(*writes):
            thread.join()

    def begun(self, *writes: Callable[[], None]) -> list[threading.Thread]:
        return at_once(self.journal, writes)

    def all(self) -> list[Callable[[], None]]:
        return [partial(self.scan, number) for number in range(MANY)]

    def _break(self) -> None:
        with self.journal.clerk.store.writing() as connection:
            connection.exec_driver_sql("SELECT 1 FROM nowhere")

    def _count(self, number: int, write: Callable[[], object]) -> None:
        try:
            write()
        except JournalError as error:
            self.refused.append(str(error))
        else:
            self.went_on.append(number)


@pytest.fixture
def writers(journal: Journal) -> Writers:
    return Writers(journal)


def test_all_who_wait_share_one_commit(writers: Writers, tmp_path: Path) -> None:
    writers.run(*writers.all())
    assert sorted(writers.went_on) == [*range(MANY)]
    assert len(writers.commits) == 1
    assert (counted(tmp_path)["scans"], counted(tmp_path)["operations"]) == (MANY, MANY)
    assert writers.journal.first_break() is None


def test_who_waits_for_nobody_commits_alone(writers: Writers) -> None:
    for write in writers.all():
        write()
    assert len(writers.commits) == MANY


def test_nobody_goes_on_before_the_commit(writers: Writers, tmp_path: Path) -> None:
    engine = writers.journal.clerk.store._engine
    is_committing, may_commit = threading.Event(), threading.Event()

    def hold(_connection: object) -> None:
        is_committing.set()
        assert may_commit.wait(20)

    sa.event.listen(engine, "commit", hold)
    threads: list[threading.Thread] = []
    held = threading.Thread(target=lambda: threads.extend(writers.begun(*writers.all())))
    held.start()
    assert is_committing.wait(20)
    assert writers.went_on == []
    assert held.is_alive(), "the part that the others waited for has to wait for them in turn"
    assert counted(tmp_path)["scans"] == 0
    may_commit.set()
    held.join()
    for thread in threads:
        thread.join()
    assert sorted(writers.went_on) == [*range(MANY)]


def test_when_the_commit_fails_nobody_goes_on(writers: Writers, tmp_path: Path) -> None:
    def fail(_connection: object) -> None:
        raise sa.exc.OperationalError("COMMIT", None, OSError("disk I/O error"))

    engine = writers.journal.clerk.store._engine
    sa.event.listen(engine, "commit", fail)
    with pytest.raises(JournalError, match=r"Cannot write the journal\. \(SQLite says: disk I/O error\)"):
        writers.run(*writers.all())
    until(lambda: len(writers.refused) == MANY)
    assert {*writers.refused} == {"Cannot write the journal. (SQLite says: disk I/O error)"}
    assert (writers.went_on, counted(tmp_path)["scans"], counted(tmp_path)["audit"]) == ([], 0, 0)
    sa.event.remove(engine, "commit", fail)
    writers.scan(0)
    assert counted(tmp_path)["scans"] == 1


def test_one_that_is_refused_takes_back_its_own_part_alone(writers: Writers, tmp_path: Path) -> None:
    *others, last = writers.all()
    writers.run(*others, partial(writers.again, MANY), last)
    assert sorted(writers.went_on) == [*range(MANY)]
    assert len(writers.refused) == 1
    assert "UNIQUE" in writers.refused[0]
    assert len(writers.commits) == 1
    with rows_of(tmp_path) as connection:
        kept = connection.execute("SELECT count(*) FROM audit WHERE event = 'scan-kept'").fetchone()
    assert kept == (0,)
    assert writers.journal.first_break() is None


def test_the_last_may_be_refused(writers: Writers, tmp_path: Path) -> None:
    writers.run(*writers.all(), partial(writers.again, MANY))
    assert sorted(writers.went_on) == [*range(MANY)]
    assert (len(writers.refused), len(writers.commits)) == (1, 1)
    assert counted(tmp_path)["scans"] == MANY


def test_where_the_database_fails_nothing_before_it_counts(writers: Writers, tmp_path: Path) -> None:
    first, second, *others = writers.all()
    with pytest.raises(JournalError, match="no such table"):
        writers.run(first, second, partial(writers.broken, MANY), *others)
    until(lambda: len(writers.went_on) + len(writers.refused) == MANY + 1)
    assert 0 not in writers.went_on, "what came before it cannot be trusted"
    # Who has the turn next, the system decides: perhaps all of them were before it.
    writers.scan(MANY + 1)
    assert MANY + 1 in writers.went_on, "what comes after it is in a transaction of its own"
    with rows_of(tmp_path) as connection:
        kept = {id_ for (id_,) in connection.execute("SELECT id FROM scans")}
    assert kept == {f"scan-{number}" for number in writers.went_on}
    assert writers.journal.first_break() is None


def test_who_was_left_alone_with_the_commit_makes_it(journal: Journal, tmp_path: Path) -> None:
    shared = SharedCommit(journal.clerk.store._engine)
    # As if somebody waited, who then never came.
    shared._waiting = 1
    is_in = threading.Event()

    def write() -> None:
        with shared.part() as connection:
            connection.exec_driver_sql("CREATE TABLE here (x)")
            is_in.set()

    thread = threading.Thread(target=write)
    thread.start()
    assert is_in.wait(20)
    shared._waiting = 0
    thread.join(20)
    assert not thread.is_alive()
    with rows_of(tmp_path) as connection:
        assert connection.execute("SELECT * FROM here").fetchall() == []


class NoTurn:
    """A turn that whoever waits for it is torn away from."""

    def acquire(self) -> bool:
        raise KeyboardInterrupt


def test_who_is_torn_away_from_waiting_is_not_waited_for(tmp_path: Path) -> None:
    shared = SharedCommit(sa.create_engine(f"sqlite:///{tmp_path}/plain.db"))
    shared._turn = NoTurn()  # type: ignore[assignment]  # a lock that fails
    with pytest.raises(KeyboardInterrupt), shared.part():
        pass
    assert shared.waiting == 0


def test_what_sqlite_rolled_back_by_itself_does_not_count(writers: Writers, tmp_path: Path) -> None:
    def write() -> None:
        with writers.journal.clerk.store.writing() as connection:
            writers.journal.clerk.note(connection, "dock-1", "lost", {})
            with contextlib.suppress(sa.exc.IntegrityError):
                connection.exec_driver_sql("INSERT OR ROLLBACK INTO audit SELECT * FROM audit")

    with pytest.raises(JournalError, match=r"Cannot write the journal\. \(SQLite says: it was rolled back\)"):
        write()
    writers.scan(0)
    assert counted(tmp_path)["scans"] == 1
    assert writers.journal.first_break() is None


@pytest.mark.skipif(not HAS_STRACE, reason="strace is not installed")
def test_scans_that_wait_for_each_other_cost_one_sync_of_the_disk(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    strace = ("strace", "-f", "-y", "--seccomp-bpf", "-o", str(trace), "-e", "trace=fsync,fdatasync")
    work = (sys.executable, "-m", "tests.journal.shared_work", str(tmp_path), str(MANY))
    subprocess.run([*strace, *work], check=True, cwd=Path(__file__).parents[2])
    _, alone, together, _ = re.split(r"fsync\(\d+<[^>]*/mark>", trace.read_text())
    assert (alone.count(" fdatasync("), together.count(" fdatasync(")) == (MANY, 1)
