"""The page on which a lead or a technician changes the people whom the kiosk knows.

Who may do what is decided by the register, for every request anew; the page only leaves out what would be
refused. No answer holds a PIN, and nobody is named to who is not signed in.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import Forbidden, NotFound

from kiosk.errors import JournalError, KeyReused, OperatorRefused, OrderRefused
from kiosk.model import BadgeHolder, Role
from kiosk.operators import Office
from kiosk.web.context import Web, html_response
from kiosk.web.guards import check_origin
from kiosk.web.office_changes import CHANGES, station_named
from kiosk.web.office_page import office_page
from kiosk.web.visitors import forget, let_in, remember, token_given
from kiosk.words import N_

_NOT_WRITTEN: Final = "The kiosk cannot write its journal. Nothing was changed: call a technician."
_AGAIN: Final = "Enter your PIN again, then do it once more: the last one is some minutes old."


@dataclass(frozen=True, slots=True)
class _Said:
    """What became of the last form."""

    text: str
    is_good: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """A person as the page lists them."""

    holder: BadgeHolder
    state: str
    """Empty for somebody who may come until a day."""
    is_welcome: bool
    is_open: bool
    """Who is signed in may change them."""


def office_blueprint(web: Web) -> Blueprint:
    """Return the routes of the page; every form answers the panel, with what became of it."""
    office = Blueprint("office", __name__)

    @office.get("/operators")
    def page() -> Response:
        return office_page(web, "operators.html", _context(web), here="/operators")

    @office.get("/operators/panel")
    def panel() -> Response:
        return _panel(web, one=request.args.get("id", ""), is_adding="new" in request.args)

    @office.post("/operators/sign-in")
    def sign_in() -> Response:
        return _signed_in(web, _allowed(web))

    @office.post("/operators/prove")
    def prove() -> Response:
        room = _allowed(web)
        try:
            room.prove(token_given(), request.form.get("pin", ""))
        except (OperatorRefused, JournalError) as error:
            return _panel(web, _said(error))
        return _panel(web)

    @office.post("/operators/sign-out")
    def sign_out() -> Response:
        _allowed(web).sign_out(token_given())
        response = _panel(web, token="")
        forget(response)
        return response

    @office.post("/operators/change/<name>")
    def change(name: str) -> Response:
        return _changed(web, _allowed(web), name)

    return office


def _signed_in(web: Web, room: Office) -> Response:
    try:
        token = let_in(room)
    except OperatorRefused as error:
        return _panel(web, _said(error))
    response = _panel(web, token=token)
    remember(web, response, token)
    return response


def _changed(web: Web, room: Office, name: str) -> Response:
    """Make a change in the name of who is signed in here, if their PIN is fresh."""
    if name not in CHANGES:
        raise NotFound("There is no such change.")
    visitor = room.visitor(token_given())
    if visitor is None:
        raise Forbidden("Sign in first.")
    if not visitor.is_fresh:
        return _panel(web, _Said(_AGAIN))
    try:
        done = CHANGES[name](web, room.register, visitor.operator)
    except (OperatorRefused, JournalError, KeyReused, OrderRefused) as error:
        return _panel(web, _said(error), one=request.form.get("id", ""), is_adding=name == "add")
    return _panel(web, _Said(done, is_good=True))


def _said(error: Exception) -> _Said:
    return _Said(_NOT_WRITTEN if isinstance(error, JournalError) else str(error))


def _office(web: Web) -> Office:
    if web.rooms.office is None:
        raise NotFound("People are not changed here.")
    return web.rooms.office


def _allowed(web: Web) -> Office:
    check_origin(request)
    web.tokens.check(request)
    return _office(web)


def _panel(
    web: Web, said: _Said | None = None, *, one: str = "", is_adding: bool = False, token: str | None = None
) -> Response:
    context = _context(web, said, one=one, is_adding=is_adding, token=token)
    return html_response(web.screens.page("operators_panel.html", context))


def _context(
    web: Web, said: _Said | None = None, *, one: str = "", is_adding: bool = False, token: str | None = None
) -> dict[str, object]:
    """Return what the panel is drawn with.

    Args:
        web: the rooms.
        said: what became of a form.
        one: the id of the person who is changed.
        is_adding: a new one is added.
        token: whose secret counts; else the cookie's.
    """
    room, station = _office(web), station_named(web)
    visitor = room.visitor(token_given() if token is None else token)
    by = visitor.operator if visitor else None
    register, now = room.register, room.register.clock()
    rows = [
        _row(each, now, is_open=register.may_change(by, each))
        for each in (register.everybody() if by else ())
    ]
    return {
        "said": said,
        "by": by,
        "is_fresh": visitor is not None and visitor.is_fresh,
        "rows": rows,
        "one": next((row for row in rows if row.holder.id == one and row.is_open), None),
        "is_adding": is_adding and by is not None,
        "roles": [
            role.value for role in Role if by and (by.role is Role.TECHNICIAN or role is Role.OPERATOR)
        ],
        "station": station,
        "has_printer": station is not None and bool(web.rooms.labels.printer_of(station)),
    }


def _row(holder: BadgeHolder, now: datetime, *, is_open: bool) -> _Row:
    is_welcome = holder.is_welcome(now)
    state = "" if holder.expires_at else N_("for ever")
    if not is_welcome:
        state = N_("disabled") if holder.is_disabled else N_("expired")
    return _Row(holder, state, is_welcome, is_open)
