"""A scan of a label is the proof that it came out, where what it says stands on nothing else."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kiosk.journal.clerk import Clerk
from kiosk.journal.rows import job_of
from kiosk.journal.tables import is_doubtful, is_sending, jobs, scans
from kiosk.model import JobState, PrintJob

__all__ = ["confirm_by_scan"]

_IS_SENDING: Final = 2
# Made once: to build a statement anew takes SQLAlchemy longer than SQLite needs to execute it.
_SAYS = (jobs.c.encoded == sa.bindparam("text"), jobs.c.reference == sa.bindparam("text"))
_SENT_NOW = sa.select(jobs.c.id).where(is_sending(jobs), sa.or_(*_SAYS))


def _one_that(rank: int, query: sa.Select[str]) -> sa.Select[int, str]:
    """Return the query for one such label; a limit of its own, or all that say this were read."""
    one = query.limit(1).subquery()
    return sa.select(sa.literal_column(str(rank), sa.Integer).label("rank"), one.c.id)


_SHOWN_BY_SCAN = sa.union_all(
    *(
        _one_that(rank, sa.select(jobs.c.id).where(says, is_doubtful(jobs)).order_by(jobs.c.seq))
        for rank, says in enumerate(_SAYS)
    ),
    # In order of their numbers SQLite would look through all labels for these few.
    _one_that(_IS_SENDING, _SENT_NOW),
).order_by("rank")
"""Asked by every scan: the oldest label in doubt that says this, or one that is being sent."""
_OLDER, _OF = jobs.alias("older"), jobs.alias("of")
_BEFORE: Final = 5000


def _holds(code: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.func.instr(scans.c.raw, sa.cast(code, sa.LargeBinary)) > 0


_STANDS_ELSEWHERE = sa.select(
    sa.or_(
        sa.exists().where(
            _OF.c.id == sa.bindparam("id"),
            _OLDER.c.encoded == _OF.c.encoded,
            # The copies of a label are written one after the other.
            _OLDER.c.seq <= _OF.c.seq - _OF.c.copy,
            _OLDER.c.state == JobState.CONFIRMED,
        ),
        sa.exists().where(
            _OF.c.id == sa.bindparam("id"),
            scans.c.seq.between(_OF.c.after_scan - _BEFORE, _OF.c.after_scan),
            sa.or_(
                _holds(_OF.c.encoded),
                sa.and_(_OF.c.reference != sa.literal_column("''"), _holds(_OF.c.reference)),
            ),
        ),
    )
)
"""Asked of a label that a scan says: whether an older one that says so came out, or whether a code on it was
scanned before it was ordered, as a run's traveller is, or what hangs at a shelf. The newest 5,000 scans
before it are looked through: more would hold up the screen.
"""


def confirm_by_scan(connection: Connection, clerk: Clerk, station: str, text: str) -> PrintJob | None:
    """Take a scan of a label as the proof that it came out; return the job it proves.

    Copies say the same, so one scan proves one of them: the oldest that is in doubt. The scan of a label
    that is still being sent is kept in mind until the printer's own word is in. What stands on something
    else, too, proves nothing: a person is asked, or the printer's word stays the last.
    """
    found = connection.execute(_SHOWN_BY_SCAN, {"text": text}).first()
    if found is None:
        return None
    if found.rank == _IS_SENDING:
        sending = connection.execute(_SENT_NOW, {"text": text}).scalars().all()
        proved = [id_ for id_ in sending if not _stands_elsewhere(connection, id_)]
        connection.execute(sa.update(jobs).where(jobs.c.id.in_(proved)).values(is_proved=True))
        return None
    if _stands_elsewhere(connection, found.id):
        return None
    values = {"state": JobState.CONFIRMED, "error": ""}
    proved_one = sa.update(jobs).where(jobs.c.id == found.id).values(**values).returning(jobs)
    row = connection.execute(proved_one).mappings().one()
    clerk.note(connection, station, "job-confirmed", {"id": found.id, "by": "scan"})
    return job_of(row)


def _stands_elsewhere(connection: Connection, id_: str) -> bool:
    """Return whether what a label says is known to stand on something that was there before it."""
    return bool(connection.execute(_STANDS_ELSEWHERE, {"id": id_}).scalar_one())
