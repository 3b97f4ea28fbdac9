"""What happens at the stations: one transaction an event, with everything that follows from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.errors import JournalError
from kiosk.journal.batches import turn_queues
from kiosk.journal.clerk import Clerk
from kiosk.journal.label_accounts import insert_again
from kiosk.journal.label_proof import confirm_by_scan
from kiosk.journal.outbox import Origin, insert_operations
from kiosk.journal.print_orders import NewJob, NewReprint, insert_jobs
from kiosk.journal.print_queue import take_verdict
from kiosk.journal.retention import removed_before
from kiosk.journal.rows import kept_scan_of, message_text, scan_of, session_of, written
from kiosk.journal.second_copy import SecondCopy
from kiosk.journal.tables import is_waiting, presses, scans, sessions
from kiosk.journal.undoing import withdraw
from kiosk.model import (
    Json,
    KeptScan,
    Operator,
    PrintJob,
    QueueAct,
    RawScan,
    ScanState,
    Session,
    Submit,
    Verdict,
    Withdraw,
)

# Made once: to build a statement anew takes SQLAlchemy longer than SQLite needs to execute it.
_TAKE_SCAN, _TAKE_PRESS = sa.insert(scans), sa.insert(presses)
_SEEN = [sa.select(table.c.id).where(table.c.key == sa.bindparam("key")) for table in (scans, presses)]
_STAND = sa.update(sessions).where(sessions.c.station == sa.bindparam("here"))
_BEGIN = sa.insert(sessions)
_ANSWER = sa.update(scans).where(scans.c.id == sa.bindparam("of"), is_waiting(scans))
_STRIDE = 1_000_000
"""More revisions than one run of the kiosk shows without an event that would put them on disk."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button or command as it was taken."""

    id: str
    verb: str
    argument: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One event at a station and all that follows from it."""

    session: Session
    """As it stands after the event."""
    scan: RawScan | None = None
    press: Press | None = None
    key: str | None = None
    """The sender's idempotency key."""
    proof: str | None = None
    """What the scan says, where it could be a label of ours."""
    actor: Operator | None = None
    """Who was signed in."""
    signed: Mapping[str, Json] | None = None
    """What they signed with their PIN: ``kind`` and ``title``."""
    came: Operator | None = None
    """Who is signed in by this very scan of their badge."""
    submits: Sequence[tuple[str, Submit]] = ()
    jobs: Sequence[NewJob] = ()
    verdicts: Sequence[Verdict] = ()
    withdrawals: Sequence[Withdraw] = ()
    reprints: Sequence[NewReprint] = ()
    turns: Sequence[tuple[QueueAct, Sequence[str]]] = ()
    """What becomes of the queues of printers."""

    @property
    def event(self) -> str:
        """Return the id of its scan or press, empty where it has neither."""
        happened = self.scan or self.press
        return happened.id if happened else ""


