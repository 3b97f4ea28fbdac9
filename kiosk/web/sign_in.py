"""Signing in with ION: the panel that a station's page opens, and a desk's browser that comes back."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import Conflict, NotFound

from kiosk.errors import SignInFailed
from kiosk.sign_in import SignInView
from kiosk.web.context import Web, html_response, station_of
from kiosk.web.guards import check_origin
from kiosk.web.rooms import SignInDesk

COOKIE: Final = "kiosk_sign_in"
CALLBACK: Final = "/sign-in/callback"
_HOLDER = re.compile(r"[0-9a-f]{32}")
_ANSWERS = ("state", "code", "error", "iss")
_LASTS_S: Final = 600


def sign_in_blueprint(web: Web) -> Blueprint:
    """Return the routes of the panel, and the one that ION's server sends a browser back to."""
    sign_in = Blueprint("sign_in", __name__)

    @sign_in.get("/station/<name>/sign-in")
    def panel(name: str) -> Response:
        return _panel(web, name)

    @sign_in.post("/station/<name>/sign-in/phone")
    def phone(name: str) -> Response:
        desk = _allowed(web, name)
        with _refusing():
            desk.begin_device(name)
        return _panel(web, name)

    @sign_in.post("/station/<name>/sign-in/browser")
    def browser(name: str) -> Response:
        desk, holder = _allowed(web, name), secrets.token_hex(16)
        with _refusing():
            url = desk.begin_browser(name, f"{_base(web)}{CALLBACK}", holder)
        # A redirect of the form itself would be stopped by the pages' own policy (form-action).
        response = Response(status=204, headers={"HX-Redirect": url})
        is_secure = _base(web).startswith("https:")
        # Lax: the browser comes back by a link from ION's server, which Strict would strip of its cookie.
        response.set_cookie(
            COOKIE, holder, _LASTS_S, path="/sign-in", secure=is_secure, httponly=True, samesite="Lax"
        )
        return response

    @sign_in.post("/station/<name>/sign-out")
    def leave(name: str) -> Response:
        _check(web)
        leaving = web.rooms.people or _desk(web, name)
        leaving.sign_out(station_of(web, name).name)
        return _panel(web, name)

    @sign_in.get(CALLBACK)
    def callback() -> Response:
        if web.rooms.sign_in is None:
            raise NotFound("Nobody signs in with ION here.")
        response = _came_back(web, web.rooms.sign_in)
        response.delete_cookie(COOKIE, path="/sign-in")
        return response

    return sign_in


def _desk(web: Web, name: str) -> SignInDesk:
    station_of(web, name)
    if web.rooms.sign_in is None or not web.rooms.sign_in.is_open(name):
        raise NotFound("Nobody signs in with ION at this station.")
    return web.rooms.sign_in


def _check(web: Web) -> None:
    check_origin(request)
    web.tokens.check(request)


def _allowed(web: Web, name: str) -> SignInDesk:
    _check(web)
    return _desk(web, name)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except SignInFailed as error:
        raise Conflict(str(error)) from error


def _came_back(web: Web, desk: SignInDesk) -> Response:
    """Sign the person in whose browser comes back from ION's server, and show the station's page."""
    holder = request.cookies.get(COOKIE, "")
    answer = {name: value for name in _ANSWERS if (value := request.args.get(name)) is not None}
    is_plain = all(len(request.args.getlist(name)) == 1 for name in answer)
    if not _HOLDER.fullmatch(holder) or not is_plain:
        return _not_signed_in(web, "This sign-in was not begun in this browser. Begin again.")
    try:
        station = desk.finish_browser(holder, answer)
    except SignInFailed as error:
        return _not_signed_in(web, str(error))
    return Response(status=303, headers={"Location": url_for("pages.page", name=station)})


def _not_signed_in(web: Web, why: str) -> Response:
    context = {"status": "", "title": "Not signed in", "text": why, "assets": web.assets}
    return html_response(web.screens.page("error.html", context), 403)


def _panel(web: Web, name: str) -> Response:
    """Return the panel: with ION's ways to sign in where there are any, else with the way out alone."""
    room, desk = station_of(web, name), web.rooms.sign_in
    has_ion = desk is not None and desk.is_open(name)
    if not has_ion and web.rooms.people is None:
        raise NotFound("Nobody signs in at this station.")
    view = desk.view(name) if desk is not None and has_ion else SignInView(room.view().operator)
    context = {
        "station": name,
        "has_ion": has_ion,
        "is_by_ion": view.operator is not None and view.operator.id.startswith("ion/"),
        "sign_in": view,
        "code": web.rooms.draw_code(view.code.complete_url) if view.code else None,
        "minutes": int(view.left_s // 60) + 1,
    }
    return html_response(web.screens.page("sign_in.html", context))


def _base(web: Web) -> str:
    """Return the beginning of the address under which this browser sees the pages: an allowed one."""
    public = web.rooms.public_url
    if public is not None and urlsplit(public).netloc.lower() == request.host.lower():
        return public
    return f"{request.scheme}://{request.host}"
