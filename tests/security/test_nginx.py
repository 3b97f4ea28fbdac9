"""Debian's nginx before the kiosk, with the site ``systemd/ion-kiosk.nginx``: TLS, and nothing without it."""

import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path

import httpx
import pytest

from kiosk.address import allowed_hosts
from kiosk.operators import Doorway
from kiosk.settings import PeopleSettings, WebSettings
from kiosk.web import WebServer, create_app, serve
from kiosk.web.guards import HEADERS, STAY_ON_TLS
from tests.checkout import ROOT
from tests.operators.world import MIA_PIN
from tests.operators.world import Office as People
from tests.web.fakes import World, world
from tests.web.samples import SAMPLES
from tests.web.test_guards import ANSWERS
from tests.web.test_live import next_event

SITE = ROOT / "systemd" / "ion-kiosk.nginx"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
OPENSSL = shutil.which("openssl")
NAME = "kiosk-1.example"
PATIENCE_S = 20.0
OWN_HEADERS = {"Strict-Transport-Security": STAY_ON_TLS, "X-Content-Type-Options": "nosniff"}
"""What nginx puts on its own answers as the kiosk does."""
FORGED = {
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Host": "127.0.0.1:8080",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Port": "8080",
    "X-Real-IP": "127.0.0.1",
    "Forwarded": "for=127.0.0.1;host=127.0.0.1;proto=http",
}
"""Who sends these wants to be taken for the kiosk's own machine."""
AROUND = """
daemon off; pid {folder}/nginx.pid; error_log stderr crit; worker_processes 1; {user}
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {site}
}}
"""
pytestmark = pytest.mark.skipif(
    NGINX is None or OPENSSL is None,
    reason="NOT RUN: there is no nginx or no openssl (apt-get install nginx-light openssl)",
)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def make_certificate(folder: Path) -> None:
    """Make a key and a certificate, as README.md does."""
    told = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"sudo (openssl req .*?ion-kiosk\.pem)", told, re.DOTALL)
    assert found is not None
    command = found[1].replace("\\\n", " ").replace("/etc/ssl/private/", f"{folder}/")
    subprocess.run(command.replace("/etc/ssl/certs/", f"{folder}/").split(), check=True, capture_output=True)


@dataclass
class Proxied:
    people: People
    kiosk: World
    server: WebServer
    folder: Path
    port: int
    context: ssl.SSLContext

    def client(self) -> httpx.Client:
        return httpx.Client(
            base_url=f"https://{NAME}:{self.port}", transport=_ByName(self.context), timeout=PATIENCE_S
        )

    def raw(self, sent: bytes, *, is_tls: bool = True) -> bytes:
        """Return what is answered to some bytes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as line:
            wrapped = self.context.wrap_socket(line, server_hostname=NAME) if is_tls else line
            with wrapped:
                wrapped.sendall(sent)
                return b"".join(iter(lambda: wrapped.recv(65536), b""))


class _ByName(httpx.HTTPTransport):
    """Finds the kiosk's name on this machine, as the site's name server would."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(verify=context)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        there = httpx.Request(
            request.method,
            request.url.copy_with(host="127.0.0.1"),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": NAME},
        )
        return super().handle_request(there)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    make_certificate(folder)
    people = People(folder)
    people.come("7")
    kiosk = world(heartbeat_s=0.2)
    room = Doorway(
        people.register,
        people.gate,
        PeopleSettings(),
        monotonic_s=people.clock.monotonic_s,
        note=people.journal.note,
    )
    inner, outer = free_port(), free_port()
    hosts = allowed_hosts(WebSettings(public_url=f"https://{NAME}"))
    app = create_app(replace(kiosk.rooms, doorway=room, remote_port=inner, allowed_hosts=hosts))
    server = serve(app, "127.0.0.1", 0, remote_port=inner)
    site = SITE.read_text(encoding="utf-8")
    for told, here in (
        ("listen 443", f"listen 127.0.0.1:{outer}"),
        ("listen [::]:443 ssl http2;", ""),
        ("127.0.0.1:8081", f"127.0.0.1:{inner}"),
        ("/etc/ssl/certs/", f"{folder}/"),
        ("/etc/ssl/private/", f"{folder}/"),
        ("/var/log/nginx/", f"{folder}/"),
    ):
        assert told in site
        site = site.replace(told, here)
    config = folder / "nginx.conf"
    user = "user root;" if Path("/proc/self").stat().st_uid == 0 else ""
    config.write_text(AROUND.format(folder=folder, site=site, user=user), encoding="utf-8")
    started = subprocess.Popen(
        [str(NGINX), "-e", "stderr", "-p", str(folder), "-c", str(config)], stderr=subprocess.PIPE, text=True
    )
    context = ssl.create_default_context(cafile=str(folder / "ion-kiosk.pem"))
    try:
        _wait(started, outer)
        yield Proxied(people, kiosk, server, folder, outer, context)
    finally:
        started.terminate()
        started.communicate(timeout=PATIENCE_S)
        server.stop()
        people.journal.close()


def _wait(started: subprocess.Popen[str], port: int) -> None:
    """Wait until it listens, or say why it ended."""
    while True:
        if started.poll() is not None:
            _, said = started.communicate()
            pytest.fail(f"nginx ended: {said}")
        with closing(socket.socket()) as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return


