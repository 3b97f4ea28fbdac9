"""What is known of an operation while it is not settled, for who looks for it after a restart."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what was sent until now nothing was noted."""
    op.add_column("operations", sa.Column("notes", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("operations", "notes")
