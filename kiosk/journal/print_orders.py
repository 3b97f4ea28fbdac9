"""Labels as they are asked for: batches and their jobs, queued in the transaction of what asked for them."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from kiosk.journal.clerk import Clerk
from kiosk.journal.rows import job_of, written
from kiosk.journal.tables import batches, contents, jobs, scans
from kiosk.model import (
    MOST_PRIORITY,
    NORMAL_PRIORITY,
    BatchState,
    Face,
    JobState,
    Json,
    PreparedLabel,
    Print,
    PrintJob,
    Reason,
    Why,
)

_CONTENT = (
    "station",
    "printer",
    "label",
    "design_digest",
    "fields",
    "subject",
    "encoded",
    "reference",
    "content",
    "made_for",
)
"""What a job has in common with its reprints."""
INSTEAD = frozenset({Reason.DAMAGED, Reason.LOST, Reason.MISPRINTED, Reason.MISSING})
"""Why the label that a reprint stands for does not count any more."""
OUT = (JobState.SENT, JobState.CONFIRMED, JobState.UNKNOWN)
_OURS = "ION/"
"""How the kiosk's own references begin: other texts of that name may stand on other things, too."""
_AT_ONCE = 500
"""Values in one condition; SQLite takes 32,766 (sqlite.org/limits.html), older ones 999."""


Mark: TypeAlias = Callable[[int], Face | None]
"""Makes a label of an edition, ``None`` where its sheets are all alike; called while the journal is held."""
_NEWEST_SCAN = sa.select(sa.func.coalesce(sa.func.max(scans.c.seq), 0))


def _unmarked(_edition: int) -> None:
    """Leave every sheet as the first one was."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """A label to queue, in all its copies."""

    key: str
    """Derived from what asked for it; unique; each copy appends its number."""
    station: str
    printer: str
    label: Print
    prepared: PreparedLabel
    event: str = ""
    """The id of the scan or press that led to it, where there is one."""
    again: PrintJob | None = None
    """The print of the same label that is out, where this is another one of it."""
    mark: Mark = _unmarked
    """Puts on another one which it is."""


@dataclass(frozen=True, slots=True)
class NewBatch:
    """Labels to queue together: all of them, or none."""

    key: str
    """The asker's idempotency key, unique among batches: one that is known gives the first batch."""
    station: str
    """Which is told of its labels and answers doubts; empty where that is none."""
    jobs: Sequence[NewJob]
    """In the order in which they are to come out; at least one."""
    title: str = ""
    """What a person would call it."""
    by: str = ""
    """Who asks."""
    priority: int = NORMAL_PRIORITY
    """1 to 100; the highest of a printer comes out first."""
    request: str = ""
    """SHA-256 in hex of all that was asked under the key; empty where nobody compares."""
    as_of: datetime | None = None
    """When ION gave the oldest of the answers that stand on the labels; ``None`` where none does."""
    why: Why | None = None
    """Why labels that are out are printed once more; ``None`` where none is."""

    def __post_init__(self) -> None:
        if not self.jobs or not 1 <= self.priority <= MOST_PRIORITY:
            raise ValueError(
                f"NewBatch({self.key!r}): expected labels and a priority of 1 to {MOST_PRIORITY}, "
                f"got {len(self.jobs)} labels and priority {self.priority}."
            )


@dataclass(frozen=True, slots=True)
class NewReprint:
    """A label that is to come out once more: byte for byte, but for the mark that tells it from the first."""

    job: str
    """The id of any print of it."""
    key: str
    """The asker's idempotency key."""
    copies: int
    why: Why
    by: str = ""
    mark: Mark = _unmarked


def insert_jobs(connection: Connection, clerk: Clerk, new: Sequence[NewJob], by: str = "") -> None:
    """Queue what one event asks for as one batch; an event that is known is left alone."""
    if new:
        insert_batch(connection, clerk, NewBatch(new[0].key, new[0].station, new, by=by))


def insert_batch(connection: Connection, clerk: Clerk, new: NewBatch) -> str:
    """Queue a batch and return its id; a key that is known gives the id of the first, and queues nothing."""
    known = known_batch(connection, new.key)
    if known is not None:
        return known
    id_ = clerk.new_id()
    values = {"station": new.station, "title": new.title, "by": new.by, "priority": new.priority}
    asked = {"request": new.request, "as_of": new.as_of.isoformat() if new.as_of else None}
    again = [job.again for job in new.jobs if job.again is not None]
    why = (
        {"reason": new.why.reason, "note": new.why.note} if new.why and again else {"reason": "", "note": ""}
    )
    _insert_heading(connection, clerk, id_, {**values, **asked, **why, "key": new.key})
    digests = _insert_contents(connection, [job.prepared for job in new.jobs])
    rows = [
        row
        for job, digest in zip(new.jobs, digests, strict=True)
        for row in _sheets(connection, job, _copies(clerk, job.key, job.label.copies, _content(job, digest)))
    ]
    if new.why is not None and new.why.reason in INSTEAD:
        for job in again:
            void_job(connection, clerk, job.id, OUT, new.why, new.by)
    _insert_rows(connection, clerk, {"batch": id_, "priority": new.priority}, rows, by=new.by)
    return id_


