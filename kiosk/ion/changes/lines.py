"""Receives on an order's line, one call a unit (dialect documented-2026).

A serial cannot be received twice, so for serials uniqueness is the fence: what is missing is sent again, and
a late copy is refused. For a lot or an untracked quantity there is no fence. Where the tenant takes an
attribute along and shows it, the row carries the operation's marker. Elsewhere the line's received quantity
and its rows before and after tell whether it was received, and how often. They are looked at as soon as an
answer is lost, so that there is hardly time for anybody else to do the same. What was not there then and is
there later may be a late copy of ours, or what another kiosk received: a person decides, unless the site says
that nobody else does.

What the line had received before the first send is noted, so that a restart judges as this process would. Of
what was sent without a note, what stands there may be ours, and a person decides.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final

from kiosk.errors import IonError, IonRejected, IonUncounted, IonUnknown
from kiosk.ion.arguments import Receive
from kiosk.ion.changes.base import SOMEBODYS, Change, age_of
from kiosk.ion.changes.errand import Errand
from kiosk.ion.changes.line_now import LineNow, LineReader, cut_short, facts_of, rows_like, rows_of
from kiosk.ion.mapping import dump, read
from kiosk.ion.wording import quoted
from kiosk.model import Inventory, Json, Order, OrderLine
from kiosk.ports import Absent, Finding, Found, Unsure
from kiosk.words import listed, told

__all__ = ["ByLine"]

_ATTRIBUTES: Final = "attributes {"


class ByLine(Change[Receive]):
    """``receive`` by receivePurchaseOrderLine."""

    takes: ClassVar[type[Receive]] = Receive

    def __init__(self, errand: Errand, arguments: Mapping[str, Json]) -> None:
        """Check the arguments; nothing is sent.

        Raises:
            IonRejected: they are not complete.
        """
        super().__init__(errand, arguments)
        self._reader = LineReader(errand, self._arguments)

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
        result = self._standing(self._reader.now()) if is_all_found else self._result(done)
        self._errand.memory.forget(self._errand.marker)
        return result

    def _receive_quantity(self) -> dict[str, Json]:
        before = self._reader.now()
        stock = {row.id: row.quantity for row in rows_like(before, self._arguments)}
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
            finding = self._find_quantity(self._reader.now())
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
            order, line = self._reader.line()
            now = self._reader.with_rows(order, line) if line.received != due else None
        except IonError:
            return  # it was received; what cannot be read now proves nothing else
        if now is None:
            return
        if line.received < due:
            raise self._not_shown(result, facts_of(now, self._arguments, self._before))
        if self._is_marked:
            if len(now.marked) > 1:
                raise IonUncounted(facts_of(now, self._arguments, self._before))
            return
        newest = max(map(age_of, own), default=None)
        # Of a first send a second copy is newer than the answer's; of a later one the first may be older.
        is_second = self._errand.marker in self._errand.memory.doubtful
        like = [
            row
            for row in rows_of(now, self._arguments)
            if row.quantity == self._arguments.quantity and row.id not in own
        ]
        if newest is None or any(is_second or age_of(row.id) > newest for row in like):
            raise IonUncounted(facts_of(now, self._arguments, self._before))

    @property
    def _before(self) -> Decimal:
        """Return what the line had received before the first send; else what was known when it was queued."""
        return self._errand.memory.received.get(self._errand.marker, self._arguments.received_before)

    def find_effect(self) -> Finding:
        """Compare the part's serials, or the line's received quantity, with what was sent."""
        now = self._reader.now()
        if not self._arguments.serials:
            return self._find_quantity(now)
        if not now.is_whole:
            return Unsure(cut_short(facts_of(now, self._arguments, self._before)))
        return self._find_serials(now)

    def _find_serials(self, now: LineNow) -> Finding:
        """Say whose the serials are that are there: ours are those that the line has counted since."""
        memory, marker = self._errand.memory, self._errand.marker
        existing = {row.serial for row in now.rows} & set(self._arguments.serials)
        are_ours = self._is_noted and now.line.received >= self._before + len(existing)
        if are_ours:
            memory.doubt(marker)
            return Found(self._standing(now)) if len(existing) == len(self._arguments.serials) else Absent()
        if existing and now.line.received > 0:
            # They may be ours all the same: of an earlier send nothing was noted, or somebody took something
            # else of the line back.
            return self._whose(now)
        return Absent()

    @property
    def _is_noted(self) -> bool:
        """Return whether it is known what the line had received before the first send.

        What was known when it was queued is less sure: another receipt of this kiosk may count twice in it,
        as received and as still to be sent.
        """
        return self._errand.marker in self._errand.memory.received

    def _whose(self, now: LineNow) -> Unsure:
        facts = facts_of(now, self._arguments, self._before)
        return Unsure(told("{facts}. Whose that is, ION does not tell", facts=facts))

    @property
    def _is_marked(self) -> bool:
        """Return whether what is received carries the marker, and shows it."""
        errand, sent, shown_by = self._errand, self._calls["ReceiveLine"], self._calls["RowsOf"]
        is_carried = errand.marker_key is not None and "marker" in sent.variables
        return is_carried and self._arguments.part_id is not None and _ATTRIBUTES in shown_by.text

    def _find_quantity(self, now: LineNow) -> Finding:
        memory, marker = self._errand.memory, self._errand.marker
        memory.doubt(marker)
        if self._is_marked:
            return self._find_marked(now)
        came = self._came_since(now)
        if self._is_there_no_more(now, came):
            memory.miss(marker)
            return Absent(late_s=self._errand.request_life_s)
        is_counted = self._is_noted and now.line.received == self._before + self._arguments.quantity
        if not is_counted or (self._arguments.part_id is not None and not came):
            return self._whose(now)
        if self._errand.may_be_others:
            facts = facts_of(now, self._arguments, self._before)
            return Unsure(listed((facts, SOMEBODYS), between=". "))
        return Found(self._standing(now, came))

    def _is_there_no_more(self, now: LineNow, came: Sequence[Inventory]) -> bool:
        """Return whether the line and its rows show nothing but what was there before the first send."""
        if self._is_noted:
            return now.line.received == self._before
        return now.line.received <= self._before and now.is_whole and not came

    def _find_marked(self, now: LineNow) -> Finding:
        ours = [row for row in now.rows if row.id in now.marked]
        if len(ours) == 1:
            return Found(self._standing(now, ours))
        facts = facts_of(now, self._arguments, self._before)
        if ours:
            return Unsure(told("{facts}. It was received more than once", facts=facts))
        if not now.is_whole:
            return Unsure(cut_short(facts))
        return Absent(late_s=self._errand.request_life_s)

    def _came_since(self, now: LineNow) -> list[Inventory]:
        """Return the rows that hold what came since the first send; of all that could, where nobody knows."""
        stock = self._errand.memory.stock.get(self._errand.marker)
        if stock is None:
            return rows_of(now, self._arguments)
        return [
            row
            for row in rows_like(now, self._arguments)
            if row.quantity - stock.get(row.id, Decimal(0)) >= self._arguments.quantity
        ]

    def _own_serials(self) -> dict[str, Inventory]:
        now, memory, marker = self._reader.now(), self._errand.memory, self._errand.marker
        existing = {
            row.serial: row for row in now.rows if row.serial and row.serial in self._arguments.serials
        }
        if marker in memory.doubtful:
            return existing
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
        now = self._reader.now()
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
        rows = [read(Inventory, row, tried=call.name, is_mutation=True) for row in answer["inventories"]]
        for row in rows:
            self._errand.memory.remember_made(row.key, row.etag)
        return {"inventories": rows, "line": answer["line"]}

    def _result(self, answers: list[dict[str, Any]]) -> dict[str, Json]:
        line = next(answer["line"] for answer in reversed(answers) if answer["line"] is not None)
        order = line.get("order") if isinstance(line, dict) else None
        tried = self._calls["ReceiveLine"].name
        return {
            "inventories": [dump(row) for answer in answers for row in answer["inventories"]],
            "line": dump(read(OrderLine, line, tried=tried, is_mutation=True)),
            "order": dump(read(Order, order, tried=tried, is_mutation=True)) if order else None,
        }

    def _standing(self, now: LineNow, rows: Sequence[Inventory] | None = None) -> dict[str, Json]:
        standing = rows_of(now, self._arguments) if rows is None else rows
        return {
            "inventories": [dump(row) for row in standing],
            "line": dump(now.line),
            "order": dump(now.order),
        }
