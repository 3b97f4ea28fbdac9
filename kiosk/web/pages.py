"""The pages of a station, and the frame alone."""

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import NotFound

from kiosk.model import Ambience
from kiosk.ports import StationRoom
from kiosk.web.context import Web, html_response, station_of
from kiosk.web.demo import pad_groups, tray_items


def pages_blueprint(web: Web) -> Blueprint:
    """Return the routes that people use."""
    pages = Blueprint("pages", __name__)

    @pages.get("/")
    def index() -> Response:
        names = list(web.rooms.stations)
        if len(names) == 1:
            return Response(status=302, headers={"Location": url_for("pages.page", name=names[0])})
        return html_response(web.screens.page("stations.html", {"stations": names, "assets": web.assets}))

    @pages.get("/station/<name>")
    def page(name: str) -> Response:
        return _station_page(web, station_of(web, name))

    @pages.get("/station/<name>/screen")
    def screen(name: str) -> Response:
        return html_response(web.screens.fragment(station_of(web, name).view()))

    @pages.get("/station/<name>/tray")
    def tray(name: str) -> Response:
        station_of(web, name)
        if web.rooms.tray is None:
            raise NotFound("This kiosk has no virtual printer.")
        return html_response(web.screens.page("tray.html", {"station": name, "tray": tray_items(web.rooms)}))

    return pages


def _station_page(web: Web, room: StationRoom) -> Response:
    """Return a station's page with its frame drawn in, and the browser's anti-forgery nonce."""
    nonce = web.tokens.nonce(request)
    context = {
        "station": room.name,
        "fragment": web.screens.fragment(room.view()),
        "token": web.tokens.token(nonce),
        "boot": web.boot,
        "ambience": web.rooms.ambiences.of(room.name) if web.rooms.ambiences else Ambience(),
        "assets": web.assets,
        "version": web.rooms.version,
        "groups": pad_groups(web.rooms),
        "has_barcodes": web.rooms.draw is not None,
        "has_pad": web.rooms.pad is not None,
        "has_tray": web.rooms.tray is not None,
        "tray": tray_items(web.rooms),
    }
    response = html_response(web.screens.page("station.html", context))
    web.tokens.remember(response, nonce)
    return response
