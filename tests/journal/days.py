"""A journal that lives for some days."""

from pathlib import Path

from kiosk.journal import Entry, Press
from kiosk.journal.retention import Retention
from kiosk.model import JobState, OperationState, RawScan
from tests.fakes import Clock
from tests.journal.opened import STATION, new_job, opened, rows_of, session, submit

KEPT = 2
"""Days that are kept here."""
DAY_S = 86_400
TABLES = ("operations", "scans", "presses", "print_jobs", "print_batches", "label_contents", "audit")


class Days:
    """A journal that lives for some days."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.folder = folder
        self.journal = opened(folder, self.clock)
        self.retention = Retention(self.journal.clerk, KEPT, self.clock.monotonic_s)
        self.number = 0

    def operation(self, state: OperationState, *, is_press: bool = False) -> str:
        """Bring an operation that a scan or press asked for to a state, and return what asked for it."""
        self.number += 1
        cause, key = f"cause-{self.number}", f"key-{self.number}"
        asked = submit(f"order-line/{self.number}")
        entry = Entry(session(), submits=[(key, asked)])
        if is_press:
            entry = Entry(session(), press=Press(cause, "CONFIRM", None), key=key, submits=[(key, asked)])
        else:
            entry = Entry(session(), scan=self.scan(cause), key=key, submits=[(key, asked)])
        self.journal.book.commit(entry)
        operation = self.journal.outbox.listed(limit=1)[0]
        if state is not OperationState.QUEUED:
            self.journal.outbox.settle(operation, state)
        return cause

    def scan(self, id_: str) -> RawScan:
        return RawScan(id_, STATION, "gun", b"PN-1", self.clock.now())

    def label(self, state: JobState, copies: int = 1) -> str:
        self.number += 1
        job = new_job(f"label-{self.number}", code=f"ION/LOC/{self.number}", copies=copies)
        id_ = self.journal.prints.add([job])[0].id
        with rows_of(self.folder) as connection:
            connection.execute("UPDATE print_jobs SET state = ? WHERE id = ?", (state, id_))
        return id_

    def passed(self, days: int = 1) -> None:
        """Let days go by, each with the house kept."""
        for _ in range(days):
            self.clock.passed_s += DAY_S
            self.keep_house()

    def keep_house(self) -> None:
        self.retention.begin_day()
        while self.retention.step():
            pass

    def work(self) -> None:
        """Do what comes to an end at once."""
        self.operation(OperationState.DONE)
        self.operation(OperationState.DISCARDED, is_press=True)
        self.label(JobState.CONFIRMED)

    def counts(self) -> dict[str, int]:
        with rows_of(self.folder) as connection:
            return {
                table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
                for table in TABLES
            }

    def column(self, column: str, table: str, where: str = "1") -> set[str]:
        with rows_of(self.folder) as connection:
            rows = connection.execute(f"SELECT {column} FROM {table} WHERE {where}")  # noqa: S608
            return {row[0] for row in rows}
