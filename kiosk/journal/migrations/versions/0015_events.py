"""Which scan or press led to an operation, or to a label."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of what is there already it is not known."""
    for table in ("operations", "print_jobs"):
        op.add_column(table, sa.Column("event", sa.String(64), nullable=False, server_default=""))


def downgrade() -> None:
    """Take the columns away."""
    for table in ("print_jobs", "operations"):
        op.drop_column(table, "event")
