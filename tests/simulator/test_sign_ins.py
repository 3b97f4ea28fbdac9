"""How people sign in: authorization code with PKCE, device code, refresh; and the identity provider's
addresses."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from kiosk.simulator.derived import permissions_of
from kiosk.simulator.server import IonServer
from kiosk.simulator.switches import Switches
from tests.simulator.asking import Clock, Json, Reply, Wire, seeded

VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
BACK = "http://127.0.0.1:8080/signed-in"
ADA = {"username": "ada.okafor@halyard.example", "password": "ada-secret"}
PEOPLE = "/realms/people/protocol/openid-connect"
FORM = "application/x-www-form-urlencoded"


def post(wire: Wire, path: str, **form: str) -> Reply:
    return wire.send("POST", path, urlencode(form), Content_Type=FORM)


def authorize(
    wire: Wire,
    changes: dict[str, str | None] | None = None,
    *,
    method: str = "GET",
    form: dict[str, str] | None = None,
) -> Reply:
    asked: dict[str, str | None] = {
        "response_type": "code",
        "client_id": "kiosk-people",
        "redirect_uri": BACK,
        "state": "s t",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **(changes or {}),
    }
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    path = f"{PEOPLE}/auth?{query}"
    return post(wire, path, **form or {}) if method == "POST" else wire.send("GET", path)


def code_for(wire: Wire) -> str:
    reply = authorize(wire, method="POST", form=ADA)
    assert reply.status == 302
    assert reply.headers["Location"].startswith(f"{BACK}?")
    back = parse_qs(urlsplit(reply.headers["Location"]).query)
    assert back["state"] == ["s t"]
    return back["code"][0]


def redeem(wire: Wire, code: str, **changes: str) -> Reply:
    form = {
        "grant_type": "authorization_code",
        "client_id": "kiosk-people",
        "redirect_uri": BACK,
        "code": code,
        "code_verifier": VERIFIER,
    }
    return post(wire, f"{PEOPLE}/token", **form | changes)


def test_a_person_signs_in_and_what_they_do_is_theirs(wire: Wire) -> None:
    page = authorize(wire)
    assert (page.status, b'name="password"' in page.body) == (200, True)
    answer = redeem(wire, code_for(wire)).json
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 300)
    person = Wire(wire.server, answer["access_token"])
    assert person.graphql("{ me { id name } }").json["data"]["me"] == {"id": 42, "name": "Ada Okafor"}
    create = "mutation ($input: CreateRunInput!) { createRun(input: $input) { run { createdById } } }"
    run = person.graphql(create, input={"procedureId": 12}).json["data"]["createRun"]["run"]
    assert run == {"createdById": 42}
    assert wire.ledger()[0]["userId"] == 42
    refused = person.graphql('mutation { createRole(input: {name: "x"}) { role { id } } }').json
    assert refused["errors"][0]["extensions"] == {"code": "AUTHORIZATION_ERROR"}
    told = person.send("GET", f"{PEOPLE}/userinfo", Authorization=f"Bearer {person.token}").json
    assert told == {"sub": "42", "name": "Ada Okafor", "email": "ada.okafor@halyard.example"}


def test_a_code_is_good_once_for_who_asked_and_for_a_minute(wire: Wire, clock: Clock) -> None:
    code = code_for(wire)
    assert redeem(wire, code).status == 200
    for changes in (
        {},
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"redirect_uri": f"{BACK}/x"},
        {"client_id": "other"},
    ):
        again = redeem(wire, code if not changes else code_for(wire), **changes)
        assert (again.status, again.json["error"]) == (400, "invalid_grant"), changes
    late = code_for(wire)
    clock.forward(61)
    assert redeem(wire, late).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes", [{"code_challenge": None}, {"code_challenge_method": "plain"}, {"response_type": "token"}]
)
def test_without_pkce_a_person_is_sent_back(wire: Wire, changes: dict[str, str | None]) -> None:
    reply = authorize(wire, changes)
    back = parse_qs(urlsplit(reply.headers["Location"]).query)
    assert (reply.status, back["error"], back["state"]) == (302, ["invalid_request"], ["s t"])


@pytest.mark.parametrize("changes", [{"client_id": "nobody"}, {"redirect_uri": "https://evil.example/"}])
def test_nobody_is_sent_to_an_address_that_is_not_known(wire: Wire, changes: dict[str, str | None]) -> None:
    reply = authorize(wire, changes, method="POST", form=ADA)
    assert (reply.status, "Location" in reply.headers) == (400, False)


@pytest.mark.parametrize(
    "form",
    [
        {"username": ADA["username"], "password": "wrong"},
        {"username": "kiosk@halyard.example", "password": ""},
        {"username": "nobody", "password": "ada-secret"},
        {},
    ],
)
def test_a_wrong_password_says_so(wire: Wire, form: dict[str, str]) -> None:
    reply = authorize(wire, method="POST", form=form)
    assert (reply.status, b"Invalid username or password." in reply.body) == (401, True)


def refresh(wire: Wire, token: str) -> Reply:
    return post(
        wire, f"{PEOPLE}/token", grant_type="refresh_token", client_id="kiosk-people", refresh_token=token
    )


def test_tokens_are_refreshed_once_each(wire: Wire, clock: Clock) -> None:
    first = redeem(wire, code_for(wire)).json
    clock.forward(301)
    expired = Wire(wire.server, first["access_token"]).graphql("{ me { id } }")
    assert (expired.status, expired.json["errors"][0]["message"]) == (401, "Token is expired.")
    second = refresh(wire, first["refresh_token"]).json
    assert Wire(wire.server, second["access_token"]).graphql("{ me { id } }").status == 200
    assert refresh(wire, first["refresh_token"]).json["error"] == "invalid_grant"
    post(wire, f"{PEOPLE}/logout", refresh_token=second["refresh_token"])
    assert refresh(wire, second["refresh_token"]).json["error"] == "invalid_grant"
    third = redeem(wire, code_for(wire)).json["refresh_token"]
    clock.forward(1801)
    assert refresh(wire, third).json["error"] == "invalid_grant"


def device(wire: Wire) -> Json:
    return post(wire, f"{PEOPLE}/auth/device", client_id="kiosk-people").json


def poll(wire: Wire, device_code: str, client_id: str = "kiosk-people") -> Reply:
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    return post(wire, f"{PEOPLE}/token", grant_type=grant, client_id=client_id, device_code=device_code)


def test_a_device_without_a_browser_waits_for_a_person_elsewhere(wire: Wire, clock: Clock) -> None:
    asked = device(wire)
    assert asked["verification_uri_complete"] == f"{asked['verification_uri']}?user_code={asked['user_code']}"
    assert poll(wire, asked["device_code"]).json["error"] == "authorization_pending"
    page = urlsplit(asked["verification_uri_complete"])
    assert asked["user_code"].encode() in wire.send("GET", f"{page.path}?{page.query}").body
    wrong = post(wire, page.path, user_code="XXXX-XXXX", **ADA)
    assert (wrong.status, b"Invalid code." in wrong.body) == (400, True)
    stranger = post(wire, page.path, user_code=asked["user_code"], username="x@x", password="x")
    assert stranger.status == 401
    assert post(wire, page.path, user_code=asked["user_code"].lower(), **ADA).status == 200
    token = poll(wire, asked["device_code"]).json["access_token"]
    assert Wire(wire.server, token).graphql("{ me { id } }").json["data"]["me"] == {"id": 42}
    assert poll(wire, asked["device_code"]).json["error"] == "invalid_grant"
    denied = device(wire)
    post(wire, page.path, user_code=denied["user_code"], answer="no", **ADA)
    assert poll(wire, denied["device_code"]).json["error"] == "access_denied"
    late = device(wire)
    assert poll(wire, late["device_code"], "other").json["error"] == "invalid_grant"
    clock.forward(601)
    assert poll(wire, late["device_code"]).json["error"] == "expired_token"
    assert post(wire, f"{PEOPLE}/auth/device", client_id="nobody").json["error"] == "invalid_client"


@pytest.mark.parametrize("prefix", ["", "/auth"])
@pytest.mark.parametrize("realm", ["api-keys", "people"])
def test_the_provider_describes_itself(wire: Wire, prefix: str, realm: str) -> None:
    described = wire.send("GET", f"{prefix}/realms/{realm}/.well-known/openid-configuration").json
    base = f"http://127.0.0.1:{wire.server.port}{prefix}/realms/{realm}"
    assert described["issuer"] == base
    assert described["token_endpoint"] == f"{base}/protocol/openid-connect/token"
    assert described["code_challenge_methods_supported"] == ["S256"]
    assert wire.send("GET", urlsplit(described["jwks_uri"]).path).json == {"keys": []}
    path = urlsplit(described["token_endpoint"]).path
    form = {"grant_type": "client_credentials", "client_id": "kiosk", "client_secret": "kiosk-secret"}
    token = post(wire, path, **form).json["access_token"]
    claims = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["iss"] == base
    introspect = urlsplit(described["introspection_endpoint"]).path
    assert post(wire, introspect, token=token).json["azp"] == "kiosk"
    post(wire, urlsplit(described["revocation_endpoint"]).path, token=token)
    assert post(wire, introspect, token=token).json == {"active": False}


def test_other_realms_do_not_exist(wire: Wire) -> None:
    reply = wire.send("GET", "/realms/other/.well-known/openid-configuration")
    assert (reply.status, reply.json["errors"][0]["message"]) == (404, "Realm does not exist")
    assert wire.send("GET", f"{PEOPLE}/userinfo").status == 401


@pytest.mark.parametrize(
    ("audience", "is_good"),
    [
        ("http://127.0.0.1:{port}", True),
        ("http://127.0.0.1:{port}/graphql", True),
        ("http://localhost:{port}/", True),
        ("http://127.0.0.1:1", False),
        ("https://api.buildwithion.com", False),
        ("api", False),
        ("http://127.0.0.1:x", False),
    ],
)
def test_a_token_for_another_audience_is_refused(wire: Wire, audience: str, *, is_good: bool) -> None:
    form = {"grant_type": "client_credentials", "client_id": "kiosk", "client_secret": "kiosk-secret"}
    path = "/realms/api-keys/protocol/openid-connect/token"
    token = post(wire, path, **form, audience=audience.format(port=wire.server.port)).json["access_token"]
    reply = Wire(wire.server, token).graphql("{ me { id } }")
    assert reply.status == (200 if is_good else 401)
    if not is_good:
        assert reply.json == {"errors": [{"message": "Unable to validate authentication token"}]}


def test_a_person_may_do_what_they_may_do_now(clock: Clock) -> None:
    with IonServer(seeded(clock), switches=Switches(token_lifetime_s=1000)) as server:
        wire = Wire(server).sign_in()
        answer = redeem(wire, code_for(wire)).json
        assert answer["expires_in"] == 1000
        person = Wire(server, answer["access_token"])
        take = "mutation { removeRoleFromUser(input: {roleId: 3, userId: 42}) { user { id } } }"
        assert wire.graphql(take).json["data"]
        create = "mutation { createRun(input: {procedureId: 12}) { run { id } } }"
        assert person.graphql(create).json["errors"][0]["message"].endswith("CreateRun is missing")
        world = server.ion.world
        assert "CreateRun" not in permissions_of(world, world.users[42])
        etag = world.users[42].etag
        off = "mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }"
        wire.graphql(off, input={"id": 42, "etag": etag, "active": False})
        assert person.graphql("{ me { id } }").status == 401
        assert refresh(wire, answer["refresh_token"]).json["error_description"] == "User disabled"
