"""A journal for a test, and what goes into it."""

import functools
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from kiosk.journal import Entry, Journal, NewJob, open_journal
from kiosk.journal.store import _MIGRATIONS, Store
from kiosk.model import Json, Operation, Operator, PreparedLabel, Print, RawScan, Session, Submit
from tests.fakes import Clock, counted_ids

STATION = "dock-1"


def opened(folder: Path, clock: Clock | None = None, ids: str = "") -> Journal:
    if not any(folder.glob("kiosk.db*")):
        (folder / "kiosk.db").write_bytes(fresh())
    return open_journal(
        f"sqlite:///{folder}/kiosk.db",
        clock=(clock or Clock()).now,
        ids=counted_ids(ids),
        boot="boot-1",
        allow_volatile=True,
    )


def set_back(folder: Path, revision: str) -> None:
    """Make a journal that is closed one of an earlier kiosk."""
    engine = sa.create_engine(f"sqlite:///{folder}/kiosk.db")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
    engine.dispose()


@functools.cache
def fresh() -> bytes:
    """Return a journal to which every migration was done, which takes longer than most tests."""
    with TemporaryDirectory() as name:
        path = Path(name) / "kiosk.db"
        store = Store(f"sqlite:///{path}", allow_volatile=True)
        store.close()
        assert not path.with_name("kiosk.db-wal").exists()
        return path.read_bytes()


@contextmanager
def rows_of(folder: Path) -> Iterator[sqlite3.Connection]:
    """Give the file itself, past all that the journal guards."""
    with closing(sqlite3.connect(folder / "kiosk.db", isolation_level=None)) as connection:
        yield connection


def session(revision: int = 1, turn: int = 1, **state: Json) -> Session:
    return Session("session-1", STATION, "home", "idle", state, None, turn, revision)


def scan(id_: str, data: bytes = b"PN-1") -> RawScan:
    return RawScan(id_, STATION, "gun", data, Clock().now())


def submit(subject: str = "order-line/1", **arguments: Json) -> Submit:
    return Submit("receive", subject, "order/1", arguments)


def queued(
    journal: Journal, key: str, subject: str = "order-line/1", actor: Operator | None = None
) -> Operation:
    """Queue an operation as a station does, and return it."""
    journal.book.commit(Entry(session(), actor=actor, submits=[(key, submit(subject))]))
    found = {operation.key: operation for operation in journal.outbox.listed(limit=1_000_000)}
    return found[key]


def new_job(
    key: str, printer: str = "zebra", copies: int = 1, code: str = "ION/LOC/7", made_for: str = ""
) -> NewJob:
    label = Print("location", {"code": code}, "location/7", copies)
    prepared = PreparedLabel("location", "digest", code, f"payload of {code}".encode(), b"PNG", made_for)
    return NewJob(key, STATION, printer, label, prepared)


def counted(folder: Path) -> Mapping[str, int]:
    """Return the number of rows of every table that an event can write to."""
    tables = ("scans", "presses", "sessions", "operations", "print_jobs", "label_contents", "audit")
    with rows_of(folder) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
            for table in tables
        }
