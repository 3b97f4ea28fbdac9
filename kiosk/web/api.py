"""The HTTP API for programs: scans, stations, buttons."""

from flask import Blueprint, Response, request

from kiosk.ports import Receipt, StationRoom
from kiosk.web.api_access import caller
from kiosk.web.api_json import receipt_json, view_json
from kiosk.web.context import Web, station_of
from kiosk.web.openapi import document
from kiosk.web.payloads import EventPayload, ScanPayload, read_sent
from kiosk.web.problems import Problem, json_response
from kiosk.web.scan_text import base64_bytes, text_bytes


def api_blueprint(web: Web) -> Blueprint:
    """Return the routes that programs use."""
    api = Blueprint("api", __name__)

    @api.post("/api/v1/scans")
    def scans() -> Response:
        payload, key = read_sent(request, ScanPayload)
        room = station_of(web, payload.station)
        caller().check(station=room.name)
        data = base64_bytes(payload.data_base64 or "") if payload.text is None else text_bytes(payload.text)
        return _taken(room, room.scan(data, scanner="api", key=key))

    @api.get("/api/v1/stations/<name>")
    def station(name: str) -> Response:
        return json_response(view_json(station_of(web, name).view()))

    @api.post("/api/v1/stations/<name>/events")
    def events(name: str) -> Response:
        room = station_of(web, name)
        payload, key = read_sent(request, EventPayload)
        caller().check(station=room.name)
        receipt = room.press(payload.action, payload.given, revision=payload.revision, key=key)
        if receipt.is_stale:
            raise Problem(
                409,
                "Stale revision",
                "The screen changed since that revision; nothing was done.",
                view=view_json(room.view()),
            )
        return _taken(room, receipt)

    @api.get("/api/openapi.json")
    def openapi() -> Response:
        return json_response(document(web.rooms.version))

    return api


def _taken(room: StationRoom, receipt: Receipt) -> Response:
    return json_response({"receipt": receipt_json(receipt), "view": view_json(room.view())}, status=202)
