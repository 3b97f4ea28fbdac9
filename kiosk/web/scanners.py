"""The page of scanners: how each is, and what it really sent."""

from flask import Blueprint, Response, request

from kiosk.web.context import Web, html_response
from kiosk.web.learning import panel_context
from kiosk.web.scanner_view import scanner_views


def scanners_blueprint(web: Web) -> Blueprint:
    """Return the routes of the scanner page; its list asks for itself again every second."""
    scanners = Blueprint("scanners", __name__)

    @scanners.get("/scanners")
    def page() -> Response:
        station = request.args.get("station", "")
        nonce = web.tokens.nonce(request)
        context = {
            "assets": web.assets,
            "token": web.tokens.token(nonce),
            "scanners": scanner_views(web.rooms.scanners()),
            "station": station if station in web.rooms.stations else None,
            "has_office": web.rooms.office is not None,
            "has_settings": web.rooms.settings is not None,
            "can_learn": web.rooms.learning is not None,
            **(panel_context(web, web.rooms.learning.view()) if web.rooms.learning else {}),
        }
        response = html_response(web.screens.page("scanners.html", context))
        web.tokens.remember(response, nonce)
        return response

    @scanners.get("/scanners/list")
    def listing() -> Response:
        context = {"scanners": scanner_views(web.rooms.scanners())}
        return html_response(web.screens.page("scanner_list.html", context))

    return scanners
