"""Print jobs in batches, which a person can hold, cancel, hurry and move to another printer."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_QUEUED = "state IN ('queued')"
_PENDING = "state IN ('queued', 'held', 'sending')"
_DOUBTFUL = "state IN ('sent', 'unknown')"

_FIRST_COPIES = """
INSERT INTO print_batches (id, key, station, title, "by", state, priority, created_at, reason, note)
SELECT id, substr(key, 1, length(key) - 2), station, '', '', 'open', 50, created_at, '', ''
FROM print_jobs WHERE copy = 1 ORDER BY seq
"""
"""A job's key is its batch's, a slash and the number of the copy."""

_ALL_COPIES = """
UPDATE print_jobs SET batch = coalesce((
    SELECT print_batches.id FROM print_batches WHERE print_batches.key =
        substr(print_jobs.key, 1, length(print_jobs.key) - length(CAST(print_jobs.copy AS TEXT)) - 1)
), '')
"""

_INDEXES: tuple[tuple[str, list[str | sa.TextClause], str | None], ...] = (
    ("ix_print_jobs_next", ["printer", sa.text("priority DESC"), "seq"], _QUEUED),
    ("ix_print_jobs_pending", ["printer", "seq"], _PENDING),
    ("ix_print_jobs_asked", ["printer", "seq"], "state IN ('unknown')"),
    ("ix_print_jobs_printer", ["printer", "seq"], None),
    ("ix_print_jobs_edition", ["reprint_of"], "reprint_of != ''"),
    ("ix_print_jobs_batch", ["batch", "state"], None),
    ("ix_print_jobs_created", ["created_at"], None),
    ("ix_print_jobs_reference", ["reference", "seq"], _DOUBTFUL),
)


def _columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("batch", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("priority", sa.Integer(), nullable=False, server_default=sa.text("50")),
        sa.Column("edition", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.Column("reprint_of", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("moved_from", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("made_for", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("reference", sa.Text(), nullable=False, server_default=""),
        sa.Column("is_proved", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.Column("voided_for", sa.String(length=16), nullable=False, server_default=""),
    )


def upgrade() -> None:
    """Make the tables and columns; labels that were asked for before are batches of their copies."""
    op.create_table(
        "print_batches",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id", name=op.f("uq_print_batches_id")),
        sa.UniqueConstraint("key", name=op.f("uq_print_batches_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "printer_holds",
        sa.Column("printer", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("printer"),
    )
    for column in _columns():
        op.add_column("print_jobs", column)
    op.execute(_FIRST_COPIES)
    op.execute(_ALL_COPIES)
    op.drop_index("ix_print_jobs_queued", table_name="print_jobs", sqlite_where=sa.text(_QUEUED))
    for name, columns, where in _INDEXES:
        op.create_index(
            name, "print_jobs", columns, unique=False, sqlite_where=sa.text(where) if where else None
        )


def downgrade() -> None:
    """Take the tables and columns away; held labels wait as others do."""
    op.execute("UPDATE print_jobs SET state = 'queued' WHERE state = 'held'")
    for name, _, where in reversed(_INDEXES):
        op.drop_index(name, table_name="print_jobs", sqlite_where=sa.text(where) if where else None)
    op.create_index(
        "ix_print_jobs_queued", "print_jobs", ["printer", "seq"], unique=False, sqlite_where=sa.text(_QUEUED)
    )
    for column in reversed(_columns()):
        op.drop_column("print_jobs", column.name)
    op.drop_table("printer_holds")
    op.drop_table("print_batches")
