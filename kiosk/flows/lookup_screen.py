"""The screens of what was looked up: stock with all that can be done about it, parts, places, kits."""

from kiosk.flows.flow import Outcome, Place
from kiosk.flows.paging import pages_of
from kiosk.flows.wording import KIND_WORDS, detail, title
from kiosk.model import Inventory, Json, Kit, Level, Location, Message, Stock, Subject
from kiosk.wire import object_json

STEPS = {
    "inventory": "inventory",
    "stock": "part",
    "location": "location",
    "kit": "kit",
    "procedure": "procedure",
    "issue": "issue",
}
"""Kind of subject to step; a step's state holds the subject under its kind."""
BUTTON_PAGES = 3
"""Pages of buttons beside stock."""
_NEEDS = {
    "create": ("create_run", "run", "This ION does not offer to create runs.", "This station does no runs."),
    "move": ("move", "move", "This ION does not offer to move stock.", "This station moves nothing."),
    "problem": (
        "create_issue",
        "problem",
        "This ION does not offer to report problems.",
        "This station does not report problems.",
    ),
    "adjust": (
        "adjust",
        "adjust",
        "This ION does not offer to count or scrap.",
        "This station does not count or scrap.",
    ),
}
"""What can be done about stock: the operation and the flow it needs; what is said where one is missing."""


def why_not(name: str, place: Place) -> str | None:
    """Return why something cannot be done here, ``None`` where it can.

    Args:
        name: ``create`` a run, ``move``, report a ``problem``, ``adjust`` the quantity.
        place: where it would be done.
    """
    operation, flow, not_offered, not_here = _NEEDS[name]
    if place.lacks(operation):
        return not_offered
    return None if flow in place.flows else not_here


def looked_up(subject: Subject, place: Place, as_of: Json, message: Message | None = None) -> Outcome:
    """Show what was looked up.

    Args:
        subject: of a kind in ``STEPS``.
        place: where it is looked at.
        as_of: when ION said so, where it comes from memory.
        message: what to say, where it is not what it is.
    """
    values = {"kind": KIND_WORDS[subject.kind], "title": title(subject), "detail": detail(subject)}
    match subject:
        case Inventory():
            return stock_screen(subject, place, as_of, message)
        case Stock(rows=rows):
            template = "Part {title}: {count} in stock."
            values["count"] = str(len(rows))
        case Location():
            template = "Location {title}."
        case Kit(items=items):
            template = "{title}: {detail}, {count} parts."
            values["count"] = str(len(items))
        case _:
            template = "{kind} {title}: {detail}"
    state: dict[str, Json] = {subject.kind: object_json(subject), "as_of": as_of, "copies": "1"}
    if isinstance(subject, Kit):
        state |= {"page": "1", "pages": str(pages_of(len(subject.items), place.lines))}
    said = message or Message(Level.GOOD, template, values)
    return Outcome("lookup", STEPS[subject.kind], state, said)


def stock_screen(stock: Inventory, place: Place, as_of: Json, message: Message | None = None) -> Outcome:
    """Show stock, with what can be done about it."""
    values = {"title": title(stock), "detail": detail(stock)}
    state: dict[str, Json] = {
        "inventory": object_json(stock),
        "as_of": as_of,
        "copies": "1",
        "page": "1",
        **{f"why_{name}": why_not(name, place) for name in _NEEDS},
    }
    said = message or Message(Level.GOOD, "Stock {title}: {detail}", values)
    return Outcome("lookup", "inventory", state, said)
