"""Takes rows of stock out of the receipt that they came in by (dialect classic).

Each row goes out by its id with the receipt's etag: a late copy is refused, or finds nothing. Whether
somebody moved or used a row since is looked at before; between that look and the change there is no lock.
"""

from collections.abc import Mapping
from typing import ClassVar

from kiosk.errors import IonConflict, IonError, IonRejected, IonUnknown
from kiosk.ion.arguments import ReceivedRow, UndoReceipt
from kiosk.ion.changes.base import Change
from kiosk.ion.mapping import dump, to_receipt
from kiosk.ion.shapes import ReceiptItem, ReceiptState
from kiosk.ion.variables import plain
from kiosk.ion.wording import quoted
from kiosk.model import Inventory, Json
from kiosk.ports import Absent, Finding, Found
from kiosk.words import told

__all__ = ["UndoneReceipt"]


class UndoneReceipt(Change[UndoReceipt]):
    """``undo_receipt`` by removeInventoryFromReceipt."""

    takes: ClassVar[type[UndoReceipt]] = UndoReceipt

    def perform(self) -> Mapping[str, Json]:
        """Take out every row that is still in the receipt, all of them or none.

        Raises:
            IonConflict: one is no longer as it was received.
            IonBehind: of one that is not known yet.
            IonUnknown: some are out, and the others did not follow.
            IonError: see ``kiosk.ports.IonWriter``.
        """
        receipt = self._receipt()
        staying = self._ours(receipt)
        for item in staying:
            self._check(item)
        result = _result(receipt, staying)
        for number, item in enumerate(staying):
            try:
                receipt = self._take_out(receipt, item)
            except IonError as error:
                if not number or isinstance(error, IonUnknown):
                    raise
                # Part of the operation stands in ION, so its end may not be called "not executed".
                raise IonUnknown(
                    told(
                        "Take {count} rows out of receipt {receipt}: "
                        "expected all, got {number}, then: {error}",
                        count=len(staying),
                        receipt=quoted(receipt.id),
                        number=number,
                        error=error.text,
                    ),
                    code=error.code,
                    trace_id=error.trace_id,
                ) from error
            result = _result(receipt, staying)
        return result

    def find_effect(self) -> Finding:
        """Look whether any row is still in the receipt."""
        receipt = self._receipt()
        return Absent() if self._ours(receipt) else Found(_result(receipt, receipt.items))

    def _receipt(self) -> ReceiptState:
        """Read the receipt.

        Raises:
            IonBehind: ION answered lately that it made it, and shows none yet, or no items in it.
            IonRejected: there is none.
        """
        key = f"receipt/{self._arguments.receipt_id}"
        try:
            receipt = self._shown()
        except IonRejected as error:
            if error.code == "NOT_FOUND_ERROR":
                self._check_shown(key, None)
            raise
        self._check_shown(key, receipt.etag)
        return receipt

    def _shown(self) -> ReceiptState:
        call, id_ = self._calls["ReceiptOf"], self._arguments.receipt_id
        tried = f"{call.name} {quoted(id_)}"
        rows = [row for found in self._tenant.rows(call, {"receipt": id_}).values() for row in found if row]
        if len(rows) != 1:
            raise IonRejected(
                told("{tried}: expected one receipt, got {count}", tried=tried, count=len(rows)),
                code="NOT_FOUND_ERROR",
            )
        return to_receipt(rows[0], tried=tried, is_mutation=False)

    def _ours(self, receipt: ReceiptState) -> list[ReceiptItem]:
        wanted = {row.id for row in self._arguments.rows}
        return [item for item in receipt.items if item.inventory and item.inventory.value().id in wanted]

    def _check(self, item: ReceiptItem) -> None:
        now = _stock(item)
        row = next(row for row in self._arguments.rows if row.id == now.id)
        place = now.location.id if now.location else None
        if (now.quantity, place) == (row.quantity, row.location_id):
            self._check_newest(now.id, now.etag, _facts(row, now))
            return
        raise IonConflict(
            told(
                "{facts}; {somebody} changed it in between", facts=_facts(row, now), somebody=told("somebody")
            ),
            code="CONCURRENCY_ERROR",
        )

    def _take_out(self, receipt: ReceiptState, item: ReceiptItem) -> ReceiptState:
        call = self._calls["TakeOut"]
        values = {"receipt": receipt.id, "etag": receipt.etag, "inventory": _stock(item).id}
        # Should the answer get lost, a read that shows another etag is no older one.
        self._errand.memory.supersede(receipt.id, receipt.etag)
        return to_receipt(self._tenant.change(call, values, "receipt"), tried=call.name, is_mutation=True)


def _stock(item: ReceiptItem) -> Inventory:
    if item.inventory is None:
        raise IonRejected(
            told("Receipt item {id}: expected stock, got none", id=quoted(item.id)), code="NOT_FOUND_ERROR"
        )
    return item.inventory.value()


def _facts(row: ReceivedRow, now: Inventory) -> str:
    named = now.serial or now.lot or now.part.number
    is_there = now.location is None or now.location.id == row.location_id
    return told(
        "Take {named} back: expected {received} where it was received, got {quantity} at {place}"
        if is_there
        else "Take {named} back: expected {received} where it was received, "
        "got {quantity} elsewhere at {place}",
        named=quoted(named),
        received=plain(row.quantity),
        quantity=plain(now.quantity),
        place=quoted(now.location.name) if now.location else told("no location"),
    )


def _result(receipt: ReceiptState, items: list[ReceiptItem] | tuple[ReceiptItem, ...]) -> dict[str, Json]:
    """Return the order as it is now, with the line that the rows were received on."""
    order = receipt.order.value() if receipt.order else None
    line = next((item.line.value() for item in items), None)
    now = next((one for one in order.lines if line and one.id == line.id), line) if order else line
    return {"order": dump(order) if order else None, "line": dump(now) if now else None}
