"""What a wrong address, a wrong clock or a strange network does, and what the kiosk says: real sockets."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import trustme

from kiosk.errors import IonError, IonUnknown, IonUnreachable, SettingsError
from kiosk.ion.client import Client
from kiosk.ion.line_faults import remedy
from kiosk.ion.storage import Storage
from kiosk.ion.trust import NOBODY, trusted
from tests.ion.factory import settings_for
from tests.ion.secure_server import SecureServer, server_context

CHANGE = "mutation M { a }"
AUTHORITY = trustme.CA()
GOOD = AUTHORITY.issue_cert("localhost")
NOW = datetime.now(UTC)
OLD = AUTHORITY.issue_cert("localhost", not_before=NOW - timedelta(9), not_after=NOW - timedelta(2))
YOUNG = AUTHORITY.issue_cert("localhost", not_before=NOW + timedelta(2), not_after=NOW + timedelta(9))
OTHER_NAME = AUTHORITY.issue_cert("login.guest-wifi.example")
OTHER_NAME_SAYS = (
    "The certificate there is for another name. Check ion.url, and whether the network asks to sign in."
)
STRANGE = trustme.CA().issue_cert("localhost")


@pytest.fixture(scope="module")
def ca_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    AUTHORITY.cert_pem.write_to_path(path)
    return path


def refused(settings: dict[str, object], url: str) -> IonError:
    """Return how a change ends there."""
    with closing(Client(settings_for(url, **settings))) as client, pytest.raises(IonError) as caught:
        client.execute(CHANGE, {}, is_mutation=True)
    return caught.value


@pytest.mark.parametrize(
    ("certificate", "mend"),
    [
        (OLD, "ION's certificate has expired, or the kiosk's clock is ahead. Check the clock first."),
        (YOUNG, "ION's certificate is not valid yet: the kiosk's clock is behind. Set the clock."),
        (
            OTHER_NAME,
            OTHER_NAME_SAYS,
        ),
        (
            STRANGE,
            "Nobody whom the kiosk trusts signed ION's certificate. Name the authority in ion.ca_file.",
        ),
    ],
    ids=["expired", "not yet valid", "another name", "unknown authority"],
)
def test_a_certificate_that_is_refused_says_who_mends_it(
    ca_file: Path, certificate: trustme.LeafCert, mend: str
) -> None:
    with SecureServer(server_context(certificate, "h2")) as server:
        error = refused({"ca_file": ca_file}, server.url)
        assert isinstance(error, IonUnreachable)
        assert error.remedy == mend
        assert str(error).endswith(mend)
        assert f"expected an answer from '{server.url}/token', got ConnectError" in str(error)
        assert server.posts == 0


def test_an_address_that_the_certificate_does_not_have_asks_for_the_name(ca_file: Path) -> None:
    with SecureServer(server_context(GOOD, "h2")) as server:
        error = refused({"ca_file": ca_file}, server.url.replace("localhost", "127.0.0.1"))
    assert isinstance(error, IonUnreachable)
    assert error.remedy == "The certificate there is for another address. Use ION's name in ion.url."


def test_without_the_sites_authority_its_certificate_is_refused() -> None:
    with SecureServer(server_context(GOOD, "h2")) as server:
        error = refused({}, server.url)
    assert isinstance(error, IonUnreachable)
    assert error.remedy.endswith("Name the authority in ion.ca_file.")


def one_answer(answer: bytes) -> Callable[[socket.socket], None]:
    """Return a server that reads a little, answers this, and hangs up."""

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    return serve


class Raw:
    """One socket that does the same with every connection."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(10)
        self._serve = serve
        self.url = f"127.0.0.1:{self._listener.getsockname()[1]}"

    def once(self) -> None:
        connection, _ = self._listener.accept()
        with connection, self._listener:
            connection.settimeout(5)
            self._serve(connection)


def against(serve: Callable[[socket.socket], None], scheme: str, ca_file: Path) -> IonError:
    raw = Raw(serve)
    thread = threading.Thread(target=raw.once)
    thread.start()
    error = refused({"ca_file": ca_file}, f"{scheme}://{raw.url}")
    thread.join(10)
    return error


