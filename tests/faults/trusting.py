"""A kiosk with its protection taken away, as a control: it acknowledges what its disk refused."""

import contextlib
from collections.abc import Iterator

from sqlalchemy.engine import Connection

from kiosk.errors import JournalError
from kiosk.journal.store import Store

__all__ = ["apply"]

_writing = Store.writing


@contextlib.contextmanager
def _hoping(store: Store) -> Iterator[Connection]:
    with contextlib.suppress(JournalError), _writing(store) as connection:
        yield connection


def apply() -> None:
    """Take the protection away from this process."""
    Store.writing = _hoping  # type: ignore[method-assign,assignment]  # the control is this very fault
