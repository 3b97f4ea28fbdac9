"""The HTTP API for programs: labels, print jobs, printers."""

import math

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from kiosk.errors import (
    IonBusy,
    IonError,
    IonUnknown,
    IonUnreachable,
    KeyReused,
    OrderRefused,
)
from kiosk.model import Json
from kiosk.ports import LabelOrder
from kiosk.web.api_access import caller
from kiosk.web.api_json import job_json, ordered_json, printer_json
from kiosk.web.api_queues import print_room
from kiosk.web.context import Web
from kiosk.web.payloads import LabelsPayload, read_sent
from kiosk.web.problems import Problem, json_response

_AGAIN_S = 5


def labels_blueprint(web: Web) -> Blueprint:
    """Return the routes by which programs print."""
    labels = Blueprint("labels", __name__)

    @labels.post("/api/v1/labels")
    def print_labels() -> Response:
        payload, key = read_sent(request, LabelsPayload)
        who = caller()
        order = LabelOrder(
            payload.wishes,
            key=key,
            client=who.client,
            by=who.by,
            title=payload.title,
            priority=payload.priority,
            scope=who.scope,
            asker=who.asker(print_room(web)),
            why=payload.why,
        )
        try:
            ordered = web.rooms.service.order(order)
        except OrderRefused as error:
            raise _not_made(error, is_list=payload.labels is not None) from error
        except KeyReused as error:
            raise Problem(422, "Idempotency key used before", str(error)) from error
        except IonError as error:
            raise _not_asked(error) from error
        answer = json_response(ordered_json(ordered), status=202)
        answer.headers["Location"] = f"/api/v1/batches/{ordered.batch.id}"
        answer.headers["Idempotent-Replayed"] = "true" if ordered.is_repeat else "false"
        return answer

    @labels.get("/api/v1/jobs/<job_id>")
    def job(job_id: str) -> Response:
        found = web.rooms.jobs.job(job_id)
        if found is None:
            raise NotFound("There is no print job of that id.")
        return json_response(job_json(found))

    @labels.get("/api/v1/printers")
    def printers() -> Response:
        queues = sorted(print_room(web).queues(), key=lambda queue: queue.printer.name)
        return json_response({"printers": [printer_json(queue) for queue in queues]})

    return labels


def _not_made(error: OrderRefused, *, is_list: bool) -> Problem:
    faults: list[Json] = [
        {"field": f"labels.{number}.{part}" if is_list else part, "expected": text}
        for number, part, text in error.faults
    ]
    count = len(error.faults)
    detail = error.faults[0][2] if count == 1 else f"{count} of the labels cannot be made; none was queued."
    return Problem(422, "Label cannot be made", detail, faults=faults)


def _not_asked(error: IonError) -> Problem:
    """Tell a program that a subject is not known because of ION."""
    if isinstance(error, IonUnreachable | IonBusy | IonUnknown):
        asked_s = error.retry_after_s if isinstance(error, IonBusy) else None
        return Problem(
            503,
            "ION does not answer",
            "ION cannot be asked about a subject, and the kiosk remembers nothing of it. Nothing was queued.",
            headers={"Retry-After": str(math.ceil(asked_s or _AGAIN_S))},
        )
    return Problem(
        424, "ION refuses", f"ION did not answer about a subject: {error.words}. Nothing was queued."
    )
