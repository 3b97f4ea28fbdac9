"""The scanners that were bound to a station on the scanner page."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "scanner_bindings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("port", sa.String(length=400), nullable=False),
        sa.Column("device", sa.String(length=400), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("baud", sa.Integer(), nullable=False),
        sa.Column("layout", sa.String(length=8), nullable=False),
        sa.Column("tab_ends", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sa.UniqueConstraint("kind", "port", name="uq_scanner_bindings_kind_port"),
    )