def entered(proxied: Proxied) -> httpx.Client:
    """Return a browser whose person signed in by badge and PIN."""
    client = proxied.client()
    token = re.search(r'"X-CSRF-Token": "([0-9a-f]+)"', client.get("/enter").text)
    assert token is not None
    headers = {
        "X-CSRF-Token": token[1],
        "HX-Request": "true",
        "Origin": f"https://{NAME}:{proxied.port}",
        "Sec-Fetch-Site": "same-origin",
    }
    form = {"badge": "7", "pin": MIA_PIN.digits, "to": "/print"}
    answer = client.post("/enter", data=form, headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/print")
    return client


def test_badge_and_pin_open_it_and_cookies_are_for_tls_alone(proxied: Proxied) -> None:
    with closing(entered(proxied)) as client:
        assert client.get("/print").status_code == 200
        assert client.cookies["__Host-kiosk_door"]
        for path in ("/operators", "/settings", "/shift", "/enter"):
            cookies = client.get(path).headers.get_list("Set-Cookie")
            assert cookies, path
            assert [one for one in cookies if "; Secure" not in one] == [], path


def test_events_pass_one_by_one(proxied: Proxied) -> None:
    with closing(entered(proxied)) as client:
        cookie = f"__Host-kiosk_door={client.cookies['__Host-kiosk_door']}"
    line = HTTPSConnection("127.0.0.1", proxied.port, timeout=PATIENCE_S, context=_unnamed(proxied))
    with closing(line):
        line.request("GET", "/events/dock-1", headers={"Host": NAME, "Cookie": cookie})
        stream: HTTPResponse = line.getresponse()
        assert (stream.status, stream.getheader("Content-Type")) == (200, "text/event-stream; charset=utf-8")
        assert next_event(stream) == {"retry": "1000"}
        first = next_event(stream)
        proxied.kiosk.station.show("home/choose", {**SAMPLES["home/choose"], "text": "PO-UNBUFFERED"})
        second = next_event(stream)
        assert ("PO-UNBUFFERED" in first["data"], "PO-UNBUFFERED" in second["data"]) == (False, True)


def _unnamed(proxied: Proxied) -> ssl.SSLContext:
    """Return the same trust for a client that knows the kiosk by its address alone."""
    context = ssl.create_default_context(cafile=str(proxied.folder / "ion-kiosk.pem"))
    context.check_hostname = False
    return context


def test_no_forged_header_makes_somebody_from_elsewhere_a_neighbour(proxied: Proxied) -> None:
    with proxied.client() as client:
        for path in ("/station/dock-1", "/print", "/metrics", "/settings"):
            answer = client.get(path, headers=FORGED)
            assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/enter"), path
        sent = client.post(
            "/api/v1/scans",
            json={"station": "dock-1", "text": "FORGED"},
            headers={**FORGED, "Idempotency-Key": "f"},
        )
        assert sent.status_code == 401
        assert client.get("/enter", headers={"Host": "127.0.0.1.evil.example"}).status_code == 400
    assert [scan for scan in proxied.kiosk.station.scans if b"FORGED" in scan[0]] == []


def test_every_answer_has_the_headers_errors_too(proxied: Proxied) -> None:
    with proxied.client() as client:
        for method, path, _ in ANSWERS:
            answer = client.request(method, path)
            expected = {**HEADERS, "Strict-Transport-Security": STAY_ON_TLS}
            if method == "TRACE":  # nginx does not hand it over
                expected = OWN_HEADERS
            found = {name: answer.headers.get_list(name) for name in expected}
            assert found == {name: [value] for name, value in expected.items()}, (method, path)
            assert "nginx/" not in answer.headers["Server"]


@pytest.mark.parametrize(
    ("sent", "is_tls", "status"),
    [
        (f"GET / HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n", False, 400),
        (f"GET /{'a' * 9_000} HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n", True, 414),
        (
            f"POST /enter HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\n",
            True,
            413,
        ),
        (f"GET /.refused HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n", True, 404),
    ],
    ids=["without TLS", "too long", "too much", "its own pages"],
)
def test_what_nginx_refuses_itself_is_as_well_protected(
    proxied: Proxied, sent: str, status: int, *, is_tls: bool
) -> None:
    head, _, body = proxied.raw(sent.encode(), is_tls=is_tls).decode().partition("\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ")
    assert [f"{name}: {value}" for name, value in OWN_HEADERS.items() if f"{name}: {value}" not in head] == []
    assert "reached by https" in body
    assert "Set-Cookie" not in head


def test_its_log_names_no_page(proxied: Proxied) -> None:
    with proxied.client() as client:
        client.get("/photo/A-SECRET-LINK")
    logged = (proxied.folder / "ion-kiosk.log").read_text(encoding="ascii")
    assert "GET" in logged
    assert "SECRET" not in logged


def test_a_kiosk_that_is_away_is_said_to_be(proxied: Proxied) -> None:
    proxied.server.stop()
    with proxied.client() as client:
        answer = client.get("/print")
    assert (answer.status_code, answer.headers["Retry-After"]) == (502, "5")
    assert {name: answer.headers[name] for name in OWN_HEADERS} == OWN_HEADERS
    assert "does not answer" in answer.text