def void_job(  # noqa: PLR0913, PLR0917 - each says one thing about it
    connection: Connection, clerk: Clerk, id_: str, came_from: Sequence[JobState], why: Why, by: str
) -> RowMapping | None:
    """Let a label not count; return its row, ``None`` where it is in no state for that."""
    row = (
        connection.execute(
            sa.update(jobs)
            .where(jobs.c.id == id_, jobs.c.state.in_(came_from))
            .values(state=JobState.VOIDED, voided_for=why.reason, error=why.note)
            .returning(jobs)
        )
        .mappings()
        .one_or_none()
    )
    if row is not None:
        details: dict[str, Json] = {"id": id_, "reason": why.reason.value, "note": why.note, "by": by}
        clerk.note(connection, row["station"], "job-voided", details)
    return row


def insert_reprint(connection: Connection, clerk: Clerk, new: NewReprint, was: RowMapping) -> str:
    """Queue the bytes of an earlier job again and return the id of the batch; keys are those of batches."""
    known = known_batch(connection, new.key)
    if known is not None:
        return known
    id_ = clerk.new_id()
    heading = {"station": was["station"], "title": "", "by": new.by, "priority": was["priority"]}
    _insert_heading(
        connection, clerk, id_, {**heading, "key": new.key, "reason": new.why.reason, "note": new.why.note}
    )
    content = {name: was[name] for name in _CONTENT} | {"reprint_of": ""}
    rows = _editions(connection, _copies(clerk, new.key, new.copies, content), job_of(was), new.mark)
    _insert_rows(connection, clerk, {"batch": id_, "priority": was["priority"]}, rows, by=new.by)
    return id_


def _sheets(connection: Connection, job: NewJob, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a label with what stands on each: copies of the first one, or later editions."""
    if job.again is not None:
        return _editions(connection, rows, job.again, job.mark)
    counted = zip(rows, job.prepared.copies, strict=False)
    return [
        _with_face(
            connection,
            row,
            Face({**job.label.fields, "copy": str(row["copy"]), "copies": str(row["copies"])}, prepared),
        )
        for row, prepared in counted
    ] or rows


def _with_face(connection: Connection, row: dict[str, Any], face: Face | None) -> dict[str, Any]:
    if face is None:
        return row
    (digest,) = _insert_contents(connection, [face.prepared])
    return {**row, "content": digest, "fields": written(face.fields), "made_for": face.prepared.made_for}


def _editions(
    connection: Connection, rows: list[dict[str, Any]], again: PrintJob, mark: Mark
) -> list[dict[str, Any]]:
    """Number the rows of another print of a label, and put the number on its sheets."""
    first = again.reprint_of or again.id
    newest = connection.execute(
        sa.select(sa.func.max(jobs.c.edition)).where(
            jobs.c.reprint_of == first, jobs.c.reprint_of != sa.literal_column("''")
        )
    ).scalar()
    return [
        _with_face(connection, {**row, "edition": edition, "reprint_of": first}, mark(edition))
        for edition, row in enumerate(rows, (newest or 1) + 1)
    ]


def known_batch(connection: Connection, key: str) -> str | None:
    """Return the id of the batch of that key, ``None`` where there is none."""
    return connection.execute(sa.select(batches.c.id).where(batches.c.key == key)).scalar()


def _insert_heading(connection: Connection, clerk: Clerk, id_: str, values: dict[str, Any]) -> None:
    state = {"id": id_, "state": BatchState.OPEN, "created_at": clerk.now()}
    connection.execute(sa.insert(batches).values(**values, **state))


def _insert_contents(connection: Connection, prepared: Sequence[PreparedLabel]) -> list[str]:
    """Keep what is sent once, however many labels are the same; return each one's digest."""
    digests = [hashlib.sha256(one.payload).hexdigest() for one in prepared]
    fresh = dict(zip(digests, prepared, strict=True))
    for start in range(0, len(digests), _AT_ONCE):
        asked = digests[start : start + _AT_ONCE]
        query = sa.select(contents.c.digest).where(contents.c.digest.in_(asked))
        for known in connection.execute(query).scalars():
            fresh.pop(known, None)
    if fresh:
        rows = [{"digest": digest, "payload": one.payload, "png": one.png} for digest, one in fresh.items()]
        connection.execute(sa.insert(contents), rows)
    return digests


def _content(job: NewJob, digest: str) -> dict[str, Any]:
    reference = job.label.fields.get("reference")
    return {
        "station": job.station,
        "printer": job.printer,
        "label": job.label.label,
        "design_digest": job.prepared.design_digest,
        "fields": written(job.label.fields),
        "subject": job.label.subject,
        "encoded": job.prepared.encoded,
        "reference": reference if isinstance(reference, str) and reference.startswith(_OURS) else "",
        "content": digest,
        "made_for": job.prepared.made_for,
        "event": job.event,
        "reprint_of": "",
    }


def _copies(clerk: Clerk, key: str, copies: int, content: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each copy."""
    now = clerk.now()
    return [
        {
            **content,
            "id": clerk.new_id(),
            "key": f"{key}/{copy}",
            "copy": copy,
            "copies": copies,
            "state": JobState.QUEUED,
            "created_at": now,
            "error": "",
            "edition": 1,
        }
        for copy in range(1, copies + 1)
    ]


def _insert_rows(
    connection: Connection, clerk: Clerk, common: dict[str, Any], rows: list[dict[str, Any]], *, by: str
) -> None:
    scanned = {"after_scan": connection.execute(_NEWEST_SCAN).scalar_one()}
    connection.execute(sa.insert(jobs), [{**row, **common, **scanned} for row in rows])
    designs = sorted({str(row["label"]) for row in rows})
    details: dict[str, Json] = {"id": common["batch"], "labels": len(rows), "designs": designs, "by": by}
    clerk.note(connection, rows[0]["station"], "batch-queued", details)
