"""Help: what the step on the screen expects to be scanned, each drawn as a barcode."""

from collections.abc import Mapping, Sequence
from typing import Final

from kiosk.flows.flow import Outcome, Place, Pressed, stay
from kiosk.flows.over import laid_over, uncovered
from kiosk.flows.paging import page_after, page_on, pages_of, rows_on
from kiosk.model import Json, Session
from kiosk.words import N_

PREFIX: Final = "ION/CMD/"
SAMPLES: Final[Mapping[str, tuple[str, str]]] = {
    "order": (N_("A purchase order"), "PO-1042"),
    "part": (N_("A part number"), "BRKT-1042-07"),
    "stock": (N_("A label of stock"), "ION/PI/501"),
    "lot": (N_("A lot"), "LOT-2026-A"),
    "serial": (N_("A serial number"), "SN-000173"),
    "location": (N_("A location"), "ION/LOC/4"),
    "run": (N_("A run"), "ION/RUN/77"),
    "badge": (N_("A badge"), "ION/OP/EXAMPLE"),
    "text": (N_("Any text"), "ABC-123"),
}
"""What each kind of barcode looks like, by an example that means nothing here."""
_WORDS: Final[Mapping[str, str]] = {
    "CONFIRM": N_("Confirm"),
    "CANCEL": N_("Cancel"),
    "BACK": N_("Back"),
    "START": N_("Start"),
    "COMPLETE": N_("Complete"),
    "PRINT": N_("Print the label"),
    "REPEAT": N_("Ask again"),
    "NEXT": N_("More, or the next page"),
    "PREVIOUS": N_("The page before"),
    "UNDO": N_("Take back"),
    "ENTER": N_("Fill in"),
    "YES": N_("Yes"),
    "NO": N_("No"),
    "NOW": N_("Now"),
    "FAIL": N_("Fail"),
    "HOLD": N_("Hold"),
    "PROBLEM": N_("Report a problem"),
    "PHOTO": N_("Photos"),
    "CREATE": N_("New run"),
    "RECOUNT": N_("Count anew"),
    "SCRAP": N_("Scrap"),
    "HOME": N_("Home"),
    "HISTORY": N_("History"),
    "SEARCH": N_("Search"),
    "STATUS": N_("How everything is"),
    "QUANTITY/1": N_("Quantity 1"),
    "QUANTITY/5": N_("Quantity 5"),
    "QUANTITY/+1": N_("One more"),
    "COPIES/2": N_("Two copies"),
    "CHOOSE/1": N_("The first of the list"),
    "CHOOSE/2": N_("The second"),
    "CHOOSE/3": N_("The third"),
    "CHOOSE/4": N_("The fourth"),
    "CHOOSE/5": N_("The fifth"),
    "CHOOSE/6": N_("The sixth"),
    "CHOOSE/7": N_("The seventh"),
    "CHOOSE/8": N_("The eighth"),
    "CHOOSE/9": N_("The ninth"),
    "FLOW/label": N_("Another label"),
    "FLOW/move": N_("Move it"),
    "FLOW/receive": N_("Receive"),
    "FLOW/lookup": N_("Look up"),
    "FLOW/run": N_("Runs"),
    "FLOW/problem": N_("Problem"),
    "FLOW/adjust": N_("Count"),
    "KEY/1": N_("A digit; all are on the work sheet"),
}
_LINES: Final = tuple(f"CHOOSE/{number}" for number in range(1, 10))
_LIST: Final = (*_LINES, "NEXT")
_STEPS: Final[Mapping[str, tuple[Sequence[str], Sequence[str]]]] = {
    "home/idle": (("order", "part", "stock", "location", "run"), ("HISTORY", "SEARCH", "STATUS")),
    "home/choose": ((), (*_LIST, "BACK")),
    "home/switch": ((), ("CONFIRM", "BACK")),
    "home/agree": ((), ("CONFIRM", "BACK")),
    "home/unknown": (("text",), ("CONFIRM", "BACK")),
    "home/who": (("badge",), ("BACK",)),
    "home/pin": (("badge",), ("BACK",)),
    "receive/order": (("part", "location"), (*_LIST, "BACK")),
    "receive/line": (
        ("lot", "serial", "location"),
        ("CONFIRM", "QUANTITY/1", "QUANTITY/5", "QUANTITY/+1", "UNDO", "PHOTO", "CANCEL"),
    ),
    "receive/photos": ((), ("PHOTO", "CONFIRM", "BACK")),
    "receive/unverified": (("part", "lot"), ("CONFIRM", "QUANTITY/1", "QUANTITY/5", "UNDO", "CANCEL")),
    "lookup/inventory": (
        ("stock", "location"),
        (
            *("START", "PRINT", "COPIES/2", "FLOW/move", "FLOW/label", "PROBLEM", "CREATE", "RECOUNT"),
            *("SCRAP", "CHOOSE/1", "NEXT", "BACK"),
        ),
    ),
    "lookup/part": (("part", "order"), ("PRINT", "COPIES/2", "BACK")),
    "lookup/location": (("location", "stock"), ("PRINT", "COPIES/2", "FLOW/label", "BACK")),
    "lookup/kit": (("stock",), ("PRINT", "NEXT", "BACK")),
    "lookup/procedure": (("stock",), ("CREATE", "BACK")),
    "lookup/issue": (("stock",), ("BACK",)),
    "move/item": (("location",), ("CONFIRM", "VALUE/1", "CANCEL")),
    "move/many": (("stock",), ("CONFIRM", "UNDO", "NEXT", "CANCEL")),
    "label/label": (("stock", "part", "location"), ("PRINT", "COPIES/2", "NEXT", "BACK")),
    "run/run": (
        ("run", "badge"),
        (
            *("START", "COMPLETE", "ENTER", "CONFIRM", "FAIL", "HOLD", "PROBLEM", "PRINT", "COPIES/2"),
            *("FLOW/label", "CHOOSE/1", "NEXT", "BACK"),
        ),
    ),
    "run/fields": ((), (*_LIST, "BACK")),
    "run/field": (("text", "badge"), ("CONFIRM", "YES", "NO", "NOW", "KEY/1", "PHOTO", *_LIST, "BACK")),
    "run/procedures": (("text",), (*_LIST, "REPEAT", "CANCEL")),
    "run/new": ((), ("CONFIRM", "BACK")),
    "run/made": (("stock", "run"), ("BACK",)),
    "problem/title": (("text",), (*_LIST, "CANCEL")),
    "problem/disposition": ((), (*_LIST, "BACK")),
    "problem/report": (("text",), ("CONFIRM", "PHOTO", "CHOOSE/1", "CHOOSE/2", "CANCEL")),
    "adjust/entry": ((), ("CONFIRM", "RECOUNT", "SCRAP", "KEY/1", "CANCEL")),
    "adjust/reason": (("text",), (*_LIST, "CANCEL")),
}
"""Each step: the kinds of things that it takes, and the commands that do something there."""
_OTHERS: Final = ((), ("BACK", "HOME"))


