"""Count stock anew, or scrap some of it."""

from dataclasses import replace
from decimal import Decimal

from kiosk.flows.adjust_entry import REASONS, Count, adjust_opened, closed_stock
from kiosk.flows.fields import number_of
from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned, Settled, resting
from kiosk.flows.paging import page_after, row_named
from kiosk.flows.receive_order import text_of
from kiosk.flows.wording import title
from kiosk.model import Inventory, Level, Message, Session, Subject
from kiosk.wire import from_json, plain

_KEYS = {"DOT": "."}
_MOST_DIGITS = 16
_DONE = {
    "recount": "{quantity} of {stock}: kept, on the way to ION.",
    "scrap": "{quantity} of {stock} scrapped: kept, on the way to ION.",
}


class Adjust:
    """Sets the quantity of a row of stock, or takes scrap off it."""

    name = "adjust"
    steps = frozenset({"entry", "reason"})

    def takes(self, subject: Subject) -> bool:
        """Return whether this is stock."""
        return isinstance(subject, Inventory)

    def subject(self, session: Session) -> Subject | None:
        """Return the stock that is counted."""
        data = session.state.get("inventory")
        return from_json(Inventory, data) if data else None

    def entered(self, session: Session) -> str:
        """Return what was counted and not confirmed."""
        count = Count.of(session)
        return count.words if count else ""

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Take the stock, the quantity, the reason and the confirmation."""
        known = Count.of(session)
        count = known.with_figures(known.stock, place) if known else None
        match event:
            case Scanned(subjects=(Inventory() as scanned,)):
                return _picked(count, scanned, event, place)
            case _ if count is None:
                return None
            case Scanned(subjects=()) if text := text_of(event):
                return _text_given(count, text)
            case Refreshed(Inventory() as fresh) if fresh.key == count.stock.key:
                newer = replace(count.with_figures(fresh, place), as_of=None, said=session.message)
                return replace(newer.screen(), step=session.step)
            case Settled(operation) if operation.about == count.stock.key:
                data = (operation.result or {}).get("inventory")
                stock = from_json(Inventory, data) if data else count.stock
                return replace(count.with_figures(stock, place).screen(), step=session.step)
            case Pressed():
                return _pressed(session, count, event, place)
            case _:
                return None


def _picked(count: Count | None, scanned: Inventory, event: Scanned, place: Place) -> Outcome | None:
    """Count the stock that was scanned, the same way as the one before."""
    if count is None:
        return adjust_opened(scanned, place, as_of=event.as_of_text)
    if scanned.key == count.stock.key:
        return replace(count.with_figures(scanned, place), as_of=event.as_of_text, said=None).screen()
    return None if count.words else adjust_opened(scanned, place, count.kind, event.as_of_text)


def _text_given(count: Count, text: str) -> Outcome | None:
    if count.missing == "reason":
        return count.with_reason(text).screen()
    return count.with_quantity(text).screen() if count.kind else None


def _pressed(session: Session, count: Count, press: Pressed, place: Place) -> Outcome | None:
    match press:
        case Pressed("RECOUNT" | "SCRAP" as verb):
            return count.with_kind(verb.lower()).screen()
        case Pressed("QUANTITY" | "VALUE", argument) if count.kind:
            return _counted(count, argument or "").screen()
        case Pressed("KEY", str(key)) if count.kind:
            digits = (count.draft + _KEYS.get(key.upper(), key))[:_MOST_DIGITS]
            return replace(count, quantity=None, draft=digits, said=count.prompt()).screen()
        case Pressed("UNDO"):
            return replace(count, draft=count.draft[:-1], said=count.prompt()).screen()
        case Pressed("CHOOSE", str(key)):
            return _chosen(session, count, key)
        case Pressed("NEXT"):
            page = str(page_after(count.page, len(REASONS.get(count.kind, ())), place.lines))
            return replace(count, page=page, said=session.message).screen()
        case Pressed("CONFIRM"):
            return _confirmed(count, place)
        case Pressed("CANCEL" | "BACK"):
            return resting(Message(Level.ASK, "Nothing was changed."))
        case _:
            return None


def _counted(count: Count, given: str) -> Count:
    """Take a quantity, or ``+n`` that adds to what was counted so far."""
    if not given.startswith("+"):
        return count.with_quantity(given)
    base, more = count.quantity or 0, number_of(given[1:])
    return count.with_quantity(plain(base + more) if more is not None else given)


def _chosen(session: Session, count: Count, key: str) -> Outcome | None:
    """Take a reason: by the number of its row on the screen, or by name."""
    names = {f"reason/{number}": reason for number, reason in enumerate(REASONS.get(count.kind, ()), 1)}
    wanted = row_named(session.state, key)
    return count.with_reason(names[wanted]).screen() if wanted in names else None


def _confirmed(count: Count, place: Place) -> Outcome:
    if count.draft:
        return count.with_quantity(count.draft).screen()
    closed = closed_stock(count.stock, place)
    if closed is not None or count.missing:
        return replace(count, said=closed or count.prompt()).screen()
    # What is outstanding may have changed since the quantity was given.
    checked = count.with_quantity(plain(count.quantity or Decimal(0)))
    if checked.quantity is None or checked.said is None or checked.said.level is Level.STOP:
        return checked.screen()
    values = {"quantity": plain(checked.quantity), "stock": title(count.stock)}
    message = Message(Level.WAIT, _DONE[count.kind], values)
    return Outcome("home", "idle", resting().state, message, (checked.submit(),))
