from collections.abc import Callable

import httpx
import pytest

from kiosk.errors import IonRejected, IonUnreachable
from kiosk.ion.storage import Storage, UploadExpired
from tests.ion.factory import settings_for

URL = "https://ion-files.example/uploads/1?X-Amz-Signature=secret"


def storage(answer: Callable[[httpx.Request], httpx.Response], **changes: object) -> Storage:
    settings = settings_for("https://ion.test", **changes)
    return Storage(settings, transport=httpx.MockTransport(answer))


def test_a_file_goes_with_exactly_its_content_type_and_without_a_token() -> None:
    seen: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, headers={"ETag": '"9c1185a5c5e9fc54612808977ee8f548"'})

    etag = storage(take).put(URL, b"photo", content_type="image/jpeg")
    assert etag == "9c1185a5c5e9fc54612808977ee8f548"
    (request,) = seen
    assert (request.method, request.content) == ("PUT", b"photo")
    assert request.headers["content-type"] == "image/jpeg"
    assert "authorization" not in request.headers


@pytest.mark.parametrize(
    ("header", "etag"), [('W/"abc"', "abc"), ("abc", "abc"), ("", ""), ('"a b"', ""), ('""', "")]
)
def test_an_etag_loses_its_quotes(header: str, etag: str) -> None:
    store = storage(lambda _: httpx.Response(200, headers={"ETag": header} if header else {}))
    assert store.put(URL, b"x", content_type="image/png") == etag


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, UploadExpired),
        (400, IonRejected),
        (413, IonRejected),
        (500, IonUnreachable),
        (503, IonUnreachable),
        (302, IonUnreachable),
    ],
)
def test_what_the_storage_says_has_its_name(status: int, kind: type[Exception]) -> None:
    store = storage(lambda _: httpx.Response(status, text="SignatureDoesNotMatch"))
    with pytest.raises(kind, match=r"Upload 1 bytes to 'ion-files.example': expected 2xx") as caught:
        store.put(URL, b"x", content_type="image/png")
    assert type(caught.value) is kind
    assert "secret" not in str(caught.value)


def test_a_storage_that_is_not_there() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(IonUnreachable, match="got ConnectError: refused"):
        storage(refuse).put(URL, b"x", content_type="image/png")
    with pytest.raises(IonUnreachable, match="got ConnectError: refused"):
        storage(refuse).get(URL)


@pytest.mark.parametrize(
    "url",
    ["http://plain.example/x", "file:///etc/passwd", "https://user:pw@evil.example/", "", "https://", "//x"],
)
def test_an_address_that_is_none_is_not_asked(url: str) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise AssertionError(request.url)

    store = storage(fail)
    for act in (lambda: store.put(url, b"x", content_type="image/png"), lambda: store.get(url)):
        with pytest.raises(IonRejected, match="expected an address of https"):
            act()


def test_a_simulated_ion_may_speak_plainly() -> None:
    store = Storage(
        settings_for(), transport=httpx.MockTransport(lambda _: httpx.Response(200, content=b"x"))
    )
    assert store.get("http://127.0.0.1:9/x") == b"x"


def test_a_file_comes_back_or_is_not_there() -> None:
    assert storage(lambda _: httpx.Response(200, content=b"photo")).get(URL) == b"photo"
    for status in (403, 404):
        assert storage(lambda _, status=status: httpx.Response(status)).get(URL) is None  # type: ignore[misc]
    with pytest.raises(IonUnreachable, match="expected 200, got HTTP 500"):
        storage(lambda _: httpx.Response(500)).get(URL)


def test_a_file_without_end_is_left() -> None:
    store = storage(lambda _: httpx.Response(200, content=b"x" * (64 * 1024 * 1024 + 1)))
    with pytest.raises(IonUnreachable, match="expected 67108864 bytes at most"):
        store.get(URL)


def test_closing_twice_is_fine() -> None:
    store = storage(lambda _: httpx.Response(200))
    store.close()
    store.close()
