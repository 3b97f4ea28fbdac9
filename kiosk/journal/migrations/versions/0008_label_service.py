"""What was asked for under a batch's key, and how old ION's word on its labels was."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of earlier batches neither is known."""
    op.add_column(
        "print_batches", sa.Column("request", sa.String(length=64), nullable=False, server_default="")
    )
    op.add_column("print_batches", sa.Column("as_of", sa.String(length=40), nullable=True))


def downgrade() -> None:
    """Take the columns away."""
    op.drop_column("print_batches", "as_of")
    op.drop_column("print_batches", "request")
