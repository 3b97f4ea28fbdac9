"""From how far a station's page is read, as it was chosen there."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; until now every page was read from close by."""
    op.add_column(
        "ambiences", sa.Column("distance", sa.String(length=8), nullable=False, server_default="near")
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_column("ambiences", "distance")
