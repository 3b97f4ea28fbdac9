"""What a person enters to count stock anew or to scrap some: the quantity, then the reason."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Self

from kiosk.flows.fields import number_of
from kiosk.flows.flow import Outcome, Place
from kiosk.flows.lookup_screen import why_not
from kiosk.flows.paging import LINES, page_on, pages_of, rows_on
from kiosk.flows.wording import NOTHING, status_words, title
from kiosk.model import Inventory, Json, Level, Message, Session, Submit, Tracking
from kiosk.wire import from_json, object_json, plain
from kiosk.words import N_

REASONS = {
    "recount": ("Counted again", "Found more", "Some are missing", "Wrong since receipt"),
    "scrap": ("Damaged", "Failed inspection", N_("Expired"), "Lost"),
}
LONGEST_REASON = 120
_LONGEST_SHOWN = 20
_CLOSED = frozenset({"INSTALLED", "ON_ORDER", "KITTED", "SCRAPPED"})
"""Statuses in which ION keeps the quantity by its own rules."""


@dataclass(frozen=True, slots=True)
class Count:
    """A count or scrap being entered. What changes it returns a new one, with a sentence in ``said``."""

    stock: Inventory
    known: Decimal
    """How much ION has once all that is on its way has arrived."""
    kind: str = ""
    """``recount`` or ``scrap``, empty until it is chosen."""
    quantity: Decimal | None = None
    reason: str = ""
    draft: str = ""
    """Digits that were given one by one."""
    page: str = "1"
    lines: int = LINES
    """Of a page."""
    as_of: Json = None
    said: Message | None = None

    @classmethod
    def of(cls, session: Session) -> Self | None:
        """Read the count from its screens' state."""
        state: Any = session.state
        if not state.get("inventory"):
            return None
        return cls(
            stock=from_json(Inventory, state["inventory"]),
            known=Decimal(state["known"]),
            kind=state["kind"],
            quantity=Decimal(state["quantity"]) if state["quantity"] is not None else None,
            reason=state["reason"],
            draft=state["draft"],
            page=state["page"],
            as_of=state["as_of"],
        )

    @property
    def words(self) -> str:
        """Return what is entered, as it is named before it is thrown away; empty where that is nothing."""
        if self.quantity is None and not self.draft:
            return ""
        count = plain(self.quantity) if self.quantity is not None else self.draft
        name = title(self.stock)
        return f"scrap {count} of {name}" if self.kind == "scrap" else f"a count of {count} of {name}"

    @property
    def missing(self) -> str:
        """Return what is asked next: ``kind``, ``quantity``, ``reason``, or nothing."""
        if not self.kind:
            return "kind"
        return "quantity" if self.quantity is None else "" if self.reason else "reason"

    def with_figures(self, stock: Inventory, place: Place) -> Self:
        """Take ION's newer figures over."""
        return replace(self, stock=stock, known=known_quantity(stock, place), lines=place.lines)

    def with_kind(self, kind: str) -> Self:
        """Choose between counting and scrapping; another kind asks for another quantity and reason."""
        if kind == self.kind:
            return replace(self, said=self.prompt())
        fresh = replace(self, kind=kind, quantity=None, reason="", draft="", said=None)
        return replace(fresh, said=fresh.prompt())

    def with_quantity(self, given: str) -> Self:
        """Set the quantity, or say why it cannot be."""
        number = number_of(given)
        values = {
            "given": given[:_LONGEST_SHOWN] or NOTHING,
            "known": plain(self.known),
            "stock": title(self.stock),
        }
        if number is None or number < 0 or (number == 0 and self.kind == "scrap"):
            return self._refused("{given} is no quantity. Enter a number such as 5 or 2.5.", values)
        if self.kind == "scrap" and number > self.known:
            return self._refused("{given} is more than the {known} that are there.", values)
        if self.stock.part.tracking is Tracking.SERIAL and number not in {0, 1}:
            return self._refused("{stock} is one piece: it is there, 1, or it is not, 0.", values)
        if self.kind == "recount" and number == self.known:
            said = Message(Level.GOOD, "ION has {known} of {stock} too. There is nothing to change.", values)
            return replace(self, quantity=None, draft="", said=said)
        fresh = replace(self, quantity=number, draft="", said=None)
        return replace(fresh, said=fresh.prompt())

    def with_reason(self, reason: str) -> Self:
        """Say why."""
        if not reason or len(reason) > LONGEST_REASON:
            values = {"most": str(LONGEST_REASON)}
            return self._refused("That is no reason: say it in {most} characters or less.", values)
        fresh = replace(self, reason=reason)
        return replace(fresh, said=fresh.prompt())

    def prompt(self) -> Message:
        """Return what to do next."""
        count = plain(self.quantity) if self.quantity is not None else ""
        values = {"stock": title(self.stock), "quantity": count, "known": plain(self.known)}
        match self.missing, self.kind:
            case "kind", _:
                return Message(Level.ASK, "{stock}: count it anew, or scrap some?", values)
            case "quantity", "scrap":
                return Message(Level.ASK, "How much of {stock} is scrap?", values)
            case "quantity", _:
                return Message(Level.ASK, "How much of {stock} is really there?", values)
            case "reason", _:
                return Message(Level.ASK, "Why? Choose a reason, or type it.", values)
            case _, "scrap":
                return Message(Level.ASK, "Scrap {quantity} of {stock}: confirm.", values)
            case _:
                return Message(Level.ASK, "{stock}: {quantity} instead of {known}. Confirm.", values)

    def screen(self) -> Outcome:
        """Show the count, or the reasons where one is asked for."""
        step = "reason" if self.missing == "reason" else "entry"
        reasons = REASONS.get(self.kind, ())
        rows: Sequence[Json] = [
            {"key": f"reason/{number}", "title": reason}
            for number, reason in rows_on(list(enumerate(reasons, 1)), self.page, self.lines)
        ]
        state: dict[str, Json] = {
            "inventory": object_json(self.stock),
            "known": plain(self.known),
            "kind": self.kind,
            "quantity": plain(self.quantity) if self.quantity is not None else None,
            "reason": self.reason,
            "draft": self.draft,
            "missing": self.missing,
            "rows": rows,
            "page": str(page_on(self.page, len(reasons), self.lines)),
            "pages": str(pages_of(len(reasons), self.lines)),
            "as_of": self.as_of,
        }
        return Outcome("adjust", step, state, self.said or self.prompt())

    def submit(self) -> Submit:
        """Return the change as ION is to make it."""
        arguments: dict[str, Json] = {
            "inventory_id": self.stock.id,
            "kind": self.kind,
            "quantity": plain(self.quantity or Decimal(0)),
            "from_quantity": plain(self.known),
            "reason": self.reason,
            "title": title(self.stock),
        }
        return Submit("adjust", self.stock.key, self.stock.key, arguments)

    def _refused(self, template: str, values: dict[str, str]) -> Self:
        return replace(self, said=Message(Level.STOP, template, values))


