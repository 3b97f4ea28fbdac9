"""The light and the volume that were chosen at a station."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "ambiences",
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("light", sa.String(length=8), nullable=False),
        sa.Column("volume", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("station"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("ambiences")
