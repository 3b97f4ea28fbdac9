"""The HTTP API for programs: queues, batches, and what became of labels."""

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from kiosk.errors import PrintRefused
from kiosk.model import Batch, PrintJob
from kiosk.ports import Asker, PrintRoom
from kiosk.web.api_access import caller
from kiosk.web.api_json import batch_json, job_json, queue_json
from kiosk.web.context import Web
from kiosk.web.payloads import EmptyPayload, ReprintPayload, TakeOverPayload, VoidPayload, read_sent
from kiosk.web.problems import Problem, json_response

_BATCH: Final = "/api/v1/batches/<batch_id>"
_Result = TypeVar("_Result")


def queues_blueprint(web: Web) -> Blueprint:
    """Return the routes by which programs look after labels."""
    queues = Blueprint("queues", __name__)
    _printer_routes(queues, web)
    _batch_routes(queues, web)
    _job_routes(queues, web)
    return queues


def print_room(web: Web) -> PrintRoom:
    """Return where labels are looked after.

    Raises:
        NotFound: nowhere in this kiosk.
    """
    if web.rooms.prints is None:
        raise NotFound("Labels are not looked after here.")
    return web.rooms.prints


def _printer_routes(queues: Blueprint, web: Web) -> None:
    @queues.get("/api/v1/queues")
    def all_queues() -> Response:
        return json_response({"queues": [queue_json(queue) for queue in print_room(web).queues()]})

    @queues.post("/api/v1/printers/<printer>/pause")
    def hold(printer: str) -> Response:
        return _held(print_room(web), printer, is_held=True)

    @queues.post("/api/v1/printers/<printer>/go-on")
    def release(printer: str) -> Response:
        return _held(print_room(web), printer, is_held=False)

    @queues.post("/api/v1/printers/<printer>/take-over")
    def take_over(printer: str) -> Response:
        payload, _ = read_sent(request, TakeOverPayload)
        room = print_room(web)
        for one in (printer, payload.to):
            caller().check(printer=one)
        moved = _allowed(lambda: room.take_over(printer, payload.to, caller().asker(room)))
        return json_response({"moved": moved}, status=202)


def _batch_routes(queues: Blueprint, web: Web) -> None:
    @queues.get(_BATCH)
    def batch(batch_id: str) -> Response:
        return _shown(print_room(web).batch(batch_id))

    @queues.post(f"{_BATCH}/pause")
    def pause(batch_id: str) -> Response:
        return _turned(web, print_room(web).pause, batch_id)

    @queues.post(f"{_BATCH}/go-on")
    def go_on(batch_id: str) -> Response:
        return _turned(web, print_room(web).go_on, batch_id)

    @queues.post(f"{_BATCH}/hurry")
    def hurry(batch_id: str) -> Response:
        return _turned(web, print_room(web).hurry, batch_id)

    @queues.post(f"{_BATCH}/cancel")
    def cancel(batch_id: str) -> Response:
        return _turned(web, print_room(web).cancel, batch_id)


def _job_routes(queues: Blueprint, web: Web) -> None:
    @queues.post("/api/v1/jobs/<job_id>/reprint")
    def reprint(job_id: str) -> Response:
        payload, key = read_sent(request, ReprintPayload)
        room = print_room(web)
        caller().check_job(room.job(job_id))
        jobs = _allowed(lambda: room.reprint(job_id, payload.copies, payload.why, caller().asker(room), key))
        _known(next(iter(jobs), None))
        return json_response({"jobs": [job.id for job in jobs]}, status=202)

    @queues.post("/api/v1/jobs/<job_id>/void")
    def void(job_id: str) -> Response:
        payload, _ = read_sent(request, VoidPayload)
        room = print_room(web)
        caller().check_job(room.job(job_id))
        job = _known(_allowed(lambda: room.void(job_id, payload.why, caller().asker(room))))
        return json_response(job_json(job), status=202)


def _allowed(act: Callable[[], _Result]) -> _Result:
    """Return what an act gives; what is refused is a problem that says why."""
    try:
        return act()
    except PrintRefused as error:
        raise Problem(409, "Not done", str(error)) from error


def _known(job: PrintJob | None) -> PrintJob:
    if job is None:
        raise NotFound("There is no print job of that id.")
    return job


def _held(room: PrintRoom, printer: str, *, is_held: bool) -> Response:
    read_sent(request, EmptyPayload)
    caller().check(printer=printer)
    if all(queue.printer.name != printer for queue in room.queues()):
        raise NotFound("There is no printer of that name.")
    (room.hold if is_held else room.release)(printer, caller().asker(room))
    found = next(queue for queue in room.queues() if queue.printer.name == printer)
    return json_response(queue_json(found), status=202)


def _turned(web: Web, turn: Callable[[str, Asker], Batch | None], batch_id: str) -> Response:
    read_sent(request, EmptyPayload)
    room, scope = print_room(web), caller().scope
    if scope is not None:
        for label, printer in web.rooms.service.uses(batch_id):
            scope.check(label=label, printer=printer)
    turned = turn(batch_id, caller().asker(room))
    if turned is None and room.batch(batch_id) is not None:
        raise Problem(409, "Batch canceled", "This batch was canceled, and does not go on.")
    return _shown(turned, status=202)


def _shown(batch: Batch | None, *, status: int = 200) -> Response:
    if batch is None:
        raise NotFound("There is no batch of that id.")
    return json_response(batch_json(batch), status=status)
