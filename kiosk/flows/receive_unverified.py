"""Receive against an order that the kiosk has never seen, while ION cannot be asked.

What is on the paper and on the box is kept as it was scanned. Once ION answers it is looked at whether the
order expects it; what does not fit stops for a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Self

from kiosk.flows.fields import number_of
from kiosk.flows.flow import Event, Outcome, Place, Pressed, Scanned, resting
from kiosk.flows.receive_order import text_of
from kiosk.flows.wording import NOTHING
from kiosk.model import (
    Json,
    Level,
    Location,
    Message,
    Order,
    OrderLine,
    Session,
    Stock,
    Submit,
    Tracking,
)
from kiosk.resolve import GoodsLabel
from kiosk.wire import from_json, object_json, plain

STEP = "unverified"
LONGEST_TEXT = 200
LARGEST_QUANTITY = Decimal(10) ** 9
_PROMPTS = {
    "part": "Scan or type the part number.",
    "quantity": "How many came?",
    "": "Scan the lot or serial where there is one, then confirm.",
}


def order_named(scan: Scanned, place: Place) -> str | None:
    """Return the order that an unknown scan may name, ``None`` where nothing can be received on it."""
    if not scan.is_offline or "receive" not in place.flows or place.lacks("receive"):
        return None
    number = scan.label.order_number if scan.label else text_of(scan)
    return number if number and len(number) <= LONGEST_TEXT else None


@dataclass(frozen=True, slots=True)
class Unverified:
    """What was scanned so far. What changes it returns a new one, with a sentence in ``said``."""

    order: str
    part: str = ""
    quantity: Decimal | None = None
    text: str = ""
    """The lot, or the serial: only ION knows which of them the part has."""
    location: Location | None = None
    said: Message | None = None

    @classmethod
    def of(cls, session: Session) -> Self | None:
        """Read it from its screen's state."""
        state: Any = session.state
        if session.flow != "receive" or session.step != STEP:
            return None
        return cls(
            state["order_number"],
            state["part"],
            Decimal(state["quantity"]) if state["quantity"] is not None else None,
            state["text"],
            from_json(Location, state["location"]) if state["location"] else None,
        )

    @property
    def is_entered(self) -> bool:
        """Return whether anything would be lost by leaving."""
        return bool(self.part or self.quantity or self.text)

    @property
    def words(self) -> str:
        """Return what is entered, as it is named before it is thrown away; empty where that is nothing."""
        if not self.is_entered:
            return ""
        count = f"{plain(self.quantity)} × " if self.quantity else ""
        return f"{count}{self.part or self.text} for {self.order}"

    @property
    def missing(self) -> str:
        """Return what is asked next: ``part``, ``quantity``, or nothing."""
        return "part" if not self.part else "quantity" if self.quantity is None else ""

    def with_text(self, text: str) -> Self:
        """Take a text where it fits: the part number first, then the lot or serial."""
        if len(text) > LONGEST_TEXT:
            return replace(self, said=Message(Level.STOP, "That is too long for a part number or a lot."))
        fresh = replace(self, part=text) if not self.part else replace(self, text=text)
        return replace(fresh, said=fresh.prompt())

    def with_label(self, label: GoodsLabel) -> Self:
        """Take what a label on goods says."""
        if label.order_number and label.order_number != self.order:
            values = {"other": label.order_number, "order": self.order}
            return replace(self, said=Message(Level.STOP, "This label is for {other}, not {order}.", values))
        fresh = replace(
            self,
            part=next(iter(label.part_numbers), self.part),
            quantity=label.quantity or self.quantity,
            text=label.serial or label.lot or self.text,
        )
        return replace(fresh, said=fresh.prompt())

    def with_quantity(self, given: str) -> Self:
        """Set the quantity, or add ``+n`` to it, or say why it cannot be."""
        base = self.quantity or Decimal(0) if given.startswith("+") else Decimal(0)
        number = number_of(given.removeprefix("+"))
        if number is None or not 0 < base + number <= LARGEST_QUANTITY:
            values = {"given": given[:20] or NOTHING}
            template = "{given} is no quantity. Enter a number such as 5 or 2.5."
            return replace(self, said=Message(Level.STOP, template, values))
        fresh = replace(self, quantity=base + number)
        return replace(fresh, said=fresh.prompt())

    def without_last(self) -> Self:
        """Take the last thing back."""
        if self.text:
            fresh = replace(self, text="")
        elif self.quantity is not None:
            fresh = replace(self, quantity=None)
        else:
            fresh = replace(self, part="")
        return replace(fresh, said=fresh.prompt())

    def prompt(self) -> Message:
        """Return what to do next."""
        values = {"order": self.order, "next": _PROMPTS[self.missing]}
        return Message(Level.ASK, "{order}, not checked: {next}", values)

    def screen(self, effects: tuple[Submit, ...] = ()) -> Outcome:
        """Show it."""
        state: dict[str, Json] = {
            "order_number": self.order,
            "part": self.part,
            "quantity": plain(self.quantity) if self.quantity is not None else None,
            "text": self.text,
            "location": object_json(self.location) if self.location else None,
            "missing": self.missing,
        }
        return Outcome("receive", STEP, state, self.said or self.prompt(), effects)

    def submit(self) -> Submit:
        """Return the receipt as ION is to be asked about."""
        arguments: dict[str, Json] = {
            "order_number": self.order,
            "part_number": self.part,
            "title": self.part,
            "quantity": plain(self.quantity or Decimal(0)),
            "text": self.text or None,
            "location_id": self.location.id if self.location else None,
        }
        key = f"order-number/{self.order}"
        return Submit("check_receipt", key, key, arguments)


