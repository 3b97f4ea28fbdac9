"""What comes back from a page: presses and scans."""

import re

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest

from kiosk.language import typed_number
from kiosk.ports import Receipt, StationRoom
from kiosk.web.context import IDEMPOTENCY_HEADER, Web, html_response, key_of, station_of
from kiosk.web.guards import check_origin
from kiosk.web.scan_text import scan_bytes

STALE_HEADER = "Kiosk-Stale"
"""Set where a press came from a screen that is no longer shown; nothing was done."""
_VERB = re.compile(r"[A-Z][A-Z0-9_-]{0,31}")
_REVISION = re.compile(r"[0-9]{1,18}")
_NUMBERS = frozenset({"QUANTITY", "VALUE"})
"""The keypad's verbs whose number may have a decimal comma."""
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
        if verb in _NUMBERS and argument is not None:
            argument = typed_number(argument)
        receipt = room.press(
            verb, argument, revision=int(revision) if revision is not None else None, key=key
        )
        return _fragment(web, room, receipt)

    @actions.post("/station/<name>/language")
    def language(name: str) -> Response:
        room, _ = _allowed(web, name)
        try:
            web.screens.languages.choose(name, room.view().operator, request.form.get("language", ""))
        except ValueError as error:
            raise BadRequest("That language is not spoken here.") from error
        web.rooms.changes.publish(name)
        return html_response(web.screens.fragment(room.view()))

    @actions.post("/station/<name>/scan")
    def scan(name: str) -> Response:
        room, key = _allowed(web, name)
        data = scan_bytes(request.form.get("text"), request.form.get("json"), request.form.get("base64"))
        return _fragment(web, room, room.scan(data, scanner="page", key=key))

    return actions


def _allowed(web: Web, name: str) -> tuple[StationRoom, str | None]:
    check_origin(request)
    web.tokens.check(request)
    return station_of(web, name), key_of(request.headers.get(IDEMPOTENCY_HEADER))


def _fragment(web: Web, room: StationRoom, receipt: Receipt) -> Response:
    response = html_response(web.screens.fragment(room.view()))
    if receipt.is_stale:
        response.headers[STALE_HEADER] = "true"
    return response
