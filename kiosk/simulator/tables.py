"""Tables of rows by id, with look-up by key columns and undo."""

from collections.abc import Iterator
from operator import attrgetter
from typing import Generic, Protocol, Self, TypeVar

__all__ = [
    "HasId",
    "Row",
    "Table",
]


class HasId(Protocol):
    """Anything that a table can hold."""

    @property
    def id(self) -> int:
        """The row's number in its table."""
        ...


Row = TypeVar("Row", bound=HasId)


class Table(Generic[Row]):
    """Rows by id, with look-up by the columns named as keys, and undo back to the last commit."""

    def __init__(self, row_type: type[Row], *keys: str) -> None:
        self.row_type = row_type
        self._rows: dict[int, Row] = {}
        self._ids_by_key: dict[str, dict[object, dict[int, None]]] = {key: {} for key in keys}
        self._undo: list[tuple[int, Row | None]] = []
        self.next_id = 1

    def __iter__(self) -> Iterator[Row]:
        return iter(sorted(self._rows.values(), key=attrgetter("id")))

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, row_id: int | None) -> Row | None:
        """Return the row with this id, or None."""
        return None if row_id is None else self._rows.get(row_id)

    def __getitem__(self, row_id: int) -> Row:
        return self._rows[row_id]

    def where(self, key: str, value: object) -> list[Row]:
        """Return the rows whose key column has this value, by id."""
        return [self._rows[row_id] for row_id in sorted(self._ids_by_key[key].get(value, ()))]

    def new_id(self) -> int:
        """Return an id that was never used; like a database sequence it is not given back."""
        self.next_id += 1
        return self.next_id - 1

    def put(self, row: Row) -> Row:
        """Store a row in place of the one with its id, and return it."""
        self._undo.append((row.id, self._set(row.id, row)))
        self.next_id = max(self.next_id, row.id + 1)
        return row

    def remove(self, row_id: int) -> None:
        """Take the row out; it must be there."""
        self._undo.append((row_id, self._set(row_id, None)))

    @property
    def changes(self) -> list[tuple[int, Row | None]]:
        """Since the last commit, in order: each row's id, and what stood there before."""
        return list(self._undo)

    def commit(self) -> list[tuple[int, Row | None]]:
        """Forget how to undo, and return what that was."""
        undo, self._undo = self._undo, []
        return undo

    def before(self, changes: list[tuple[int, Row | None]]) -> Self:
        """Return a table as this one was before these changes, the newest last."""
        past = type(self)(self.row_type, *self._ids_by_key)
        rows = dict(self._rows)
        for row_id, row in reversed(changes):
            rows.pop(row_id, None)
            if row is not None:
                rows[row_id] = row
        for row in rows.values():
            past.put(row)
        past.commit()
        return past

    def rollback(self) -> None:
        """Undo everything since the last commit."""
        for row_id, before in reversed(self._undo):
            self._set(row_id, before)
        self._undo.clear()

    def _set(self, row_id: int, row: Row | None) -> Row | None:
        before = self._rows.pop(row_id, None)
        for key, ids in self._ids_by_key.items():
            if before is not None:
                ids[getattr(before, key)].pop(row_id)
            if row is not None:
                ids.setdefault(getattr(row, key), {})[row_id] = None
        if row is not None:
            self._rows[row_id] = row
        return before
