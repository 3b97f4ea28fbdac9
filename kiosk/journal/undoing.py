"""Operations that are taken back: before ION had them, or by another operation."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.errors import JournalOvertaken
from kiosk.journal.clerk import Clerk
from kiosk.journal.tables import is_open, is_undoing, operations
from kiosk.model import Json, OperationState, Operator, Submit, Withdraw
from kiosk.words import N_

WITHDRAWN = N_("Withdrawn before it was sent to ION.")


def withdraw(connection: Connection, clerk: Clerk, taken: Withdraw, by: Operator | None) -> None:
    """Give up an operation that still waits.

    Raises:
        JournalOvertaken: it does not wait any more, may have been sent before, or something newer waits
            behind it.
    """
    later = operations.alias("later")
    is_followed = sa.exists().where(
        later.c.subject == operations.c.subject, is_open(later), later.c.seq > operations.c.seq
    )
    changed = connection.execute(
        sa.update(operations)
        .where(
            operations.c.id == taken.operation,
            operations.c.state == OperationState.QUEUED,
            sa.not_(operations.c.is_doubtful),
            sa.not_(is_followed),
        )
        .values(state=OperationState.DISCARDED, error=WITHDRAWN, settled_at=clerk.now())
        .returning(operations.c.station)
    ).one_or_none()
    if changed is None:
        raise JournalOvertaken(
            f"Withdraw operation {taken.operation!r}: expected it to wait, with nothing newer behind it."
        )
    details: dict[str, Json] = {"id": taken.operation, "why": WITHDRAWN, **({"by": by.id} if by else {})}
    clerk.note(connection, changed.station, "operation-withdrawn", details)


def check_undoing(connection: Connection, submit: Submit) -> None:
    """Make sure that what an operation takes back stands, and that nothing else takes it back.

    Raises:
        JournalOvertaken: it is not so.
    """
    state = connection.execute(sa.select(operations.c.state).where(operations.c.id == submit.undoes)).scalar()
    query = sa.select(operations.c.id).where(is_undoing(operations), operations.c.undoes == submit.undoes)
    if state != OperationState.DONE or connection.execute(query).first() is not None:
        raise JournalOvertaken(
            f"Take back operation {submit.undoes!r}: expected it done and not taken back, it changed."
        )
