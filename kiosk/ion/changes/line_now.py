"""What ION shows of an order's line and of the stock of its part, and its words for a person."""

from dataclasses import dataclass
from decimal import Decimal

from kiosk.errors import IonRejected
from kiosk.ion.arguments import Receive
from kiosk.ion.changes.base import carries_marker
from kiosk.ion.changes.errand import Errand
from kiosk.ion.mapping import read
from kiosk.ion.tenant import LIST_LIMIT
from kiosk.ion.variables import plain
from kiosk.ion.wording import quoted
from kiosk.model import Inventory, Order, OrderLine
from kiosk.words import listed, told

__all__ = ["LineNow", "LineReader", "cut_short", "facts_of", "rows_like", "rows_of"]


@dataclass(frozen=True, slots=True)
class LineNow:
    """What ION shows: the order, its line, and the part's rows."""

    order: Order
    line: OrderLine
    rows: tuple[Inventory, ...]
    marked: frozenset[str]
    """The ids of those that carry the operation's marker."""
    is_whole: bool
    """Whether ``rows`` are all there are."""


@dataclass(frozen=True, slots=True)
class LineReader:
    """Asks for the line of one receipt, and for the rows of its part."""

    _errand: Errand
    _arguments: Receive

    def now(self) -> LineNow:
        """Read the line, then the rows."""
        order, line = self.line()
        return self.with_rows(order, line)

    def with_rows(self, order: Order, line: OrderLine) -> LineNow:
        """Read the rows, too."""
        rows, marked, is_whole = self._rows()
        return LineNow(order, line, rows, marked, is_whole)

    def line(self) -> tuple[Order, OrderLine]:
        """Read the order and its line.

        Raises:
            IonRejected: the order has no such line.
            IonError: ION could not be asked.
        """
        call = self._errand.calls["OrderOf"]
        tried = told("{call} with {values}", call=call.name, values=quoted(self._arguments.order_id))
        found = [
            row
            for rows in self._errand.tenant.rows(call, {"order": self._arguments.order_id}).values()
            for row in rows
        ]
        orders = [read(Order, row, tried=tried) for row in found]
        for order in orders:
            for line in order.lines:
                if line.id == self._arguments.line_id:
                    return order, line
        raise IonRejected(
            told(
                "{tried}: expected line {line} in it, got none of that id",
                tried=tried,
                line=quoted(self._arguments.line_id),
            )
        )

    def _rows(self) -> tuple[tuple[Inventory, ...], frozenset[str], bool]:
        if self._arguments.part_id is None:
            return (), frozenset(), True
        call = self._errand.calls["RowsOf"]
        found = self._errand.tenant.rows(call, {"part": self._arguments.part_id})
        shown = [row for each in found.values() for row in each]
        rows = tuple(read(Inventory, row, tried=call.name) for row in shown)
        is_marked = [carries_marker(row, self._errand.marker) for row in shown]
        marked = frozenset(row.id for row, is_ours in zip(rows, is_marked, strict=True) if is_ours)
        return rows, marked, not self._errand.tenant.is_full(call, found)


def rows_of(now: LineNow, arguments: Receive) -> list[Inventory]:
    """Return the rows that hold what was received: by serial, else by lot and place."""
    if arguments.serials:
        return [row for row in now.rows if row.serial in arguments.serials]
    return [row for row in rows_like(now, arguments) if row.quantity >= arguments.quantity]


def rows_like(now: LineNow, arguments: Receive) -> list[Inventory]:
    """Return the rows of the same lot at the same place, whatever their quantity."""
    return [
        row
        for row in now.rows
        if row.serial is None
        and row.lot == arguments.lot
        and (row.location.id if row.location else None) == arguments.location_id
    ]


def facts_of(now: LineNow, arguments: Receive, before: Decimal) -> str:
    """Say what was sent, what was expected, and what ION shows."""
    rows = listed(map(_row_words, rows_of(now, arguments)[:5]))
    return told(
        "Receive {sent} on line {line}, which had received {received}: expected {received2} now, "
        "got {received3} and {rows}",
        sent=_sent_words(arguments),
        line=quoted(arguments.line_id),
        received=plain(before),
        received2=plain(before + arguments.quantity),
        received3=plain(now.line.received),
        rows=rows or told("no such inventory"),
    )


def _sent_words(arguments: Receive) -> str:
    quantity = plain(arguments.quantity)
    if arguments.serials:
        serials = ", ".join(map(quoted, arguments.serials))
        return told("serials {serials}, quantity {quantity}", serials=serials, quantity=quantity)
    if arguments.lot:
        return told("lot {lot}, quantity {quantity}", lot=quoted(arguments.lot), quantity=quantity)
    return told("quantity {quantity}", quantity=quantity)


def _row_words(row: Inventory) -> str:
    return told(
        "inventory {id}: {quantity} at {place}" if row.location else "inventory {id}: {quantity}",
        id=row.id,
        quantity=plain(row.quantity),
        place=quoted(row.location.name) if row.location else "",
    )


def cut_short(facts: str) -> str:
    """Add to the facts that ION does not show all rows."""
    return told("{facts}; ION shows only {count} rows of this part", facts=facts, count=LIST_LIMIT)
