"""The live stream of labels: a program is told how its job or batch goes on, until nothing more happens."""

import json
from collections.abc import Callable, Iterator
from hashlib import sha256

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from kiosk.model import JobState, Json
from kiosk.web.api_json import batch_json, job_json
from kiosk.web.api_queues import print_room
from kiosk.web.changes import PRINTERS, Subscription
from kiosk.web.context import Web
from kiosk.web.live import RETRY_MS, listening, streaming

_PENDING = (JobState.QUEUED, JobState.HELD, JobState.SENDING)
_Look = Callable[[], tuple[dict[str, Json], bool] | None]
"""Gives what there is to tell, and whether nothing more will follow; ``None`` where there is nothing."""


def live_labels_blueprint(web: Web) -> Blueprint:
    """Return the streams of jobs and batches."""
    live = Blueprint("live_labels", __name__)

    @live.get("/events/jobs/<job_id>")
    def job(job_id: str) -> Response:
        def look() -> tuple[dict[str, Json], bool] | None:
            found = web.rooms.jobs.job(job_id)
            return None if found is None else (job_json(found), found.state not in _PENDING)

        return _told(web, "job", look)

    @live.get("/events/batches/<batch_id>")
    def batch(batch_id: str) -> Response:
        room = print_room(web)

        def look() -> tuple[dict[str, Json], bool] | None:
            found = room.batch(batch_id)
            return None if found is None else (batch_json(found), found.tally.is_done)

        return _told(web, "batch", look)

    return live


def _told(web: Web, name: str, look: _Look) -> Response:
    first = look()
    if first is None:
        raise NotFound(f"There is no {'print job' if name == 'job' else name} of that id.")
    content, is_settled = first
    last = request.headers.get("Last-Event-ID", "")
    if is_settled and last == _number(content):
        # A browser asks again when a stream ends; to 204 it does not (HTML, server-sent events, 9.2.3).
        return Response(status=204)
    subscription = listening(web, PRINTERS)
    return streaming(_stream(web, name, look, subscription, last), subscription)


def _stream(web: Web, name: str, look: _Look, subscription: Subscription, last: str) -> Iterator[bytes]:
    yield f"retry: {RETRY_MS}\n\n".encode()
    is_new: bool | None = True
    while is_new is not None:
        found = look() if is_new else None
        if found is not None:
            content, is_settled = found
            number = _number(content)
            if number != last:
                yield _event(name, number, content)
                last = number
            if is_settled:
                yield b"event: settled\ndata:\n\n"
                return
        else:
            yield b": alive\n\n"
        is_new = subscription.wait(web.rooms.changes.heartbeat_s)


def _number(content: dict[str, Json]) -> str:
    """Return what names a state among all others of the same thing."""
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _event(name: str, number: str, content: dict[str, Json]) -> bytes:
    written = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return f"id: {number}\nevent: {name}\ndata: {written}\n\n".encode()
