"""The HTTP API for programs, under ``/api/v1``."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Response, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, NotFound

from kiosk.errors import LabelError
from kiosk.model import Print
from kiosk.ports import Receipt, StationRoom
from kiosk.web.api_json import job_json, printers_json, receipt_json, view_json
from kiosk.web.context import IDEMPOTENCY_HEADER, Web, key_of, station_of
from kiosk.web.guards import check_origin
from kiosk.web.openapi import document
from kiosk.web.payloads import EventPayload, LabelPayload, ScanPayload, invalid, read_payload
from kiosk.web.problems import Problem, json_response
from kiosk.web.scan_text import base64_bytes, text_bytes

Payload = TypeVar("Payload", bound=BaseModel)


def api_blueprint(web: Web) -> Blueprint:
    """Return the routes that programs use."""
    api = Blueprint("api", __name__)

    @api.before_request
    def same_origin() -> None:
        if request.method == "POST":
            check_origin(request)

    @api.post("/api/v1/scans")
    def scans() -> Response:
        payload, key = _sent(ScanPayload)
        room = station_of(web, payload.station)
        data = text_bytes(payload.text) if payload.text else base64_bytes(payload.data_base64 or "")
        return _taken(room, room.scan(data, scanner="api", key=key))

    @api.get("/api/v1/stations/<name>")
    def station(name: str) -> Response:
        return json_response(view_json(station_of(web, name).view()))

    @api.post("/api/v1/stations/<name>/events")
    def events(name: str) -> Response:
        room = station_of(web, name)
        payload, key = _sent(EventPayload)
        receipt = room.press(payload.action, payload.given, revision=payload.revision, key=key)
        if receipt.is_stale:
            raise Problem(
                409,
                "Stale revision",
                "The screen changed since that revision; nothing was done.",
                view=view_json(room.view()),
            )
        return _taken(room, receipt)

    @api.post("/api/v1/labels")
    def labels() -> Response:
        payload, key = _sent(LabelPayload)
        name = _printing_station(web, payload.station, payload.printer)
        label = Print(payload.label, payload.fields, subject=f"label/{payload.label}", copies=payload.copies)
        try:
            jobs = web.rooms.print_labels(label, name, key)
        except LabelError as error:
            raise Problem(422, "Label cannot be made", str(error)) from error
        return json_response({"jobs": [job.id for job in jobs]}, status=202)

    @api.get("/api/v1/jobs/<job_id>")
    def job(job_id: str) -> Response:
        found = web.rooms.jobs.job(job_id)
        if found is None:
            raise NotFound("There is no print job of that id.")
        return json_response(job_json(found))

    @api.get("/api/v1/printers")
    def printers() -> Response:
        return json_response(printers_json(web.rooms.devices, tuple(web.rooms.stations)))

    @api.get("/api/openapi.json")
    def openapi() -> Response:
        return json_response(document(web.rooms.version))

    return api


def _sent(kind: type[Payload]) -> tuple[Payload, str | None]:
    try:
        key = key_of(request.headers.get(IDEMPOTENCY_HEADER))
    except ValueError as error:
        raise BadRequest(str(error)) from error
    try:
        return kind.model_validate(read_payload(request)), key
    except ValidationError as error:
        raise invalid(error) from error


def _taken(room: StationRoom, receipt: Receipt) -> Response:
    return json_response({"receipt": receipt_json(receipt), "view": view_json(room.view())}, status=202)


def _printing_station(web: Web, station: str | None, printer: str | None) -> str:
    """Return the station that prints on that printer."""
    printer_of: Callable[[str], str] = web.rooms.labels.printer_of
    if station is not None:
        station_of(web, station)
    names = [station] if station is not None else list(web.rooms.stations)
    fitting = [name for name in names if printer is None or printer_of(name) == printer]
    if not fitting:
        raise Problem(422, "No such printer", "No station named in the request prints on that printer.")
    if printer is None and len(fitting) > 1:
        raise Problem(422, "Which printer?", "There are several stations: name a station or a printer.")
    return fitting[0]
