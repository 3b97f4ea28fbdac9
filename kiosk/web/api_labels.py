"""The HTTP API for programs: labels, print jobs, printers."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from kiosk.errors import LabelError
from kiosk.model import Print
from kiosk.web.api_json import job_json, printers_json
from kiosk.web.context import Web, station_of
from kiosk.web.payloads import LabelPayload, read_sent
from kiosk.web.problems import Problem, json_response


def labels_blueprint(web: Web) -> Blueprint:
    """Return the routes by which programs print."""
    labels = Blueprint("labels", __name__)

    @labels.post("/api/v1/labels")
    def print_labels() -> Response:
        payload, key = read_sent(request, LabelPayload)
        name = _printing_station(web, payload.station, payload.printer)
        label = Print(
            payload.label,
            payload.fields,
            subject=f"label/{payload.label}",
            copies=payload.copies,
            printer=payload.printer or "",
        )
        try:
            jobs = web.rooms.print_labels(label, name, key)
        except LabelError as error:
            raise Problem(422, "Label cannot be made", str(error)) from error
        return json_response({"jobs": [job.id for job in jobs]}, status=202)

    @labels.get("/api/v1/jobs/<job_id>")
    def job(job_id: str) -> Response:
        found = web.rooms.jobs.job(job_id)
        if found is None:
            raise NotFound("There is no print job of that id.")
        return json_response(job_json(found))

    @labels.get("/api/v1/printers")
    def printers() -> Response:
        return json_response(printers_json(web.rooms.devices, tuple(web.rooms.stations)))

    return labels


def _printing_station(web: Web, station: str | None, printer: str | None) -> str:
    """Return the station that prints on that printer."""
    if station is not None:
        station_of(web, station)
    names = [station] if station is not None else list(web.rooms.stations)
    fitting = [name for name in names if printer is None or printer in web.rooms.labels.printers_of(name)]
    if not fitting:
        raise Problem(422, "No such printer", "No station named in the request prints on that printer.")
    if printer is None and len(fitting) > 1:
        raise Problem(422, "Which printer?", "There are several stations: name a station or a printer.")
    return fitting[0]
