"""A photo of a barcode as a scan: for phones, and for desks without a scanner. The photo is not kept."""

import base64
import logging

from flask import Blueprint, Response, request
from werkzeug.exceptions import UnprocessableEntity

from kiosk.errors import ScanError
from kiosk.photo import SeenCode, read_photo
from kiosk.web.context import IDEMPOTENCY_HEADER, Web, html_response, key_of, station_of
from kiosk.web.guards import check_origin
from kiosk.web.problems import json_response

MOST_PHOTO_BYTES = 12 * 1024 * 1024
_NO_CODE = "No barcode was found in the photo. Go nearer, hold still, and see that nothing shines on it."
_NO_PHOTO = "This is no photo that can be read. Expected JPEG, PNG or WebP of 64 megapixels or less."
_log = logging.getLogger(__name__)


def photo_blueprint(web: Web) -> Blueprint:
    """Return the route that takes a picture as its body.

    One barcode in it is a scan and answers the new frame; several are answered as JSON, to choose from.
    """
    photo = Blueprint("photo", __name__)

    @photo.post("/station/<name>/photo")
    def read(name: str) -> Response:
        check_origin(request)
        web.tokens.check(request)
        room, key = station_of(web, name), key_of(request.headers.get(IDEMPOTENCY_HEADER))
        request.max_content_length = MOST_PHOTO_BYTES
        try:
            codes = read_photo(request.get_data(cache=False))
        except ScanError as error:
            _log.info("photo at %s: %s", name, error)
            raise UnprocessableEntity(_NO_PHOTO) from error
        if not codes:
            raise UnprocessableEntity(_NO_CODE)
        if len(codes) > 1:
            return json_response({"codes": [_code_json(code) for code in codes]})
        room.scan(codes[0].raw, scanner="page", key=key)
        return html_response(web.screens.fragment(room.view()))

    return photo


def _code_json(code: SeenCode) -> dict[str, str]:
    return {
        "identifier": code.identifier,
        "name": code.name,
        "base64": base64.b64encode(code.data).decode("ascii"),
    }