def pressed_on_help(session: Session, press: Pressed, place: Place) -> Outcome | None:
    """Answer HELP, and NEXT on its page; ``None`` where it is not about them."""
    if press.verb == "HELP":
        ground = uncovered(session)
        screen = f"{ground.flow}/{ground.step}"
        return laid_over(session, "help", None, **_state(screen, place, "1"))
    if (session.flow, session.step, press.verb) == ("home", "help", "NEXT"):
        screen = str(session.state["screen"])
        page = page_after(session.state["page"], len(expected(screen, place)), place.lines)
        return stay(session, session.message, **_state(screen, place, str(page)))
    return None


def is_sample(session: Session, text: str) -> bool:
    """Return whether a scan is one of the examples that the help on the screen shows."""
    is_open = session.flow == "home" and session.step == "help"
    return is_open and text in {sample for _, sample in SAMPLES.values()}


def expected(screen: str, place: Place) -> Sequence[Mapping[str, Json]]:
    """Return what a step takes, the things first: ``word``, ``text`` and whether it is an example."""
    kinds, commands = _STEPS.get(screen, _OTHERS)
    found: list[Mapping[str, Json]] = [
        {"word": word, "text": text, "is_sample": True} for word, text in (SAMPLES[kind] for kind in kinds)
    ]
    if screen == "home/idle":
        commands = (*(f"FLOW/{flow}" for flow in place.flows), *commands)
    beyond = _LINES[place.lines :]
    for command in (each for each in commands if each not in beyond):
        word = _WORDS.get(command, command.rpartition("/")[2].capitalize())
        found.append({"word": word, "text": f"{PREFIX}{command.upper()}", "is_sample": False})
    return found


def _state(screen: str, place: Place, page: Json) -> dict[str, Json]:
    found = expected(screen, place)
    return {
        "screen": screen,
        "items": [dict(one) for one in rows_on(found, page, place.lines)],
        "page": str(page_on(page, len(found), place.lines)),
        "pages": str(pages_of(len(found), place.lines)),
    }
