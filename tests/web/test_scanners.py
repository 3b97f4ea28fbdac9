from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from kiosk.model import DeviceState, FaultSeen, Pace, ScanSeen
from kiosk.sheets.setup_codes import SEPARATORS
from kiosk.web.scanner_view import ByteView, scan_view, scanner_views
from tests.web.fakes import NOW, FakeScanner, World
from tests.web.markup import Markup

GONE = DeviceState("floor-gun", is_ready=False, text="Not there. Put its plug back.")


def test_without_scanners_it_says_what_else_scans(client: FlaskClient) -> None:
    assert "The kiosk has no scanner yet." in Markup(client.get("/scanners").get_data(as_text=True)).text


def test_each_scanner_is_shown_with_its_last_scan(kiosk: World, client: FlaskClient) -> None:
    fault = FaultSeen(NOW, "A part of the scan was lost.")
    kiosk.scanners.append(FakeScanner(faults=2, last_fault=fault))
    kiosk.scanners[0].sends(b"]C0PO-10007")
    text = Markup(client.get("/scanners").get_data(as_text=True)).text
    for words in (
        "dock-gun",
        "Ready.",
        "Serial port at station dock-1",
        "2 errors since the start, the last at Nov 21",
        ": A part of the scan was lost.",
        "/dev/serial/by-id/usb-Honeywell_1900_12345678-if00",
        "11 bytes, symbology ]C0 Code 128",
        "12 ms from its first byte to its last, on disk 4.0 ms later",
        "P 50 O 4f - 2d",
    ):
        assert words in text


def test_nothing_on_the_page_is_called_like_another_whatever_scanners_are_called(
    kiosk: World, client: FlaskClient
) -> None:
    kiosk.scanners += [FakeScanner(name=name) for name in ("list", "gun", "learn")]
    page = Markup(client.get("/scanners").get_data(as_text=True))
    named = [str(one["id"]) for one in page.having("id")]
    assert sorted(named) == sorted(set(named))


def test_one_that_is_gone_comes_first_with_its_remedy(kiosk: World, client: FlaskClient) -> None:
    fault = FaultSeen(NOW, GONE.text)
    kiosk.scanners += [
        FakeScanner(),
        FakeScanner(name="floor-gun", lamp=GONE, faults=1, last_fault=fault),
    ]
    text = Markup(client.get("/scanners/list").get_data(as_text=True)).text
    assert text.index("floor-gun Not there. Put its plug back.") < text.index("dock-gun Ready.")
    assert "1 error since the start" in text
    assert text.count(GONE.text) == 1
    assert "It has sent nothing since the start." in text


def test_a_test_scan_is_judged(kiosk: World, client: FlaskClient) -> None:
    kiosk.scanners.append(FakeScanner(kind="hid-pos"))
    kiosk.scanners[0].sends(SEPARATORS.replace("\x1d", "").encode())
    text = Markup(client.get("/scanners/list").get_data(as_text=True)).text
    assert "No AIM identifier in front: switch it on." in text
    assert "GS did not come through" in text
    assert "symbology not said by the scanner" in text


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"A", ByteView("41", "A", is_control=False)),
        (b" ", ByteView("20", " ", is_control=False)),
        (b"<", ByteView("3c", "<", is_control=False)),
        (b"\x1d", ByteView("1d", "␝", is_control=True)),
        (b"\x00", ByteView("00", "␀", is_control=True)),
        (b"\x7f", ByteView("7f", "␡", is_control=True)),
        (b"\xe9", ByteView("e9", "·", is_control=False)),
    ],
)
def test_every_byte_is_shown(data: bytes, expected: ByteView) -> None:
    view = scan_view(ScanSeen(NOW, data))
    assert (view.bytes, view.shown, view.more) == ((expected,), expected.shown, 0)


