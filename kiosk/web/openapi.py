"""The API's own description (OpenAPI 3.1), written by hand and tested against the routes."""

from typing import Final

from kiosk.model import MOST_PRIORITY, BatchState, JobState, Json, Level, Reason, Role
from kiosk.web.payloads import MOST_LABELS, MOST_PRINTS


def document(version: str) -> dict[str, Json]:
    """Return the description as JSON."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ION Kiosk",
            "version": version,
            "description": "Scans, buttons, labels and print jobs. Errors are problem details (RFC 9457).",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "parameters": {"IdempotencyKey": _IDEMPOTENCY_KEY},
            "securitySchemes": {"ApiKey": _API_KEY},
        },
    }


_API_KEY: Json = {
    "type": "http",
    "scheme": "bearer",
    "description": (
        "A key of `kiosk key add`. Other machines need one, the kiosk's own where web.api_keys is true."
    ),
}
_IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A request sent again under the same key is answered again and does nothing twice.",
    "schema": {"type": "string", "maxLength": 200},
}


def _paths() -> dict[str, Json]:
    return {
        "/api/v1/scans": {
            "post": _post(
                "Hand over a scan", "Scan", ("Taken", "Taken; committed before the answer"), 404, 413, 422
            )
        },
        "/api/v1/stations/{name}": {
            "get": _get("What a station shows", "Station", 404, parameter="name"),
        },
        "/api/v1/stations/{name}/events": {
            "post": _post(
                "Press a button",
                "Event",
                ("Taken", "Taken; committed before the answer"),
                404,
                409,
                422,
                parameter="name",
            )
        },
        "/api/v1/labels": {
            "post": _post(
                "Print one label or many; all of them are queued, or none",
                "Labels",
                ("Ordered", "Queued; on disk before the answer"),
                413,
                422,
                424,
            )
        },
        "/api/v1/jobs/{job_id}": {"get": _get("A print job", "Job", 404, parameter="job_id")},
        **_job_paths(),
        **_queue_paths(),
        "/api/v1/printers": {"get": _get("All printers", "Printers")},
        "/api/openapi.json": {"get": _get("This description", None)},
    }


def _job_paths() -> dict[str, Json]:
    again = "Print what was sent for a job again, byte for byte; a label of one thing needs a role"
    errors = (404, 409, 422)
    return {
        "/api/v1/jobs/{job_id}/reprint": {
            "post": _post(again, "Reprint", ("Jobs", "Queued"), *errors, parameter="job_id")
        },
        "/api/v1/jobs/{job_id}/void": {
            "post": _post("Let a label not count", "Void", ("Job", "Voided"), *errors, parameter="job_id")
        },
    }


def _queue_paths() -> dict[str, Json]:
    batch = "/api/v1/batches/{batch_id}"
    turns = {
        "pause": "Hold what is not sent of a batch",
        "go-on": "Let a paused batch go on",
        "hurry": "Let a batch go before others",
        "cancel": "Print no more of a batch; what is out stays",
    }
    printer = "/api/v1/printers/{printer}"
    return {
        "/api/v1/queues": {"get": _get("Every printer with its queue", "Queues")},
        f"{printer}/pause": {
            "post": _post(
                "Send a printer nothing more", "Nothing", ("Queue", "Paused"), 404, 422, parameter="printer"
            )
        },
        f"{printer}/go-on": {
            "post": _post(
                "Let a printer go on", "Nothing", ("Queue", "Going on"), 404, 422, parameter="printer"
            )
        },
        f"{printer}/take-over": {
            "post": _post(
                "Let another printer of the same kind print what waits for this one",
                "TakeOver",
                ("Moved", "Moved; what was sent or may have come out is not"),
                409,
                422,
                parameter="printer",
            )
        },
        batch: {"get": _get("Labels that were asked for together", "Batch", 404, parameter="batch_id")},
        **{
            f"{batch}/{turn}": {
                "post": _post(summary, "Nothing", ("Batch", "Done"), 404, 409, 422, parameter="batch_id")
            }
            for turn, summary in turns.items()
        },
    }


def _post(
    summary: str, body: str, answer: tuple[str, str], *errors: int, parameter: str | None = None
) -> Json:
    schema, description = answer
    return {
        "summary": summary,
        "security": [{"ApiKey": []}, {}],
        "parameters": [{"$ref": "#/components/parameters/IdempotencyKey"}, *_parameters(parameter)],
        "requestBody": {"required": True, "content": _content(_ref(body))},
        "responses": {
            "202": {"description": description, "content": _content(_ref(schema))},
            **_errors(400, 401, 403, 415, 429, 503, *errors),
        },
    }


def _get(summary: str, schema: str | None, *errors: int, parameter: str | None = None) -> Json:
    return {
        "summary": summary,
        "parameters": _parameters(parameter),
        "responses": {
            "200": {
                "description": summary,
                "content": _content(_ref(schema) if schema else {"type": "object"}),
            },
            **_errors(*errors),
        },
    }


def _parameters(name: str | None) -> list[Json]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}}] if name else []


def _errors(*statuses: int) -> dict[str, Json]:
    content: Json = {"application/problem+json": {"schema": _ref("Problem")}}
    return {
        str(status): {"description": _ERRORS[status], "content": content} for status in sorted(set(statuses))
    }


_ERRORS = {
    400: "Not readable",
    401: "The API key is missing or opens nothing",
    403: "Not in the scope of the API key, which is named; or made by a page of another site",
    404: "No such station, job, batch or printer",
    409: "Nothing was done: the detail says why",
    413: "Larger than 2 MiB",
    415: "Not sent as application/json",
    422: "Does not fit this description, a label cannot be made, or the idempotency key was used before",
    424: "ION refuses to answer about a subject; nothing was queued",
    429: "The API key is used more often than it is for; Retry-After says when again",
    503: "The journal cannot be written, or ION not be asked about what is not remembered; nothing was taken",
}


def _content(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required: str, **properties: Json) -> dict[str, Json]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list[Json](required.split()),
        "properties": properties,
    }


_TEXT: Json = {"type": "string"}
_NAME: dict[str, Json] = {"type": "string", "minLength": 1, "maxLength": 64}
_TEXTS: Json = {"type": "array", "items": _TEXT}
_MOMENT: Json = {"type": ["string", "null"], "format": "date-time"}
_AGE: dict[str, Json] = {
    "as_of": {
        "type": ["string", "null"],
        "format": "date-time",
        "description": "When ION gave the oldest of the answers that stand on the labels.",
    },
    "age_s": {
        "type": ["integer", "null"],
        "description": "How old that answer was when the labels were asked for.",
    },
}
_COUNT: Json = {"type": "integer", "minimum": 0}
_COPIES: Json = {"type": "integer", "minimum": 1, "maximum": 999}
_FLAG: Json = {"type": "boolean"}
_ANYTHING: Json = {"type": "object"}
_ROWS: Json = {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "string"}}}
_FIELDS: Json = {
    "type": "object",
    "description": "A text for each field of the label's design, rows of texts for each of its tables.",
    "additionalProperties": {"oneOf": [{"type": "string"}, _ROWS]},
}
_ARGUMENT: Json = {"type": ["string", "integer", "null"]}


def _schemas() -> dict[str, Json]:
    devices: Json = {"type": "array", "items": _ref("Device")}
    message = _object("level text", level={"enum": [level.value for level in Level]}, text=_TEXT)
    operator = _object("name role", name=_TEXT, role={"enum": [role.value for role in Role]})
    return {
        "Scan": {
            **_object("station", station=_TEXT, text=_TEXT, data_base64=_TEXT),
            "oneOf": [{"required": ["text"]}, {"required": ["data_base64"]}],
        },
        "Event": _object(
            "action",
            action={"type": "string", "pattern": "^[A-Z][A-Z0-9_-]{0,31}$"},
            argument=_ARGUMENT,
            value=_ARGUMENT,
            revision=_COUNT,
        ),
        **_label_schemas(),
        **_queue_schemas(),
        "Receipt": _object("id is_repeat is_stale", id=_TEXT, is_repeat=_FLAG, is_stale=_FLAG),
        "Taken": _object("receipt view", receipt=_ref("Receipt"), view=_ref("Station")),
        "Station": _object(
            "screen state message waiting parked scanners printers revision ion jobs operator",
            screen=_TEXT,
            state=_ANYTHING,
            message={"oneOf": [message, {"type": "null"}]},
            waiting=_COUNT,
            parked=_COUNT,
            scanners=devices,
            printers=devices,
            revision=_COUNT,
            ion=_ref("Device"),
            jobs={"type": "array", "items": _ref("Job")},
            operator={"oneOf": [operator, {"type": "null"}]},
        ),
        "Device": _object("name is_ready text", name=_TEXT, is_ready=_FLAG, text=_TEXT),
        "Jobs": _object("jobs", jobs={"type": "array", "items": _TEXT}),
        "Job": _job(),
        "Printers": _object("printers", printers={"type": "array", "items": _printer()}),
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": _TEXT,
                "title": _TEXT,
                "status": {"type": "integer"},
                "detail": _TEXT,
                "scope": {"enum": ["labels", "printers", "stations"]},
                "faults": {
                    "type": "array",
                    "items": _object("field expected", field=_TEXT, expected=_TEXT, got=_TEXT),
                },
            },
        },
    }


def _label_schemas() -> dict[str, Json]:
    wish: dict[str, Json] = {
        "label": {**_NAME, "description": "A design; without it the one that fits the subject's kind."},
        "fields": _FIELDS,
        "subject": {
            "type": "string",
            "minLength": 1,
            "maxLength": 4096,
            "description": "Any code, such as ION/RUN/77 or a serial; ION says what stands on the label.",
        },
        "printer": {**_NAME, "description": "Without it the station's, or the only one."},
        "copies": _COPIES,
        "station": {**_NAME, "description": "Which is told of the label, and asked where it is in doubt."},
    }
    many: Json = {"type": "array", "minItems": 1, "maxItems": MOST_LABELS, "items": _ref("Wish")}
    return {
        "Wish": {
            **_object("", **wish),
            "oneOf": [{"required": ["label", "fields"]}, {"required": ["subject"]}],
        },
        "Labels": {
            **_object(
                "",
                **wish,
                labels=many,
                title={"type": "string", "maxLength": 200},
                **_WHY,
                priority={"type": "integer", "minimum": 1, "maximum": MOST_PRIORITY},
            ),
            "description": f"One label, or a list of them; {MOST_PRINTS} at most, all copies counted.",
            "oneOf": [
                {"required": ["label", "fields"]},
                {"required": ["subject"]},
                {"required": ["labels"]},
            ],
        },
        "Ordered": _object(
            "batch batch_url events_url jobs job_urls as_of age_s",
            **dict.fromkeys(("batch", "batch_url", "events_url"), _TEXT),
            jobs=_TEXTS,
            job_urls=_TEXTS,
            **_AGE,
        ),
    }


_WHY: Final[dict[str, Json]] = {
    "reason": {"enum": [one.value for one in Reason if one is not Reason.CANCELED]},
    "note": {"type": "string", "maxLength": 200},
}


def _queue_schemas() -> dict[str, Json]:
    nobody: Json = {"type": "null"}
    jobs: Json = {"type": "array", "items": _ref("Job")}
    names: Json = {"type": "array", "items": _TEXT}
    counts = "priority issued confirmed voided unknown sending waiting"
    texts = "id station title by reason note"
    return {
        "Nothing": _object(""),
        "TakeOver": _object("to", to=_TEXT),
        "Moved": _object("moved", moved=_COUNT),
        "Void": _object("reason", **_WHY),
        "Reprint": _object("reason", copies=_COPIES, **_WHY),
        "Batch": _object(
            f"{texts} {counts} state is_done created_at as_of age_s",
            **dict.fromkeys(texts.split(), _TEXT),
            **dict.fromkeys(counts.split(), _COUNT),
            state={"enum": [state.value for state in BatchState]},
            is_done=_FLAG,
            **_AGE,
            created_at={"type": "string", "format": "date-time"},
        ),
        "Queues": _object("queues", queues={"type": "array", "items": _ref("Queue")}),
        "Queue": _object(
            "printer since is_paused made_for stations waiting in_flight batches asked takers",
            printer=_ref("Device"),
            since=_MOMENT,
            is_paused=_FLAG,
            made_for=_TEXT,
            stations=names,
            waiting=_COUNT,
            in_flight={"oneOf": [_ref("Job"), nobody]},
            batches={"type": "array", "items": _ref("Batch")},
            asked=jobs,
            takers=names,
        ),
    }


def _printer() -> Json:
    return _object(
        "name is_ready text since is_paused made_for waiting stations",
        **dict.fromkeys(("name", "text", "made_for"), _TEXT),
        **dict.fromkeys(("is_ready", "is_paused"), _FLAG),
        since=_MOMENT,
        waiting=_COUNT,
        stations=_TEXTS,
    )


def _job() -> Json:
    texts = "id station printer label subject encoded error picture batch reprint_of moved_from"
    properties: dict[str, Json] = dict.fromkeys(texts.split(), _TEXT)
    return _object(
        f"{texts} fields copy copies edition state created_at",
        **properties,
        fields=_FIELDS,
        copy=_COUNT,
        copies=_COUNT,
        edition=_COUNT,
        state={"enum": [state.value for state in JobState]},
        created_at={"type": "string", "format": "date-time"},
    )
