"""The journal as one thing: its books, opened together and made safe after a crash."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.errors import JournalDamaged
from kiosk.journal import audit
from kiosk.journal.ambience_book import AmbienceBook
from kiosk.journal.answer_cache import AnswerCache
from kiosk.journal.audit_watch import AuditWatch
from kiosk.journal.batches import Batches
from kiosk.journal.binding_book import BindingBook
from kiosk.journal.clerk import Clerk
from kiosk.journal.day_work import DayWork
from kiosk.journal.files import Files
from kiosk.journal.history import History
from kiosk.journal.key_ring import KeyRing
from kiosk.journal.label_accounts import LabelAccounts
from kiosk.journal.operator_book import OperatorBook
from kiosk.journal.outbox import Outbox
from kiosk.journal.pattern_cache import PatternCache
from kiosk.journal.place import database_path
from kiosk.journal.print_queue import PrintQueue
from kiosk.journal.queues import Queues
from kiosk.journal.retention import KEPT_DAYS, Retention
from kiosk.journal.schemas import Schemas
from kiosk.journal.second_copy import SecondCopy
from kiosk.journal.send_notes import SendNotes
from kiosk.journal.station_book import StationBook
from kiosk.journal.store import LEAST_FREE_BYTES, Store
from kiosk.journal.tally import Tally
from kiosk.model import DeviceState, Json
from kiosk.ports import Clock, Ids
from kiosk.words import N_

_TELL: Final = N_("Tell a technician.")


@dataclass(frozen=True, slots=True)
class Journal:
    """Everything the kiosk remembers."""

    clerk: Clerk
    book: StationBook
    outbox: Outbox
    notes: SendNotes
    prints: PrintQueue
    batches: Batches
    queues: Queues
    accounts: LabelAccounts
    answers: AnswerCache
    files: Files
    schemas: Schemas
    bindings: BindingBook
    ambiences: AmbienceBook
    patterns: PatternCache
    keys: KeyRing
    watch: AuditWatch
    operators: OperatorBook
    retention: Retention
    work: DayWork
    tally: Tally
    history: History
    copy: SecondCopy | None
    """The scans once more, on another medium; ``None`` where there is none."""

    @property
    def damage(self) -> JournalDamaged | None:
        """Return what was found of its file since it was opened: the kiosk has to end."""
        return self.clerk.store.damage

    def state(self) -> DeviceState:
        """Return how the journal is, for the screen and ``/healthz``."""
        store = self.clerk.store
        if store.damage is not None:
            return DeviceState("Journal", is_ready=False, text=str(store.damage))
        if self.watch.words:
            return DeviceState("Journal", is_ready=False, text=f"{self.watch.words} {_TELL}")
        if store.trouble:
            return DeviceState("Journal", is_ready=False, text=store.trouble)
        if self.copy is not None and self.copy.words:
            return DeviceState("Journal", is_ready=False, text=self.copy.words)
        if store.volatile is not None:
            text = f"On {store.volatile}: all of it is gone with the power. For tests and the demo only."
            return DeviceState("Journal", is_ready=True, text=text)
        return DeviceState("Journal", is_ready=True, text="Durable.")

    def moment(self) -> AbstractContextManager[None]:
        """Let all that this thread reads meanwhile be of one moment; it must not write.

        Raises:
            JournalError: the journal cannot be read.
        """
        return self.clerk.store.moment()

    def recover(self) -> tuple[int, int]:
        """Make every operation and job that was under way unknown; return how many of each.

        Raises:
            JournalError: the journal cannot be read or written.
        """
        self.watch.look_at_tail()
        return self.outbox.recover(), self.prints.recover()

    def keep_house(self) -> bool:
        """Once a day check the audit and log its head, and remove what is old; return whether to go on soon.

        Of a journal whose audit is broken nothing is removed: it is evidence.

        Raises:
            JournalError: the journal cannot be read or written.
        """
        self.watch.look_daily()
        if self.watch.words:
            return False
        self.retention.begin_day()
        return self.retention.step()

    def note(self, station: str, event: str, details: Mapping[str, Json]) -> None:
        """Write down something that happened and changes nothing else, such as a sign-in.

        Raises:
            JournalError: it could not be written.
        """
        with self.clerk.store.writing() as connection:
            self.clerk.note(connection, station, event, details)

    def first_break(self) -> int | None:
        """Return where the audit chain is broken, ``None`` where it is whole."""
        with self.clerk.store.reading() as connection:
            return audit.first_break(connection)

    def head(self) -> audit.Head:
        """Return the last entry of the audit: what to keep off the box."""
        with self.clerk.store.reading() as connection:
            return audit.head(connection)

    def begun_after(self) -> audit.Cut | None:
        """Return where the audit begins, ``None`` where nothing of it was removed."""
        with self.clerk.store.reading() as connection:
            return audit.last_cut(connection)

    def missing_anchor(self, anchor: audit.Head) -> str | None:
        """Return what happened to an audit that lacks an entry it once had, ``None`` where it has it."""
        with self.clerk.store.reading() as connection:
            return audit.missing_anchor(connection, anchor)

    def lost(self, text: str) -> str:
        """Return what is wrong with the audit, for who scans a printed head; empty where nothing is."""
        try:
            return self.missing_anchor(audit.read_head(text)) or self.watch.words
        except ValueError:
            return f"{text!r} is no head of an audit."

    def close(self) -> None:
        """Close the file."""
        self.clerk.store.close()


def open_journal(  # noqa: PLR0913  every one is an option of its own
    url: str,
    *,
    clock: Clock,
    ids: Ids,
    boot: str,
    least_free_bytes: int = LEAST_FREE_BYTES,
    allow_volatile: bool = False,
    second_copy: Path | None = None,
    keep_days: int = KEPT_DAYS,
    may_check_later: bool = False,
) -> Journal:
    """Open the journal, making its tables where there are none.

    Args:
        url: ``sqlite:////path/to/kiosk.db``; the folder must exist.
        clock: gives the time of entries.
        ids: makes ids.
        boot: the kernel's boot id.
        least_free_bytes: room on the disk below which new work is refused.
        allow_volatile: take a folder that is gone with the power; for tests and the demo.
        second_copy: a file on another medium that gets every scan once more.
        keep_days: days of work after which what came to an end is removed; 0 for never.
        may_check_later: leave the check of one that was closed in order to its ``WriteWatch``.

    Raises:
        JournalDamaged: it is damaged or gone, and waits for a technician.
        JournalError: it cannot be opened, or would not be durable.
    """
    store = Store(
        url,
        least_free_bytes=least_free_bytes,
        allow_volatile=allow_volatile,
        may_check_later=may_check_later,
    )
    clerk = Clerk(store, clock, ids, boot)
    copy = SecondCopy(second_copy, database_path(url).parent, clock) if second_copy else None
    return Journal(
        clerk,
        StationBook(clerk, copy),
        Outbox(clerk),
        SendNotes(clerk),
        PrintQueue(clerk),
        Batches(clerk),
        Queues(clerk),
        LabelAccounts(clerk),
        AnswerCache(clerk),
        Files(clerk),
        Schemas(clerk),
        BindingBook(clerk),
        AmbienceBook(clerk),
        PatternCache(clerk),
        KeyRing(clerk),
        AuditWatch(clerk),
        OperatorBook(clerk),
        Retention(clerk, keep_days),
        DayWork(clerk),
        Tally(clerk),
        History(clerk),
        copy,
    )
