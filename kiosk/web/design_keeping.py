"""What the design page changes in the site's folder: save, restore, import, delete, add a picture."""

from dataclasses import asdict

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge, UnprocessableEntity

from kiosk.design_parcel import MOST_BYTES as MOST_PARCEL
from kiosk.design_parcel import is_parcel
from kiosk.design_picture import MOST_BYTES
from kiosk.web.context import Web
from kiosk.web.design_payloads import MOST_SOURCE, DeletePayload, RestorePayload, SavePayload
from kiosk.web.design_request import said, sent_by_page
from kiosk.web.design_text import text_of
from kiosk.web.designs import design_room
from kiosk.web.guards import check_origin
from kiosk.web.problems import json_response
from kiosk.wire import digest_of


def design_keeping_blueprint(web: Web) -> Blueprint:
    """Return the routes that keep something; each answers JSON, and errors as a sentence."""
    keeping = Blueprint("design_keeping", __name__)

    @keeping.post("/labels/<name>/save")
    def save(name: str) -> Response:
        sent = sent_by_page(web, SavePayload)
        return _saved(web, name, sent.source, sent.base)

    @keeping.post("/labels/<name>/restore")
    def restore(name: str) -> Response:
        sent = sent_by_page(web, RestorePayload)
        return _saved(web, name, text_of(design_room(web), name, sent.version), sent.base)

    @keeping.post("/labels/<name>/import")
    def take_in(name: str) -> Response:
        check_origin(request)
        web.tokens.check(request)
        request.max_content_length = MOST_PARCEL
        data = request.get_data(cache=False)
        is_zip = is_parcel(data)
        if len(data) > MOST_SOURCE and not is_zip:
            raise RequestEntityTooLarge(f"A design has at most {MOST_SOURCE // 1024} KiB.")
        try:
            with said():
                source = design_room(web).unpacked(data) if is_zip else data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UnprocessableEntity("This is no design: expected a text in UTF-8.") from error
        return _saved(web, name, source, None if request.args.get("replace") == "1" else "")

    @keeping.post("/labels/<name>/delete")
    def delete(name: str) -> Response:
        sent = sent_by_page(web, DeletePayload)
        room = design_room(web)
        with said():
            room.delete(name, sent.base)
        is_left = any(card.name == name for card in room.cards())
        return json_response({"name": name, "is_packaged": is_left})

    @keeping.post("/labels/<name>/pictures/<file>")
    def keep_picture(name: str, file: str) -> Response:
        del name
        check_origin(request)
        web.tokens.check(request)
        if (request.content_length or 0) > MOST_BYTES:
            raise RequestEntityTooLarge("A picture has at most 2 MB.")
        with said():
            return json_response(asdict(design_room(web).keep_picture(file, request.get_data(cache=False))))

    return keeping


def _saved(web: Web, name: str, source: str, base: str | None) -> Response:
    with said():
        version = design_room(web).save(name, source, base)
    return json_response({"name": name, "version": version.number, "digest": digest_of(source)})
