"""The journal's tables. Order is by ``seq``; wall times are for people, since a Pi's clock jumps.

Two rules are the database's own: a subject has one operation at most that ION may be executing, and a
printer one label at most that is being sent.
"""

from collections.abc import Iterable

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    false,
    literal_column,
    text,
)

from kiosk.model import NORMAL_PRIORITY, JobState, OperationState, ScanState

UNSETTLED = (OperationState.QUEUED, OperationState.IN_FLIGHT, OperationState.UNKNOWN, OperationState.PARKED)
"""Operations that ION has not been found to have, or to have refused."""
ON_THE_WAY = (OperationState.QUEUED, OperationState.IN_FLIGHT, OperationState.UNKNOWN)
FOR_A_PERSON = (OperationState.PARKED, OperationState.REJECTED)
_OPEN = (*UNSETTLED, OperationState.REJECTED)
_ACTIVE = (OperationState.IN_FLIGHT, OperationState.UNKNOWN, OperationState.PARKED)
_DOUBTFUL = (JobState.SENT, JobState.UNKNOWN)
_ASKED = (JobState.UNKNOWN,)
_PENDING = (JobState.QUEUED, JobState.HELD, JobState.SENDING)


def _is_any(table: FromClause, states: Iterable[str]) -> ColumnElement[bool]:
    """Spell the values out: SQLite takes a partial index only where a query repeats its condition.

    See sqlite.org/partialindex.html; a bound parameter is not seen as a repetition.
    """
    return table.c.state.in_([literal_column(f"'{state}'") for state in states])


def is_open(table: FromClause) -> ColumnElement[bool]:
    """Return the condition for operations that are neither done nor discarded."""
    return _is_any(table, _OPEN)


def is_active(table: FromClause) -> ColumnElement[bool]:
    """Return the condition for the one operation of a subject that may be executed by now."""
    return _is_any(table, _ACTIVE)


def is_queued(table: FromClause) -> ColumnElement[bool]:
    """Return the condition for operations, or print jobs, that wait for their turn."""
    return _is_any(table, (OperationState.QUEUED,))


def is_sending(table: FromClause) -> ColumnElement[bool]:
    """Return the condition for the one print job that a printer is being sent."""
    return _is_any(table, (JobState.SENDING,))


def is_doubtful(table: FromClause) -> ColumnElement[bool]:
    """Return the condition for print jobs that a scan of their label can prove."""
    return _is_any(table, _DOUBTFUL)


def is_pending(table: FromClause) -> ColumnElement[bool]:
    """Return the condition for print jobs that are waiting, held or being sent."""
    return _is_any(table, _PENDING)


def is_asked(table: FromClause) -> ColumnElement[bool]:
    """Return the condition for print jobs of which a person is asked whether they came out."""
    return _is_any(table, _ASKED)


def is_not_revoked(table: FromClause) -> ColumnElement[bool]:
    """Return the condition for API keys that nobody took back."""
    return table.c.revoked_at.is_(None)


def is_waiting(table: FromClause) -> ColumnElement[bool]:
    """Return the condition for scans that are not answered yet."""
    return _is_any(table, (ScanState.WAITING,))


def is_undoing(table: FromClause) -> ColumnElement[bool]:
    """Return the condition for operations that take another back and were not given up."""
    return and_(
        table.c.undoes != literal_column("''"),
        table.c.state != literal_column(f"'{OperationState.DISCARDED}'"),
    )


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

