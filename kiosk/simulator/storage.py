"""The storage behind signed addresses: what Amazon S3 is to ION."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from xml.sax.saxutils import escape  # writes, reads none  # nosec B406

from flask import Blueprint, Response, request

from kiosk.simulator.endpoint import fail_before, gateway_page
from kiosk.simulator.faults import Fault, Faults
from kiosk.simulator.ion import Ion
from kiosk.simulator.rules.files import object_at, store
from kiosk.simulator.signing import BadAddressError
from kiosk.simulator.wire import cut_short, hang_up, in_pieces

__all__ = ["storage_routes"]

_MAX_FILE: Final = 64 * 1024 * 1024


def storage_routes(ion: Ion, faults: Faults, wait: Callable[[float], object]) -> Blueprint:
    """Return ``PUT`` and ``GET /storage/<key>``."""
    routes = Blueprint("storage", __name__)
    storage = _Storage(ion)

    @routes.errorhandler(BadAddressError)
    def refused(error: BadAddressError) -> Response:
        return _error(HTTPStatus.FORBIDDEN, error.code, error.message)

    @routes.route("/<path:s3_key>", methods=["PUT", "GET"])
    def serve(s3_key: str) -> Response:
        connection = request.environ["werkzeug.socket"]
        if faults.offline:
            return hang_up(connection, reset=False)
        is_upload = request.method == "PUT"
        fault = faults.take(frozenset({"upload" if is_upload else "download"}))
        early = None if fault is None else fail_before(fault, connection)
        if early is not None:
            return early
        response = storage.take(s3_key) if is_upload else storage.give(s3_key)
        return response if fault is None else _fail_after(fault, response, wait)

    return routes


class _Storage:
    """Takes and gives objects, each address of an upload once."""

    def __init__(self, ion: Ion) -> None:
        self._ion = ion
        self._used: set[str] = set()

    def take(self, s3_key: str) -> Response:
        ion, content_type = self._ion, request.headers.get("Content-Type", "")
        with ion.lock:
            signature = ion.signer("").check("PUT", s3_key, request.args, content_type)
            if signature in self._used:
                raise BadAddressError("AccessDenied", "The address was used already")
            self._used.add(signature)
        request.max_content_length = _MAX_FILE
        content = request.get_data()
        with ion.lock, ion.world.transaction():
            stored = store(ion.world, s3_key, content_type, content)
            what = {"s3Key": s3_key, "contentType": content_type, "size": len(content)}
            ion.world.record("upload", what | {"etag": stored.s3_etag})
        return Response(status=HTTPStatus.OK, headers={"ETag": f'"{stored.s3_etag}"'})

    def give(self, s3_key: str) -> Response:
        ion = self._ion
        with ion.lock:
            ion.signer("").check("GET", s3_key, request.args, "")
            stored = object_at(ion.world, s3_key)
        if stored is None:
            return _error(HTTPStatus.NOT_FOUND, "NoSuchKey", "The specified key does not exist.")
        headers = {
            "ETag": f'"{stored.s3_etag}"',
            # Whatever was uploaded is never run as a page of the simulator's own.
            "Content-Disposition": "attachment",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(stored.content, content_type=stored.content_type, headers=headers)


def _fail_after(fault: Fault, response: Response, wait: Callable[[float], object]) -> Response:
    if fault.kind == "reset_after":
        return hang_up(request.environ["werkzeug.socket"], reset=True)
    if fault.kind == "status_after":
        return gateway_page(fault.status)
    if fault.kind == "delay":
        wait(fault.seconds)
    if fault.kind == "slow_body":
        return in_pieces(response, fault.seconds, wait)
    return cut_short(response) if fault.kind == "truncate" else response


def _error(status: HTTPStatus, code: str, message: str) -> Response:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    )
    return Response(body, status=status, content_type="application/xml")
