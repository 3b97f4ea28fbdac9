"""Clients in the ways that people write them, each with nothing of ours but the address and the key."""

import base64
import itertools
import json
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from graphql import build_client_schema, get_introspection_query

from kiosk.simulator.seed import seed_world
from kiosk.simulator.server import IonServer
from kiosk.simulator.world import World
from tests import plain_http

KEY = {"grant_type": "client_credentials", "client_id": "kiosk", "client_secret": "kiosk-secret"}
Json = Any


@pytest.fixture(scope="module")
def server() -> Iterator[IonServer]:
    with IonServer(seed_world(World()), dialect="both") as running:
        yield running


@pytest.fixture
def ion(server: IonServer) -> IonServer:
    """Return the server as it was in the beginning."""
    plain_http.delete(f"{server.base_url}/faults")
    plain_http.post(f"{server.base_url}/reset")
    return server


@pytest.fixture(scope="module")
def api(server: IonServer) -> Iterator[httpx.Client]:
    """Return a session as most scripts make it: one token, one header, one connection."""
    token = plain_http.post(server.token_url, data=KEY).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    with plain_http.Client(headers=headers, base_url=server.base_url, timeout=30) as client:
        yield client


def ask(api: httpx.Client, query: str, **variables: Json) -> Json:
    answer = api.post("/graphql", json={"query": query, "variables": variables}).json()
    assert "errors" not in answer, answer
    return answer["data"]


def ledger(ion: IonServer) -> list[str]:
    return [effect["operation"] for effect in plain_http.get(f"{ion.base_url}/ledger").json()]


# --- signing in


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "Token ", "TOKEN ", ""])
@pytest.mark.parametrize("place", ["/realms", "/auth/realms"])
def test_every_way_to_show_a_token(ion: IonServer, scheme: str, place: str) -> None:
    url = f"{ion.base_url}{place}/api-keys/protocol/openid-connect/token"
    token = plain_http.post(url, data={**KEY, "audience": ion.base_url}).json()["access_token"]
    answer = plain_http.post(
        ion.url, json={"query": "{ me { id } }"}, headers={"authorization": scheme + token}
    )
    assert answer.json() == {"data": {"me": {"id": 40}}}


def test_an_oauth_library_sends_the_key_as_basic(ion: IonServer) -> None:
    basic = base64.b64encode(b"kiosk:kiosk-secret").decode()
    request = urllib.request.Request(  # noqa: S310  our own server
        ion.token_url, b"grant_type=client_credentials", {"Authorization": f"Basic {basic}"}
    )
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        assert json.load(response)["token_type"] == "Bearer"


def test_a_token_asked_for_in_json_is_told_what_is_missing(ion: IonServer) -> None:
    answer = plain_http.post(ion.token_url, json=KEY)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_curl(ion: IonServer) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("no curl here")

    def run(*arguments: str) -> Json:
        return json.loads(subprocess.check_output([curl, "-sS", *arguments], timeout=20))

    token = run(
        *("-X", "POST", "--data-urlencode", "grant_type=client_credentials"),
        *("-d", "client_id=kiosk", "-d", "client_secret=kiosk-secret", ion.token_url),
    )["access_token"]
    body = '{"query": "query { me { id name email organization { id domain } } }"}'
    headers = ("-H", f"Authorization: {token}", "-H", "Content-Type: application/json")
    assert run(*headers, "--data-raw", body, ion.url)["data"]["me"]["name"] == "Kiosk Service"
    unnamed = ("-H", f"Authorization: Bearer {token}")
    assert run(*unnamed, "-d", body, f"{ion.url}/")["data"]["me"]["id"] == 40


def test_a_script_signs_in_anew_when_its_token_is_refused(ion: IonServer) -> None:
    def signed_in() -> httpx.Client:
        token = plain_http.post(ion.token_url, data=KEY).json()["access_token"]
        return plain_http.Client(base_url=ion.base_url, headers={"Authorization": token})

    plain_http.post(f"{ion.base_url}/faults", json={"operation": "me", "kind": "expire_token"})
    with signed_in() as first, signed_in() as second:
        refused = first.post("/graphql", json={"query": "{ me { id } }"})
        assert (refused.status_code, refused.json()) == (401, {"errors": [{"message": "Token is expired."}]})
        assert ask(second, "{ me { id } }") == {"me": {"id": 40}}


