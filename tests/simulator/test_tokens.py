import json
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode

import pytest

from kiosk.simulator.server import IonServer
from kiosk.simulator.tokens import BadTokenError, TokenRequestError, Tokens
from tests.simulator.asking import Clock, Wire, seeded

FORM = {"grant_type": "client_credentials", "client_id": "kiosk", "client_secret": "kiosk-secret"}
PATH = "/realms/api-keys/protocol/openid-connect/token"
ME = json.dumps({"query": "{ me { id } }"})


def test_a_token_speaks_for_the_user_of_its_key_until_it_expires(clock: Clock) -> None:
    world = seeded(clock)
    tokens = Tokens(world, lifetime_s=120)
    answer = tokens.issue(FORM)
    token = answer.pop("access_token")
    assert answer == {
        "expires_in": 120,
        "refresh_expires_in": 0,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "scope": "profile email",
    }
    for header in (f"Bearer {token}", f"bearer {token}", f"Token {token}", token):
        assert tokens.user_of(header) == world.users[40]
    clock.forward(119)
    tokens.user_of(token)
    clock.forward(1)
    with pytest.raises(BadTokenError, match=r"^Token is expired\.$"):
        tokens.user_of(token)


def test_a_token_looks_like_a_jwt() -> None:
    header, claims, _ = Tokens(seeded()).issue(FORM)["access_token"].split(".")
    assert json.loads(urlsafe_b64decode(header + "==")) == {"alg": "HS256", "typ": "JWT"}
    read = json.loads(urlsafe_b64decode(claims + "=="))
    assert (read["azp"], read["exp"] - read["iat"]) == ("kiosk", 300)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_secret": "wrong"}, "unauthorized_client"),
        ({"client_secret": ""}, "unauthorized_client"),
        ({"client_secret": "schlüssel"}, "unauthorized_client"),
        ({"client_id": "nobody"}, "unauthorized_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_wrong_credentials_get_no_token(wire: Wire, change: dict[str, str], error: str) -> None:
    with pytest.raises(TokenRequestError) as caught:
        Tokens(seeded()).issue(FORM | change)
    assert caught.value.error == error
    form = "&".join(f"{name}={text}" for name, text in (FORM | change).items()).encode()
    reply = wire.send("POST", PATH, form, Content_Type="application/x-www-form-urlencoded")
    assert (reply.status, reply.json["error"]) == (400, error)


@pytest.mark.parametrize("path", [PATH, f"/auth{PATH}"])
def test_both_addresses_and_both_ways_to_show_the_secret(wire: Wire, path: str) -> None:
    basic = b64encode(b"kiosk:kiosk-secret").decode()
    for form, headers in [
        ("grant_type=client_credentials&client_id=kiosk&client_secret=kiosk-secret", {}),
        ("grant_type=client_credentials", {"Authorization": f"Basic {basic}"}),
    ]:
        reply = wire.send("POST", path, form, Content_Type="application/x-www-form-urlencoded", **headers)
        assert reply.json["token_type"] == "Bearer"
    assert wire.send("GET", path).status == 405


def tampered(token: str) -> str:
    header, claims, signature = token.split(".")
    more = json.loads(urlsafe_b64decode(claims + "=="))
    more["azp"] = "planner"
    return f"{header}.{urlsafe_b64encode(json.dumps(more).encode()).decode().rstrip('=')}.{signature}"


def test_other_tokens_are_refused_in_ions_words(clock: Clock) -> None:
    with IonServer(seeded(clock)) as server, IonServer(seeded(clock), token_lifetime_s=5) as other:
        wire = Wire(server).sign_in()
        foreign = Wire(other).sign_in()
        other.ion.world.new_hex()
        token = wire.token or ""
        unreadable = "Unable to parse authentication token"
        for header, message in [
            (None, "Please provide proper credentials"),
            ("", "Please provide proper credentials"),
            ("Bearer x", unreadable),
            ("Bearer a.b.c", unreadable),
            ("Bearer bm8.bm8.bm8", unreadable),
            ("Bearer W10.W10.x", unreadable),
            ("Digest a b", unreadable),
            (f"Bearer {token}.x", unreadable),
            (f"Bearer {token}x", "Unable to find appropriate RSA key"),
            (f"Bearer {tampered(token)}", "Unable to find appropriate RSA key"),
        ]:
            headers = {} if header is None else {"Authorization": header}
            reply = wire.send("POST", "/graphql", ME, **headers)
            assert (reply.status, reply.json) == (401, {"errors": [{"message": message}]}), header
            assert len(reply.headers["x-b3-trace-id"]) == 32
        assert foreign.graphql("{ me { id } }").status == 200
        clock.forward(5)
        reply = foreign.graphql("{ me { id } }")
        assert (reply.status, reply.json) == (401, {"errors": [{"message": "Token is expired."}]})


def test_a_key_that_is_gone_is_good_for_nothing(clock: Clock) -> None:
    world = seeded(clock)
    tokens = Tokens(world)
    token = tokens.issue(FORM)["access_token"]
    world.api_clients.remove(1)
    with pytest.raises(BadTokenError, match="Unable to validate authentication token"):
        tokens.user_of(token)


def test_each_key_acts_as_its_own_user(server: IonServer) -> None:
    for client, user_id in [("kiosk", 40), ("planner", 42), ("viewer", 43)]:
        wire = Wire(server).sign_in(client)
        assert wire.graphql("{ me { id } }").json == {"data": {"me": {"id": user_id}}}
