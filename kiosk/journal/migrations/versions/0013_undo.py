"""What takes an operation back, when operations ended, and each station's past in its order."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0009"
branch_labels = None
depends_on = None

_UNDOING = "undoes != '' AND state != 'discarded'"


def upgrade() -> None:
    """Add the columns; what was done before takes nothing back."""
    op.add_column("operations", sa.Column("undoes", sa.String(64), nullable=False, server_default=""))
    op.add_column("operations", sa.Column("settled_at", sa.String(40)))
    op.add_column("operations", sa.Column("trace", sa.String(200), nullable=False, server_default=""))
    op.create_index("ix_operations_station", "operations", ["station", "seq"])
    op.create_index(
        "uq_operations_undoes", "operations", ["undoes"], unique=True, sqlite_where=sa.text(_UNDOING)
    )
    op.create_index("ix_scans_station", "scans", ["station", "seq"])


def downgrade() -> None:
    """Take the columns away."""
    op.drop_index("ix_scans_station", "scans")
    op.drop_index("uq_operations_undoes", "operations")
    op.drop_index("ix_operations_station", "operations")
    for name in ("trace", "settled_at", "undoes"):
        op.drop_column("operations", name)
