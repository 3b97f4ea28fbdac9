"""Learn mode on the page of scanners: one is added by scanning the code that is shown, or taken away."""

from collections.abc import Mapping

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from kiosk.errors import JournalError
from kiosk.model import Level, Message
from kiosk.ports import LearnView
from kiosk.web.context import Web, html_response, station_of
from kiosk.web.guards import check_origin
from kiosk.web.rooms import LearnDesk

_NOT_REMOVED = Message(
    Level.STOP, "Not removed: the kiosk cannot write its journal. Do not go on, call a technician."
)


def learning_blueprint(web: Web) -> Blueprint:
    """Return the routes of the panel in which scanners are added and taken away; each answers the panel."""
    learning = Blueprint("learning", __name__)

    @learning.get("/scanners/learn")
    def learn() -> Response:
        return _panel(web, _desk(web).view())

    @learning.get("/scanners/learn/news")
    def news() -> Response:
        """Answer what changes while a code is shown, and the whole panel once it is no more."""
        view = _desk(web).view()
        if view.code and view.code == request.args.get("code"):
            return html_response(web.screens.page("learn_news.html", panel_context(web, view)))
        response = _panel(web, view)
        response.headers["HX-Retarget"] = "#learn"
        return response

    @learning.post("/scanners/learn")
    def start() -> Response:
        desk = _allowed(web)
        desk.start(station_of(web, request.form.get("station", "")).name)
        return _panel(web, desk.view())

    @learning.post("/scanners/learn/stop")
    def stop() -> Response:
        desk = _allowed(web)
        desk.stop()
        return _panel(web, desk.view())

    @learning.get("/scanners/forget")
    def ask() -> Response:
        name = request.args.get("name", "")
        found = next((one for one in web.rooms.scanners() if one.name == name and one.binding), None)
        if found is None:
            raise NotFound("There is no scanner of that name that was added here.")
        context = {"name": found.name, "at_station": found.station}
        return html_response(web.screens.page("learn_forget.html", context))

    @learning.post("/scanners/forget")
    def forget() -> Response:
        desk = _allowed(web)
        try:
            desk.forget(request.form.get("name", ""))
        except JournalError:
            return _panel(web, LearnView("", message=_NOT_REMOVED))
        return _panel(web, desk.view())

    return learning


def panel_context(web: Web, view: LearnView) -> Mapping[str, object]:
    """Return what the panel's template is drawn with."""
    message = view.message
    return {
        "learn": view,
        "stations": list(web.rooms.stations),
        "level": message.level.value if message else None,
        "said": message.text if message else None,
    }


def _desk(web: Web) -> LearnDesk:
    if web.rooms.learning is None:
        raise NotFound("Scanners cannot be added here.")
    return web.rooms.learning


def _allowed(web: Web) -> LearnDesk:
    check_origin(request)
    web.tokens.check(request)
    return _desk(web)


def _panel(web: Web, view: LearnView) -> Response:
    return html_response(web.screens.page("learn.html", panel_context(web, view)))
