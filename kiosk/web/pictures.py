"""The pictures: printed labels, the label on the screen, the barcodes of the demo."""

import re

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound, UnprocessableEntity

from kiosk.errors import LabelError
from kiosk.flows.help import SAMPLES
from kiosk.web.context import Web, station_of

_COMMAND = re.compile(r"ION/CMD/[A-Z][A-Z0-9_-]{0,31}(?:/[!-~]{1,64})?")
_SAMPLES = frozenset(text for _, text in SAMPLES.values())
_KEPT = "private, max-age=86400, immutable"
"""For pictures whose address changes with what they show."""


def pictures_blueprint(web: Web) -> Blueprint:
    """Return the routes that answer PNG."""
    pictures = Blueprint("pictures", __name__)

    @pictures.get("/jobs/<job_id>.png")
    def job_picture(job_id: str) -> Response:
        return _png(web.rooms.jobs.picture(job_id))

    @pictures.get("/station/<name>/label.png")
    def label_picture(name: str) -> Response:
        label = web.rooms.label_shown(station_of(web, name).view())
        if label is None:
            raise NotFound("This screen shows no label.")
        try:
            return _png(web.rooms.labels.prepare(name, label).png)
        except LabelError as error:
            raise UnprocessableEntity("This label cannot be made.") from error

    @pictures.get("/pad/<int:index>.png")
    def pad_picture(index: int) -> Response:
        items = web.rooms.pad() if web.rooms.pad else ()
        if web.rooms.draw is None or index >= len(items):
            raise NotFound("There is no such barcode on the scan pad.")
        return _png(web.rooms.draw(items[index].text))

    @pictures.get("/command.png")
    def command_picture() -> Response:
        text = request.args.get("text", "")
        if web.rooms.draw is None or not (text in _SAMPLES or _COMMAND.fullmatch(text)):
            raise NotFound("There is no such command.")
        return _png(web.rooms.draw(text))

    @pictures.get("/tray/<int:number>.png")
    def tray_picture(number: int) -> Response:
        items = web.rooms.tray() if web.rooms.tray else ()
        return _png(next((item.png for item in items if item.number == number), None))

    return pictures


def _png(data: bytes | None) -> Response:
    if data is None:
        raise NotFound("There is no such picture.")
    return Response(data, mimetype="image/png", headers={"Cache-Control": _KEPT})
