"""The page of work that stopped for a person: what was wanted, what ION shows, and what can be done."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, NotFound

from kiosk.errors import OperatorRefused
from kiosk.model import Level, Message
from kiosk.ports import Choice, ParkedRoom
from kiosk.web.context import Web, html_response
from kiosk.web.guards import check_origin
from kiosk.web.office_page import office_page
from kiosk.web.visitors import let_in, remember, visitor_of

REASONS = {
    Choice.BY_HAND: ("Entered in ION by hand", "ION shows it already"),
    Choice.GIVE_UP: ("Scanned by mistake", "Counted twice", "Not needed any more"),
}
"""Those that are one tap; another can be typed."""


def parked_blueprint(web: Web) -> Blueprint:
    """Return the routes of the page."""
    parked = Blueprint("parked", __name__)

    @parked.get("/parked")
    def page() -> Response:
        return office_page(web, "parked.html", _listing(web, None), here="/parked")

    @parked.get("/parked/list")
    def listing() -> Response:
        return html_response(web.screens.page("parked_list.html", _listing(web, None)))

    @parked.post("/parked/sign-in")
    def sign_in() -> Response:
        _allowed(web)
        return _signed_in(web)

    @parked.post("/parked/<id_>/look")
    def look(id_: str) -> Response:
        found = _allowed(web).look(id_)
        if found is None:
            raise NotFound("This was decided already.")
        return html_response(web.screens.page("parked_found.html", _said(found)))

    @parked.post("/parked/<id_>")
    def decide(id_: str) -> Response:
        room = _allowed(web)
        try:
            choice = Choice(request.form.get("choice", ""))
        except ValueError:
            expected = ", ".join(Choice)
            raise BadRequest(f"A decision: expected one of {expected}.") from None
        # The typed reason comes first in the form, and goes before one that was only offered.
        why = next((text for text in request.form.getlist("why") if text.strip()), "")
        visitor = visitor_of(web)
        by = visitor.operator if visitor and visitor.is_fresh else None
        return html_response(
            web.screens.page("parked_list.html", _listing(web, room.decide(id_, choice, why, by)))
        )

    return parked


def _signed_in(web: Web) -> Response:
    """Take badge and PIN of who decides."""
    if web.rooms.office is None:
        raise NotFound("Nobody signs in here.")
    try:
        token = let_in(web.rooms.office)
    except OperatorRefused as error:
        said = Message(Level.STOP, "{why}", {"why": str(error)})
        return html_response(web.screens.page("parked_list.html", _listing(web, said)))
    visitor = web.rooms.office.visitor(token)
    context = {**_listing(web, None), "decider": visitor.operator.name if visitor else ""}
    response = html_response(web.screens.page("parked_list.html", context))
    remember(web, response, token)
    return response


def _room(web: Web) -> ParkedRoom:
    if web.rooms.parked is None:
        raise NotFound("This kiosk sends nothing to ION.")
    return web.rooms.parked


def _allowed(web: Web) -> ParkedRoom:
    check_origin(request)
    web.tokens.check(request)
    return _room(web)


def _listing(web: Web, message: Message | None) -> dict[str, object]:
    work, visitor = _room(web).work(), visitor_of(web)
    return {
        "work": work,
        "reasons": REASONS,
        "is_guarded": any(one.is_guarded for one in work),
        "decider": visitor.operator.name if visitor and visitor.is_fresh else "",
        **_said(message),
    }


def _said(message: Message | None) -> dict[str, object]:
    return {
        "level": message.level.value if message else None,
        "said": message,
    }
