import resource
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from kiosk.errors import JournalError
from kiosk.journal import Entry, Journal, open_journal
from kiosk.journal.migrate import upgrade
from kiosk.journal.store import _MIGRATIONS, Store, _newest_version
from kiosk.journal.tables import metadata
from tests.fakes import Clock, counted_ids
from tests.journal.opened import counted, new_job, opened, queued, rows_of, scan, session, submit


def test_every_connection_is_durable(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        store = journal.clerk.store
        with store.reading() as one, store.reading() as two, store.writing() as three:
            for connection in (one, two, three):
                assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
                assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_file_that_was_written_without_care_is_durable_again(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with rows_of(tmp_path) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA synchronous=OFF")
    with closing(opened(tmp_path)) as journal, journal.clerk.store.reading() as connection_again:
        assert connection_again.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection_again.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_migrations_run_on_an_empty_and_on_an_up_to_date_file(tmp_path: Path) -> None:
    (tmp_path / "kiosk.db").touch()
    opened(tmp_path).close()
    opened(tmp_path).close()
    with rows_of(tmp_path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (_newest_version(),)
        ]


@pytest.mark.parametrize("revision", ["0001", "0002", "0003", "0004"])
def test_a_journal_of_an_earlier_kiosk_gets_what_is_new(tmp_path: Path, revision: str) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/kiosk.db")
    with engine.begin() as connection:
        upgrade(connection, _MIGRATIONS, revision)
    engine.dispose()
    with closing(opened(tmp_path)) as journal:
        assert journal.bindings.all() == ()
        assert journal.files.read("0" * 64) is None
        assert journal.first_break() is None


def test_migrations_make_the_tables_as_they_are_written(tmp_path: Path) -> None:
    opened(tmp_path).close()
    engine = sa.create_engine(f"sqlite:///{tmp_path}/kiosk.db")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        migrated = _indexes(connection)
    engine.dispose()
    fresh = sa.create_engine("sqlite://")
    with fresh.connect() as connection:
        metadata.create_all(connection)
        assert migrated == _indexes(connection)
    fresh.dispose()


def _indexes(connection: sa.Connection) -> set[str]:
    """Return the indexes word for word, their conditions too, which Alembic does not compare."""
    query = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    return set(connection.exec_driver_sql(query).scalars())


def test_a_migration_cut_short_leaves_nothing(tmp_path: Path) -> None:
    with rows_of(tmp_path) as connection:
        connection.execute("CREATE TABLE sessions (somebody_elses)")
    with pytest.raises(JournalError, match="table sessions already exists"):
        opened(tmp_path)
    with rows_of(tmp_path) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        assert tables == [("sessions",)]


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "postgresql://localhost/kiosk", "kiosk.db", ""]
)
def test_a_url_that_is_no_file_is_refused(url: str) -> None:
    with pytest.raises(JournalError, match=r"expected sqlite:////path/to/kiosk\.db"):
        Store(url)


def test_a_missing_folder_is_named() -> None:
    with pytest.raises(JournalError, match="expected a folder '/nowhere', got none"):
        Store("sqlite:////nowhere/kiosk.db")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    path.write_bytes(b"not a database at all, but somebody's text" * 100)
    before = path.read_bytes()
    with pytest.raises(
        JournalError, match=r"Cannot open the journal .* damaged .SQLite says: file is not a database"
    ):
        opened(tmp_path)
    assert path.read_bytes() == before


