"""First tables: scans, presses, sessions, operations, labels, answers, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _make_answers()
    _make_audit()
    _make_label_contents()
    _make_operations()
    _make_presses()
    _make_scans()
    _make_sessions()
    _make_print_jobs()
    _guard_audit()


def _make_answers() -> None:
    op.create_table(
        "answers",
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=400), nullable=False),
        sa.Column("subjects", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("by", "value"),
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("boot", sa.String(length=40), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
    )


def _make_label_contents() -> None:
    op.create_table(
        "label_contents",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )


def _make_operations() -> None:
    op.create_table(
        "operations",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("flow", sa.String(length=32), nullable=False),
        sa.Column("operation", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("is_doubtful", sa.Boolean(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id", name=op.f("uq_operations_id")),
        sa.UniqueConstraint("key", name=op.f("uq_operations_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_operations_about",
        "operations",
        ["about"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'in_flight', 'unknown', 'parked', 'rejected')"),
    )
    op.create_index(
        "ix_operations_line",
        "operations",
        ["subject", "seq"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued')"),
    )
    op.create_index(
        "ix_operations_open",
        "operations",
        ["state", "seq"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'in_flight', 'unknown', 'parked', 'rejected')"),
    )
    op.create_index(
        "uq_operations_active",
        "operations",
        ["subject"],
        unique=True,
        sqlite_where=sa.text("state IN ('in_flight', 'unknown', 'parked')"),
    )


def _make_presses() -> None:
    op.create_table(
        "presses",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("argument", sa.Text(), nullable=True),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id", name=op.f("uq_presses_id")),
        sa.UniqueConstraint("key", name=op.f("uq_presses_key")),
        sqlite_autoincrement=True,
    )


def _make_scans() -> None:
    op.create_table(
        "scans",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("scanner", sa.String(length=64), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("symbology", sa.String(length=8), nullable=True),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("boot", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("screen", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id", name=op.f("uq_scans_id")),
        sa.UniqueConstraint("key", name=op.f("uq_scans_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_scans_waiting",
        "scans",
        ["station", "seq"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting')"),
    )


def _make_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("flow", sa.String(length=32), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("station"),
    )


def _make_print_jobs() -> None:
    op.create_table(
        "print_jobs",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("printer", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("design_digest", sa.String(length=64), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("encoded", sa.Text(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("copy", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.String(length=40), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["content"],
            ["label_contents.digest"],
        ),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id", name=op.f("uq_print_jobs_id")),
        sa.UniqueConstraint("key", name=op.f("uq_print_jobs_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_print_jobs_proof",
        "print_jobs",
        ["encoded", "seq"],
        unique=False,
        sqlite_where=sa.text("state IN ('sent', 'unknown')"),
    )
    op.create_index(
        "ix_print_jobs_queued",
        "print_jobs",
        ["printer", "seq"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued')"),
    )
    op.create_index("ix_print_jobs_station", "print_jobs", ["station", "seq"], unique=False)
    op.create_index(
        "uq_print_jobs_sending",
        "print_jobs",
        ["printer"],
        unique=True,
        sqlite_where=sa.text("state IN ('sending')"),
    )


def _guard_audit() -> None:
    op.execute(
        "CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit is never shortened'); END"
    )


def downgrade() -> None:
    """Take the tables away."""
    op.drop_index(
        "uq_print_jobs_sending", table_name="print_jobs", sqlite_where=sa.text("state IN ('sending')")
    )
    op.drop_index("ix_print_jobs_station", table_name="print_jobs")
    op.drop_index(
        "ix_print_jobs_queued", table_name="print_jobs", sqlite_where=sa.text("state IN ('queued')")
    )
    op.drop_index(
        "ix_print_jobs_proof", table_name="print_jobs", sqlite_where=sa.text("state IN ('sent', 'unknown')")
    )
    op.drop_table("print_jobs")
    op.drop_table("sessions")
    op.drop_index("ix_scans_waiting", table_name="scans", sqlite_where=sa.text("state IN ('waiting')"))
    op.drop_table("scans")
    op.drop_table("presses")
    op.drop_index(
        "uq_operations_active",
        table_name="operations",
        sqlite_where=sa.text("state IN ('in_flight', 'unknown', 'parked')"),
    )
    op.drop_index(
        "ix_operations_open",
        table_name="operations",
        sqlite_where=sa.text("state IN ('queued', 'in_flight', 'unknown', 'parked', 'rejected')"),
    )
    op.drop_index("ix_operations_line", table_name="operations", sqlite_where=sa.text("state IN ('queued')"))
    op.drop_index(
        "ix_operations_about",
        table_name="operations",
        sqlite_where=sa.text("state IN ('queued', 'in_flight', 'unknown', 'parked', 'rejected')"),
    )
    op.drop_table("operations")
    op.drop_table("label_contents")
    op.drop_table("audit")
    op.drop_table("answers")
