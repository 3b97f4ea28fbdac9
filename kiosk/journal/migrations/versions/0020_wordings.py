"""What the sentences about an operation are made of, so that pages say them in other languages."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what is there already only the English sentences are known."""
    op.add_column("operations", sa.Column("wording", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("operations", "wording")
