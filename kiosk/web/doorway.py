"""Other machines: what is open to them, and where a person signs in to see the rest.

Off by default: the kiosk listens to its own machine alone. Where the settings let others in, a phone may hand
in photos by a link that works once; anything else wants HTTPS, and a person's badge and PIN or a program's
key (OWASP ASVS 5.0, 3.3.1, 3.4.1, 8.3.1).
"""

import re
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, g, redirect, request
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response as AnyResponse

from kiosk.errors import OperatorRefused
from kiosk.operators import Doorway, Visitor
from kiosk.web.api_access import API, WANTED, is_remote
from kiosk.web.context import Web, html_response
from kiosk.web.guards import check_origin, is_at_port
from kiosk.web.office_page import AT_THE_DOOR, office_page
from kiosk.web.problems import Problem
from kiosk.web.visitors import let_in
from kiosk.words import N_

_FREE: Final = frozenset({"phone.page", "phone.take", "static"})
"""For phones, whose link is their key; and what holds no secret."""
_WAY_IN: Final = frozenset({"doorway.page", "doorway.enter", "office_frame.choose"})
"""For who is not signed in yet, and may read there in another language."""
_COOKIE: Final = "kiosk_door"
_PREFIX: Final = "__Host-"
"""A browser takes such a cookie over HTTPS alone, and from nobody but this host (RFC 6265bis, 4.1.3.2)."""
_PLACE: Final = re.compile(r"/(?![/\\])[!-~]{0,999}")
"""Of this kiosk: after one slash neither another nor a backslash, which browsers read as one."""
_PHOTOS_ALONE: Final = N_("This kiosk takes photos from other machines, and nothing else.")
_NOT_PRIVATE: Final = N_(
    "This kiosk is open to other machines over HTTPS alone: a PIN or a key could be read on the way here."
)


def check_doorway(web: Web) -> AnyResponse | None:
    """Let another machine in, send its browser to where a person signs in, or refuse.

    Raises:
        Forbidden: what is asked is not open to other machines, or not on this way.
        Problem: 401, a program has neither key nor person.
    """
    is_counting = web.rooms.are_metrics_open and request.endpoint == "health.metrics"
    if not is_remote(web) or is_counting or request.endpoint in _FREE:
        return None
    g.is_stranger = True
    if web.rooms.others == "photos":
        raise Forbidden(_PHOTOS_ALONE)
    if not (is_at_port(request, web.rooms.remote_port) or web.rooms.is_plain_allowed):
        raise Forbidden(_NOT_PRIVATE)
    is_program = request.path.startswith(API)
    has_key = is_program and web.rooms.keys is not None and "Authorization" in request.headers
    if has_key:
        # It is judged where programs are let in.
        return None
    visitor = _visitor(web, is_acting=_is_a_person_s())
    if visitor is not None:
        g.visitor, g.is_stranger = visitor, False
        return None
    if request.endpoint in _WAY_IN:
        return None
    if is_program:
        detail = "Expected the header Authorization: Bearer with a key of `kiosk key add`, got none."
        raise Problem(401, "API key needed", detail, headers={"WWW-Authenticate": WANTED})
    return _to_the_door(web)


def doorway_blueprint(web: Web) -> Blueprint:
    """Return the page on which a person signs in from another machine, and out again."""
    doorway = Blueprint("doorway", __name__)

    @doorway.get("/enter")
    def page() -> Response:
        return office_page(web, "enter.html", _context(web), here=AT_THE_DOOR)

    @doorway.post("/enter")
    def enter() -> Response:
        room = _allowed(web)
        try:
            token = let_in(room)
        except OperatorRefused as error:
            return _panel(web, str(error))
        response = Response(status=204, headers={"HX-Redirect": _place(request.form.get("to", ""))})
        is_secure = is_at_port(request, web.rooms.remote_port)
        response.set_cookie(_cookie(web), token, path="/", secure=is_secure, httponly=True, samesite="Strict")
        return response

    @doorway.post("/leave")
    def leave() -> Response:
        _allowed(web).sign_out(request.cookies.get(_cookie(web), ""))
        response = Response(status=204, headers={"HX-Redirect": "/enter"})
        is_secure = is_at_port(request, web.rooms.remote_port)
        response.delete_cookie(_cookie(web), path="/", secure=is_secure, httponly=True, samesite="Strict")
        return response

    return doorway


def _allowed(web: Web) -> Doorway:
    check_origin(request)
    web.tokens.check(request)
    return _doorway(web)


def _doorway(web: Web) -> Doorway:
    if web.rooms.doorway is None:
        raise NotFound("Nobody signs in here.")
    return web.rooms.doorway


def _visitor(web: Web, *, is_acting: bool = True) -> Visitor | None:
    room = web.rooms.doorway
    return room.visitor(request.cookies.get(_cookie(web), ""), is_acting=is_acting) if room else None


def _cookie(web: Web) -> str:
    return f"{_PREFIX if is_at_port(request, web.rooms.remote_port) else ''}{_COOKIE}"


def _is_a_person_s() -> bool:
    """Return whether a person did something; a page that asks again by itself keeps nobody signed in."""
    return request.method not in {"GET", "HEAD"} or request.headers.get("Sec-Fetch-Mode") == "navigate"


def _to_the_door(web: Web) -> AnyResponse:
    """Send a browser to where a person signs in, and back afterwards."""
    if request.headers.get("HX-Request") == "true":
        said = web.screens.said(N_("Sign in again."))
        return Response(said, 401, {"HX-Redirect": "/enter"}, mimetype="text/plain")
    if request.method != "GET" or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return Response(web.screens.said(N_("Sign in first.")), 401, mimetype="text/plain")
    asked = request.full_path.removesuffix("?")
    return redirect(f"/enter?to={quote(_place(asked), safe='/')}", 303)


def _place(text: str) -> str:
    return text if _PLACE.fullmatch(text) else "/"


def _panel(web: Web, words: str) -> Response:
    return html_response(web.screens.page("enter_panel.html", {**_context(web), "words": words}))


def _context(web: Web) -> dict[str, object]:
    visitor = _visitor(web)
    place = _place(request.values.get("to", ""))
    return {
        "by": visitor.operator if visitor else None,
        "to": place,
        "words": "",
        "has_people": any(each.has_pin for each in _doorway(web).register.everybody()),
    }
