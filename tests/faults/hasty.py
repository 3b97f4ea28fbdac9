"""A kiosk with its protection taken away, as a control: after a crash it sends what was under way again."""

import sqlalchemy as sa

from kiosk.journal.print_queue import PrintQueue
from kiosk.journal.tables import is_sending, jobs
from kiosk.model import JobState

__all__ = ["apply", "send_again"]


def send_again(queue: PrintQueue, printer: str | None = None) -> int:
    """Queue every label that was being sent, as if nothing of it had arrived."""
    del printer
    with queue._clerk.store.writing() as connection:
        again = sa.update(jobs).where(is_sending(jobs)).values(state=JobState.QUEUED)
        return connection.execute(again).rowcount


def apply() -> None:
    """Take the protection away from this process."""
    PrintQueue.recover = send_again  # type: ignore[method-assign,assignment]  # the control is this very fault
