"""What somebody else changed: what a screen showed, and what ION shows now, in words."""

from collections.abc import Iterator
from datetime import tzinfo

from kiosk.flows.fields import value_words
from kiosk.flows.wording import line_title, status_words
from kiosk.model import Inventory, Order, Run, Subject
from kiosk.wire import plain, to_json

_MOST = 3


def difference(before: Subject, after: Subject, zone: tzinfo) -> str:
    """Return what is different now, the first things in words; empty where nothing a screen shows is.

    Args:
        before: as the screen showed it.
        after: the same thing as ION has it now.
        zone: of the clock on the wall.
    """
    found = list(_changes(before, after, zone))
    more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
    return "; ".join(found[:_MOST]) + more


def _changes(before: Subject, after: Subject, zone: tzinfo) -> Iterator[str]:
    match before, after:
        case Run(), Run():
            yield from _of_run(before, after, zone)
        case Inventory(), Inventory():
            yield from _of_stock(before, after)
        case Order(), Order():
            yield from _of_order(before, after)
        case _:
            return


def _of_run(before: Run, after: Run, zone: tzinfo) -> Iterator[str]:
    steps = {step.id: step for step in before.steps}
    for step in after.steps:
        known = steps.get(step.id)
        if known is None:
            yield f"{step.title} is new"
            continue
        if step.status.upper() != known.status.upper():
            yield f"{step.title} is {status_words(step.status)}, was {status_words(known.status)}"
        values = {field.id: field.value for field in known.fields}
        for field in step.fields:
            if field.value != values.get(field.id):
                now, was = (
                    value_words(field, to_json(value), zone) for value in (field.value, values.get(field.id))
                )
                yield f"{field.name} is {now or 'empty'}, was {was or 'empty'}"
    if before.status.upper() != after.status.upper() and not after.steps:
        yield f"it is {status_words(after.status)}, was {status_words(before.status)}"


def _of_stock(before: Inventory, after: Inventory) -> Iterator[str]:
    if before.quantity != after.quantity:
        yield f"there are {plain(after.quantity)}, were {plain(before.quantity)}"
    now, was = (f"at {stock.location.name}" if stock.location else "nowhere" for stock in (after, before))
    if now != was:
        yield f"it is {now}, was {was}"
    if before.status.upper() != after.status.upper():
        yield f"it is {status_words(after.status)}, was {status_words(before.status)}"


def _of_order(before: Order, after: Order) -> Iterator[str]:
    if before.status.upper() != after.status.upper():
        yield f"it is {status_words(after.status)}, was {status_words(before.status)}"
    lines = {line.id: line for line in before.lines}
    for line in after.lines:
        known = lines.get(line.id)
        if known is not None and known.received != line.received:
            yield f"{line_title(line)}: {plain(line.received)} received, were {plain(known.received)}"