def test_a_damaged_file_is_refused_in_words(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        for number in range(200):
            journal.book.commit(Entry(session(), scan=scan(f"scan-{number}")))
    path = tmp_path / "kiosk.db"
    damaged = bytearray(path.read_bytes())
    for page in range(5, len(damaged) // 4096):
        damaged[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(damaged)
    with pytest.raises(JournalError, match=r"is damaged .* sets the file aside"):
        opened(tmp_path)
    assert path.read_bytes() == bytes(damaged)


def test_a_folder_with_a_percent_sign_is_fine(tmp_path: Path) -> None:
    folder = tmp_path / "100%(here)s"
    folder.mkdir()
    opened(folder).close()
    assert (folder / "kiosk.db").exists()


def _opened_without_room(folder: Path) -> Journal:
    return open_journal(
        f"sqlite:///{folder}/kiosk.db",
        clock=Clock().now,
        ids=counted_ids("b"),
        boot="b",
        least_free_bytes=1 << 60,
        allow_volatile=True,
    )


def test_an_almost_full_disk_refuses_new_work_and_says_so(tmp_path: Path) -> None:
    with closing(_opened_without_room(tmp_path)) as journal:
        for refused in (
            lambda: journal.book.keep(scan("scan-1")),
            lambda: journal.book.commit(Entry(session(), scan=scan("scan-1"))),
            lambda: journal.prints.add([new_job("job-1")]),
        ):
            with pytest.raises(JournalError, match=r"The disk is almost full: expected \d+ KiB free"):
                refused()
    assert counted(tmp_path)["scans"] == counted(tmp_path)["print_jobs"] == 0


def test_what_was_taken_is_brought_to_its_end_on_an_almost_full_disk(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        journal.book.commit(Entry(session(), submits=[("key-1", submit())], jobs=[new_job("job-1")]))
    with closing(_opened_without_room(tmp_path)) as journal:
        assert journal.outbox.claim() is not None
        assert journal.prints.claim("zebra") is not None


def test_a_locked_file_is_a_journal_error_and_works_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.journal.store._BUSY_TIMEOUT_S", 0.05)  # ten seconds are long in a test
    with closing(opened(tmp_path)) as journal:
        with rows_of(tmp_path) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(
                JournalError, match=r"Cannot write the journal\. \(SQLite says: database is locked\)"
            ):
                journal.book.keep(scan("scan-1"))
            other.execute("ROLLBACK")
        opened_anew: list[object] = []
        sa.event.listen(journal.clerk.store._engine, "connect", lambda *_: opened_anew.append(1))
        journal.book.keep(scan("scan-2"))
        assert opened_anew, "a connection that failed is not trusted again"
        assert [kept.id for kept in journal.book.waiting("dock-1")] == ["scan-2"]


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from kiosk.errors import JournalError
from tests.journal.opened import opened, scan
from kiosk.journal import Entry
from tests.journal.opened import session, submit

folder = Path(sys.argv[1])
journal = opened(folder)
taken = 0
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
refused = ""
while not refused:
    try:
        event = Entry(session(), scan=scan(f"scan-{taken}"), submits=[(f"key-{taken}", submit())])
        journal.book.commit(event)
    except JournalError as error:
        refused = str(error)
    else:
        taken += 1
resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
try:
    journal.book.keep(scan("still full"))
except JournalError as error:
    print("still refused:", error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
journal.book.commit(Entry(session(), scan=scan("after"), submits=[("key-after", submit())]))
print("refused:", refused)
print("taken:", taken, len(journal.outbox.listed(limit=10_000)), journal.first_break())
"""


def test_a_write_that_the_system_refuses_is_no_acknowledgement_and_the_next_one_works(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said[0].startswith("still refused: Cannot write the journal. (")
    assert said[1].startswith("refused: Cannot write the journal. (")
    taken = int(said[2].split()[1])
    assert taken > 0
    assert said[2] == f"taken: {taken} {taken + 1} None"
    with rows_of(tmp_path) as connection:
        kept = {row[0] for row in connection.execute("SELECT id FROM scans")}
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert kept == {*(f"scan-{number}" for number in range(taken)), "after"}


def test_a_read_only_file_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    engine = sqlite3.connect(f"file:{tmp_path}/kiosk.db?mode=ro", uri=True)
    engine.close()
    with pytest.raises(JournalError, match=r"Cannot (write|open)|not durable"):
        Store(f"sqlite:///file:{tmp_path}/kiosk.db?mode=ro&uri=true", allow_volatile=True)


def test_eight_threads_write_and_read_at_once(tmp_path: Path) -> None:
    per_thread = 15
    faults: list[BaseException] = []
    with closing(opened(tmp_path)) as journal:

        def work(thread: int) -> None:
            try:
                for number in range(per_thread):
                    name = f"{thread}-{number}"
                    entry = Entry(
                        session(),
                        scan=scan(name),
                        key=name,
                        submits=[(f"key-{name}", submit(f"line/{thread}"))],
                    )
                    journal.book.commit(entry)
                    assert journal.book.seen(name) == name
                    journal.outbox.counts()
            except BaseException as error:  # noqa: BLE001 - a thread's failure has to reach the test
                faults.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults == []
        assert journal.outbox.counts() == (8 * per_thread, 0)
        assert journal.first_break() is None


def test_eight_threads_never_claim_two_of_one_subject(tmp_path: Path) -> None:
    claimed: list[tuple[str, str]] = []
    with closing(opened(tmp_path)) as journal:
        submits = [(f"key-{number}", submit(f"line/{number % 4}")) for number in range(40)]
        journal.book.commit(Entry(session(), submits=submits))

        def work() -> None:
            while (operation := journal.outbox.claim()) is not None:
                claimed.append((operation.subject, operation.key))

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(claimed) == [(f"line/{number}", f"key-{number}") for number in range(4)]


def test_the_limit_is_lifted_here() -> None:
    """The limit of the full-disk test holds in its child only."""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] in {-1, resource.RLIM_INFINITY}


def test_readings_of_one_moment_see_nothing_that_came_since(journal: Journal) -> None:
    with journal.moment():
        with journal.moment():
            assert journal.outbox.counts() == (0, 0)
        writer = threading.Thread(target=queued, args=(journal, "key-1"))
        writer.start()
        writer.join()
        assert (journal.outbox.counts(), journal.outbox.listed()) == ((0, 0), ())
    assert journal.outbox.counts() == (1, 0)


def test_a_moment_is_over_when_it_could_not_be_read(journal: Journal) -> None:
    store = journal.clerk.store
    with (
        pytest.raises(JournalError, match="no such table"),
        journal.moment(),
        store.reading() as connection,
    ):
        connection.exec_driver_sql("SELECT 1 FROM nowhere")
    assert journal.outbox.counts() == (0, 0)
