import base64

import pytest
from PIL import Image

from kiosk.errors import JournalError
from kiosk.sheets import scanner_sheet
from kiosk.sheets.setup_codes import DOUBLES, KEYS, SEPARATORS
from kiosk.web.photo import MOST_PHOTO_BYTES
from tests.test_photo import picture_of, saved
from tests.web.conftest import Page
from tests.web.fakes import World

PATH = "/station/dock-1/photo"


def test_one_barcode_in_a_photo_is_a_scan(kiosk: World, page: Page) -> None:
    for _ in range(2):
        answer = page.client.post(
            PATH,
            data=saved(picture_of(SEPARATORS), "JPEG"),
            headers={**page.headers, "Idempotency-Key": "p1"},
            content_type="image/jpeg",
        )
        assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert kiosk.station.scans == [(b"]d1" + SEPARATORS.encode(), "page", "p1")]
    assert 'data-screen="home/unknown"' in answer.get_data(as_text=True)


def test_several_are_answered_to_choose_from(kiosk: World, page: Page) -> None:
    answer = page.client.post(PATH, data=scanner_sheet(), headers=page.headers)
    codes = answer.get_json()["codes"]
    assert [(code["identifier"], base64.b64decode(code["base64"]).decode()) for code in codes] == [
        ("]d1", SEPARATORS),
        ("]C0", KEYS),
        ("]C0", DOUBLES),
    ]
    assert [code["name"] for code in codes] == ["Data Matrix", "Code 128", "Code 128"]
    assert kiosk.station.scans == []


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        (saved(Image.new("L", (640, 480), 200)), 422, "No barcode was found in the photo."),
        (b"<script>alert(1)</script>", 422, "This is no photo that can be read."),
        (b"", 422, "This is no photo that can be read."),
        (bytes(MOST_PHOTO_BYTES + 1), 413, ""),
    ],
)
def test_a_photo_that_cannot_be_taken_is_said(
    kiosk: World, page: Page, data: bytes, status: int, says: str
) -> None:
    answer = page.client.post(PATH, data=data, headers=page.headers)
    assert (answer.status_code, answer.mimetype) == (status, "text/plain")
    assert says in answer.get_data(as_text=True)
    assert b"script" not in answer.data
    assert kiosk.station.scans == []


def test_a_photo_of_twelve_megabytes_is_taken(kiosk: World, page: Page) -> None:
    picture = saved(picture_of("PO-10007"))
    answer = page.client.post(PATH, data=picture.ljust(MOST_PHOTO_BYTES, b"\0"), headers=page.headers)
    assert answer.status_code == 200
    assert [data for data, _, _ in kiosk.station.scans] == [b"]d1PO-10007"]


def test_no_station_and_no_journal_are_said(kiosk: World, page: Page) -> None:
    picture = saved(picture_of("PO-10007"))
    assert page.client.post("/station/none/photo", data=picture, headers=page.headers).status_code == 404
    kiosk.station.failure = JournalError("disk full")
    assert page.client.post(PATH, data=picture, headers=page.headers).status_code == 503