def test_a_long_scan_ends_with_how_much_more_there_is(kiosk: World, client: FlaskClient) -> None:
    kiosk.scanners.append(FakeScanner())
    kiosk.scanners[0].sends(b"x" * 8192)
    view = scan_view(kiosk.scanners[0].scans[0])
    assert (len(view.bytes), view.more, view.length, view.shown[-2:]) == (320, 7872, 8192, "x…")
    assert "and 7872 more" in client.get("/scanners/list").get_data(as_text=True)


def test_five_scans_are_shown_newest_first() -> None:
    scanner = FakeScanner()
    for number in range(8):
        scanner.sends(b"S%d" % number, datetime(2026, 11, 21, 9, number, tzinfo=UTC))
    (view,) = scanner_views([scanner])
    assert view.last is not None
    assert [scan.shown for scan in (view.last, *view.earlier)] == ["S7", "S6", "S5", "S4", "S3"]
    assert view.last.at == "2026-11-21T09:07:00+00:00"


def test_hostile_bytes_are_text(kiosk: World, client: FlaskClient) -> None:
    hostile = "<script>alert(1)</script>"
    kiosk.scanners.append(
        FakeScanner(
            name=hostile, kind=hostile, port=hostile, lamp=DeviceState("x", is_ready=False, text=hostile)
        )
    )
    kiosk.scanners[0].sends(hostile.encode())
    kiosk.scanners[0].sends(b"<b>")
    page = Markup(client.get("/scanners/list").get_data(as_text=True))
    assert "script" not in page.tags
    assert hostile in page.text


def test_it_leads_back_to_the_station_and_to_the_sheets(client: FlaskClient) -> None:
    links = [
        link["href"]
        for link in Markup(client.get("/scanners?station=floor%202").get_data(as_text=True)).having("href")
        if link.get("class") == "button"
    ]
    assert links[:4] == [
        "/station/floor%202",
        "/sheets/scanner?station=floor%202",
        "/sheets/commands?station=floor%202",
        "/sheets/work?station=floor%202",
    ]
    other = client.get("/scanners?station=%3Cscript%3E").get_data(as_text=True)
    assert "script%3E" not in other
    assert '<a class="button" href="/">' in other


@pytest.mark.parametrize(
    ("pace", "answered_s", "words"),
    [
        (Pace(), 0.0042, "came in one piece, on disk 4.2 ms later"),
        (Pace(0.302), None, "302 ms from its first byte to its last, not kept"),
        (
            Pace(0.0146, 0.05),
            0.0123,
            "15 ms from its first byte to its last, 50 ms of silence, on disk 12 ms later",
        ),
    ],
)
def test_how_long_a_scan_took(pace: Pace, answered_s: float | None, words: str) -> None:
    assert scan_view(ScanSeen(NOW, b"A", pace, answered_s)).pace == words


@pytest.mark.parametrize(
    ("data", "kind", "pace", "words"),
    [
        (b"PO-1", "serial", Pace(0.01), []),
        (
            b"PO-1",
            "serial",
            Pace(0.01, 0.05),
            ["It has no suffix, so every scan waits 50 ms. Set its suffix to CR."],
        ),
        (
            b"\xe6\x00\x98\x80\xf8",
            "serial",
            Pace(),
            ["This is hardly text: set the baud rate in the settings"],
        ),
        (b"\xe6\x00\x98\x80\xf8", "hid-pos", Pace(), []),
        (
            b"PO-1",
            "serial",
            Pace(0.302),
            ["It sends slowly. Set 115200 baud in the scanner and in the settings"],
        ),
        (b"PO-1", "keyboard", Pace(0.58), ["It sends slowly. Set its USB serial or HID-POS mode"]),
        (b"PO-1", "network", Pace(0.58), ["It sends slowly. Look at the network."]),
    ],
)
def test_what_the_line_shows(data: bytes, kind: str, pace: Pace, words: list[str]) -> None:
    found = scan_view(ScanSeen(NOW, data, pace), kind).findings
    assert [finding.is_good for finding in found] == [False] * len(words)
    assert all(finding.text.startswith(start) for finding, start in zip(found, words, strict=True))
