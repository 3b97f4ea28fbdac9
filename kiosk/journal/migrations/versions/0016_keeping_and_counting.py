"""What is kept for how long, and counts that cost nothing to read."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_OPEN = "state IN ('queued', 'in_flight', 'unknown', 'parked', 'rejected')"
_MORE = (
    "INSERT INTO operation_tallies (state, count) VALUES (NEW.state, 1) "
    "ON CONFLICT (state) DO UPDATE SET count = count + 1"
)
_LESS = "UPDATE operation_tallies SET count = count - 1 WHERE state = OLD.state"
_COUNTING = {
    "operations_more": f"AFTER INSERT ON operations BEGIN {_MORE}; END",
    "operations_less": f"AFTER DELETE ON operations BEGIN {_LESS}; END",
    "operations_moved": (
        f"AFTER UPDATE OF state ON operations WHEN OLD.state <> NEW.state BEGIN {_LESS}; {_MORE}; END"
    ),
}
_SHORTENED = "BEFORE DELETE ON audit {when}BEGIN SELECT RAISE(ABORT, 'the audit is never shortened'); END"
_AFTER_THE_CUT = "WHEN OLD.seq > coalesce((SELECT entry FROM audit_cuts ORDER BY seq DESC LIMIT 1), 0) "
_GUARDS = {
    "audit_cuts_are_never_changed": "BEFORE UPDATE",
    "audit_cuts_are_never_removed": "BEFORE DELETE",
}


def upgrade() -> None:
    """Add tables, indexes and triggers; a day is kept from now on, so nothing is old yet."""
    op.create_table(
        "days",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("scans", "presses", "operations", "print_batches", "print_jobs")
        ),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("day", name="uq_days_day"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit_cuts",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("noted", sa.Integer(), nullable=False),
        sqlite_autoincrement=True,
    )
    for name, moment in _GUARDS.items():
        op.execute(
            f"CREATE TRIGGER {name} {moment} ON audit_cuts "
            "BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END"
        )
    op.execute("DROP TRIGGER audit_is_never_shortened")
    op.execute(f"CREATE TRIGGER audit_is_never_shortened {_SHORTENED.format(when=_AFTER_THE_CUT)}")
    op.create_index("ix_operations_event", "operations", ["event"], sqlite_where=sa.text(_OPEN))
    op.create_index("ix_operations_created", "operations", ["created_at", "station"])
    op.create_index("ix_print_jobs_content", "print_jobs", ["content"])
    op.create_table(
        "operation_tallies",
        sa.Column("state", sa.String(16), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.execute("INSERT INTO operation_tallies SELECT state, count(*) FROM operations GROUP BY state")
    for name, what in _COUNTING.items():
        op.execute(f"CREATE TRIGGER {name} {what}")


def downgrade() -> None:
    """Take them away; an audit that was cut cannot be told from one that was tampered with then."""
    for name in _COUNTING:
        op.execute(f"DROP TRIGGER {name}")
    op.drop_table("operation_tallies")
    op.drop_index("ix_print_jobs_content", "print_jobs")
    op.drop_index("ix_operations_created", "operations")
    op.drop_index("ix_operations_event", "operations")
    op.execute("DROP TRIGGER audit_is_never_shortened")
    op.execute(f"CREATE TRIGGER audit_is_never_shortened {_SHORTENED.format(when='')}")
    for name in _GUARDS:
        op.execute(f"DROP TRIGGER {name}")
    op.drop_table("audit_cuts")
    op.drop_table("days")
