"""The frame of every page beside the stations: where one can go, who is signed in, and in which language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest

from kiosk.web.context import Web, html_response
from kiosk.web.guards import check_origin, is_at_port
from kiosk.web.languages import CHOICE_COOKIE, known_by
from kiosk.web.visitors import reader_of
from kiosk.words import LANGUAGES, N_

AT_THE_DOOR: Final = "/enter"
"""Where nobody is known yet, who could go on to a page."""
_A_YEAR_S: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Place:
    """A page that one can go to."""

    path: str
    word: str
    icon: str


def office_page(web: Web, template: str, context: Mapping[str, object], *, here: str) -> Response:
    """Return a page in its frame, and give the browser what its forms are known by.

    Args:
        web: what the routes share.
        template: the page's; it extends ``office.html``.
        context: what the page itself is drawn with; ``station`` is the one that it was opened at.
        here: the path of the place that it belongs to.
    """
    nonce = web.tokens.nonce(request)
    frame = {
        "assets": web.assets,
        "token": web.tokens.token(nonce),
        "here": here,
        "places": () if here == AT_THE_DOOR else tuple(_places(web)),
        "visitor": reader_of(web.rooms),
        "station": known_station(web),
    }
    response = html_response(web.screens.page(template, {**frame, **context}))
    web.tokens.remember(response, nonce, is_secure=is_at_port(request, web.rooms.remote_port))
    return response


def office_frame_blueprint(web: Web) -> Blueprint:
    """Return the route by which a language is chosen."""
    frame = Blueprint("office_frame", __name__)

    @frame.post("/language")
    def choose() -> Response:
        check_origin(request)
        web.tokens.check(request)
        tag = request.form.get("language", "")
        if tag not in LANGUAGES:
            raise BadRequest("That language is not spoken here.")
        response = Response(status=204, headers={"HX-Refresh": "true"})
        response.set_cookie(
            CHOICE_COOKIE,
            f"{tag}.{known_by(web.screens.languages.reader())}",
            max_age=_A_YEAR_S,
            path="/",
            secure=is_at_port(request, web.rooms.remote_port),
            httponly=True,
            samesite="Strict",
        )
        return response

    return frame


def known_station(web: Web) -> str | None:
    """Return the station that the page was opened at."""
    name = request.values.get("station", "")
    return name if name in web.rooms.stations else None


def _places(web: Web) -> Iterator[Place]:
    rooms = web.rooms
    if rooms.prints is not None:
        yield Place("/print", N_("Print labels"), "tag")
        yield Place("/printers", N_("Printers"), "printer")
    if rooms.parked is not None:
        yield Place("/parked", N_("For a person"), "circle-question-mark")
    if rooms.shift is not None:
        yield Place("/shift", N_("Shift"), "clipboard-list")
    yield Place("/scanners", N_("Scanners"), "scan-barcode")
    if rooms.designs is not None:
        yield Place("/labels", N_("Label designs"), "pen-line")
    if rooms.office is not None:
        yield Place("/operators", N_("Operators"), "user-round")
    if rooms.settings is not None:
        yield Place("/settings", N_("Settings"), "list-checks")