@pytest.mark.parametrize(
    ("serve", "scheme", "mend"),
    [
        (
            one_answer(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
            "https",
            "That port does not speak TLS. Check whether ion.url begins with https:// rightly.",
        ),
        (
            one_answer(b"\x15\x03\x03\x00\x02\x02\x46"),
            "http",
            "That port does not speak HTTP, perhaps TLS: then ion.url begins with https://.",
        ),
        (lambda _: None, "https", "The line was cut while it began. Check the network's firewall."),
        (one_answer(b""), "https", "The line was cut while it began. Check the network's firewall."),
        (
            one_answer(b"\x15\x03\x03\x00\x02\x02\x46"),
            "https",
            "No secure line was agreed on. Tell a technician.",
        ),
    ],
    ids=["plain on TLS", "TLS on plain", "cut at once", "cut after hello", "no common version"],
)
def test_a_line_that_does_not_begin_says_why(
    ca_file: Path, serve: Callable[[socket.socket], None], scheme: str, mend: str
) -> None:
    error = against(serve, scheme, ca_file)
    assert isinstance(error, IonUnreachable), error
    assert error.remedy == mend, error


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = refused({}, f"http://127.0.0.1:{port}")
    assert isinstance(error, IonUnreachable)
    assert error.remedy == "Nothing listens there. Check the port in ion.url."


@pytest.mark.parametrize(
    ("number", "mend"),
    [
        (socket.EAI_NONAME, "Nobody knows ION's name. Check ion.url."),
        (socket.EAI_AGAIN, "No name server answers. Check the network."),
        (socket.EAI_FAIL, "ION's name was not found. Check ion.url and the network."),
    ],
)
def test_a_name_that_is_not_found(number: int, mend: str) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=request) from socket.gaierror(number, "of the resolver")

    client = Client(settings_for(), transport=httpx.MockTransport(handle))
    with pytest.raises(IonUnreachable) as caught:
        client.execute(CHANGE, {}, is_mutation=True)
    assert caught.value.remedy == mend


def test_the_resolver_of_this_machine_says_it_too() -> None:
    error = refused({}, "https://ion.invalid")
    assert isinstance(error, IonUnreachable)
    assert "name" in error.remedy


def test_what_has_no_remedy_names_none() -> None:
    assert remedy(httpx.ReadTimeout("silence")) == ""
    assert (
        remedy(ssl.SSLCertVerificationError(1, "made up"))
        == "ION's certificate is refused. Tell a technician."
    )


def test_the_storage_trusts_the_sites_authority_too(ca_file: Path) -> None:
    with SecureServer(server_context(GOOD, "http/1.1")) as server:
        with closing(Storage(settings_for(server.url, ca_file=ca_file))) as storage:
            assert storage.put(f"{server.url}/bucket/a", b"photo", content_type="image/jpeg") == ""
        with closing(Storage(settings_for(server.url))) as storage, pytest.raises(IonUnreachable):
            storage.put(f"{server.url}/bucket/a", b"photo", content_type="image/jpeg")


def test_a_file_of_authorities_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match=r"ion\.ca_file: cannot read '.*missing\.pem' as certificates in PEM"
    ):
        Client(settings_for("https://ion.test", ca_file=tmp_path / "missing.pem"))
    junk = tmp_path / "junk.pem"
    junk.write_text("no certificate")
    with pytest.raises(SettingsError, match=r"ion\.ca_file: cannot read"):
        Client(settings_for("https://ion.test", ca_file=junk))


def test_a_line_without_tls_reads_no_authorities_and_believes_nobody() -> None:
    plain = settings_for("http://ion.test", ca_file=Path("missing.pem"))
    assert trusted(plain, plain.url, plain.token_url) is NOBODY
    assert NOBODY.verify_mode is ssl.CERT_REQUIRED
    assert NOBODY.check_hostname
    assert NOBODY.get_ca_certs() == []


def test_a_change_that_breaks_later_is_not_called_unsent() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 300})
        raise httpx.ReadError("reset", request=request) from ssl.SSLEOFError(8, "cut")

    client = Client(settings_for(), transport=httpx.MockTransport(handle))
    with pytest.raises(IonUnknown):
        client.execute(CHANGE, {}, is_mutation=True)
