"""The page on a phone that scanned the code on a station's screen: hands in photos and does nothing else."""

import logging
import re
import secrets
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import Conflict, RequestEntityTooLarge

from kiosk.errors import JournalError, PhotoRefused
from kiosk.ports import StationRoom
from kiosk.snapshot import MOST_SENT_BYTES
from kiosk.web.context import Web, html_response
from kiosk.web.guards import check_origin
from kiosk.web.photo_door import keep_photo, photos_of
from kiosk.web.photo_links import PhotoLink, PhotoLinks

COOKIE: Final = "kiosk_photo"
_HOLDER = re.compile(r"[0-9a-f]{32}")
_FORM_BYTES: Final = 64 * 1024
"""What a form adds to the photo in it."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Said:
    status: int
    words: str = ""


_ENDED = _Said(410, "This way in has ended. Show a new code on the kiosk's screen, and scan that.")
_NO_COOKIE = _Said(403, "This browser keeps no cookies. Allow them, then scan the code again.")
_NOTHING = _Said(422, "That was no photo. Take one.")
_TOO_LARGE = _Said(
    413, f"This photo is larger than {MOST_SENT_BYTES // (1024 * 1024)} megabytes. Take a smaller one."
)
_NOT_WRITTEN = _Said(503, "The kiosk cannot write. The photo is not kept. Tell a technician.")
_NOT_TAKEN = _Said(409, "The kiosk did not take this photo: its screen says why.")
_KEPT = _Said(200, "The photo is kept.")


def phone_blueprint(web: Web, links: PhotoLinks) -> Blueprint:
    """Return the routes of a phone: the token in their path is all they ask for, and opens nothing else."""
    phone = Blueprint("phone", __name__)

    @phone.get("/photo/<token>")
    def page(token: str) -> Response:
        holder = _holder() or secrets.token_hex(16)
        found = _found(web, links, token, holder)
        response = _page(web, _Said(200) if found else _ENDED, found)
        if found:
            response.set_cookie(COOKIE, holder, httponly=True, samesite="Strict", path="/photo")
        return response

    @phone.post("/photo/<token>")
    def take(token: str) -> Response:
        check_origin(request)
        holder = _holder()
        found = _found(web, links, token, holder or "")
        if found is None:
            return _page(web, _ENDED)
        if holder is None:
            return _page(web, _NO_COOKIE)
        link, room = found
        said = _taken(web, links, link, room, holder)
        return _page(web, said, None if said is _ENDED else found)

    return phone


def _found(web: Web, links: PhotoLinks, token: str, holder: str) -> tuple[PhotoLink, StationRoom] | None:
    link = links.find(token)
    room = web.rooms.stations.get(link.station) if link else None
    if link is None or room is None or not links.is_open(link, room.view(), holder):
        return None
    return link, room


def _taken(web: Web, links: PhotoLinks, link: PhotoLink, room: StationRoom, holder: str) -> _Said:
    try:
        data = _sent()
        if not data:
            return _NOTHING
        if not links.use(link, holder):
            return _ENDED
        is_kept = keep_photo(web, room, data, since=link.since, key=f"photo {link.id}")
    except RequestEntityTooLarge:
        return _TOO_LARGE
    except PhotoRefused as error:
        _log.info("photo by phone at %s: %s", link.station, error)
        return _Said(422, str(error))
    except Conflict:
        links.end(link)
        return _ENDED
    except JournalError as error:
        _log.error("photo by phone at %s: %s", link.station, error)
        return _NOT_WRITTEN
    return _KEPT if is_kept else _NOT_TAKEN


def _holder() -> str | None:
    given = request.cookies.get(COOKIE, "")
    return given if _HOLDER.fullmatch(given) else None


def _sent() -> bytes:
    """Return the photo in a form; of two fields the one that was filled in."""
    request.max_content_length = MOST_SENT_BYTES + _FORM_BYTES
    chosen = [file for file in request.files.getlist("photo") if file.filename]
    return chosen[0].read() if chosen else b""


def _page(web: Web, said: _Said, found: tuple[PhotoLink, StationRoom] | None = None) -> Response:
    context = {
        "assets": web.assets,
        "words": said.words,
        "is_good": said is _KEPT,
        "station": found[0].station if found else None,
        "kept": len(photos_of(found[1].view())) if found else 0,
        "left": found[0].left if found else 0,
    }
    return html_response(web.screens.page("phone.html", context), said.status)
