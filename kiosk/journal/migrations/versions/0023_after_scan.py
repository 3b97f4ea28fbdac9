"""The newest scan before a label was ordered: what was scanned before stands on something else, too."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of the labels until now nothing is known."""
    op.add_column("print_jobs", sa.Column("after_scan", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("print_jobs", "after_scan")