# --- how a request is put


def test_a_list_of_requests_gets_a_list_of_answers(ion: IonServer, api: httpx.Client) -> None:
    create = "mutation C($input: CreatePartInput!) { createPart(input: $input) { part { partNumber } } }"
    numbers = ["IMP-001", "IMP-002", "BRKT-001", "IMP-003"]
    batch = [
        {"query": create, "variables": {"input": {"partNumber": each, "revision": "A"}}} for each in numbers
    ]
    response = api.post("/graphql", json=batch)
    assert response.status_code == 200
    answers = response.json()
    made = [each["data"]["createPart"]["part"]["partNumber"] for each in answers if "errors" not in each]
    assert made == ["IMP-001", "IMP-002", "IMP-003"]
    assert "already exists" in answers[2]["errors"][0]["message"]
    assert ledger(ion) == ["createPart"] * 3


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        ([], "must be one JSON object, or a list of them"),
        (["{ me { id } }"], "must be one JSON object, or a list of them"),
        ([{"query": "{ me { id } }"}] * 101, "must be one JSON object, or a list of them"),
        ([{"query": "{ me { id } }"}, {"variables": {}}], "must have a query"),
    ],
)
def test_a_list_that_is_none_is_refused_whole(api: httpx.Client, batch: Json, said: str) -> None:
    answer = api.post("/graphql", json=batch)
    assert answer.status_code == 400
    assert said in answer.json()["errors"][0]["message"]


def test_what_goes_wrong_with_a_list_goes_wrong_once(ion: IonServer, api: httpx.Client) -> None:
    create = 'mutation { createLocation(input: { name: "Dock %d" }) { location { id } } }'
    batch = [{"query": create % number} for number in range(2)]
    plain_http.post(
        f"{ion.base_url}/faults", json={"operation": "createLocation", "kind": "status_after", "status": 502}
    )
    assert api.post("/graphql", json=batch).status_code == 502
    assert ledger(ion) == ["createLocation"] * 2
    plain_http.post(f"{ion.base_url}/faults", json={"operation": "createLocation", "kind": "errors_and_data"})
    assert all("errors" in each and each["data"] for each in api.post("/graphql", json=batch).json())


def test_a_dashboard_reads_by_get_and_changes_nothing_by_it(ion: IonServer, api: httpx.Client) -> None:
    query = "query Q($n: Int) { parts(first: $n) { edges { node { partNumber } } } }"
    answer = api.get("/graphql", params={"query": query, "variables": '{"n": 2}', "operationName": "Q"})
    assert len(answer.json()["data"]["parts"]["edges"]) == 2
    change = 'mutation { createLocation(input: { name: "X" }) { location { id } } }'
    refused = api.get("/graphql", params={"query": change})
    assert (refused.status_code, ledger(ion)) == (405, [])
    assert api.get("/graphql").status_code == 405


def test_forms_texts_and_streams(api: httpx.Client) -> None:
    query = "query Q($n: Int) { parts(first: $n) { edges { node { id } } } }"
    as_form = api.post("/graphql", data={"query": query, "variables": '{"n": 1}'})
    as_text = api.post("/graphql", content="{ parts(first: 1) { edges { node { id } } } }",
                       headers={"Content-Type": "application/graphql"})  # fmt: skip
    pieces = iter([b'{"query": "{ parts(first: 1)', b' { edges { node { id } } } }"}'])
    as_stream = api.post("/graphql", content=pieces)
    old = api.post("/graphql", json={"query": query, "variables": '{"n": 1}', "operationName": ""})
    expected = {"data": {"parts": {"edges": [{"node": {"id": 101}}]}}}
    assert [each.json() for each in (as_form, as_text, as_stream, old)] == [expected] * 4
    broken = api.post("/graphql", json={"query": query, "variables": "{n: 1}"})
    assert broken.json() == {"errors": [{"message": "variables must be an object"}]}


# --- how a question is put