scans = Table(
    "scans",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("key", String(200), unique=True),
    Column("station", String(64), nullable=False),
    Column("scanner", String(64), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("symbology", String(8)),
    Column("at", String(40), nullable=False),
    Column("boot", String(40), nullable=False),
    Column("state", String(16), nullable=False),
    Column("screen", String(64), nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_scans_station", scans.c.station, scans.c.seq)
Index("ix_scans_waiting", scans.c.station, scans.c.seq, sqlite_where=is_waiting(scans))

presses = Table(
    "presses",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("key", String(200), unique=True),
    Column("station", String(64), nullable=False),
    Column("verb", String(32), nullable=False),
    Column("argument", Text),
    Column("at", String(40), nullable=False),
    sqlite_autoincrement=True,
)

sessions = Table(
    "sessions",
    metadata,
    Column("station", String(64), primary_key=True),
    Column("id", String(64), nullable=False),
    Column("flow", String(32), nullable=False),
    Column("step", String(32), nullable=False),
    Column("state", Text, nullable=False),
    Column("message", Text),
    Column("turn", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
)

operations = Table(
    "operations",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("station", String(64), nullable=False),
    Column("flow", String(32), nullable=False),
    Column("operation", String(64), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("about", String(200), nullable=False),
    Column("arguments", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("is_doubtful", Boolean, nullable=False),
    Column("result", Text),
    Column("error", Text, nullable=False),
    Column("actor", Text),
    Column("facts", Text, nullable=False, server_default=""),
    Column("serves", String(200), nullable=False, server_default=""),
    Column("needs", String(200), nullable=False, server_default=""),
    Column("event", String(64), nullable=False, server_default=""),
    Column("undoes", String(64), nullable=False, server_default=""),
    Column("settled_at", String(40)),
    Column("trace", String(200), nullable=False, server_default=""),
    Column("wording", Text, nullable=False, server_default=""),
    Column("notes", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)
Index("ix_operations_station", operations.c.station, operations.c.seq)
Index("uq_operations_undoes", operations.c.undoes, unique=True, sqlite_where=is_undoing(operations))
Index("ix_operations_open", operations.c.state, operations.c.seq, sqlite_where=is_open(operations))
Index("ix_operations_line", operations.c.subject, operations.c.seq, sqlite_where=is_queued(operations))
Index("ix_operations_about", operations.c.about, sqlite_where=is_open(operations))
Index("ix_operations_serves", operations.c.serves, sqlite_where=is_open(operations))
Index("ix_operations_event", operations.c.event, sqlite_where=is_open(operations))
Index("ix_operations_created", operations.c.created_at, operations.c.station)
Index("uq_operations_active", operations.c.subject, unique=True, sqlite_where=is_active(operations))

tallies = Table(
    "operation_tallies",
    metadata,
    Column("state", String(16), primary_key=True),
    Column("count", Integer, nullable=False),
)
"""How many operations are in each state: the database's own triggers count, so that nobody has to."""

contents = Table(
    "label_contents",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("payload", LargeBinary, nullable=False),
    Column("png", LargeBinary, nullable=False),
)

batches = Table(
    "print_batches",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("station", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("by", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("request", String(64), nullable=False, server_default=""),
    Column("as_of", String(40)),
    sqlite_autoincrement=True,
)

holds = Table(
    "printer_holds",
    metadata,
    Column("printer", String(64), primary_key=True),
    Column("by", String(200), nullable=False),
    Column("at", String(40), nullable=False),
)

jobs = Table(
    "print_jobs",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("station", String(64), nullable=False),
    Column("printer", String(64), nullable=False),
    Column("label", String(64), nullable=False),
    Column("design_digest", String(64), nullable=False),
    Column("fields", Text, nullable=False),
    Column("subject", String(200), nullable=False),
    Column("encoded", Text, nullable=False),
    Column("content", String(64), ForeignKey("label_contents.digest"), nullable=False),
    Column("copy", Integer, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("error", Text, nullable=False),
    Column("batch", String(64), nullable=False, server_default=""),
    Column("priority", Integer, nullable=False, server_default=text(str(NORMAL_PRIORITY))),
    Column("edition", Integer, nullable=False, server_default=text("1")),
    Column("reprint_of", String(64), nullable=False, server_default=""),
    Column("moved_from", String(64), nullable=False, server_default=""),
    Column("made_for", String(200), nullable=False, server_default=""),
    Column("reference", Text, nullable=False, server_default=""),
    Column("is_proved", Boolean, nullable=False, server_default=text("0")),
    Column("voided_for", String(16), nullable=False, server_default=""),
    Column("event", String(64), nullable=False, server_default=""),
    Column("after_scan", Integer, nullable=False, server_default=text("0")),
    sqlite_autoincrement=True,
)
Index("ix_print_jobs_next", jobs.c.printer, jobs.c.priority.desc(), jobs.c.seq, sqlite_where=is_queued(jobs))
# With the state SQLite prefers them to the indexes of all labels of a printer or a station.
Index("ix_print_jobs_pending", jobs.c.printer, jobs.c.state, jobs.c.seq, sqlite_where=is_pending(jobs))
Index("ix_print_jobs_asked", jobs.c.printer, jobs.c.state, jobs.c.seq, sqlite_where=is_asked(jobs))
Index("ix_print_jobs_asked_here", jobs.c.station, jobs.c.state, jobs.c.seq, sqlite_where=is_asked(jobs))
Index("ix_print_jobs_printer", jobs.c.printer, jobs.c.seq)
Index("ix_print_jobs_edition", jobs.c.reprint_of, sqlite_where=jobs.c.reprint_of != literal_column("''"))
Index("ix_print_jobs_batch", jobs.c.batch, jobs.c.state)
Index("ix_print_jobs_created", jobs.c.created_at)
Index("ix_print_jobs_encoded", jobs.c.encoded, jobs.c.label, jobs.c.seq)
Index("ix_print_jobs_content", jobs.c.content)
Index("ix_print_jobs_station", jobs.c.station, jobs.c.seq)
Index("ix_print_jobs_proof", jobs.c.encoded, jobs.c.seq, sqlite_where=is_doubtful(jobs))
Index("ix_print_jobs_reference", jobs.c.reference, jobs.c.seq, sqlite_where=is_doubtful(jobs))
Index("uq_print_jobs_sending", jobs.c.printer, unique=True, sqlite_where=is_sending(jobs))

files = Table(
    "files",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("kept_at", String(40), nullable=False),
    Column("released_at", String(40)),
)

answers = Table(
    "answers",
    metadata,
    Column("by", String(32), primary_key=True),
    Column("value", String(400), primary_key=True),
    Column("subjects", Text, nullable=False),
    Column("at", String(40), nullable=False),
)

schemas = Table(
    "schemas",
    metadata,
    Column("tenant", String(400), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", String(40), nullable=False),
)

bindings = Table(
    "scanner_bindings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("station", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("port", String(400), nullable=False),
    Column("device", String(400), nullable=False),
    Column("at", String(40), nullable=False),
    Column("baud", Integer, nullable=False),
    Column("layout", String(8), nullable=False),
    Column("tab_ends", Boolean, nullable=False),
    UniqueConstraint("kind", "port"),
)

ambiences = Table(
    "ambiences",
    metadata,
    Column("station", String(64), primary_key=True),
    Column("light", String(8), nullable=False),
    Column("volume", String(8), nullable=False),
    Column("distance", String(8), nullable=False, server_default="near"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", String(16), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("labels", Text),
    Column("printers", Text),
    Column("stations", Text),
    Column("reprints", Boolean, nullable=False, server_default=false()),
    Column("rate", String(16)),
    Column("created_at", String(40), nullable=False),
    Column("expires_at", String(40)),
    Column("revoked_at", String(40)),
    Column("used_at", String(40)),
    sqlite_autoincrement=True,
)
Index("uq_api_keys_name", api_keys.c.name, unique=True, sqlite_where=is_not_revoked(api_keys))

operators = Table(
    "operators",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("badge", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("language", String(35), nullable=False),
    Column("is_disabled", Boolean, nullable=False),
    Column("expires_at", String(40)),
    Column("pin_hash", String(200)),
    UniqueConstraint("badge"),
)

pin_tries = Table(
    "pin_tries",
    metadata,
    Column("operator", String(64), ForeignKey("operators.id"), primary_key=True),
    Column("station", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", String(40), nullable=False),
    Column("right_at", String(40)),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("boot", String(40), nullable=False),
    Column("station", String(64), nullable=False),
    Column("event", String(64), nullable=False),
    Column("details", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    sqlite_autoincrement=True,
)

days = Table(
    "days",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("day", String(10), nullable=False, unique=True),
    Column("at", String(40), nullable=False),
    Column("entry", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    *(
        Column(name, Integer, nullable=False)
        for name in ("scans", "presses", "operations", "print_batches", "print_jobs")
    ),
    Column("is_removed", Boolean, nullable=False),
    sqlite_autoincrement=True,
)
"""Where each table stood when a day began on which the kiosk ran: what lies before is told by sequence."""

cuts = Table(
    "audit_cuts",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("entry", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("noted", Integer, nullable=False),
    sqlite_autoincrement=True,
)
"""What the audit begins after, where its first entries were removed; ``noted`` is the entry that says so."""
