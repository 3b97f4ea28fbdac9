"""What a person enters for one purchase order line, and what is still missing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Self

from kiosk.flows.flow import Outcome, Place
from kiosk.flows.receive_order import line_json, queued_on
from kiosk.model import (
    Inventory,
    Json,
    Level,
    Location,
    Message,
    Order,
    OrderLine,
    Session,
    Submit,
    Tracking,
)
from kiosk.wire import from_json, object_json, plain

LONGEST_TEXT = 80
MOST_DIGITS = 12
LARGEST_QUANTITY = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line being received."""

    line: OrderLine
    queued: Decimal
    """Received here and still on its way to ION."""
    quantity: Decimal | None
    is_touched: bool = False
    lot: str | None = None
    serials: tuple[str, ...] = ()
    location: Location | None = None
    is_over: bool = False
    """The person was asked whether more than the order's rest really came."""
    said: Message | None = None
    fault: Message | None = None

    @classmethod
    def of(cls, session: Session) -> Self:
        """Read the entry from the line screen's state."""
        state = session.state
        line = state.get("line")
        quantity, serials, location = state.get("quantity"), state.get("serials"), state.get("location")
        return cls(
            line=from_json(OrderLine, line),
            queued=Decimal(str(line.get("queued") or "0")) if isinstance(line, Mapping) else Decimal(0),
            quantity=Decimal(str(quantity)) if quantity is not None else None,
            is_touched=bool(state.get("is_touched")),
            lot=str(state["lot"]) if state.get("lot") else None,
            serials=tuple(str(serial) for serial in serials) if isinstance(serials, list | tuple) else (),
            location=from_json(Location, location) if location else None,
            is_over=bool(state.get("is_over")),
        )

    @property
    def tracking(self) -> Tracking:
        """Return how the line's part is told apart."""
        return self.line.part.tracking if self.line.part else Tracking.NONE

    @property
    def line_name(self) -> str:
        """Return what a person calls the line."""
        return self.line.part.number if self.line.part else self.line.description

    @property
    def wants_text(self) -> bool:
        """Return whether plain text is a lot or a serial here."""
        return self.tracking is not Tracking.NONE

    @property
    def count(self) -> Decimal:
        """Return what would be received: the serials scanned, or the quantity."""
        if self.tracking is Tracking.SERIAL:
            return Decimal(len(self.serials))
        return self.quantity or Decimal(0)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what still has to be given, in the order in which it is asked."""
        needs = []
        if self.tracking is Tracking.SERIAL and not self.serials:
            needs.append("serial")
        if self.tracking is not Tracking.SERIAL and self.quantity is None:
            needs.append("quantity")
        if self.tracking is Tracking.LOT and not self.lot:
            needs.append("lot")
        if self.location is None:
            needs.append("location")
        return tuple(needs)

    def with_quantity(self, given: str) -> Self:
        """Set the quantity, or add to it with ``+n``; refuse what is no count."""
        if len(given.lstrip("+")) > MOST_DIGITS:
            return self._refused("{given} is too long for a quantity.", given[:MOST_DIGITS] + "…")
        try:
            number = Decimal(given.removeprefix("+"))
        except InvalidOperation:
            return self._refused("{given} is not a number.", given or "Nothing")
        if given.startswith("+"):
            number += self.quantity or Decimal(0)
        if not number.is_finite() or number <= 0 or given.startswith("-"):
            return self._refused("The quantity must be more than zero, not {given}.", given)
        if number > LARGEST_QUANTITY:
            return self._refused("{given} is more than a line can take.", given)
        if self.tracking is Tracking.SERIAL and number != number.to_integral_value():
            return self._refused("{given}: parts with serials are counted one by one.", given)
        return replace(
            self,
            quantity=number,
            is_touched=True,
            is_over=False,
            said=Message(Level.ASK, "Quantity {quantity}.", {"quantity": plain(number)}),
        )

    def with_text(self, text: str, taken: Inventory | None) -> Self:
        """Take plain text as the lot or the next serial.

        Args:
            text: as scanned.
            taken: stock of the same part that has this serial already.
        """
        if len(text) > LONGEST_TEXT:
            return self._refused("{given} is too long for a lot or serial.", text[:20] + "…")
        if self.tracking is Tracking.LOT:
            said = Message(Level.ASK, "Lot {lot}.", {"lot": text})
            return replace(self, lot=text, is_touched=True, said=said)
        if text in self.serials:
            return self._refused("Serial {given} is already scanned here.", text)
        if taken is not None:
            return self._refused("Serial {given} of this part is already in stock.", text)
        serials = (*self.serials, text)
        template = (
            "Serial {serial}: {count} scanned."
            if self.quantity is None
            else "Serial {serial}: {count} of {of}."
        )
        values = {"serial": text, "count": str(len(serials)), "of": plain(self.quantity or Decimal(0))}
        return replace(
            self, serials=serials, is_touched=True, is_over=False, said=Message(Level.ASK, template, values)
        )

    def without_last_serial(self) -> Self:
        """Take the last serial back."""
        if not self.serials:
            return self._refused("There is no serial to take back.", "")
        said = Message(Level.ASK, "Serial {serial} taken back.", {"serial": self.serials[-1]})
        return replace(self, serials=self.serials[:-1], is_over=False, said=said)

    def with_location(self, location: Location) -> Self:
        """Send the stock to this location."""
        said = Message(Level.ASK, "Stock goes to {place}.", {"place": location.name})
        return replace(self, location=location, said=said)

    def same_part_again(self) -> Self:
        """Answer a second scan of the line's own part number."""
        return replace(
            self,
            said=Message(
                Level.ASK, "{part} is on the screen. {next}", {**self._next(), "part": self.line_name}
            ),
        )

    def checked(self) -> Self:
        """Return the entry with what keeps it from being confirmed, if anything."""
        if self.missing:
            return self._faulty(
                Message(Level.ASK, "Still missing: {missing}.", {"missing": ", ".join(self.missing)})
            )
        if (
            self.tracking is Tracking.SERIAL
            and self.quantity is not None
            and self.quantity != len(self.serials)
        ):
            values = {"count": str(len(self.serials)), "of": plain(self.quantity)}
            return self._faulty(Message(Level.ASK, "{count} of {of} serials are scanned.", values))
        rest = max(self.line.remaining - self.queued, Decimal(0))
        if self.count > rest and not self.is_over:
            values = {"count": plain(self.count), "part": self.line_name, "rest": plain(rest)}
            template = (
                "{count} × {part} is more than the {rest} still expected. Confirm again if it is right."
            )
            return replace(self._faulty(Message(Level.ASK, template, values)), is_over=True)
        return self

    def submit(self, order: Order) -> Submit:
        """Return the receipt as ION is to make it."""
        part, location = self.line.part, self.location
        arguments: dict[str, Json] = {
            "order_id": order.id,
            "line_id": self.line.id,
            "part_id": part.id if part else None,
            "part_number": self.line_name,
            "quantity": plain(self.count),
            "lot": self.lot,
            "serials": list(self.serials),
            "location_id": location.id if location else None,
            "received_before": plain(self.line.received),
        }
        return Submit("receive", self.line.key, order.key, arguments)

    def _next(self) -> dict[str, str]:
        wanted = {"serial": "Scan a serial.", "lot": "Scan the lot.", "quantity": "Enter the quantity."}
        first = self.missing[0] if self.missing else ""
        return {"next": wanted.get(first, "Scan a location." if first else "Confirm when it is right.")}

    def _refused(self, template: str, given: str) -> Self:
        return replace(self, said=Message(Level.STOP, template, {"given": given}))

    def _faulty(self, message: Message) -> Self:
        return replace(self, said=message, fault=message)

    def prompt(self) -> Message:
        """Return what to do next."""
        return Message(Level.ASK, "{part}: {next}", {**self._next(), "part": self.line_name})


