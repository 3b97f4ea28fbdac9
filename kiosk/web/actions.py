"""What comes back from a page: presses, scans, and answers about labels."""

import re

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, NotFound

from kiosk.model import JobState
from kiosk.ports import Receipt, StationRoom
from kiosk.web.context import IDEMPOTENCY_HEADER, Web, html_response, key_of, station_of
from kiosk.web.guards import check_origin
from kiosk.web.scan_text import scan_bytes

STALE_HEADER = "Kiosk-Stale"
"""Set where a press came from a screen that is no longer shown; nothing was done."""
_VERB = re.compile(r"[A-Z][A-Z0-9_-]{0,31}")
_REVISION = re.compile(r"[0-9]{1,18}")
_MOST_ARGUMENT = 500


def actions_blueprint(web: Web) -> Blueprint:
    """Return the routes that pages send to; each answers the new frame."""
    actions = Blueprint("actions", __name__)

    @actions.post("/station/<name>/press")
    def press(name: str) -> Response:
        room, key = _allowed(web, name)
        verb, argument = request.form.get("verb", ""), request.form.get("argument")
        revision = request.form.get("revision")
        if not _VERB.fullmatch(verb) or len(argument or "") > _MOST_ARGUMENT:
            raise BadRequest("That is no button of this page.")
        if revision is not None and not _REVISION.fullmatch(revision):
            raise BadRequest("The revision is no number.")
        receipt = room.press(
            verb, argument, revision=int(revision) if revision is not None else None, key=key
        )
        return _fragment(web, room, receipt)

    @actions.post("/station/<name>/scan")
    def scan(name: str) -> Response:
        room, key = _allowed(web, name)
        data = scan_bytes(request.form.get("text"), request.form.get("json"), request.form.get("base64"))
        return _fragment(web, room, room.scan(data, scanner="page", key=key))

    @actions.post("/station/<name>/jobs/<job_id>")
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

    return actions


def _allowed(web: Web, name: str) -> tuple[StationRoom, str | None]:
    check_origin(request)
    web.tokens.check(request)
    return station_of(web, name), key_of(request.headers.get(IDEMPOTENCY_HEADER))


def _fragment(web: Web, room: StationRoom, receipt: Receipt | None = None) -> Response:
    response = html_response(web.screens.fragment(room.view()))
    if receipt is not None and receipt.is_stale:
        response.headers[STALE_HEADER] = "true"
    return response
