"""The API's own description (OpenAPI 3.1), written by hand and tested against the routes."""

from kiosk.model import BatchState, JobState, Json, Level, Reason, Role


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
        "components": {"schemas": _schemas(), "parameters": {"IdempotencyKey": _IDEMPOTENCY_KEY}},
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
        "/api/v1/labels": {"post": _post("Print labels", "Label", ("Jobs", "Queued"), 404, 422)},
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
        "parameters": [{"$ref": "#/components/parameters/IdempotencyKey"}, *_parameters(parameter)],
        "requestBody": {"required": True, "content": _content(_ref(body))},
        "responses": {
            "202": {"description": description, "content": _content(_ref(schema))},
            **_errors(400, 403, 415, 503, *errors),
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
    403: "Made by a page of another site",
    404: "No such station, job, batch or printer",
    409: "Nothing was done: the detail says why",
    413: "Larger than 2 MiB",
    415: "Not sent as application/json",
    422: "Does not fit this description, or the label cannot be made",
    503: "The journal cannot be written; nothing was taken",
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
        "Label": _object(
            "label fields",
            label=_TEXT,
            fields=_FIELDS,
            printer=_TEXT,
            copies=_COPIES,
            station=_TEXT,
        ),
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
            "properties": {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT},
        },
    }


def _queue_schemas() -> dict[str, Json]:
    reason: Json = {"enum": [one.value for one in Reason if one is not Reason.CANCELED]}
    note: Json = {"type": "string", "maxLength": 200}
    nobody: Json = {"type": "null"}
    jobs: Json = {"type": "array", "items": _ref("Job")}
    names: Json = {"type": "array", "items": _TEXT}
    counts = "priority issued confirmed voided unknown sending waiting"
    texts = "id station title by reason note"
    return {
        "Nothing": _object(""),
        "TakeOver": _object("to", to=_TEXT),
        "Moved": _object("moved", moved=_COUNT),
        "Void": _object("reason", reason=reason, note=note),
        "Reprint": _object("reason", copies=_COPIES, reason=reason, note=note),
        "Batch": _object(
            f"{texts} {counts} state is_done created_at",
            **dict.fromkeys(texts.split(), _TEXT),
            **dict.fromkeys(counts.split(), _COUNT),
            state={"enum": [state.value for state in BatchState]},
            is_done=_FLAG,
            created_at={"type": "string", "format": "date-time"},
        ),
        "Queues": _object("queues", queues={"type": "array", "items": _ref("Queue")}),
        "Queue": _object(
            "printer since is_paused made_for stations waiting in_flight batches asked takers",
            printer=_ref("Device"),
            since={"type": ["string", "null"], "format": "date-time"},
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
    names: Json = {"type": "array", "items": _TEXT}
    return _object("name is_ready text stations", name=_TEXT, is_ready=_FLAG, text=_TEXT, stations=names)


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
