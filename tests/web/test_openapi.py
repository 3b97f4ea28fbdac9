import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.model import JobState, Json
from kiosk.web.openapi import document
from kiosk.web.payloads import (
    EmptyPayload,
    EventPayload,
    LabelsPayload,
    ReprintPayload,
    ScanPayload,
    SentPayload,
    TakeOverPayload,
    VoidPayload,
    WishPayload,
)
from tests.web.fakes import World, print_job

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def described() -> dict[str, dict[str, dict[str, Json]]]:
    paths = document("1")["paths"]
    assert isinstance(paths, dict)
    return paths


def schemas() -> dict[str, dict[str, Json]]:
    components = document("1")["components"]
    assert isinstance(components, dict)
    found = components["schemas"]
    assert isinstance(found, dict)
    return found


def fits(value: object, schema: dict[str, Json]) -> None:
    """Check a value against the part of JSON Schema that the description uses."""
    if "$ref" in schema:
        fits(value, schemas()[str(schema["$ref"]).rpartition("/")[2]])
        return
    if "oneOf" in schema and value is None:
        assert {"type": "null"} in schema["oneOf"]  # type: ignore[operator]
        return
    if "enum" in schema:
        assert value in schema["enum"]  # type: ignore[operator]
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    if isinstance(schema.get("type"), str) and schema["type"] != "null":
        assert isinstance(value, kinds[str(schema["type"])]), (value, schema)
    if isinstance(value, dict) and "properties" in schema:
        properties = schema["properties"]
        assert isinstance(properties, dict)
        assert set(value) >= set(schema.get("required", ()))  # type: ignore[arg-type]
        if schema.get("additionalProperties") is False:
            assert set(value) <= set(properties)
        for name, item in value.items():
            fits(item, properties[name])
    if isinstance(value, list):
        for item in value:
            fits(item, schema["items"])  # type: ignore[arg-type]


def test_it_describes_just_the_routes_there_are(app: Flask) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) & METHODS
    }
    told = {(path, method.upper()) for path, operations in described().items() for method in operations}
    assert told == routes


def test_every_post_takes_an_idempotency_key_and_says_what_can_go_wrong() -> None:
    for path, operations in described().items():
        if "post" not in operations:
            continue
        parameters = operations["post"]["parameters"]
        assert {"$ref": "#/components/parameters/IdempotencyKey"} in parameters, path  # type: ignore[operator]
        answers = operations["post"]["responses"]
        assert isinstance(answers, dict)
        assert {"202", "400", "401", "403", "415", "422", "429", "503"} <= set(answers), path


def test_every_name_in_a_path_is_described() -> None:
    for path, operations in described().items():
        for operation in operations.values():
            parameters = [p for p in operation["parameters"] if isinstance(p, dict)]  # type: ignore[union-attr]
            assert {p["name"] for p in parameters if p.get("in") == "path"} == set(
                re.findall(r"{(\w+)}", path)
            )


def test_every_reference_leads_somewhere() -> None:
    referred = set(re.findall(r"#/components/schemas/(\w+)", str(document("1"))))
    assert referred == set(schemas())


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("Scan", ScanPayload),
        ("Event", EventPayload),
        ("Labels", LabelsPayload),
        ("Wish", WishPayload),
        ("Reprint", ReprintPayload),
        ("Void", VoidPayload),
        ("TakeOver", TakeOverPayload),
        ("Nothing", EmptyPayload),
    ],
)
def test_bodies_are_described_as_they_are_checked(name: str, payload: type[SentPayload]) -> None:
    checked = payload.model_json_schema()
    told = schemas()[name]
    assert isinstance(told["properties"], dict)
    assert set(told["properties"]) == set(checked["properties"])
    assert set(told["required"]) == set(checked.get("required", ()))  # type: ignore[arg-type]


def test_answers_fit_their_description(kiosk: World, client: FlaskClient) -> None:
    kiosk.jobs.add(*(print_job(number, state) for number, state in enumerate(JobState)))
    asked = {
        "/api/v1/stations/dock-1": "Station",
        f"/api/v1/jobs/{1:032x}": "Job",
        "/api/v1/printers": "Printers",
        "/api/v1/queues": "Queues",
        "/api/v1/batches/b1": "Batch",
        "/api/v1/jobs/none": "Problem",
    }
    for path, name in asked.items():
        fits(client.get(path).get_json(), schemas()[name])
    scan = client.post("/api/v1/scans", json={"station": "dock-1", "text": "PO-10007"})
    fits(scan.get_json(), schemas()["Taken"])
    labels = client.post("/api/v1/labels", json={"label": "part", "fields": {}, "station": "dock-1"})
    fits(labels.get_json(), schemas()["Ordered"])
    faulty = client.post("/api/v1/labels", json={"labels": [{"label": "none", "fields": {}}]})
    fits(faulty.get_json(), schemas()["Problem"])
    fits(client.post("/api/v1/labels", json={"labels": []}).get_json(), schemas()["Problem"])
    for path, body, name in (
        ("printers/dock-zebra/pause", {}, "Queue"),
        ("printers/dock-zebra/take-over", {"to": "spare-zebra"}, "Moved"),
        ("batches/b1/cancel", {}, "Batch"),
        (f"jobs/{1:032x}/void", {"reason": "lost"}, "Job"),
        (f"jobs/{1:032x}/reprint", {"reason": "lost"}, "Jobs"),
    ):
        fits(client.post(f"/api/v1/{path}", json=body).get_json(), schemas()[name])


def test_it_is_served(client: FlaskClient) -> None:
    assert client.get("/api/openapi.json").get_json() == document("1.2.3")