def test_a_caching_client_adds_typenames_fragments_and_directives(api: httpx.Client) -> None:
    query = """query Screen($id: ID!, $whole: Boolean = false) {
        unit: partInventory(id: $id) { __typename ...Unit ... on PartInventory @include(if: $whole) { cost } }
        other: partInventory(id: "9003") { ...Unit quantity @skip(if: true) } }
      fragment Unit on PartInventory { id _etag part { ...Part __typename } }
      fragment Part on Part { id partNumber }"""
    data = ask(api, query, id=9002)
    assert data["unit"]["__typename"] == "PartInventory"
    assert data["unit"]["part"]["__typename"] == "Part"
    assert set(data["other"]) == {"id", "_etag", "part"}


def test_a_script_without_variables_writes_everything_into_the_query(api: httpx.Client) -> None:
    ids = [9002, "9003", 9010]
    query = " ".join(
        f"a{index}: partInventory(id: {json.dumps(id_)}) {{ id }}" for index, id_ in enumerate(ids)
    )
    assert [each["id"] for each in ask(api, f"{{ {query} }}").values()] == [9002, 9003, 9010]
    written = ["TOOL", "tool", '"TOOL"', '"tool"']
    found = [
        ask(api, f"{{ parts(filters: {{ partType: {{ eq: {word} }} }}) {{ edges {{ node {{ id }} }} }} }}")
        for word in written
    ]
    assert found[0]["parts"]["edges"]
    assert all(each == found[0] for each in found)


@pytest.mark.parametrize(
    "filters",
    [
        {"part": {"partNumber": {"ilike": "%oring%"}}, "location": {"name": {"eq": "WH-Receiving"}}},
        {"locationId": {"eq": "4"}, "status": {"neq": "installed"}},
        {"locationId": {"in": [4]}, "quantity": {"gt": 1, "lte": "100000"}},
        {"id": {"notIn": [1, "2"]}, "serialNumber": {"eq": None}},
        {"part": {"partType": {"neq": "TOOL"}}, "unavailable": {"eq": False}},
        {},
        None,
    ],
)
def test_filters_nest_and_take_numbers_for_texts(api: httpx.Client, filters: Json) -> None:
    query = """query Q($filters: PartInventoriesInputFilters, $sort: [PartInventorySortEnum]) {
        partInventories(filters: $filters, sort: $sort, first: 5) {
            edges { cursor node { id part { partNumber } } } } }"""
    rows = ask(api, query, filters=filters, sort=["ID_DESC"])["partInventories"]["edges"]
    ids = [row["node"]["id"] for row in rows]
    assert ids == sorted(ids, reverse=True)


def test_pages_are_turned_to_the_end_and_back(api: httpx.Client) -> None:
    query = """query Page($first: Int, $after: String, $last: Int, $before: String) {
        parts(first: $first, after: $after, last: $last, before: $before) {
            edges { node { id } } pageInfo { endCursor startCursor hasNextPage totalCount count } } }"""
    seen: list[int] = []
    after = None
    for _ in itertools.count():
        page = ask(api, query, first=3, after=after)["parts"]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == page["pageInfo"]["totalCount"]
    back = ask(api, query, last=2, before=page["pageInfo"]["startCursor"])["parts"]["edges"]
    assert [edge["node"]["id"] for edge in back] == seen[
        -page["pageInfo"]["count"] - 2 : -page["pageInfo"]["count"]
    ]


def test_a_generator_reads_the_schema_and_finds_its_inputs(api: httpx.Client) -> None:
    options: list[dict[str, bool]] = [
        {"descriptions": False},
        {"specified_by_url": True, "directive_is_repeatable": True, "input_value_deprecation": True},
    ]
    for each in options:
        body = {"query": get_introspection_query(**each), "operationName": "IntrospectionQuery"}
        schema = build_client_schema(api.post("/graphql", json=body).json()["data"])
        assert schema.mutation_type is not None
        assert str(schema.mutation_type.fields["updateRunStep"].args["input"].type) == "UpdateRunStepInput!"
    one = ask(
        api,
        '{ __type(name: "UpdateRunStepInput") { kind inputFields { name type { kind name } } } }',
    )
    assert {"id", "etag", "status"} <= {each["name"] for each in one["__type"]["inputFields"]}


# --- what is done with the answers


