"""The page of scanners: how each is, and what it really sent."""

from flask import Blueprint, Response, request

from kiosk.web.context import Web, html_response
from kiosk.web.scanner_view import scanner_views


def scanners_blueprint(web: Web) -> Blueprint:
    """Return the routes of the scanner page; its list asks for itself again every second."""
    scanners = Blueprint("scanners", __name__)

    @scanners.get("/scanners")
    def page() -> Response:
        station = request.args.get("station", "")
        context = {
            "assets": web.assets,
            "scanners": scanner_views(web.rooms.scanners),
            "station": station if station in web.rooms.stations else None,
        }
        return html_response(web.screens.page("scanners.html", context))

    @scanners.get("/scanners/list")
    def listing() -> Response:
        context = {"scanners": scanner_views(web.rooms.scanners)}
        return html_response(web.screens.page("scanner_list.html", context))

    return scanners
