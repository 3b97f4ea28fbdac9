"""Receives on an order's line, one call a unit (dialect documented-2026).

A serial cannot be received twice, so for serials uniqueness is the fence: what is missing is sent again, and
a late copy is refused. For a lot or an untracked quantity there is no fence. Where the tenant takes an
attribute along and shows it, the row carries the operation's marker. Elsewhere the line's received quantity
and its rows before and after tell whether it was received, and how often. They are looked at as soon as an
answer is lost, so that there is hardly time for anybody else to do the same. What was not there then and is
there later may be a late copy of ours, or what another kiosk received: a person decides, unless the site says
that nobody else does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Final

from kiosk.errors import IonError, IonRejected, IonUncounted, IonUnknown
from kiosk.ion.arguments import Receive
from kiosk.ion.changes.base import SOMEBODYS, Change, age_of, carries_marker
from kiosk.ion.mapping import dump, read
from kiosk.ion.tenant import LIST_LIMIT
from kiosk.ion.variables import plain
from kiosk.ion.wording import quoted
from kiosk.model import Inventory, Json, Order, OrderLine
from kiosk.ports import Absent, Finding, Found, Unsure
from kiosk.words import listed, told

__all__ = ["ByLine"]

_ATTRIBUTES: Final = "attributes {"


@dataclass(frozen=True, slots=True)
class _Now:
    """What ION shows: the order, its line, and the part's rows."""

    order: Order
    line: OrderLine
    rows: tuple[Inventory, ...]
    marked: frozenset[str]
    """The ids of those that carry the operation's marker."""
    is_whole: bool
    """Whether ``rows`` are all there are."""


