"""Whether an order expects what was received on it while nobody could ask: nothing changes by this."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from kiosk.errors import IonRejected
from kiosk.ion.arguments import UnverifiedReceipt
from kiosk.ion.changes.base import Change
from kiosk.ion.mapping import dump
from kiosk.ion.reading import ask
from kiosk.ion.variables import plain
from kiosk.ion.wording import quoted
from kiosk.model import Asked, Json, Order, OrderLine, Question, Tracking
from kiosk.ports import Absent, Finding
from kiosk.words import told

__all__ = ["CheckedReceipt"]

_RECEIVABLE = frozenset({"ORDERED", "PARTIALLY_RECEIVED"})


class CheckedReceipt(Change[UnverifiedReceipt]):
    """Finds the line that a receipt belongs to. The receipt itself follows from its answer."""

    takes: ClassVar[type[UnverifiedReceipt]] = UnverifiedReceipt

    def perform(self) -> Mapping[str, Json]:
        """Return the order and its line.

        Raises:
            IonRejected: it does not fit; the text says why.
            IonError: ION could not be asked.
        """
        given = self._arguments
        order = self._order()
        open_lines = [line for line in order.lines if _number_of(line) == given.part_number]
        if not open_lines:
            numbers = ", ".join(sorted({_number_of(line) for line in order.lines})) or told("nothing")
            raise self._misfit(
                told(
                    "{order} orders no {part}, but {numbers}",
                    order=order.number,
                    part=given.part_number,
                    numbers=numbers,
                )
            )
        line = next((line for line in open_lines if line.remaining >= given.quantity), None)
        if line is None:
            rest = sum((max(line.remaining, Decimal(0)) for line in open_lines), Decimal(0))
            raise self._misfit(
                told(
                    "{order} still expects {rest} of {part}",
                    order=order.number,
                    rest=plain(rest),
                    part=given.part_number,
                )
            )
        self._check_tracking(line)
        return {"order": dump(order), "line": dump(line)}

    def find_effect(self) -> Finding:
        """Return that there is none: nothing is changed, so that it may be done again at any time."""
        return Absent()

    def _order(self) -> Order:
        number = self._arguments.order_number
        question = Question(Asked.ORDER_NUMBER, number)
        found = [one for one in ask(self._tenant, [question])[question] if isinstance(one, Order)]
        if len(found) != 1:
            raise self._misfit(
                told("ION knows {count} orders {number}", count=len(found), number=quoted(number))
            )
        (order,) = found
        if order.status.upper() not in _RECEIVABLE:
            raise self._misfit(
                told("{order} is {state}, nothing is received on it", order=order.number, state=order.status)
            )
        return order

    def _check_tracking(self, line: OrderLine) -> None:
        tracking = line.part.tracking if line.part else Tracking.NONE
        has_text = bool(self._arguments.text)
        if tracking is Tracking.LOT and not has_text:
            raise self._misfit(told("{part} needs a lot", part=_number_of(line)))
        if tracking is Tracking.SERIAL and not (has_text and self._arguments.quantity == 1):
            raise self._misfit(told("{part} needs a serial for each piece", part=_number_of(line)))

    def _misfit(self, why: str) -> IonRejected:
        given = self._arguments
        return IonRejected(
            told(
                "Receive {quantity} × {part} without having asked: {why}.",
                quantity=plain(given.quantity),
                part=given.part_number,
                why=why,
            ),
            code="VALIDATION_ERROR",
        )


def _number_of(line: OrderLine) -> str:
    return line.part.number if line.part else ""