def test_a_lost_race_is_read_again_and_sent_again(ion: IonServer, api: httpx.Client) -> None:
    read = "query Q($id: ID!) { partInventory(id: $id) { id _etag quantity } }"
    write = """mutation U($input: UpdatePartInventoryInput!) {
        updatePartInventory(input: $input) { partInventory { _etag quantity } } }"""
    etags = [ask(api, read, id=9017)["partInventory"]["_etag"]]
    ask(api, write, input={"id": 9017, "etag": etags[0], "quantity": "80"})
    for _ in range(2):
        given = {"id": "9017", "etag": etags[-1], "quantity": 79.5}
        answer = api.post("/graphql", json={"query": write, "variables": {"input": given}}).json()
        if "errors" not in answer:
            break
        assert answer["errors"][0]["extensions"]["code"] == "CONCURRENCY_ERROR"
        assert "Etag does not match" in answer["errors"][0]["message"]
        etags.append(ask(api, read, id=9017)["partInventory"]["_etag"])
    assert answer["data"]["updatePartInventory"]["partInventory"]["quantity"] == 79.5
    assert ledger(ion) == ["updatePartInventory"] * 2


def test_a_retrying_session_waits_as_it_is_told(ion: IonServer, api: httpx.Client) -> None:
    faults = [
        {"operation": "me", "kind": "rate_limit", "seconds": 2},
        {"operation": "me", "kind": "status_before", "status": 503},
        {"operation": "me", "kind": "reset_before"},
    ]
    plain_http.post(f"{ion.base_url}/faults", json=faults)
    seen: list[object] = []
    for _ in range(4):
        try:
            answer = api.post("/graphql", json={"query": "{ me { id } }"})
            seen.append((answer.status_code, answer.headers.get("retry-after")))
        except httpx.TransportError:
            seen.append("broken")
    assert seen == [(429, "2"), (503, None), "broken", (200, None)]


def test_an_error_is_read_from_its_code_and_data_is_null(api: httpx.Client) -> None:
    answer = api.post("/graphql", json={"query": "{ partInventory(id: 99999999) { id } me { id } }"})
    assert answer.status_code == 200
    body = answer.json()
    assert body["data"] == {"partInventory": None, "me": {"id": 40}}
    assert body["errors"][0]["extensions"]["code"] == "NOT_FOUND_ERROR"
    assert body["errors"][0]["path"] == ["partInventory"]
    assert len(answer.headers["x-b3-trace-id"]) == 32


def test_a_report_is_uploaded_by_either_flow(api: httpx.Client) -> None:
    entity = ask(api, "{ run(id: 1202) { entityId } }")["run"]["entityId"]
    old = """mutation C($input: CreateFileAttachmentInput!) { createFileAttachment(input: $input) {
        fileAttachment { id contentType } uploadUrl } }"""
    made = ask(api, old, input={"filename": "report.txt", "entityId": entity})["createFileAttachment"]
    put = plain_http.put(
        made["uploadUrl"],
        content=b"all well",
        headers={"Content-Type": made["fileAttachment"]["contentType"]},
    )
    assert put.status_code == 200
    place = ask(api, 'query { requestFileUploadUrl(filename: "photo.jpg") { uploadUrl s3Key contentType } }')
    place = place["requestFileUploadUrl"]
    request = urllib.request.Request(  # noqa: S310
        place["uploadUrl"], b"\xff\xd8", {"Content-Type": place["contentType"]}, method="PUT"
    )
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        etag = response.headers["ETag"].strip('"')
    new = """mutation R($input: CreateFileAttachmentInput!) { createFileAttachment(input: $input) {
        fileAttachment { id filename downloadUrl entityId } } }"""
    given = {
        "filename": "photo.jpg",
        "s3Key": place["s3Key"],
        "s3Etag": etag,
        "entityId": entity,
        "validateUpload": True,
    }
    attached = ask(api, new, input=given)["createFileAttachment"]["fileAttachment"]
    assert plain_http.get(attached["downloadUrl"]).content == b"\xff\xd8"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=10)  # noqa: S310  the address is good for once


def test_a_hundred_short_questions_on_one_connection(api: httpx.Client) -> None:
    for number in range(100):
        name = urllib.parse.quote(f"nobody-{number}")
        query = (
            "query L($n: String!) { locations(filters: { name: { in: [$n] } }) { edges { node { id } } } }"
        )
        assert ask(api, query, n=name) == {"locations": {"edges": []}}
