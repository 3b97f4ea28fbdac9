"""Work through a run: start each step, fill its fields, complete it.

Written as a user of ION would: httpx, Bearer token, every call with the etag of the answer before.
"""

import os
import sys
from typing import Any

import httpx

ANSWERS = {
    "STRING": "n/a",
    "NUMBER": 6.2,
    "BOOLEAN": True,
    "SIGNOFF": True,
    "DATETIME": "2026-04-20T10:00:00Z",
}

token = httpx.post(
    os.environ["ION_TOKEN_URL"],
    data={
        "grant_type": "client_credentials",
        "client_id": os.environ["ION_CLIENT_ID"],
        "client_secret": os.environ["ION_CLIENT_SECRET"],
    },
)
if token.status_code == 400:
    sys.exit("Authentication failed")
client = httpx.Client(headers={"Authorization": f"Bearer {token.json()['access_token']}"}, timeout=30)


def call(query: str, **variables: object) -> Any:  # noqa: ANN401
    answer = client.post(
        f"{os.environ['ION_API_URL']}/graphql", json={"query": query, "variables": variables}
    )
    answer.raise_for_status()
    body = answer.json()
    if body.get("errors"):
        raise RuntimeError(body["errors"])
    return body["data"]


def move(step: Any, status: str) -> Any:  # noqa: ANN401
    document = """mutation UpdateRunStep($input: UpdateRunStepInput!) {
        updateRunStep(input: $input) { runStep { id status title _etag content } } }"""
    given = {"id": step["id"], "status": status, "etag": step["_etag"]}
    return call(document, input=given)["updateRunStep"]["runStep"]


run = call(
    """query GetRun($id: ID!) { run(id: $id) { id steps { id title position status _etag
        fields { id name value type options _etag } } } }""",
    id=sys.argv[1],
)["run"]
for step in sorted(run["steps"], key=lambda each: each["position"]):
    current = step
    if step["status"] == "COMPLETE":
        print(step["title"], step["status"])  # noqa: T201
        continue
    if step["status"] == "TODO":
        current = move(step, "IN_PROGRESS")
    for field in step["fields"]:
        if field["value"] is None:
            value = field["options"][0] if field["type"] == "SELECT" else ANSWERS[field["type"]]
            call(
                """mutation UpdateRunStepFieldValue($input: UpdateRunStepFieldValueInput!) {
                    updateRunStepFieldValue(input: $input) { runStepField { id name type value _etag } } }""",
                input={"id": field["id"], "value": value, "etag": field["_etag"]},
            )
    current = move(current, "COMPLETE")
    print(current["title"], current["status"])  # noqa: T201
