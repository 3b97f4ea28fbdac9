"""What a browser loads for a station's page, before it is asked for a camera."""

import gzip
import re
from posixpath import dirname, join, normpath

from flask.testing import FlaskClient

MOST_BYTES = 150_000
LINKED = re.compile(r'<(?:link[^>]* href|script[^>]* src)="([^"]+)"')
IMPORTED = re.compile(r'^import (?:[^;"]* from )?"(\./[^"]+)"', re.MULTILINE)
USED = re.compile(r'url\("([^"]+)"\)')


def weights(client: FlaskClient, path: str) -> dict[str, int]:
    """Return the bytes of a page and of all that it links, imports and draws with, as they are sent."""
    page = client.get(path)
    found = {path: len(page.data)}
    wanted = [link.partition("?")[0] for link in LINKED.findall(page.text)]
    while wanted:
        one = wanted.pop()
        if one in found:
            continue
        with client.get(f"{one}?v=1", headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.status_code == 200, one
            found[one] = len(answer.data)
            sent = gzip.decompress(answer.data) if answer.content_encoding else answer.data
        pattern = {"css": USED, "js": IMPORTED}.get(one.rpartition(".")[2])
        if pattern and "/vendor/" not in one:
            wanted += [normpath(join(dirname(one), link)) for link in pattern.findall(sent.decode())]
    return found


def test_the_page_of_a_station_is_light(client: FlaskClient) -> None:
    found = weights(client, "/station/dock-1")
    assert {"/static/wedge.js", "/static/board.js", "/static/vendor/noto/control-pictures.ttf"} <= set(found)
    assert not [name for name in found if "zxing" in name or "camera" in name]
    assert sum(found.values()) < MOST_BYTES, found


def test_a_file_is_packed_for_those_who_ask_for_that(client: FlaskClient) -> None:
    def got(path: str, **headers: str) -> tuple[str | None, bytes, str]:
        with client.get(path, headers={"Accept-Encoding": headers.get("accepts", "gzip")}) as answer:
            return answer.content_encoding, answer.data, answer.headers["Cache-Control"]

    kept = "public, max-age=31536000, immutable"
    plain = got("/static/theme.css?v=1", accepts="br")
    packed = got("/static/theme.css?v=1")
    assert (plain[0], plain[2]) == (None, kept)
    assert (packed[0], gzip.decompress(packed[1]), packed[2]) == ("gzip", plain[1], kept)
    assert got("/static/theme.css?v=1") == packed
    assert got("/static/theme.css")[0] is None
    assert client.get("/station/dock-1", headers={"Accept-Encoding": "gzip"}).content_encoding is None
    with client.get("/static/none.css?v=1") as answer:
        assert answer.status_code == 404
    with client.get("/static/theme.css?v=1", headers={"Accept-Encoding": "gzip"}) as answer:
        assert (answer.headers["Vary"], "ETag" in answer.headers) == ("Accept-Encoding", False)
