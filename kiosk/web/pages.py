"""The pages of a station: the frame, and the presses and scans that come back from it."""

import re

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.exceptions import BadRequest, NotFound

from kiosk.model import JobState
from kiosk.ports import Receipt, StationRoom
from kiosk.web.context import IDEMPOTENCY_HEADER, Web, html_response, key_of, station_of
from kiosk.web.demo import pad_groups, tray_items
from kiosk.web.guards import check_origin
from kiosk.web.scan_text import scan_bytes

_VERB = re.compile(r"[A-Z][A-Z0-9_-]{0,31}")
_MOST_ARGUMENT = 500


def pages_blueprint(web: Web) -> Blueprint:
    """Return the routes that people use."""
    pages = Blueprint("pages", __name__)

    @pages.get("/")
    def index() -> Response:
        names = list(web.rooms.stations)
        if len(names) == 1:
            return make_redirect(names[0])
        return html_response(web.screens.page("stations.html", {"stations": names, "assets": web.assets}))

    @pages.get("/station/<name>")
    def page(name: str) -> Response:
        return station_page(web, station_of(web, name))

    @pages.get("/station/<name>/screen")
    def screen(name: str) -> Response:
        return _fragment(web, station_of(web, name))

    @pages.get("/station/<name>/tray")
    def tray(name: str) -> Response:
        station_of(web, name)
        if web.rooms.tray is None:
            raise NotFound("This kiosk has no virtual printer.")
        return html_response(web.screens.page("tray.html", {"station": name, "tray": tray_items(web.rooms)}))

    @pages.post("/station/<name>/press")
    def press(name: str) -> Response:
        room, key = _allowed(web, name)
        verb, argument = request.form.get("verb", ""), request.form.get("argument")
        revision = request.form.get("revision")
        if not _VERB.fullmatch(verb) or len(argument or "") > _MOST_ARGUMENT:
            raise BadRequest("That is no button of this page.")
        if revision is not None and not re.fullmatch(r"[0-9]{1,18}", revision):
            raise BadRequest("The revision is no number.")
        receipt = room.press(
            verb, argument, revision=int(revision) if revision is not None else None, key=key
        )
        return _fragment(web, room, receipt)

    @pages.post("/station/<name>/scan")
    def scan(name: str) -> Response:
        room, key = _allowed(web, name)
        data = scan_bytes(request.form.get("text"), request.form.get("json"))
        return _fragment(web, room, room.scan(data, scanner="page", key=key))

    @pages.post("/station/<name>/jobs/<job_id>")
    def decide(name: str, job_id: str) -> Response:
        room, _ = _allowed(web, name)
        came_out = request.form.get("came_out")
        if came_out not in {"yes", "no"}:
            raise BadRequest("Did the label come out? Expected yes or no.")
        job = web.rooms.jobs.job(job_id)
        if job is None or job.station != name:
            raise NotFound("There is no print job of that id at this station.")
        if job.state is JobState.UNKNOWN:
            web.rooms.jobs.decide(job_id, came_out == "yes")
        return _fragment(web, room)

    return pages


def make_redirect(name: str) -> Response:
    """Return the way to a station's page."""
    answer = redirect(url_for("pages.page", name=name))
    return Response(answer.get_data(), status=answer.status_code, headers=answer.headers)


def station_page(web: Web, room: StationRoom) -> Response:
    """Return a station's page with its frame drawn in, and the browser's anti-forgery nonce."""
    nonce = web.tokens.nonce(request)
    context = {
        "station": room.name,
        "fragment": web.screens.fragment(room.view()),
        "token": web.tokens.token(nonce),
        "boot": web.boot,
        "assets": web.assets,
        "version": web.rooms.version,
        "groups": pad_groups(web.rooms),
        "has_pad": web.rooms.pad is not None,
        "has_tray": web.rooms.tray is not None,
        "tray": tray_items(web.rooms),
    }
    response = html_response(web.screens.page("station.html", context))
    web.tokens.remember(response, nonce)
    return response


def _allowed(web: Web, name: str) -> tuple[StationRoom, str | None]:
    check_origin(request)
    web.tokens.check(request)
    try:
        return station_of(web, name), key_of(request.headers.get(IDEMPOTENCY_HEADER))
    except ValueError as error:
        raise BadRequest(str(error)) from error


def _fragment(web: Web, room: StationRoom, receipt: Receipt | None = None) -> Response:
    response = html_response(web.screens.fragment(room.view()))
    if receipt is not None and receipt.is_stale:
        response.headers["Kiosk-Stale"] = "true"
    return response