def known_quantity(stock: Inventory, place: Place) -> Decimal:
    """Return how much ION has of stock once all that is on its way has arrived."""
    known = stock.quantity
    for each in place.outstanding:
        if each.operation == "adjust" and each.subject == stock.key:
            given = Decimal(str(each.arguments["quantity"]))
            known = given if each.arguments["kind"] == "recount" else known - given
        elif each.operation == "move_part" and each.subject == stock.key:
            known -= Decimal(str(each.arguments["quantity"]))
    return known


def adjust_opened(stock: Inventory, place: Place, kind: str = "", as_of: Json = None) -> Outcome:
    """Ask for the new quantity of stock, or first whether it is counted or scrapped.

    Args:
        stock: whose quantity is wrong.
        place: where it is.
        kind: ``recount`` or ``scrap``, empty to ask.
        as_of: when ION said what it has, where that comes from memory.
    """
    count = Count(stock, known_quantity(stock, place), kind, lines=place.lines, as_of=as_of)
    closed = closed_stock(stock, place)
    return replace(count, said=closed).screen()


def closed_stock(stock: Inventory, place: Place) -> Message | None:
    """Return why the quantity of stock cannot be changed here, ``None`` where it can."""
    why = why_not("adjust", place)
    if why is not None:
        return Message(Level.STOP, "{why} Ask a technician.", {"why": why})
    if stock.status.upper() in _CLOSED:
        values = {"stock": title(stock), "status": status_words(stock.status)}
        return Message(Level.STOP, "{stock} is {status}. Its quantity follows from that.", values)
    return None
