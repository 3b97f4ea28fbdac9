"""What ION showed of an operation in doubt, and which operations have to come before which."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OPEN = "state IN ('queued', 'in_flight', 'unknown', 'parked', 'rejected')"


def upgrade() -> None:
    """Add the columns; what waits already depends on nothing."""
    op.add_column("operations", sa.Column("facts", sa.Text(), nullable=False, server_default=""))
    for name in ("serves", "needs"):
        op.add_column("operations", sa.Column(name, sa.String(200), nullable=False, server_default=""))
    op.create_index("ix_operations_serves", "operations", ["serves"], sqlite_where=sa.text(_OPEN))


def downgrade() -> None:
    """Take the columns away."""
    op.drop_index("ix_operations_serves", "operations")
    for name in ("needs", "serves", "facts"):
        op.drop_column("operations", name)
