"""What the design page asks for: draw, arrange, print a test, fetch a sample."""

import base64
from collections.abc import Callable
from dataclasses import asdict
from typing import TypeVar

from flask import Blueprint, Response, request
from pydantic import BaseModel
from werkzeug.exceptions import UnprocessableEntity

from kiosk.model import Json, LabelFields
from kiosk.ports import Draft
from kiosk.web.context import IDEMPOTENCY_HEADER, Web, key_of, station_of
from kiosk.web.design_payloads import (
    ArrangePayload,
    DraftPayload,
    SamplePayload,
    TestPayload,
)
from kiosk.web.design_request import said, sent_by_page
from kiosk.web.designs import design_room
from kiosk.web.problems import json_response
from kiosk.web.scan_text import text_bytes

Payload = TypeVar("Payload", bound=BaseModel)


def design_actions_blueprint(web: Web) -> Blueprint:
    """Return the routes that the design page's scripts use; each answers JSON, and errors as a sentence."""
    actions = Blueprint("design_actions", __name__)

    @actions.post("/labels/<name>/draft")
    def draft(name: str) -> Response:
        sent = sent_by_page(web, DraftPayload)
        made = design_room(web).draft(name, sent.source, sent.target, sent.values)
        return json_response(_draft_json(made, web.screens.tongue().fault))

    @actions.post("/labels/<name>/arrange")
    def arrange(name: str) -> Response:
        del name
        sent = sent_by_page(web, ArrangePayload)
        with said():
            dots = {str(key): count for key, count in sent.dots.items()}
            return json_response(
                {"source": design_room(web).arranged(sent.source, sent.element, sent.target, dots)}
            )

    @actions.post("/labels/<name>/print")
    def print_test(name: str) -> Response:
        sent = sent_by_page(web, TestPayload)
        key = key_of(request.headers.get(IDEMPOTENCY_HEADER))
        with said():
            jobs = design_room(web).print_test(name, sent.source, sent.printer, sent.values, key=key)
        return json_response({"jobs": [job.id for job in jobs]}, status=202)

    @actions.post("/labels/<name>/sample")
    def sample(name: str) -> Response:
        del name
        sent = sent_by_page(web, SamplePayload)
        with said():
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


def _draft_json(draft: Draft, speak: Callable[[str], str]) -> dict[str, Json]:
    return {
        "fault": None if draft.fault is None else {"line": draft.fault.line, "text": speak(draft.fault.text)},
        "png": base64.b64encode(draft.png).decode("ascii"),
        "is_exact": draft.is_exact,
        "width": draft.width,
        "height": draft.height,
        "boxes": [asdict(box) for box in draft.boxes],
        "fields": [asdict(one) for one in draft.fields],
        "tables": [
            {
                "name": one.name,
                "columns": list(one.columns),
                "required": list(one.required),
                "rows": [dict(row) for row in one.rows],
            }
            for one in draft.tables
        ],
    }
