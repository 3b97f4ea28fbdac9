"""What was asked for under a batch's key, how old ION's word on it was, and the keys of other programs."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table; of earlier batches neither is known."""
    op.add_column(
        "print_batches", sa.Column("request", sa.String(length=64), nullable=False, server_default="")
    )
    op.add_column("print_batches", sa.Column("as_of", sa.String(length=40), nullable=True))
    op.create_table(
        "api_keys",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("labels", sa.Text(), nullable=True),
        sa.Column("printers", sa.Text(), nullable=True),
        sa.Column("stations", sa.Text(), nullable=True),
        sa.Column("rate", sa.String(length=16), nullable=True),
        sa.Column("created_at", sa.String(length=40), nullable=False),
        sa.Column("expires_at", sa.String(length=40), nullable=True),
        sa.Column("revoked_at", sa.String(length=40), nullable=True),
        sa.Column("used_at", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id", name=op.f("uq_api_keys_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_api_keys_name", "api_keys", ["name"], unique=True, sqlite_where=sa.text("revoked_at IS NULL")
    )


def downgrade() -> None:
    """Take the columns and the table away; no program has a key any more."""
    op.drop_index("uq_api_keys_name", table_name="api_keys", sqlite_where=sa.text("revoked_at IS NULL"))
    op.drop_table("api_keys")
    op.drop_column("print_batches", "as_of")
    op.drop_column("print_batches", "request")