def unverified_opened(number: str, place: Place) -> Outcome:
    """Begin to receive on an order that nobody here knows."""
    return Unverified(number, location=place.location).screen()


def on_unverified(entry: Unverified, event: Event, place: Place) -> Outcome | None:
    """Take whatever is scanned into the place where it fits."""
    match event:
        case Scanned(subjects=(Location() as location,)):
            said = Message(Level.ASK, "It goes to {place}.", {"place": location.name})
            return replace(entry, location=location, said=said).screen()
        case Scanned(subjects=(Stock(part=part),)):
            return replace(entry, part="").with_text(part.number).screen()
        case Scanned() if event.label is not None and not event.label.is_taught:
            return entry.with_label(event.label).screen()
        case Scanned(subjects=()) if text := text_of(event):
            return entry.with_text(text).screen()
        case Pressed("QUANTITY" | "VALUE", argument):
            return entry.with_quantity(argument or "").screen()
        case Pressed("UNDO"):
            return entry.without_last().screen()
        case Pressed("CONFIRM"):
            return _confirmed(entry, place)
        case Pressed("CANCEL" | "BACK"):
            # What was confirmed before is kept whatever is left now.
            return resting(Message(Level.ASK, "What was entered is not kept.") if entry.is_entered else None)
        case _:
            return None


def _confirmed(entry: Unverified, place: Place) -> Outcome:
    if entry.missing:
        return replace(entry, said=entry.prompt()).screen()
    values = {"quantity": plain(entry.quantity or Decimal(0)), "part": entry.part, "order": entry.order}
    template = "{quantity} × {part}: kept. ION is asked whether {order} expects it."
    after = Unverified(entry.order, location=entry.location or place.location)
    return replace(after, said=Message(Level.WAIT, template, values)).screen((entry.submit(),))


def receipt_checked(arguments: Mapping[str, Json], result: Mapping[str, Json]) -> Submit:
    """Return the receipt that follows once ION has said that the order expects it.

    Args:
        arguments: of ``Unverified.submit``.
        result: the order and its line.
    """
    order, line = from_json(Order, result["order"]), from_json(OrderLine, result["line"])
    is_serial = line.part is not None and line.part.tracking is Tracking.SERIAL
    text = arguments["text"]
    given: dict[str, Json] = {
        "order_id": order.id,
        "line_id": line.id,
        "part_id": line.part.id if line.part else None,
        "part_number": arguments["part_number"],
        "title": arguments["title"],
        "quantity": arguments["quantity"],
        "lot": None if is_serial else text,
        "serials": [text] if is_serial else [],
        "location_id": arguments["location_id"],
        "received_before": plain(line.received),
        "bags": [],
    }
    return Submit("receive", line.key, order.key, given)