class ByLine(Change[Receive]):
    """``receive`` by receivePurchaseOrderLine."""

    takes: ClassVar[type[Receive]] = Receive

    def perform(self) -> Mapping[str, Json]:
        """Receive each serial that is not there yet, or the whole quantity in one call."""
        if not self._arguments.serials:
            return self._receive_quantity()
        own = self._own_serials()
        done = [{"inventories": [inventory], "line": None} for inventory in own.values()]
        for serial in self._arguments.serials:
            if serial in own:
                continue
            try:
                done.append(self._receive(Decimal(1), serial))
            except IonUnknown:
                raise
            except IonError as error:
                late = self._late_copy(serial, len(done)) if isinstance(error, IonRejected) else None
                if late is not None:
                    done.append({"inventories": [late], "line": None})
                    continue
                if not done:
                    raise
                # Part of the operation stands in ION, so its end may no longer be called "not executed".
                raise IonUnknown(
                    told(
                        "Receive {count} serials on line {line}: expected all, got {number}, "
                        "then for {serial}: {error}",
                        count=len(self._arguments.serials),
                        line=quoted(self._arguments.line_id),
                        number=len(done),
                        serial=quoted(serial),
                        error=error.text,
                    ),
                    code=error.code,
                    trace_id=error.trace_id,
                ) from error
        is_all_found = all(answer["line"] is None for answer in done)
        result = self._standing(self._now()) if is_all_found else self._result(done)
        self._errand.memory.forget(self._errand.marker)
        return result

    def _receive_quantity(self) -> dict[str, Json]:
        before = self._now()
        stock = {row.id: row.quantity for row in _like(before, self._arguments)}
        self._errand.memory.remember_received(self._errand.marker, before.line.received, stock)
        try:
            answer = self._receive(self._arguments.quantity, None)
        except IonUnknown:
            result = self._looked_up_at_once()
            if result is None:
                raise
        else:
            result = self._result([answer])
            self._count([row.id for row in answer["inventories"]], result)
        self._errand.memory.forget(self._errand.marker)
        return result

    def _looked_up_at_once(self) -> dict[str, Json] | None:
        """Return what was received where that shows right after the answer was lost."""
        try:
            finding = self._find_quantity(self._now())
        except IonError:
            return None
        return dict(finding.result) if isinstance(finding, Found) else None

    def _count(self, own: list[str], result: Mapping[str, Json]) -> None:
        """Read the line once more, and where it received more than it should, whether that was we.

        Raises:
            IonUncounted: it may have been, or the line does not show yet what it received.
        """
        due = self._before + self._arguments.quantity
        try:
            order, line = self._line()
            now = self._with_rows(order, line) if line.received != due else None
        except IonError:
            return  # it was received; what cannot be read now proves nothing else
        if now is None:
            return
        if line.received < due:
            raise self._not_shown(result, _facts(now, self._arguments, self._before))
        if self._is_marked:
            if len(now.marked) > 1:
                raise IonUncounted(_facts(now, self._arguments, self._before))
            return
        newest = max(map(age_of, own), default=None)
        # Of a first send a second copy is newer than the answer's; of a later one the first may be older.
        is_second = self._errand.marker in self._errand.memory.doubtful
        like = [
            row
            for row in _rows_of(now, self._arguments)
            if row.quantity == self._arguments.quantity and row.id not in own
        ]
        if newest is None or any(is_second or age_of(row.id) > newest for row in like):
            raise IonUncounted(_facts(now, self._arguments, self._before))

    @property
    def _before(self) -> Decimal:
        """Return what the line had received before the first send, as far as this process knows."""
        return self._errand.memory.received.get(self._errand.marker, self._arguments.received_before)

    def find_effect(self) -> Finding:
        """Compare the part's serials, or the line's received quantity, with what was sent."""
        now = self._now()
        if not self._arguments.serials:
            return self._find_quantity(now)
        if not now.is_whole:
            return Unsure(_cut(_facts(now, self._arguments, self._before)))
        existing = {row.serial for row in now.rows} & set(self._arguments.serials)
        # Serials that were there before the line counted them belong to somebody else.
        are_ours = now.line.received >= self._before + len(existing)
        if are_ours:
            self._errand.memory.doubt(self._errand.marker)
        if len(existing) == len(self._arguments.serials) and are_ours:
            return Found(self._standing(now))
        return Absent()

    @property
    def _is_marked(self) -> bool:
        """Return whether what is received carries the marker, and shows it."""
        errand, sent, shown_by = self._errand, self._calls["ReceiveLine"], self._calls["RowsOf"]
        is_carried = errand.marker_key is not None and "marker" in sent.variables
        return is_carried and self._arguments.part_id is not None and _ATTRIBUTES in shown_by.text

    def _find_quantity(self, now: _Now) -> Finding:
        memory, marker = self._errand.memory, self._errand.marker
        memory.doubt(marker)
        if self._is_marked:
            return self._find_marked(now)
        if now.line.received == self._before:
            memory.miss(marker)
            return Absent(late_s=self._errand.request_life_s)
        facts = _facts(now, self._arguments, self._before)
        came = self._came_since(now)
        is_counted = now.line.received == self._before + self._arguments.quantity
        if not is_counted or (self._arguments.part_id is not None and not came):
            return Unsure(told("{facts}. Whose that is, ION does not tell", facts=facts))
        if self._errand.may_be_others:
            return Unsure(listed((facts, SOMEBODYS), between=". "))
        return Found(self._standing(now, came))

    def _find_marked(self, now: _Now) -> Finding:
        ours = [row for row in now.rows if row.id in now.marked]
        if len(ours) == 1:
            return Found(self._standing(now, ours))
        facts = _facts(now, self._arguments, self._before)
        if ours:
            return Unsure(told("{facts}. It was received more than once", facts=facts))
        if not now.is_whole:
            return Unsure(_cut(facts))
        return Absent(late_s=self._errand.request_life_s)

    def _came_since(self, now: _Now) -> list[Inventory]:
        """Return the rows that hold what came since the first send; of all that could, where nobody knows."""
        stock = self._errand.memory.stock.get(self._errand.marker)
        if stock is None:
            return _rows_of(now, self._arguments)
        return [
            row
            for row in _like(now, self._arguments)
            if row.quantity - stock.get(row.id, Decimal(0)) >= self._arguments.quantity
        ]

    def _own_serials(self) -> dict[str, Inventory]:
        now, memory, marker = self._now(), self._errand.memory, self._errand.marker
        existing = {
            row.serial: row for row in now.rows if row.serial and row.serial in self._arguments.serials
        }
        if marker in memory.doubtful:
            return existing
        # What was known when it was queued may count another receipt of this kiosk twice: as received, and as
        # still to be sent.
        memory.remember_received(marker, now.line.received, {})
        if existing:
            raise IonRejected(
                told(
                    "Receive on line {line}: expected new serials, got {serials}, "
                    "which already exists for this part",
                    line=quoted(self._arguments.line_id),
                    serials=", ".join(map(quoted, existing)),
                ),
                code="VALIDATION_ERROR",
            )
        return existing

    def _late_copy(self, serial: str, done: int) -> Inventory | None:
        """Return the row of a serial that ION refuses because our own earlier copy has just arrived."""
        if self._errand.marker not in self._errand.memory.doubtful:
            return None
        now = self._now()
        if now.line.received < self._before + done + 1:
            return None
        return next((row for row in now.rows if row.serial == serial), None)

    def _receive(self, quantity: Decimal, serial: str | None) -> dict[str, Any]:
        call = self._calls["ReceiveLine"]
        data = self._tenant.send(
            call,
            {
                "line": self._arguments.line_id,
                "quantity": quantity,
                "lot": self._arguments.lot,
                "serial": serial,
                "location": self._arguments.location_id,
                "marker": self._errand.marker,
                "marker_key": self._errand.marker_key,
            },
        )
        answer = next(iter(data.values()), None)
        if not isinstance(answer, dict) or not {"line", "inventories"} <= {
            name for name, value in answer.items() if isinstance(value, dict | list)
        }:
            raise IonUnknown(
                told("{call}: expected 'line' and 'inventories' in ION's answer, got less", call=call.name)
            )
        return {
            "inventories": [
                read(Inventory, row, tried=call.name, is_mutation=True) for row in answer["inventories"]
            ],
            "line": answer["line"],
        }

    def _result(self, answers: list[dict[str, Any]]) -> dict[str, Json]:
        line = next(answer["line"] for answer in reversed(answers) if answer["line"] is not None)
        order = line.get("order") if isinstance(line, dict) else None
        tried = self._calls["ReceiveLine"].name
        return {
            "inventories": [dump(row) for answer in answers for row in answer["inventories"]],
            "line": dump(read(OrderLine, line, tried=tried, is_mutation=True)),
            "order": dump(read(Order, order, tried=tried, is_mutation=True)) if order else None,
        }

    def _standing(self, now: _Now, rows: Sequence[Inventory] | None = None) -> dict[str, Json]:
        standing = _rows_of(now, self._arguments) if rows is None else rows
        return {
            "inventories": [dump(row) for row in standing],
            "line": dump(now.line),
            "order": dump(now.order),
        }

    def _now(self) -> _Now:
        order, line = self._line()
        return self._with_rows(order, line)

    def _with_rows(self, order: Order, line: OrderLine) -> _Now:
        rows, marked, is_whole = self._part_rows()
        return _Now(order, line, rows, marked, is_whole)

    def _line(self) -> tuple[Order, OrderLine]:
        call = self._calls["OrderOf"]
        tried = told("{call} with {values}", call=call.name, values=quoted(self._arguments.order_id))
        found = [
            row
            for rows in self._tenant.rows(call, {"order": self._arguments.order_id}).values()
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

    def _part_rows(self) -> tuple[tuple[Inventory, ...], frozenset[str], bool]:
        if self._arguments.part_id is None:
            return (), frozenset(), True
        call = self._calls["RowsOf"]
        found = self._tenant.rows(call, {"part": self._arguments.part_id})
        shown = [row for each in found.values() for row in each]
        rows = tuple(read(Inventory, row, tried=call.name) for row in shown)
        is_marked = [carries_marker(row, self._errand.marker) for row in shown]
        marked = frozenset(row.id for row, is_ours in zip(rows, is_marked, strict=True) if is_ours)
        return rows, marked, not self._tenant.is_full(call, found)


def _rows_of(now: _Now, arguments: Receive) -> list[Inventory]:
    """Return the rows that hold what was received: by serial, else by lot and place."""
    if arguments.serials:
        return [row for row in now.rows if row.serial in arguments.serials]
    return [row for row in _like(now, arguments) if row.quantity >= arguments.quantity]


def _like(now: _Now, arguments: Receive) -> list[Inventory]:
    """Return the rows of the same lot at the same place, whatever their quantity."""
    return [
        row
        for row in now.rows
        if row.serial is None
        and row.lot == arguments.lot
        and (row.location.id if row.location else None) == arguments.location_id
    ]


def _facts(now: _Now, arguments: Receive, before: Decimal) -> str:
    rows = listed(map(_row_words, _rows_of(now, arguments)[:5]))
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


def _cut(facts: str) -> str:
    return told("{facts}; ION shows only {count} rows of this part", facts=facts, count=LIST_LIMIT)
