"""The page of scanners: how each is, and what it really sent."""

from flask import Blueprint, Response

from kiosk.web.context import Web, html_response
from kiosk.web.learning import panel_context
from kiosk.web.office_page import office_page
from kiosk.web.scanner_view import scanner_views


def scanners_blueprint(web: Web) -> Blueprint:
    """Return the routes of the scanner page; its list asks for itself again every second."""
    scanners = Blueprint("scanners", __name__)

    @scanners.get("/scanners")
    def page() -> Response:
        context = {
            "scanners": scanner_views(web.rooms.scanners()),
            "can_learn": web.rooms.learning is not None,
            **(panel_context(web, web.rooms.learning.view()) if web.rooms.learning else {}),
        }
        return office_page(web, "scanners.html", context, here="/scanners")

    @scanners.get("/scanners/list")
    def listing() -> Response:
        context = {"scanners": scanner_views(web.rooms.scanners())}
        return html_response(web.screens.page("scanner_list.html", context))

    return scanners