def entered(session: Session, order: Order, line: OrderLine, place: Place) -> Outcome:
    """Open the entry screen of a line."""
    location = session.state.get("location")
    queued = queued_on(line, place)
    rest = max(line.remaining - queued, Decimal(0))
    is_serial = line.part is not None and line.part.tracking is Tracking.SERIAL
    entry = Entry(
        line=line,
        queued=queued,
        quantity=None if is_serial or rest == 0 else rest,
        location=from_json(Location, location) if location else place.location,
    )
    if line.part is None:
        message = Message(
            Level.STOP, "{line} is a service. It is not received here.", {"line": line.description}
        )
        return Outcome("receive", "order", session.state, message)
    if rest == 0:
        entry = replace(
            entry,
            said=Message(Level.ASK, "{part}: this line is complete already.", {"part": entry.line_name}),
        )
    return shown_line(session, order, entry)


def shown_line(session: Session, order: Order, entry: Entry) -> Outcome:
    """Return the entry screen."""
    state: dict[str, Json] = {
        **session.state,
        "order": object_json(order),
        "line": line_json(entry.line, entry.queued),
        "quantity": plain(entry.quantity) if entry.quantity is not None else None,
        "lot": entry.lot,
        "serials": list(entry.serials),
        "location": object_json(entry.location) if entry.location else None,
        "missing": list(entry.missing),
        "is_over": entry.is_over,
        "is_touched": entry.is_touched,
        "tracking": entry.tracking.value,
    }
    return Outcome("receive", "line", state, entry.said or entry.prompt())
