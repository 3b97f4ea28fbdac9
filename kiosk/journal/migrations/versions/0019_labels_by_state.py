"""Indexes that SQLite takes for the few labels that wait or are asked about, however many were printed.

Without the state among its columns a partial index looks no better to SQLite than that of all labels of a
printer or a station (sqlite.org/queryplanner-ng.html), which it then reads through.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_PENDING = sa.text("state IN ('queued', 'held', 'sending')")
_ASKED = sa.text("state IN ('unknown')")


def upgrade() -> None:
    """Make them anew."""
    _remake(["printer", "state", "seq"])
    op.create_index(
        "ix_print_jobs_asked_here", "print_jobs", ["station", "state", "seq"], sqlite_where=_ASKED
    )


def downgrade() -> None:
    """Make them as they were."""
    op.drop_index("ix_print_jobs_asked_here", "print_jobs")
    _remake(["printer", "seq"])


def _remake(columns: list[str]) -> None:
    for name, which in (("ix_print_jobs_pending", _PENDING), ("ix_print_jobs_asked", _ASKED)):
        op.drop_index(name, "print_jobs")
        op.create_index(name, "print_jobs", columns, sqlite_where=which)
