"""What the routes share: the rooms, the drawn screens, the token maker, and how a station is found."""

from dataclasses import dataclass

from flask import Response, make_response
from werkzeug.exceptions import BadRequest, NotFound

from kiosk.ports import StationRoom
from kiosk.web.guards import CsrfTokens
from kiosk.web.rooms import Rooms
from kiosk.web.screens import Screens

MOST_BODY_BYTES = 2 * 1024 * 1024
IDEMPOTENCY_HEADER = "Idempotency-Key"
_MOST_KEY_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Web:
    """Everything a route may use."""

    rooms: Rooms
    screens: Screens
    tokens: CsrfTokens
    boot: str
    assets: str
    """Changes with the stylesheet and the scripts."""


def station_of(web: Web, name: str) -> StationRoom:
    """Return the station of that name.

    Raises:
        NotFound: there is none.
    """
    room = web.rooms.stations.get(name)
    if room is None:
        raise NotFound("There is no station of that name.")
    return room


def html_response(html: str, status: int = 200) -> Response:
    """Return HTML; what UTF-8 cannot carry is replaced."""
    response = make_response(html.encode("utf-8", "replace"), status)
    response.mimetype = "text/html"
    return response


def key_of(header: str | None) -> str | None:
    """Return the sender's idempotency key, ``None`` where there is none.

    Raises:
        BadRequest: it is too long to be kept.
    """
    if header is not None and len(header) > _MOST_KEY_CHARACTERS:
        raise BadRequest(f"{IDEMPOTENCY_HEADER}: expected at most {_MOST_KEY_CHARACTERS} characters.")
    return header or None
