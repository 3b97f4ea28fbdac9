"""Bringing the tables up to date, by Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection


def upgrade(connection: Connection, migrations: Path, revision: str = "head") -> None:
    """Run every migration up to ``revision`` that this database has not seen, in the caller's transaction."""
    config = Config()
    # Alembic's configuration takes % for the start of a placeholder.
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
