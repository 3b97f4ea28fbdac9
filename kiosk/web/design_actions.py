"""What the design page does: draw, arrange, save, restore, import, print a test, fetch a sample."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TypeVar

from flask import Blueprint, Response, request
from pydantic import BaseModel
from werkzeug.exceptions import Conflict, RequestEntityTooLarge, ServiceUnavailable, UnprocessableEntity

from kiosk.errors import DesignChanged, IonError, LabelError
from kiosk.model import Json, LabelFields
from kiosk.ports import Draft
from kiosk.web.context import IDEMPOTENCY_HEADER, Web, key_of, station_of
from kiosk.web.design_payloads import (
    MOST_SOURCE,
    ArrangePayload,
    DraftPayload,
    RestorePayload,
    SamplePayload,
    SavePayload,
    TestPayload,
)
from kiosk.web.design_text import text_of
from kiosk.web.designs import design_room
from kiosk.web.guards import check_origin
from kiosk.web.payloads import read_sent
from kiosk.web.problems import json_response
from kiosk.web.scan_text import text_bytes
from kiosk.wire import digest_of

Payload = TypeVar("Payload", bound=BaseModel)


def design_actions_blueprint(web: Web) -> Blueprint:
    """Return the routes that the design page's scripts use; each answers JSON, and errors as a sentence."""
    actions = Blueprint("design_actions", __name__)

    @actions.post("/labels/<name>/draft")
    def draft(name: str) -> Response:
        sent = _sent(web, DraftPayload)
        return json_response(_draft_json(design_room(web).draft(name, sent.source, sent.target, sent.values)))

    @actions.post("/labels/<name>/arrange")
    def arrange(name: str) -> Response:
        del name
        sent = _sent(web, ArrangePayload)
        with _said():
            dots = {str(key): count for key, count in sent.dots.items()}
            return json_response(
                {"source": design_room(web).arranged(sent.source, sent.element, sent.target, dots)}
            )

    @actions.post("/labels/<name>/save")
    def save(name: str) -> Response:
        sent = _sent(web, SavePayload)
        return _saved(web, name, sent.source, sent.base)

    @actions.post("/labels/<name>/restore")
    def restore(name: str) -> Response:
        sent = _sent(web, RestorePayload)
        return _saved(web, name, text_of(design_room(web), name, sent.version), sent.base)

    @actions.post("/labels/<name>/import")
    def take_in(name: str) -> Response:
        check_origin(request)
        web.tokens.check(request)
        if (request.content_length or 0) > MOST_SOURCE:
            raise RequestEntityTooLarge(f"A design has at most {MOST_SOURCE // 1024} KiB.")
        try:
            source = request.get_data(cache=False).decode("utf-8")
        except UnicodeDecodeError as error:
            raise UnprocessableEntity("This is no design: expected a text in UTF-8.") from error
        return _saved(web, name, source, None if request.args.get("replace") == "1" else "")

    @actions.post("/labels/<name>/print")
    def print_test(name: str) -> Response:
        sent = _sent(web, TestPayload)
        key = key_of(request.headers.get(IDEMPOTENCY_HEADER))
        with _said():
            jobs = design_room(web).print_test(name, sent.source, sent.printer, sent.values, key=key)
        return json_response({"jobs": [job.id for job in jobs]}, status=202)

    @actions.post("/labels/<name>/sample")
    def sample(name: str) -> Response:
        del name
        sent = _sent(web, SamplePayload)
        with _said():
            return json_response({"values": _sample(web, sent)})

    return actions


def _sample(web: Web, sent: SamplePayload) -> dict[str, Json]:
    fields: LabelFields
    if sent.station is not None:
        label = web.rooms.label_shown(station_of(web, sent.station).view())
        if label is None:
            raise UnprocessableEntity("That station's screen is about nothing that has a label.")
        fields = label.fields
    else:
        fields = design_room(web).sample(text_bytes(sent.text or ""))
    return {
        name: value if isinstance(value, str) else [dict(row) for row in value]
        for name, value in fields.items()
    }


def _sent(web: Web, kind: type[Payload]) -> Payload:
    """Return what a page of this kiosk sent.

    Raises:
        Forbidden: no page of this kiosk sent it.
        HTTPException: it does not fit.
    """
    check_origin(request)
    web.tokens.check(request)
    return read_sent(request, kind)[0]


def _saved(web: Web, name: str, source: str, base: str | None) -> Response:
    with _said():
        version = design_room(web).save(name, source, base)
    return json_response({"name": name, "version": version.number, "digest": digest_of(source)})


@contextmanager
def _said() -> Iterator[None]:
    """Turn what went wrong into an answer with its sentence."""
    try:
        yield
    except DesignChanged as error:
        raise Conflict(str(error)) from error
    except LabelError as error:
        raise UnprocessableEntity(str(error)) from error
    except IonError as error:
        raise ServiceUnavailable("ION could not be asked. Type the values instead.") from error


def _draft_json(draft: Draft) -> dict[str, Json]:
    return {
        "fault": None if draft.fault is None else {"line": draft.fault.line, "text": draft.fault.text},
        "png": base64.b64encode(draft.png).decode("ascii"),
        "is_exact": draft.is_exact,
        "width": draft.width,
        "height": draft.height,
        "boxes": [asdict(box) for box in draft.boxes],
        "fields": [asdict(one) for one in draft.fields],
    }
