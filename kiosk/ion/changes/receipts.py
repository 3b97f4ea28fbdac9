"""Receives by a receipt that carries the operation's marker (dialect classic).

The marked receipt comes first and holds no stock, so a second one would be litter and not a second delivery.
Items are added with the receipt's etag. After a doubtful end the receipt is changed, which makes every older
copy of the addition stale, and only then are its items read for the last time. That this tenant really
refuses a stale etag is tried out then; before it is proved, the items are counted after each addition, and
what is not there is sent again only after an older copy has died of itself.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import ClassVar, Final

from kiosk.errors import IonConflict, IonError, IonUncounted
from kiosk.ion.arguments import Receive
from kiosk.ion.changes.base import Change
from kiosk.ion.composing import repeat_item
from kiosk.ion.documents import Call
from kiosk.ion.mapping import dump, to_receipt
from kiosk.ion.shapes import ReceiptItem, ReceiptState
from kiosk.ion.variables import plain
from kiosk.ion.wording import quoted
from kiosk.model import Json, Submit
from kiosk.ports import Absent, Finding, Found, Unsure
from kiosk.words import listed, told

__all__ = ["ByReceipt"]

_NO_LINE: Final = "0"


class ByReceipt(Change[Receive]):
    """``receive`` by createReceipt and addItemsToReceipt."""

    takes: ClassVar[type[Receive]] = Receive

    @classmethod
    def fits(cls, calls: Mapping[str, Call]) -> bool:
        """Return whether the tenant receives by receipts."""
        return "AddItems" in calls

    def perform(self) -> Mapping[str, Json]:
        """Add the items to the marked receipt, which is made if it is not there yet."""
        receipts = self._receipts()
        for receipt in receipts:
            if _is_ours(receipt, self._arguments):
                return _result(receipt, self._arguments)
        if any(receipt.items for receipt in receipts):
            raise IonConflict(
                _facts(receipts, self._arguments, self._errand.marker), code="CONCURRENCY_ERROR"
            )
        receipt = receipts[0] if receipts else self._create()
        self._errand.memory.fenced.pop(self._errand.marker, None)
        try:
            after = self._add_to_newest(receipt)
        except IonConflict:
            for now in self._receipts():
                if _is_ours(now, self._arguments):
                    return _result(now, self._arguments)
            raise
        result = _result(after, self._arguments)
        if not self._errand.memory.is_fence_proved:
            self._count(result)
        return result

    def find_effect(self) -> Finding:
        """Look for the marked receipt with our items; an empty one is fenced before it is called empty."""
        receipts = self._receipts()
        if any(receipt.items for receipt in receipts):
            return self._standing(receipts)
        if not receipts:
            # A late copy could only make another empty receipt.
            return Absent()
        changed = [self._fence(receipt) for receipt in receipts]
        is_fenced = all(changed) and self._is_refused(receipts[0])
        now = self._receipts()
        if any(receipt.items for receipt in now):
            return self._standing(now)
        if not is_fenced:
            return Absent(late_s=self._errand.request_life_s)
        return Absent(is_new=self._errand.memory.fence(self._errand.marker))

    def _standing(self, receipts: Sequence[ReceiptState]) -> Finding:
        """Say what receipts with items are; beside the one with ours, empty ones are taken away."""
        filled = [receipt for receipt in receipts if receipt.items]
        if len(filled) != 1 or not _is_ours(filled[0], self._arguments):
            return Unsure(_facts(receipts, self._arguments, self._errand.marker))
        empty = [receipt for receipt in receipts if not receipt.items]
        surplus = tuple(
            Submit(
                "delete_receipt",
                f"receipt/{receipt.id}",
                f"receipt/{receipt.id}",
                {"receipt_id": receipt.id, "etag": receipt.etag},
            )
            for receipt in empty
        )
        can = self._tenant.catalogue.offers("delete_receipt")
        return Found(_result(filled[0], self._arguments), surplus if can else ())

    def _count(self, result: Mapping[str, Json]) -> None:
        """Read the items once more.

        Raises:
            IonUncounted: there are others than were asked for, or none are shown yet.
        """
        try:
            receipts = self._receipts()
        except IonError:
            return  # they were added; what cannot be read now proves nothing else
        facts = _facts(receipts, self._arguments, self._errand.marker)
        if not any(receipt.items for receipt in receipts):
            raise self._not_shown(result, facts)
        if isinstance(self._standing(receipts), Unsure):
            raise IonUncounted(facts)

    def _receipts(self) -> list[ReceiptState]:
        call = self._calls["ReceiptsOf"]
        notes = (self._errand.marker, _touched(self._errand.marker))
        rows = self._tenant.rows(call, {"marker": notes[0], "touched": notes[1]})
        receipts = [
            to_receipt(row, tried=f"{call.name} {quoted(self._errand.marker)}", is_mutation=False)
            for found in rows.values()
            for row in found
        ]
        return [receipt for receipt in receipts if receipt.note in notes]

    def _create(self) -> ReceiptState:
        call = self._calls["CreateReceipt"]
        made = self._tenant.change(
            call, {"order": self._arguments.order_id, "marker": self._errand.marker}, "receipt"
        )
        return to_receipt(made, tried=call.name, is_mutation=True)

    def _add(self, receipt: ReceiptState, line_id: str) -> ReceiptState:
        units: list[dict[str, object]] = [
            {"serial": serial, "quantity": Decimal(1)} for serial in self._arguments.serials
        ] or [{"quantity": self._arguments.quantity}]
        call, values = repeat_item(self._calls["AddItems"], units)
        values |= {
            "receipt": receipt.id,
            "etag": receipt.etag,
            "line": line_id,
            "lot": self._arguments.lot,
            "location": self._arguments.location_id,
        }
        after = to_receipt(self._tenant.change(call, values, "receipt"), tried=call.name, is_mutation=True)
        memory = self._errand.memory
        memory.remember_made(f"receipt/{after.id}", after.etag)
        for item in after.items:
            if item.inventory is not None:
                row = item.inventory.value()
                memory.remember_made(row.key, row.etag)
        return after

    def _add_to_newest(self, receipt: ReceiptState) -> ReceiptState:
        """Add with the etag that was read, or the one that ION answered since: reads may lag behind it."""
        try:
            return self._add(receipt, self._arguments.line_id)
        except IonConflict:
            etag = self._errand.memory.newest(receipt.id, receipt.etag)
            if etag == receipt.etag:
                raise
            return self._add(receipt.model_copy(update={"etag": etag}), self._arguments.line_id)

    def _fence(self, receipt: ReceiptState) -> bool:
        """Change the receipt, so that an older addition is refused; say whether that worked."""
        call = self._calls["TouchReceipt"]
        # A note that says the same again might not count as a change.
        note = self._errand.marker if receipt.note != self._errand.marker else _touched(self._errand.marker)
        try:
            changed = self._tenant.change(
                call, {"receipt": receipt.id, "etag": receipt.etag, "note": note}, "receipt"
            )
        except IonConflict:
            return True  # somebody changed it just now, which makes older copies stale as well
        etag = to_receipt(changed, tried=call.name, is_mutation=True).etag
        self._errand.memory.supersede(receipt.id, receipt.etag, by=etag)
        return etag != receipt.etag

    def _is_refused(self, stale: ReceiptState) -> bool:
        """Return whether this tenant refuses additions with a stale etag: tried with one to no line."""
        memory = self._errand.memory
        if not memory.is_fence_proved:
            try:
                self._add(stale, _NO_LINE)
            except IonConflict:
                memory.is_fence_proved = True
            except IonError:
                return False
        return memory.is_fence_proved


def _touched(marker: str) -> str:
    return f"{marker}."


def _is_ours(receipt: ReceiptState, arguments: Receive) -> bool:
    items = receipt.items
    if not items or any(item.line.id != arguments.line_id for item in items):
        return False
    if arguments.serials:
        serials = sorted(item.inventory.serial or "" for item in items if item.inventory)
        return serials == sorted(arguments.serials)
    return sum((item.quantity for item in items), Decimal(0)) == arguments.quantity


def _result(receipt: ReceiptState, arguments: Receive) -> dict[str, Json]:
    line = next((item.line for item in receipt.items if item.line.id == arguments.line_id), None)
    return {
        "inventories": [dump(item.inventory.value()) for item in receipt.items if item.inventory],
        "line": dump(line.value()) if line else None,
        "order": dump(receipt.order.value()) if receipt.order else None,
        "receipt_id": receipt.id,
    }


def _facts(receipts: Sequence[ReceiptState], arguments: Receive, marker: str) -> str:
    items = listed(_item_words(receipt, item) for receipt in receipts for item in receipt.items)
    return told(
        "Receive {quantity} on line {line} under {marker}: "
        "expected one receipt with exactly that, got {items}",
        quantity=plain(arguments.quantity),
        line=quoted(arguments.line_id),
        marker=quoted(marker),
        items=items or told("receipts without items"),
    )


def _item_words(receipt: ReceiptState, item: ReceiptItem) -> str:
    serial = item.inventory.serial if item.inventory else None
    return told(
        "receipt {receipt}: {quantity} of line {line}, serial {serial}"
        if serial
        else "receipt {receipt}: {quantity} of line {line}",
        receipt=receipt.id,
        quantity=plain(item.quantity),
        line=item.line.id,
        serial=quoted(serial or ""),
    )
