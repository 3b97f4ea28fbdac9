"""A technician's page of settings: what the kiosk runs with and where each value came from; read-only."""

from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from kiosk.errors import OperatorRefused
from kiosk.model import Level, Message, Role
from kiosk.settings_desk import Origin, SettingsDesk
from kiosk.web.context import Web, html_response
from kiosk.web.guards import check_origin
from kiosk.web.office_page import office_page
from kiosk.web.visitors import let_in, remember, token_given
from kiosk.words import N_

ORIGINS: Final = {
    Origin.DEFAULT: N_("default"),
    Origin.FILE: N_("file"),
    Origin.ENVIRONMENT: N_("environment"),
    Origin.DEMO: N_("demo"),
}
_FOR_TECHNICIANS: Final = N_("The settings are for technicians.")


def settings_blueprint(web: Web) -> Blueprint:
    """Return the routes of the page."""
    settings = Blueprint("settings", __name__)

    @settings.get("/settings")
    def page() -> Response:
        _desk(web)
        return office_page(web, "settings.html", _context(web, token_given()), here="/settings")

    @settings.post("/settings/sign-in")
    def sign_in() -> Response:
        check_origin(request)
        web.tokens.check(request)
        _desk(web)
        if web.rooms.office is None:
            raise NotFound("Nobody signs in here.")
        try:
            token = let_in(web.rooms.office)
        except OperatorRefused as error:
            return _panel(web, Message(Level.STOP, "{why}", {"why": str(error)}))
        response = html_response(web.screens.page("settings_panel.html", _context(web, token)))
        remember(web, response, token)
        return response

    return settings


def _desk(web: Web) -> SettingsDesk:
    if web.rooms.settings is None:
        raise NotFound("This kiosk shows no settings.")
    return web.rooms.settings


def _panel(web: Web, said: Message) -> Response:
    return html_response(web.screens.page("settings_panel.html", _context(web, "", said)))


def _context(web: Web, token: str, said: Message | None = None) -> dict[str, object]:
    """Return what the panel is drawn with; to who is no technician only the way in."""
    given = request.values.get("station", "")
    visitor = web.rooms.office.visitor(token) if web.rooms.office else None
    is_let_in = visitor is not None and visitor.operator.role is Role.TECHNICIAN
    if visitor is not None and not is_let_in:
        said = Message(Level.ASK, _FOR_TECHNICIANS)
    return {
        "station": given if given in web.rooms.stations else "",
        "said": said,
        "level": said.level.value if said else None,
        "view": _desk(web).view() if is_let_in else None,
        "origins": ORIGINS,
    }
