"""The journal's tables. Order is by ``seq``; wall times are for people, since a Pi's clock jumps."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

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
Index("ix_scans_waiting", scans.c.state, scans.c.station, sqlite_where=scans.c.state == "waiting")

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
    sqlite_autoincrement=True,
)
_SETTLED = ("done", "discarded")
Index(
    "ix_operations_open",
    operations.c.state,
    operations.c.seq,
    sqlite_where=operations.c.state.not_in(_SETTLED),
)
Index(
    "ix_operations_subject",
    operations.c.subject,
    operations.c.seq,
    sqlite_where=operations.c.state.not_in(_SETTLED),
)
Index("ix_operations_about", operations.c.about, sqlite_where=operations.c.state.not_in(_SETTLED))

contents = Table(
    "label_contents",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("payload", LargeBinary, nullable=False),
    Column("png", LargeBinary, nullable=False),
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
    sqlite_autoincrement=True,
)
Index("ix_print_jobs_open", jobs.c.printer, jobs.c.seq, sqlite_where=jobs.c.state.in_(("queued", "sending")))
Index("ix_print_jobs_station", jobs.c.station, jobs.c.seq)
Index("ix_print_jobs_proof", jobs.c.encoded, sqlite_where=jobs.c.state.in_(("sent", "unknown")))

answers = Table(
    "answers",
    metadata,
    Column("by", String(32), primary_key=True),
    Column("value", String(400), primary_key=True),
    Column("subjects", Text, nullable=False),
    Column("at", String(40), nullable=False),
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
