import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.barcodes import read
from kiosk.scanners.collector import MAX_SCAN_BYTES, Dropped, Piece
from kiosk.scanners.hid_pos_report import ReportFraming
from tests.scanners.reports import report, reports_of

BOARDING_PASS = b"M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23  99"


def pieces(*reports: bytes) -> tuple[Piece, ...]:
    framing = ReportFraming()
    return tuple(piece for one in reports for piece in framing.feed(one))


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ((report(b"PN-100", aim=b"]d1"),), (b"]d1PN-100",)),
        ((report(b""),), ()),
        ((report(b"", aim=b"]d1"),), (b"]d1",)),
        ((report(b"A" * 56, aim=b"]Q1"),), (b"]Q1" + b"A" * 56,)),
        (
            (report(b"A" * 56, aim=b"]Q0", is_continued=True), report(b"BCDE", aim=b"]Q0")),
            (b"]Q0" + b"A" * 56 + b"BCDE",),
        ),
        ((report(b"", aim=b"]Q0", is_continued=True), report(b"X", aim=b"]Q0")), (b"]Q0X",)),
        ((report(b"A"), report(b"B")), (b"A", b"B")),
        ((report(b"SHIFTED", aim=b"]C1", shift=1),), (b"]C1SHIFTED",)),
        ((report(b"SHIFTED", aim=b"]C1", shift=1) + b"\0",), (b"]C1SHIFTED",)),
        ((report(b"]d1TWICE", aim=b"]d1"),), (b"]d1TWICE",)),
        ((report(b"X", aim=b"\0\0\0"),), (b"X",)),
        ((report(b"X", aim=b"] 1"),), (b"X",)),
        ((b"\x05" + report(b"X")[1:], b"\xff", report(b"A")), (b"A",)),
    ],
)
def test_reports_become_scans(reports: tuple[bytes, ...], expected: tuple[Piece, ...]) -> None:
    assert pieces(*reports) == expected


def test_as_the_manual_prints_it() -> None:
    first = bytes.fromhex("02385d5130") + BOARDING_PASS[:56] + bytes.fromhex("730001")
    second = bytes.fromhex("02015d5130") + BOARDING_PASS[56:] + bytes(55) + bytes.fromhex("730000")
    assert pieces(first, second) == (b"]Q0" + BOARDING_PASS,)


def test_the_identifier_arrives_where_it_is_used() -> None:
    (scan,) = pieces(report(b"0109506000134352", aim=b"]d2"))
    assert isinstance(scan, bytes)
    readings = read(scan)
    assert (readings.symbology, readings.text) == ("]d2", "0109506000134352")


@pytest.mark.parametrize(
    "broken",
    [
        b"\x02",
        b"\x02\x05]d1AB",
        report(b"X")[:1] + b"\x39" + report(b"X")[2:],
        b"\x02" + b"\xff" * 63,
        (report(b"A" * 56, aim=b"]d1", shift=1))[:64],
    ],
)
def test_a_report_that_cannot_be_is_a_lost_scan(broken: bytes) -> None:
    whole = (broken, report(b"rest"), report(b"NEXT"))
    assert pieces(*whole)[0] is Dropped.LOST
    assert pieces(*whole)[-1] == b"NEXT"


def test_a_scan_that_stops_is_no_scan() -> None:
    framing = ReportFraming()
    assert framing.feed(report(b"HALF", is_continued=True)) == ()
    assert (framing.is_inside, framing.pending_bytes) == (True, 4)
    assert framing.flush() == (Dropped.CUT,)
    assert (framing.is_inside, framing.pending_bytes) == (False, 0)
    assert framing.feed(report(b"NEXT")) == (b"NEXT",)


def test_reset_forgets() -> None:
    framing = ReportFraming()
    framing.feed(report(b"HALF", is_continued=True))
    framing.reset()
    assert framing.feed(report(b"NEXT")) == (b"NEXT",)


def test_a_scan_without_end_is_dropped_once() -> None:
    endless = [report(b"A" * 56, is_continued=True)] * (2 * MAX_SCAN_BYTES // 56)
    assert pieces(*endless, report(b"end"), report(b"NEXT")) == (Dropped.TOO_LONG, b"NEXT")


@given(st.binary(min_size=1, max_size=400))
def test_every_byte_arrives(data: bytes) -> None:
    assert pieces(*reports_of(data, aim=b"]d1")) == (data if data.startswith(b"]d1") else b"]d1" + data,)


@given(st.lists(st.binary(min_size=1, max_size=80), max_size=10))
def test_garbage_never_raises_and_the_next_scan_is_whole(garbage: list[bytes]) -> None:
    framing = ReportFraming()
    for one in garbage:
        framing.feed(one)
    framing.flush()
    assert framing.feed(report(b"NEXT")) == (b"NEXT",)