class StationBook:
    """Sessions, scans and presses."""

    def __init__(self, clerk: Clerk, copy: SecondCopy | None = None) -> None:
        self._clerk = clerk
        self._copy = copy

    def reopen(self, first: Session) -> Session:
        """Return where a station stood when its last event was committed.

        Its revision is one that no page can know yet, since changes of the screen that are not on disk
        counted, too: a press drawn before the restart is found stale.

        Args:
            first: where it stands if it never stood anywhere.

        Raises:
            JournalError: it could not be written.
        """
        query = sa.select(sessions).where(sessions.c.station == first.station)
        with self._clerk.store.writing() as connection:
            row = connection.execute(query).mappings().one_or_none()
            session = first
            if row is not None:
                known = session_of(row)
                session = replace(known, revision=known.revision + _STRIDE)
            self._write_session(connection, session)
            details: dict[str, Json] = {"screen": f"{session.flow}/{session.step}"}
            self._clerk.note(connection, session.station, "station-opened", details)
        return session

    def seen(self, key: str) -> str | None:
        """Return the id of the scan or press that came with this key before."""
        with self._clerk.store.reading() as connection:
            return _seen(connection, key)

    def keep(self, scan: RawScan, key: str | None = None) -> None:
        """Put a scan on disk before it is known what it means.

        Raises:
            JournalError: it is not on disk, and must not be acknowledged.
        """
        self._clerk.store.check_room()
        with self._clerk.store.writing() as connection:
            self._insert_scan(connection, scan, key, ScanState.WAITING, "")
            self._clerk.note(connection, scan.station, "scan-kept", {"id": scan.id})
        self._copied(scan)

    def take_back(self, found: Iterable[RawScan]) -> int:
        """Put scans of a second copy into the journal that it does not have; return how many.

        They are set aside: the kiosk answers none of them by itself, since what they led to may be in ION.
        Those from before what the journal keeps are left where they are.

        Raises:
            JournalError: nothing of it could be written.
        """
        taken = 0
        with self._clerk.store.writing() as connection:
            kept_from = removed_before(connection) or ""
            for scan in found:
                if scan.at.astimezone(UTC).isoformat() < kept_from:
                    continue
                if connection.execute(sa.select(scans.c.id).where(scans.c.id == scan.id)).first() is None:
                    self._insert_scan(connection, scan, None, ScanState.SET_ASIDE, "")
                    taken += 1
            self._clerk.note(connection, "", "scans-taken-back", {"count": taken})
        return taken

    def set_aside(self, scan: RawScan) -> None:
        """Take a scan out of those that wait: the kiosk failed at answering it, and would again.

        Raises:
            JournalError: it could not be written.
        """
        with self._clerk.store.writing() as connection:
            _answer_kept(connection, scan, ScanState.SET_ASIDE, "")
            self._clerk.note(connection, scan.station, "scan-set-aside", {"id": scan.id})

    def waiting(self, station: str) -> tuple[RawScan, ...]:
        """Return the scans that were kept and not yet answered, oldest first."""
        with self._clerk.store.reading() as connection:
            rows = connection.execute(
                sa.select(scans).where(scans.c.station == station, is_waiting(scans)).order_by(scans.c.seq)
            ).mappings()
            return tuple(scan_of(row) for row in rows)

    def scanned(self) -> tuple[KeptScan, ...]:
        """Return every scan of every station, oldest first."""
        with self._clerk.store.reading() as connection:
            rows = connection.execute(sa.select(scans).order_by(scans.c.seq)).mappings()
            return tuple(kept_scan_of(row) for row in rows)

    def commit(self, entry: Entry, *, is_kept: bool = False) -> PrintJob | None:
        """Write an event and everything that follows from it, or nothing.

        Returns:
            The print job that its scan proved to have come out.

        Args:
            entry: the event.
            is_kept: its scan is on disk already.

        Raises:
            JournalOvertaken: what it takes back is no longer as it was when that was decided.
            JournalError: nothing of it is on disk, and it must not be acknowledged.
        """
        session, proved = entry.session, None
        self._clerk.store.check_room()
        with self._clerk.store.writing() as connection:
            details: dict[str, Json] = {"screen": f"{session.flow}/{session.step}"}
            if entry.actor is not None:
                details["actor"] = entry.actor.id
            if entry.signed is not None:
                details["signed"] = entry.signed
            if entry.scan is not None:
                details["scan"] = entry.scan.id
                self._write_scan(connection, entry, is_kept=is_kept)
                if entry.proof:
                    proved = confirm_by_scan(connection, self._clerk, session.station, entry.proof)
            if entry.press is not None:
                details["press"] = entry.press.verb
                self._insert_press(connection, entry.press, session.station, entry.key)
            self._write_session(connection, session)
            self._clerk.note(connection, session.station, "event", details)
            if entry.came is not None:
                came: dict[str, Json] = {
                    "operator": entry.came.id,
                    "name": entry.came.name,
                    "way": "badge",
                }
                self._clerk.note(connection, session.station, "signed-in", came)
            self._write_effects(connection, entry)
        if entry.scan is not None and not is_kept:
            self._copied(entry.scan)
        return proved

    def _write_effects(self, connection: Connection, entry: Entry) -> None:
        origin = Origin(entry.session.station, entry.session.flow, entry.actor, entry.event)
        for taken in entry.withdrawals:
            withdraw(connection, self._clerk, taken, entry.actor)
        insert_operations(connection, self._clerk, entry.submits, origin)
        insert_jobs(connection, self._clerk, [replace(job, event=entry.event) for job in entry.jobs])
        for verdict in entry.verdicts:
            take_verdict(connection, self._clerk, verdict)
        for again in entry.reprints:
            insert_again(connection, self._clerk, again)
        for act, printers in entry.turns:
            by = entry.actor.name if entry.actor else ""
            turn_queues(connection, self._clerk, act, printers, (entry.session.station, by))

    def _copied(self, scan: RawScan) -> None:
        """Write a scan once more, now that it is on disk and before anybody is told."""
        if self._copy is not None:
            self._copy.add(scan)

    def _write_scan(self, connection: Connection, entry: Entry, *, is_kept: bool) -> None:
        if entry.scan is None:
            return
        screen = f"{entry.session.flow}/{entry.session.step}"
        if is_kept:
            _answer_kept(connection, entry.scan, ScanState.HANDLED, screen)
        else:
            self._insert_scan(connection, entry.scan, entry.key, ScanState.HANDLED, screen)

    def _insert_scan(
        self, connection: Connection, scan: RawScan, key: str | None, state: ScanState, screen: str
    ) -> None:
        values = {
            "id": scan.id,
            "key": key,
            "station": scan.station,
            "scanner": scan.scanner,
            "raw": scan.data,
            "symbology": scan.symbology,
            "at": scan.at.isoformat(),
            "boot": self._clerk.boot,
            "state": state,
            "screen": screen,
        }
        connection.execute(_TAKE_SCAN, values)

    def _insert_press(self, connection: Connection, press: Press, station: str, key: str | None) -> None:
        values = {
            "id": press.id,
            "key": key,
            "station": station,
            "verb": press.verb,
            "argument": press.argument,
            "at": self._clerk.now(),
        }
        connection.execute(_TAKE_PRESS, values)

    def _write_session(self, connection: Connection, session: Session) -> None:
        values = {
            "id": session.id,
            "flow": session.flow,
            "step": session.step,
            "state": written(session.state),
            "message": message_text(session.message),
            "turn": session.turn,
            "revision": session.revision,
        }
        if connection.execute(_STAND, {**values, "here": session.station}).rowcount == 0:
            connection.execute(_BEGIN, {**values, "station": session.station})


def _seen(connection: Connection, key: str) -> str | None:
    for query in _SEEN:
        found = connection.execute(query, {"key": key}).scalar()
        if found is not None:
            return str(found)
    return None


def _answer_kept(connection: Connection, scan: RawScan, state: ScanState, screen: str) -> None:
    """Answer a scan that waits, once."""
    changed = connection.execute(_ANSWER, {"of": scan.id, "state": state, "screen": screen})
    if changed.rowcount != 1:
        raise JournalError(f"Scan {scan.id!r} was answered before, or was never kept.")
