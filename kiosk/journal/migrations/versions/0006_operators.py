"""The people whom the kiosk itself knows, and how often a wrong PIN was given for them, and where."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "operators",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("badge", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.String(length=40), nullable=True),
        sa.Column("pin_hash", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("badge", name="uq_operators_badge"),
    )
    op.create_table(
        "pin_tries",
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.String(length=40), nullable=False),
        sa.Column("right_at", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["operator"], ["operators.id"]),
        sa.PrimaryKeyConstraint("operator", "station"),
    )


def downgrade() -> None:
    """Take the tables away."""
    op.drop_table("pin_tries")
    op.drop_table("operators")
