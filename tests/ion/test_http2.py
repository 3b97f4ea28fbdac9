"""Both sides of the line are real: TLS agrees on what is spoken, and the server breaks it in every way."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import trustme

from kiosk.errors import IonError, IonUnknown, IonUnreachable
from kiosk.ion.client import Client
from tests.ion.factory import settings_for
from tests.ion.secure_server import Mishap, SecureServer, server_context

CHANGE = "mutation M { a }"
QUERY = "query Q { a }"
ALL = {"a": 1}
AUTHORITY = trustme.CA()
CERTIFICATE = AUTHORITY.issue_cert("localhost")


@pytest.fixture(scope="module")
def ca_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    AUTHORITY.cert_pem.write_to_path(path)
    return path


@pytest.fixture
def server() -> Iterator[SecureServer]:
    with SecureServer(server_context(CERTIFICATE, "h2", "http/1.1")) as running:
        yield running


@pytest.fixture
def client(server: SecureServer, ca_file: Path) -> Iterator[Client]:
    with closing(Client(settings_for(server.url, ca_file=ca_file))) as opened:
        yield opened


def test_questions_share_a_connection_and_every_change_has_a_fresh_one(
    server: SecureServer, client: Client
) -> None:
    for _ in range(3):
        assert client.execute(QUERY, {}, is_mutation=False) == ALL
    assert server.spoken == ["h2"]
    for _ in range(2):
        assert client.execute(CHANGE, {}, is_mutation=True) == ALL
    assert server.spoken == ["h2"] * 3
    assert server.posts == 5


@pytest.mark.parametrize(("offered", "http2"), [(["http/1.1"], True), ([], True), (["h2"], False)])
def test_http_1_is_spoken_where_the_other_is_not_offered_or_not_wanted(
    ca_file: Path, offered: list[str], http2: bool
) -> None:
    with SecureServer(server_context(CERTIFICATE, *offered)) as server:
        settings = settings_for(server.url, ca_file=ca_file, http2=http2)
        with closing(Client(settings)) as client:
            assert client.execute(QUERY, {}, is_mutation=False) == ALL
            assert client.execute(CHANGE, {}, is_mutation=True) == ALL
        assert server.spoken == ["http/1.1" if "http/1.1" in offered else None] * 2


@pytest.mark.parametrize(
    ("mishap", "expected"),
    [
        (Mishap.REFUSED, IonUnreachable),
        (Mishap.LEFT_WITHOUT_IT, IonUnreachable),
        (Mishap.RESET, IonUnknown),
        (Mishap.LEFT_WITH_IT, IonUnknown),
        (Mishap.CUT, IonUnknown),
        (Mishap.CUT_IN_ANSWER, IonUnknown),
        (Mishap.REFUSED_IN_ANSWER, IonUnknown),
    ],
)
def test_what_breaks_a_change_says_whether_it_was_executed(
    server: SecureServer, client: Client, mishap: Mishap, expected: type[IonError]
) -> None:
    server.mishaps.append(mishap)
    with pytest.raises(IonError) as caught:
        client.execute(CHANGE, {}, is_mutation=True)
    assert type(caught.value) is expected
    assert server.posts == 1
    assert client.execute(CHANGE, {}, is_mutation=True) == ALL


@pytest.mark.parametrize(
    "mishap", [each for each in Mishap if each not in {Mishap.ENDED_AFTERWARDS, Mishap.STALLED}]
)
def test_a_question_bears_every_break(server: SecureServer, client: Client, mishap: Mishap) -> None:
    server.mishaps.append(mishap)
    assert client.execute(QUERY, {}, is_mutation=False) == ALL
    assert client.execute(QUERY, {}, is_mutation=False) == ALL


@pytest.mark.parametrize("mishap", [Mishap.ENDED_AFTERWARDS, Mishap.LEFT_AFTERWARDS])
def test_a_connection_that_the_server_gave_up_costs_a_question_nothing(
    server: SecureServer, client: Client, mishap: Mishap
) -> None:
    server.mishaps += [mishap] * 3
    for _ in range(4):
        assert client.execute(QUERY, {}, is_mutation=False) == ALL


def test_a_question_that_waits_holds_up_nobody(server: SecureServer, client: Client) -> None:
    server.mishaps.append(Mishap.STALLED)
    slow = threading.Thread(target=client.execute, args=(QUERY, {}), kwargs={"is_mutation": False})
    slow.start()
    assert server.stalled.wait(5)
    assert client.execute(QUERY, {}, is_mutation=False) == ALL
    assert client.execute(CHANGE, {}, is_mutation=True) == ALL
    assert slow.is_alive()
    server.let_go.set()
    slow.join(5)
    assert not slow.is_alive()
    assert server.spoken == ["h2"] * 3


def test_a_question_that_timed_out_takes_no_other_along(server: SecureServer, ca_file: Path) -> None:
    server.mishaps.append(Mishap.STALLED)
    settings = settings_for(server.url, ca_file=ca_file, read_timeout_s=0.3)
    with closing(Client(settings)) as client:
        with pytest.raises(IonUnreachable, match="ReadTimeout"):
            client.execute(QUERY, {}, is_mutation=False)
        server.let_go.set()
        assert client.execute(QUERY, {}, is_mutation=False, timeout_s=5.0) == ALL
