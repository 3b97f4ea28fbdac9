"""A backup of the journal while the kiosk runs, and a journal that begins again from one."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.errors import JournalError
from kiosk.journal.audit import Head
from kiosk.journal.journal import Journal, open_journal
from kiosk.journal.place import beside, database_path, sync
from kiosk.journal.sole_use import sole_use
from kiosk.journal.tables import is_active, is_open, is_waiting, jobs, operations, scans
from kiosk.model import JobState, Json, OperationState, ScanState
from kiosk.ports import Clock, Ids
from kiosk.words import N_

_PARTS: Final = ("-wal", "-shm", "")
_WAITED = (OperationState.QUEUED, OperationState.IN_FLIGHT, OperationState.UNKNOWN)
_DOUBT = N_("The journal was restored from a backup: ION may have done this since. Look, then decide.")


def back_up(url: str, target: Path) -> None:
    """Write a whole copy of the journal, as of one moment; a kiosk may be running on it.

    Args:
        url: the journal.
        target: a file that does not exist yet, best on another medium.

    Raises:
        JournalError: it exists, cannot be written, or would not be whole.
    """
    source = database_path(url)
    if target.exists():
        raise JournalError(f"Cannot back up to {str(target)!r}: it exists, and is not written over.")
    if not source.exists():
        raise JournalError(f"Cannot back up the journal {url!r}: there is none.")
    draft = beside(target, ".new")
    try:
        with closing(sqlite3.connect(source)) as journal, closing(sqlite3.connect(draft)) as copy:
            journal.backup(copy)
            # One file that can be carried away: without a log beside it.
            copy.execute("PRAGMA journal_mode=DELETE").close()
        _check(draft)
        sync(draft)
        draft.rename(target)
        sync(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise JournalError(f"Cannot back up the journal to {str(target)!r}: {error}") from error
    finally:
        draft.unlink(missing_ok=True)


def restore(  # noqa: PLR0913  as ``open_journal`` has them
    url: str, source: Path, why: str, *, clock: Clock, ids: Ids, boot: str, allow_volatile: bool = False
) -> str | None:
    """Let the journal begin again from a backup; what stands in its place now is kept beside it.

    What waited when the backup was made may have happened since: nothing of it is sent, printed or answered
    by itself, a person decides.

    Args:
        url: the journal; no kiosk is running on it.
        source: the backup.
        why: the technician's reason.
        clock: gives the time.
        ids: makes ids.
        boot: the kernel's boot id.
        allow_volatile: see ``Store``.

    Returns:
        The name under which the journal before it is kept, ``None`` where there was none.

    Raises:
        JournalError: a kiosk is running, or the backup is not whole, or a file cannot be written.
    """
    path = database_path(url)
    with sole_use(url):
        draft = beside(path, ".restored")
        try:
            shutil.copyfile(source, draft)
            _check(draft)
            sync(draft)
            kept = _move_away(path, clock())
            draft.rename(path)
            sync(path.parent)
        except (sqlite3.Error, OSError) as error:
            raise JournalError(f"Cannot restore the journal from {str(source)!r}: {error}") from error
        finally:
            draft.unlink(missing_ok=True)
        journal = open_journal(url, clock=clock, ids=ids, boot=boot, allow_volatile=allow_volatile)
        with closing(journal):
            _hold_back(journal, why)
    return kept


def _hold_back(journal: Journal, why: str) -> None:
    head: Head = journal.head()
    with journal.clerk.store.writing() as connection:
        held = _hold_operations(connection)
        doubtful = (JobState.QUEUED, JobState.SENDING)
        printing = sa.update(jobs).where(jobs.c.state.in_(doubtful))
        printed = connection.execute(printing.values(state=JobState.UNKNOWN, error=_DOUBT)).rowcount
        connection.execute(sa.update(scans).where(is_waiting(scans)).values(state=ScanState.SET_ASIDE))
        details: dict[str, Json] = {"head": str(head), "why": why, "operations": held, "labels": printed}
        journal.clerk.note(connection, "", "journal-restored", details)


def _hold_operations(connection: Connection) -> int:
    """Give what waited to a person: the first of each subject parked, and the others behind it refused."""
    waited = sa.and_(is_open(operations), operations.c.state.in_(_WAITED))
    active = operations.alias("active")
    is_behind = sa.exists().where(active.c.subject == operations.c.subject, is_active(active))
    earlier = operations.alias("earlier")
    is_later = sa.exists().where(
        earlier.c.subject == operations.c.subject,
        is_open(earlier),
        earlier.c.state == OperationState.QUEUED,
        earlier.c.seq < operations.c.seq,
    )
    later = sa.and_(operations.c.state == OperationState.QUEUED, sa.or_(is_behind, is_later))
    refused = sa.update(operations).where(is_open(operations), later)
    parked = sa.update(operations).where(waited)
    doubt = {"error": _DOUBT, "is_doubtful": True}
    count = connection.execute(refused.values(state=OperationState.REJECTED, **doubt)).rowcount
    return count + connection.execute(parked.values(state=OperationState.PARKED, **doubt)).rowcount


def _check(path: Path) -> None:
    """Refuse a copy that is not whole.

    Raises:
        JournalError: it is damaged, or is no journal.
    """
    with closing(sqlite3.connect(path)) as copy:
        found = [row[0] for row in copy.execute("PRAGMA integrity_check")]
        if found != ["ok"]:
            raise JournalError(f"The copy {path.name!r} is damaged: {'; '.join(map(str, found[:3]))}.")
        tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_master")}
        if not {"audit", "alembic_version", "operations"} <= tables:
            raise JournalError(f"The copy {path.name!r} is no journal of a kiosk.")


def _move_away(path: Path, now: datetime) -> str | None:
    if not path.exists():
        return None
    kept = f"{path.name}.before-{now:%Y%m%dT%H%M%SZ}"
    if path.with_name(kept).exists():
        raise JournalError(f"{kept!r} exists already. Wait a second, then try again.")
    for part in _PARTS:
        if (old := beside(path, part)).exists():
            old.rename(path.with_name(kept + part))
    return kept
