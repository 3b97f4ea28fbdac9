"""Who did an operation: name, id and role, never a token."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was done before has nobody's name."""
    op.add_column("operations", sa.Column("actor", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take the column away."""
    op.drop_column("operations", "actor")
