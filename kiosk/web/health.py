"""``/healthz``: whether the kiosk answers, and what of it is not well. ``/metrics``: the same as numbers."""

from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import Forbidden, NotFound

from kiosk.errors import KioskError
from kiosk.model import Json
from kiosk.web.api_access import is_remote
from kiosk.web.context import Web
from kiosk.web.problems import json_response

_PASSED_ON: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
"""What a proxy says of whom it asks for: then this machine's address is the proxy's, and not the asker's."""
_PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"


def health_blueprint(web: Web) -> Blueprint:
    """Return the health routes."""
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def healthz() -> Response:
        stations: dict[str, Json] = {}
        for name, room in web.rooms.stations.items():
            try:
                view = room.view()
            except KioskError:
                stations[name] = {"is_ready": False}
            else:
                stations[name] = {"is_ready": True, "waiting": view.waiting, "parked": view.parked}
        is_well = all(isinstance(state, dict) and state["is_ready"] for state in stations.values())
        ion, journal = web.rooms.devices.ion(), web.rooms.devices.journal()
        body: Json = {
            "status": "ok" if is_well else "failing",
            "version": web.rooms.version,
            "at": web.rooms.clock().isoformat(),
            "ion": {"is_ready": ion.is_ready, "text": ion.text},
            "journal": {"is_ready": journal.is_ready, "text": journal.text},
            "stations": stations,
            "streams": web.rooms.changes.streams,
        }
        return json_response(body, status=200 if is_well else 503)

    @health.get("/metrics")
    def metrics() -> Response:
        is_passed_on = any(header in request.headers for header in _PASSED_ON)
        if (is_remote(web) or is_passed_on) and not web.rooms.are_metrics_open:
            raise Forbidden("Only this machine reads its metrics, unless web.metrics says all.")
        if web.rooms.metrics is None:
            raise NotFound("Nothing is counted here.")
        return Response(web.rooms.metrics(), content_type=_PROMETHEUS)

    return health
