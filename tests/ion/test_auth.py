import base64
import json
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import pytest

from kiosk.errors import IonAuthFailed, IonBusy, IonError, IonUnreachable
from kiosk.ion.auth import ClientCredentials
from kiosk.ion.client import Client
from kiosk.redaction import Learn, Scrubber, unlearned
from kiosk.settings import Settings, StationSettings
from tests.ion.factory import settings_for

GOOD = {"data": {"user": {"id": 1}}}
QUERY = "query WhoAmI { me { id } }"


class Tenant:
    """Counts sign-ins; answers GraphQL only for tokens that are still good."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.sign_ins: list[dict[str, str]] = []
        self.headers: list[str] = []
        self.dead: set[str] = set()
        self.token_answer: Callable[[httpx.Request], httpx.Response] | None = None

    def client(self, *, learn: Learn = unlearned, **changes: object) -> Client:
        return Client(
            settings_for(**changes),
            transport=httpx.MockTransport(self.handle),
            learn=learn,
            monotonic=lambda: self.now,
        )

    def handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            self.sign_ins.append(dict(parse_qsl(request.content.decode())))
            if self.token_answer is not None:
                return self.token_answer(request)
            return httpx.Response(200, json={"access_token": f"t{len(self.sign_ins)}", "expires_in": 300})
        header = request.headers["authorization"]
        self.headers.append(header)
        if header.split()[-1] in self.dead:
            return httpx.Response(401, json={"errors": [{"message": "Token is expired."}]})
        return httpx.Response(200, json=GOOD)


@pytest.fixture
def tenant() -> Tenant:
    return Tenant()


def test_one_token_serves_many_requests(tenant: Tenant) -> None:
    client = tenant.client(audience="http://ion.test")
    for _ in range(3):
        assert client.execute(QUERY, {}, is_mutation=False) == GOOD["data"]
    assert tenant.sign_ins == [
        {
            "grant_type": "client_credentials",
            "client_id": "kiosk",
            "client_secret": "kiosk-secret",
            "audience": "http://ion.test",
        }
    ]
    assert tenant.headers == ["Bearer t1"] * 3


@pytest.mark.parametrize(
    ("scheme", "header"), [("Bearer", "Bearer t1"), ("Token", "Token t1"), ("bare", "t1")]
)
def test_header_schemes(tenant: Tenant, scheme: str, header: str) -> None:
    tenant.client(header=scheme).execute(QUERY, {}, is_mutation=False)
    assert tenant.headers == [header]


def test_a_token_is_renewed_before_it_expires(tenant: Tenant) -> None:
    client = tenant.client()
    client.execute(QUERY, {}, is_mutation=False)
    tenant.now += 269
    client.execute(QUERY, {}, is_mutation=False)
    tenant.now += 2
    client.execute(QUERY, {}, is_mutation=False)
    assert tenant.headers == ["Bearer t1", "Bearer t1", "Bearer t2"]


@pytest.mark.parametrize(
    ("expires_in", "good_for"),
    [(8, 6), ("300", 270), (None, 45), (-5, 0), ("soon", 45), ([], 45), (1e400, 45)],
)
def test_the_servers_lifetime_counts(tenant: Tenant, expires_in: object, good_for: float) -> None:
    body = {"access_token": "t", "expires_in": expires_in}
    tenant.token_answer = lambda _: httpx.Response(200, content=json.dumps(body))
    client = tenant.client()
    client.execute(QUERY, {}, is_mutation=False)
    tenant.now += max(good_for - 0.5, 0)
    client.execute(QUERY, {}, is_mutation=False)
    assert len(tenant.sign_ins) == (1 if good_for else 2)
    tenant.now += 1
    client.execute(QUERY, {}, is_mutation=False)
    assert len(tenant.sign_ins) == (2 if good_for else 3)


def test_a_refused_token_is_renewed_once(tenant: Tenant) -> None:
    client = tenant.client()
    client.execute(QUERY, {}, is_mutation=False)
    tenant.dead = {"t1"}
    client.execute("mutation M { a }", {}, is_mutation=True)
    assert tenant.headers == ["Bearer t1", "Bearer t1", "Bearer t2"]


def test_a_token_refused_again_is_given_up(tenant: Tenant) -> None:
    tenant.dead = {"t1", "t2"}
    with pytest.raises(IonAuthFailed, match=r"HTTP 401 with 'Token is expired\.'"):
        tenant.client().execute("mutation M { a }", {}, is_mutation=True)
    assert tenant.headers == ["Bearer t1", "Bearer t2"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            httpx.Response(400, json={"error": "unauthorized_client", "error_description": "Bad\nsecret"}),
            IonAuthFailed,
        ),
        (httpx.Response(401, json={"error": "invalid_client"}), IonAuthFailed),
        (httpx.Response(403, html="<h1>No</h1>"), IonAuthFailed),
        (httpx.Response(404, html="<h1>No</h1>"), IonAuthFailed),
        (httpx.Response(429, headers={"retry-after": "9"}), IonBusy),
        (httpx.Response(302, headers={"location": "http://portal.test"}), IonUnreachable),
        (httpx.Response(500), IonUnreachable),
        (httpx.Response(503, html="<h1>Later</h1>"), IonUnreachable),
        (httpx.Response(200, html="<h1>Portal</h1>"), IonUnreachable),
        (httpx.Response(200, json=[]), IonUnreachable),
        (httpx.Response(200, json={"access_token": ""}), IonUnreachable),
        (httpx.Response(200, json={"access_token": "a\r\nX-Evil: 1"}), IonUnreachable),
        (httpx.Response(200, json={"access_token": 5}), IonUnreachable),
        (httpx.Response(200, content=b"x" * 300_000), IonUnreachable),
        (httpx.Response(200, content=b"[" * 100_000), IonUnreachable),
    ],
)
def test_a_change_is_never_in_doubt_because_of_a_token(
    tenant: Tenant, answer: httpx.Response, expected: type[IonError]
) -> None:
    tenant.token_answer = lambda _: answer
    with pytest.raises(IonError) as caught:
        tenant.client().execute("mutation M { a }", {}, is_mutation=True)
    assert type(caught.value) is expected
    assert tenant.headers == []
    assert "kiosk-secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "error", [httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError, httpx.WriteError]
)
def test_a_token_request_that_breaks_means_not_executed(
    tenant: Tenant, error: type[httpx.TransportError]
) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise error("gone", request=request)

    tenant.token_answer = broken
    client = tenant.client()
    with pytest.raises(IonUnreachable):
        client.execute("mutation M { a }", {}, is_mutation=True)
    tenant.token_answer = None
    assert client.execute("mutation M { a }", {}, is_mutation=True) == GOOD["data"]


def test_a_secret_that_cannot_be_read_is_said(tenant: Tenant, tmp_path: Path) -> None:
    client = tenant.client(client_secret=None, client_secret_file=tmp_path / "none")
    with pytest.raises(
        IonAuthFailed, match=r"Cannot sign in at 'http://ion\.test/token': ion\.client_secret_file"
    ):
        client.execute(QUERY, {}, is_mutation=False)


def test_the_secret_file_may_change_while_running(tenant: Tenant, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("one\n", encoding="utf-8")
    client = tenant.client(client_secret=None, client_secret_file=path)
    client.execute(QUERY, {}, is_mutation=False)
    path.write_text("two\n", encoding="utf-8")
    tenant.now += 1000
    client.execute(QUERY, {}, is_mutation=False)
    assert [form["client_secret"] for form in tenant.sign_ins] == ["one", "two"]


def test_nothing_secret_is_shown() -> None:
    auth = ClientCredentials(settings_for())
    assert repr(auth) == "ClientCredentials(client_id='kiosk')"
    assert "kiosk-secret" not in repr(settings_for())


def test_a_token_that_a_server_echoes_is_hidden(tenant: Tenant) -> None:
    class Echo(Tenant):
        def handle(self, request: httpx.Request) -> httpx.Response:
            if request.url.path == "/token":
                return super().handle(request)
            return httpx.Response(
                400, json={"errors": [{"message": f"odd {request.headers['authorization']}"}]}
            )

    tenant = Echo()
    tenant.token_answer = lambda _: httpx.Response(200, json={"access_token": "eyJ-secret"})
    with pytest.raises(IonError) as caught:
        tenant.client().execute(QUERY, {}, is_mutation=False)
    assert "eyJ-secret" not in str(caught.value)
    assert "odd Bearer [hidden]" in str(caught.value)


@pytest.mark.parametrize("secret", ["rotated-9c41", 'r"tät&d 9c41', "rötated-" * 60 + "9c41"])
def test_a_secret_that_a_server_echoes_is_hidden(tenant: Tenant, tmp_path: Path, secret: str) -> None:
    (path := tmp_path / "secret").write_text(secret, encoding="utf-8")
    tenant.token_answer = lambda _: httpx.Response(
        401, json={"error": "invalid_client", "error_description": f"odd {secret}"}
    )
    with pytest.raises(IonAuthFailed) as caught:
        tenant.client(client_secret=None, client_secret_file=path).execute(QUERY, {}, is_mutation=False)
    assert "'odd [hidden]'" in str(caught.value)


def test_what_is_rotated_or_granted_after_the_start_is_scrubbed_before_it_is_used(
    tenant: Tenant, tmp_path: Path
) -> None:
    path = tmp_path / "secret"
    path.write_text("at-the-start", encoding="utf-8")
    ion = {"client_secret": None, "client_secret_file": path}
    scrubber = Scrubber(Settings(ion=settings_for(**ion), stations=(StationSettings(name="dock-1"),)))
    client = tenant.client(learn=scrubber.learn, **ion)
    seen = []

    def token(request: httpx.Request) -> httpx.Response:
        seen.append(scrubber(dict(parse_qsl(request.content.decode()))["client_secret"]))
        return httpx.Response(200, json={"access_token": f"eyJ-{len(seen)}", "expires_in": 300})

    tenant.token_answer = token
    for secret in ("at-the-start", "rotated-once", "rotated-twice"):
        path.write_text(secret, encoding="utf-8")
        tenant.now += 1000
        client.execute(QUERY, {}, is_mutation=False)
    assert seen == ["(secret)"] * 3
    assert scrubber("at-the-start rotated-once rotated-twice eyJ-1 eyJ-3") == " ".join(["(secret)"] * 5)


def test_threads_share_one_sign_in(tenant: Tenant) -> None:
    gate = threading.Event()

    def slow(_request: httpx.Request) -> httpx.Response:
        gate.wait(5)
        return httpx.Response(200, json={"access_token": "shared", "expires_in": 300})

    tenant.token_answer = slow
    client = tenant.client()
    threads = [
        threading.Thread(target=client.execute, args=(QUERY, {}), kwargs={"is_mutation": False})
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join(5)
    assert len(tenant.sign_ins) == 1
    assert tenant.headers == ["Bearer shared"] * 8


def written(**claims: object) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.signature"


@pytest.mark.parametrize(
    ("token", "good_for"),
    [
        (written(iat=5_000_000_000, exp=5_000_000_100), 75),
        (written(exp=5_000_000_100), 45),
        (written(iat="soon", exp=True), 45),
        ("e30.!!!.signature", 45),
        ("no-web-token", 45),
    ],
)
def test_without_a_word_of_the_server_the_tokens_own_times_count(
    tenant: Tenant, token: str, good_for: float
) -> None:
    tenant.token_answer = lambda _: httpx.Response(200, json={"access_token": token})
    client = tenant.client()
    client.execute(QUERY, {}, is_mutation=False)
    tenant.now += good_for - 0.5
    client.execute(QUERY, {}, is_mutation=False)
    assert len(tenant.sign_ins) == 1
    tenant.now += 1
    client.execute(QUERY, {}, is_mutation=False)
    assert len(tenant.sign_ins) == 2
