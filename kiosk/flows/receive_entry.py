"""What a person enters for one purchase order line, and what is still missing."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Self

from kiosk.flows.photos import photo_arguments, photos_of
from kiosk.flows.receive_order import line_json, rest_of
from kiosk.flows.wording import NOTHING, line_title
from kiosk.model import Json, Level, Location, Message, Order, OrderLine, Session, Submit, Tracking
from kiosk.wire import from_json, object_json, plain

LONGEST_TEXT = 80
LARGEST_QUANTITY = Decimal(1_000_000)
"""More than a line of an order has; above it, a barcode of something else was taken for a quantity."""
_LONGEST_SHOWN = 20
_QUANTITY = re.compile(r"(\+?)([0-9]{1,12}(?:\.[0-9]{1,6})?)")
_PROMPTS = {
    "serial": "Scan a serial.",
    "lot": "Scan the lot.",
    "quantity": "Enter the quantity.",
    "location": "Scan a location.",
}


def quantity_of(given: str) -> Decimal | None:
    """Return the quantity that a command gives, ``None`` where it is none."""
    match = _QUANTITY.fullmatch(given)
    return Decimal(match[2]) or None if match else None


@dataclass(frozen=True, slots=True)
class Bag:
    """A package whose label was taken."""

    identity: str
    """See ``kiosk.resolve.GoodsLabel``; empty where the label has none."""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line being received. What changes it returns a new one, with a sentence in ``said``."""

    line: OrderLine
    queued: Decimal
    """Received here and still on its way to ION."""
    quantity: Decimal | None
    """How many came; for serials how many there should be, ``None`` where nobody said."""
    lot: str | None = None
    serials: tuple[str, ...] = ()
    location: Location | None = None
    is_touched: bool = False
    """A person gave the quantity or the location."""
    is_counted: bool = False
    """A person gave the quantity: no label changes it."""
    date_code: str = ""
    bags: tuple[Bag, ...] = ()
    photos: tuple[str, ...] = ()
    """Digests of the photos that were taken of the goods."""
    is_over: bool = False
    """The person was asked whether more than the order's rest really came."""
    said: Message | None = None

    @classmethod
    def of(cls, session: Session) -> Self:
        """Read the entry from the line screen's state."""
        state: Any = session.state
        return cls(
            line=from_json(OrderLine, state["line"]),
            queued=Decimal(state["line"]["queued"]),
            quantity=Decimal(state["quantity"]) if state["quantity"] is not None else None,
            lot=state["lot"],
            serials=tuple(state["serials"]),
            location=from_json(Location, state["location"]) if state["location"] else None,
            is_touched=state["is_touched"],
            is_over=state["is_over"],
            is_counted=state.get("is_counted", False),
            date_code=state.get("date_code") or "",
            bags=tuple(from_json(Bag, bag) for bag in state.get("bags", ())),
            photos=photos_of(state),
        )

    def state(self) -> dict[str, Json]:
        """Return the entry as the line screen's state keeps it."""
        return {
            "line": line_json(self.line, self.queued),
            "quantity": plain(self.quantity) if self.quantity is not None else None,
            "lot": self.lot,
            "serials": list(self.serials),
            "location": object_json(self.location) if self.location else None,
            "missing": list(self.missing),
            "is_over": self.is_over,
            "is_touched": self.is_touched,
            "is_counted": self.is_counted,
            "date_code": self.date_code or None,
            "bags": [object_json(bag) for bag in self.bags],
            "photos": list(self.photos),
            "photos_of": self.line.id,
            "tracking": self.tracking.value,
        }

    @property
    def tracking(self) -> Tracking:
        """Return how the line's part is told apart."""
        return self.line.part.tracking if self.line.part else Tracking.NONE

    @property
    def name(self) -> str:
        """Return what a person calls the line."""
        return line_title(self.line)

    @property
    def rest(self) -> Decimal:
        """Return what is still expected once all that is on its way has arrived."""
        return rest_of(self.line, self.queued)

    @property
    def wants_text(self) -> bool:
        """Return whether plain text is a lot or a serial here."""
        return self.tracking is not Tracking.NONE

    @property
    def is_entered(self) -> bool:
        """Return whether anything stands here that a person gave."""
        return self.is_touched or bool(self.lot or self.serials or self.bags or self.photos)

    @property
    def is_refused(self) -> bool:
        """Return whether the last thing given was not taken."""
        return self.said is not None and self.said.level is Level.STOP

    @property
    def count(self) -> Decimal:
        """Return what would be received: the serials scanned, or the quantity."""
        if self.tracking is Tracking.SERIAL:
            return Decimal(len(self.serials))
        return self.quantity or Decimal(0)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what still has to be given, in the order in which it is asked."""
        needs = {
            "serial": self.tracking is Tracking.SERIAL and not self.serials,
            "quantity": self.tracking is not Tracking.SERIAL and self.quantity is None,
            "lot": self.tracking is Tracking.LOT and not self.lot,
            "location": self.location is None,
        }
        return tuple(name for name, is_missing in needs.items() if is_missing)

    @property
    def words(self) -> str:
        """Return what is entered, as it is named before it is thrown away."""
        facts = (
            f"{plain(self.count)} × {self.name}",
            f"lot {self.lot}" if self.lot else "",
            f"to {self.location.name}" if self.location else "",
        )
        return ", ".join(fact for fact in facts if fact)

    def with_figures(self, line: OrderLine, queued: Decimal) -> Self:
        """Take ION's newer figures over; agreeing to more than expected counts for the old ones only."""
        is_over = self.is_over and rest_of(line, queued) == self.rest
        return replace(self, line=line, queued=queued, is_over=is_over)

    def with_quantity(self, given: str) -> Self:
        """Set the quantity, or add to it with ``+n``; refuse what is no count."""
        match = _QUANTITY.fullmatch(given)
        if match is None:
            shown = given if len(given) <= _LONGEST_SHOWN else given[:_LONGEST_SHOWN] + "…"
            return self._refused(
                "{given} is no quantity. Enter a number above zero, such as 5 or 2.5.", shown or NOTHING
            )
        number = Decimal(match[2])
        if number == 0:
            return self._refused("The quantity must be more than zero, not {given}.", given)
        if match[1]:
            number += self.quantity or Decimal(0)
        if number > max(LARGEST_QUANTITY, self.line.ordered):
            return self._refused("{given} is more than a line can take.", given)
        if self.tracking is Tracking.SERIAL and number != number.to_integral_value():
            return self._refused("{given}: parts with serials are counted one by one.", given)
        said = Message(Level.ASK, "Quantity {quantity}.", {"quantity": plain(number)})
        return replace(self, quantity=number, is_touched=True, is_counted=True, is_over=False, said=said)

    def with_text(self, text: str, taken: Collection[str]) -> Self:
        """Take plain text as the lot or the next serial.

        Args:
            text: as scanned.
            taken: serials of the same part that are in stock or on their way there.
        """
        if len(text) > LONGEST_TEXT:
            shown = text[:_LONGEST_SHOWN] + "…"
            return self._refused("{given} is too long for a lot or serial.", shown)
        if self.tracking is Tracking.LOT:
            return replace(self, lot=text, said=Message(Level.ASK, "Lot {lot}.", {"lot": text}))
        if text in self.serials:
            return self._refused("Serial {given} is already scanned here.", text)
        if text in taken:
            return self._refused("Serial {given} of this part is already in stock, or on its way.", text)
        serials = (*self.serials, text)
        template = (
            "Serial {serial}: {count} of {of}." if self.quantity else "Serial {serial}: {count} scanned."
        )
        values = {"serial": text, "count": str(len(serials)), "of": plain(self.quantity or Decimal(0))}
        return replace(self, serials=serials, is_over=False, said=Message(Level.ASK, template, values))

    def without_last_serial(self) -> Self:
        """Take the last serial back."""
        if not self.serials:
            return replace(self, said=Message(Level.ASK, "There is no serial to take back."))
        said = Message(Level.ASK, "Serial {serial} taken back.", {"serial": self.serials[-1]})
        bags = tuple(bag for bag in self.bags if bag.serial != self.serials[-1])
        return replace(self, serials=self.serials[:-1], bags=bags, is_over=False, said=said)

    def with_location(self, location: Location) -> Self:
        """Send the stock to this location."""
        said = Message(Level.ASK, "Stock goes to {place}.", {"place": location.name})
        return replace(self, location=location, is_touched=True, said=said)

    def fault(self) -> Message | None:
        """Return what keeps the entry from being confirmed, ``None`` where nothing does."""
        if self.missing:
            return Message(Level.ASK, "Still missing: {missing}.", {"missing": ", ".join(self.missing)})
        if self.tracking is Tracking.SERIAL and self.quantity not in {None, self.count}:
            values = {"count": plain(self.count), "of": plain(self.quantity or Decimal(0))}
            return Message(Level.ASK, "{count} of {of} serials are scanned.", values)
        return None

    def asked_over(self) -> Self | None:
        """Return the entry with the question whether so many came, ``None`` where it need not be asked."""
        if self.is_over or self.count <= self.rest:
            return None
        values = {"count": plain(self.count), "part": self.name, "rest": plain(self.rest)}
        template = "{count} × {part} is more than the {rest} still expected. Confirm again if it is right."
        return replace(self, is_over=True, said=Message(Level.ASK, template, values))

    def submit(self, order: Order, received_on: date) -> Submit:
        """Return the receipt as ION is to make it, with what its labels say beside.

        Args:
            order: of the line.
            received_on: the day on the wall's calendar.
        """
        part, location = self.line.part, self.location
        arguments: dict[str, Json] = {
            "order_id": order.id,
            "line_id": self.line.id,
            "part_id": part.id if part else None,
            "part_number": self.name,
            "title": self.name,
            "quantity": plain(self.count),
            "lot": self.lot,
            "serials": list(self.serials),
            "location_id": location.id if location else None,
            "received_before": plain(self.line.received + self.queued),
            "date_code": self.date_code or None,
            "order_number": order.number,
            "line_number": self.line.number,
            "supplier": order.supplier,
            "received_on": received_on.isoformat(),
            "bags": [bag.identity for bag in self.bags if bag.identity],
            **photo_arguments(self.photos, self.name),
        }
        return Submit("receive", self.line.key, order.key, arguments)

    def prompt(self) -> Message:
        """Return what to do next."""
        wanted = _PROMPTS[self.missing[0]] if self.missing else "Confirm when it is right."
        return Message(Level.ASK, "{part}: {next}", {"part": self.name, "next": wanted})

    def _refused(self, template: str, given: str) -> Self:
        return replace(self, said=Message(Level.STOP, template, {"given": given}))
