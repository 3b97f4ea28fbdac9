"""Photos for the question on a station's screen: taken by the page, shown to it, and a phone's way in."""

import re

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, Conflict, NotFound, UnprocessableEntity

from kiosk.errors import PhotoRefused
from kiosk.snapshot import CONTENT_TYPE, MOST_SENT_BYTES, thumbnail
from kiosk.web.context import IDEMPOTENCY_HEADER, Web, html_response, key_of, station_of
from kiosk.web.guards import check_origin
from kiosk.web.photo_door import keep_photo, photos_of
from kiosk.web.photo_links import LASTS_S, MOST_PHOTOS, PhotoLinks, takes_photos

_REVISION = re.compile(r"[0-9]{1,18}")
_KEPT = "private, max-age=600, immutable"


def photos_blueprint(web: Web, links: PhotoLinks) -> Blueprint:
    """Return the routes of a station's page."""
    photos = Blueprint("photos", __name__)

    @photos.post("/station/<name>/photos")
    def keep(name: str) -> Response:
        _check_page(web)
        room, key = station_of(web, name), key_of(request.headers.get(IDEMPOTENCY_HEADER))
        since = request.args.get("since", "")
        if not _REVISION.fullmatch(since):
            raise BadRequest("The photo does not say which question it is for.")
        request.max_content_length = MOST_SENT_BYTES
        try:
            keep_photo(web, room, request.get_data(cache=False), since=int(since), key=key)
        except PhotoRefused as error:
            raise UnprocessableEntity(str(error)) from error
        return html_response(web.screens.fragment(room.view()))

    @photos.get("/station/<name>/photos/<digest>.jpg")
    def show(name: str, digest: str) -> Response:
        # A photo is shown where its question is asked, and nowhere else: knowing a digest opens nothing.
        asked = photos_of(station_of(web, name).view())
        content = web.rooms.files.read(digest) if digest in asked else None
        if content is None:
            raise NotFound("There is no such photo on this screen.")
        return Response(thumbnail(content), mimetype=CONTENT_TYPE, headers={"Cache-Control": _KEPT})

    @photos.post("/station/<name>/photos/link")
    def link(name: str) -> Response:
        _check_page(web)
        view = station_of(web, name).view()
        if not takes_photos(view):
            raise Conflict("The screen has changed. It takes no photos now.")
        base = web.rooms.phone_address(int(request.environ["SERVER_PORT"]))
        url = f"{base}/photo/{links.give(view)}" if base else None
        context = {
            "code": web.rooms.draw_code(url) if url else None,
            "address": base,
            "minutes": int(LASTS_S // 60),
            "most": MOST_PHOTOS,
        }
        return html_response(web.screens.page("phone_code.html", context))

    return photos


def _check_page(web: Web) -> None:
    check_origin(request)
    web.tokens.check(request)
