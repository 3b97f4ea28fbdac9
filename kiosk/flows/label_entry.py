"""What a label on goods puts into the entry of a line: what it says, where no person said otherwise."""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from kiosk.flows.receive_entry import LARGEST_QUANTITY, Bag, Entry
from kiosk.model import Level, Message, Tracking
from kiosk.resolve import GoodsLabel
from kiosk.wire import plain


def is_served_by(entry: Entry, label: GoodsLabel) -> bool:
    """Return whether a label that names no part says anything that can be entered here."""
    return bool(_text_of(entry, label) or label.quantity)


def with_label(entry: Entry, label: GoodsLabel, taken: Collection[str]) -> Entry:
    """Return the entry with lot or serial, quantity and date code of a label.

    One entry takes one label, and of serials one a unit. What a person gave stays.

    Args:
        entry: of the line that the label is for.
        label: on the goods.
        taken: serials of the same part that are in stock or on their way there.
    """
    if not label.is_counting:
        return replace(entry, said=entry.prompt())
    bag = Bag(label.identity, label.serial if entry.tracking is Tracking.SERIAL else "")
    fault = None if bag.serial else _fault(entry, label, bag)
    if fault is not None:
        return replace(entry, said=fault)
    fresh = replace(entry, said=None)
    text = _text_of(entry, label)
    named = fresh.with_text(text, taken) if text else fresh
    return named if named.is_refused else _counted(named, label, bag)


def _text_of(entry: Entry, label: GoodsLabel) -> str:
    return {Tracking.SERIAL: label.serial, Tracking.LOT: label.lot, Tracking.NONE: ""}[entry.tracking]


def _fault(entry: Entry, label: GoodsLabel, bag: Bag) -> Message | None:
    """Return why a label is not taken beside what stands there already."""
    if bag in entry.bags:
        return Message(Level.ASK, "This label is on the screen. Confirm it, or cancel.")
    if entry.bags:
        template = "{this} is not confirmed yet. Confirm or cancel it first."
        return Message(Level.ASK, template, {"this": entry.name})
    if entry.tracking is Tracking.LOT and entry.lot and label.lot not in {"", entry.lot}:
        values = {"label": label.lot, "lot": entry.lot}
        return Message(Level.STOP, "The label says lot {label}, entered is {lot}. It was not taken.", values)
    return None


def _counted(entry: Entry, label: GoodsLabel, bag: Bag) -> Entry:
    """Take the quantity and the date code; the label of a serial counts that one unit."""
    entry = replace(
        entry, bags=(*entry.bags, bag), date_code=entry.date_code or label.date_code, is_over=False
    )
    if bag.serial or label.quantity is None or not _can_count(entry, label.quantity):
        return entry if bag.serial else replace(entry, said=entry.prompt())
    if entry.is_counted and label.quantity != entry.quantity:
        values = {"label": plain(label.quantity), "quantity": plain(entry.quantity or Decimal(0))}
        said = Message(Level.ASK, "Quantity {quantity} stays. The label says {label}.", values)
        return replace(entry, said=said)
    entry = replace(entry, quantity=label.quantity)
    return replace(entry, said=entry.prompt())


def _can_count(entry: Entry, quantity: Decimal) -> bool:
    is_whole = quantity == quantity.to_integral_value()
    return quantity <= max(LARGEST_QUANTITY, entry.line.ordered) and (
        is_whole or entry.tracking is not Tracking.SERIAL
    )
