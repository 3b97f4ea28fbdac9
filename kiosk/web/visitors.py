"""Who is signed in on the pages of leads and technicians, by a secret in a cookie."""

from typing import Final
from urllib.parse import urlsplit

from flask import Response, g, request

from kiosk.errors import JournalError, OperatorRefused
from kiosk.model import Operator
from kiosk.operators import Doorway, Office, Visitor
from kiosk.web.context import Web
from kiosk.web.rooms import Rooms
from kiosk.words import N_

COOKIE: Final = "kiosk_office"
_NOT_WRITTEN: Final = N_("The kiosk cannot write its journal, so nobody can sign in. Call a technician.")


def token_given() -> str:
    """Return the secret that this browser sends along, empty where it has none."""
    return request.cookies.get(COOKIE, "")


def let_in(room: Doorway | Office) -> str:
    """Sign in by the badge and PIN of the form that was sent, and return the secret for the browser.

    Raises:
        OperatorRefused: nobody is let in, also where that cannot be written down; the text says why.
    """
    try:
        return room.sign_in(request.form.get("badge", ""), request.form.get("pin", ""))
    except JournalError as error:
        raise OperatorRefused(_NOT_WRITTEN) from error


def visitor_of(web: Web) -> Visitor | None:
    """Return who is signed in in this browser, ``None`` where nobody is or can be."""
    return web.rooms.office.visitor(token_given()) if web.rooms.office else None


def office_visitor(rooms: Rooms) -> Operator | None:
    """Return who is signed in in this browser on the pages of leads and technicians; asking is not acting."""
    token = token_given()
    return rooms.office.glimpse(token) if rooms.office and token else None


def reader_of(rooms: Rooms) -> Operator | None:
    """Return who is signed in in this browser: on these pages, else at the door to them."""
    at_door = g.get("visitor")
    return office_visitor(rooms) or (at_door.operator if at_door else None)


def remember(web: Web, response: Response, token: str) -> None:
    """Give the browser its secret: no script reads it, and no other site sends it.

    The page loads again: its frame says who is signed in, in that person's language.
    """
    response.headers["HX-Refresh"] = "true"
    is_secure = urlsplit(web.rooms.public_url or "").scheme == "https"
    response.set_cookie(COOKIE, token, path="/", secure=is_secure, httponly=True, samesite="Strict")


def forget(response: Response) -> None:
    """Take the secret away from the browser; the page loads again without it."""
    response.headers["HX-Refresh"] = "true"
    response.delete_cookie(COOKIE, path="/")
