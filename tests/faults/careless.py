"""The kiosk with its protection taken away, as a control: its log is not synced at a commit.

Run it as the kiosk: ``python -m tests.faults.careless serve --config FILE``.
"""

from typing import Any

from kiosk.cli import main
from kiosk.journal import store


def _make_careless(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


if __name__ == "__main__":
    store._make_durable = _make_careless
    main()
