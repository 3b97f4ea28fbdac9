"""Which keys print labels of serials once more; every label of a thing, found by what it says."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the index; no key that is there already may."""
    op.add_column("api_keys", sa.Column("reprints", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_print_jobs_encoded", "print_jobs", ["encoded", "label", "seq"])


def downgrade() -> None:
    """Take both away."""
    op.drop_index("ix_print_jobs_encoded", "print_jobs")
    op.drop_column("api_keys", "reprints")
