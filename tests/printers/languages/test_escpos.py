import pytest

from printers import AS_SET, Cut, Handling, LabelInvalid, Media, PrinterState, PrinterStatus, Raster, Reason
from printers.languages import escpos
from printers.status import INCOMPLETE, SILENT
from tests.printers.languages.reading import read_escpos, same_dots

DOTS = Raster(10, 2, bytes([0x80, 0x40, 0x01, 0x00]))
OUT = b"\x1bd\x05"


def test_a_label_is_one_raster_and_paper_to_tear() -> None:
    payload = escpos.encode(Raster(10, 200, bytes(400)), Media(50, 25, 203), AS_SET)
    first = b"\x1dv0\x00\x02\x00\x80\x00" + bytes(256)
    second = b"\x1dv0\x00\x02\x00\x48\x00" + bytes(144)
    assert payload == b"\x1b@" + first + second + OUT


@pytest.mark.parametrize(
    ("handling", "head", "end"),
    [
        (AS_SET, b"", OUT),
        (Handling(cut=Cut.NO), b"", OUT),
        (Handling(cut=Cut.FULL), b"", b"\x1dVA\x00"),
        (Handling(cut=Cut.HALF), b"", b"\x1dVB\x00"),
        (Handling(speed=13, darkness=-6), b"\x1d(K\x02\x001\xfa\x1d(K\x02\x002\x0d", OUT),
        (Handling(model="TM-L90"), b"", OUT + b"\x1d(H\x06\x0000LABL"),
        (Handling(model="CT-S310"), b"", OUT),
    ],
)
def test_settings(handling: Handling, head: bytes, end: bytes) -> None:
    media = Media(50, 25, 203)
    payload = escpos.encode(Raster(8, 200, bytes(200)), media, handling)
    assert payload.startswith(b"\x1b@" + head + b"\x1dv0")
    assert payload.endswith(bytes(72) + end)


def test_a_short_bitmap_is_followed_by_white() -> None:
    payload = escpos.encode(DOTS, Media(50, 50, 203), AS_SET)
    (label,) = read_escpos(payload, 400).labels
    assert label.height == 400
    assert payload.startswith(b"\x1b@\x1dP\xcb\xcb\x1dv0\x00\x02\x00\x02\x00")
    assert b"\x1bJ\xff\x1bJ\x8f" in payload


def test_dots_that_would_empty_the_buffer_are_sent_from_another_edge() -> None:
    clear = b"\x00\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08\x00"
    raster = Raster(96, 3, bytes(12) + clear + bytes(12))
    payload = escpos.encode(raster, Media(50, 25, 203), AS_SET)
    assert b"\x10\x14" not in payload
    assert b"\x1dL\x01\x00" in payload
    assert payload.endswith(b"\x1dL\x00\x00" + b"\x1bJ\xc5" + OUT)
    (label,) = read_escpos(payload, 400).labels
    assert same_dots(label, raster.image())


def test_dots_at_the_very_edge_that_are_a_command_are_refused() -> None:
    with pytest.raises(
        LabelInvalid, match=r"^escpos: expected white dots left in row 1, got ink at the edge$"
    ):
        escpos.encode(Raster(24, 2, bytes(3) + b"\x90\x10\x04"), Media(50, 25, 203), AS_SET)


@pytest.mark.parametrize(
    ("dpi", "unit"), [(180, (1, 180)), (203, (1, 203)), (300, (2, 150)), (600, (3, 200))]
)
def test_units_are_whole_dots(dpi: int, unit: tuple[int, int]) -> None:
    payload = escpos.encode(DOTS, Media(50, 50, dpi), AS_SET)
    assert payload[2:6] == b"\x1dP" + bytes([unit[1], unit[1]])
    rest = Media(50, 50, dpi).height_dots - 2
    assert (
        sum(payload[place + 2] for place in range(len(payload)) if payload[place : place + 2] == b"\x1bJ")
        == rest // unit[0]
    )


def test_a_head_without_whole_units_is_refused() -> None:
    with pytest.raises(LabelInvalid, match=r"^escpos: dpi=301: expected at most 255, or an even number$"):
        escpos.check(Media(50, 50, 301), AS_SET)


def said_by(state: PrinterState, *reasons: Reason, labels_printed: int = 0) -> PrinterStatus:
    return PrinterStatus(state, reasons, None, labels_printed)


READY = said_by(PrinterState.READY)
OK = b"\x12\x12\x12\x12"
PRINTED = b"7\x22LABL\x00"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (OK, READY),
        (b"\x1a\x16\x12\x12", said_by(PrinterState.TROUBLE, Reason.HEAD_OPEN)),
        (b"\x1a\x32\x12\x72", said_by(PrinterState.TROUBLE, Reason.MEDIA_EMPTY)),
        (b"\x12\x12\x12\x1e", said_by(PrinterState.READY, Reason.MEDIA_LOW)),
        (b"\x1a\x52\x1a\x12", said_by(PrinterState.TROUBLE, Reason.CUTTER)),
        (b"\x1a\x52\x52\x12", said_by(PrinterState.TROUBLE, Reason.OVER_TEMPERATURE)),
        (b"\x1a\x52\x32\x12", said_by(PrinterState.TROUBLE, Reason.FAULT)),
        (b"\x1a\x52\x12\x12", said_by(PrinterState.TROUBLE, Reason.FAULT)),
        (b"\x1a\x12\x12\x12", said_by(PrinterState.TROUBLE, Reason.OFFLINE)),
        (PRINTED, said_by(PrinterState.READY, labels_printed=1)),
        (PRINTED + OK, said_by(PrinterState.READY, labels_printed=1)),
        (OK[:2] + PRINTED + OK[2:], said_by(PrinterState.READY, labels_printed=1)),
        (b"\x11" + OK + b"\x13", READY),
        (b"\x10\x00\x00\x0f", READY),
        (b"\x38\x00\x0c\x0f", said_by(PrinterState.TROUBLE, Reason.HEAD_OPEN, Reason.MEDIA_EMPTY)),
        (b"\x18\x00\x00\x0f", said_by(PrinterState.TROUBLE, Reason.OFFLINE)),
        (b"\x18\x08\x03\x0f", said_by(PrinterState.TROUBLE, Reason.CUTTER, Reason.MEDIA_LOW)),
        (b"\x18\x60\x00\x0f", said_by(PrinterState.TROUBLE, Reason.OVER_TEMPERATURE, Reason.FAULT)),
        (b"\x10\x00\x00\x0f" + OK, READY),
        (b"\x18\x00\x0c\x0f" + b"\x10\x00\x00\x0f", READY),
        (b"", SILENT),
        (OK[:3], INCOMPLETE),
        (OK + OK[:1], INCOMPLETE),
        (b"\x11", INCOMPLETE),
        (b"\x10\x00\x00", INCOMPLETE),
        (b"\x10\x90\x00\x0f", INCOMPLETE),
        (PRINTED[:-1], INCOMPLETE),
        (b"7\x22\x07\x07\x07\x07\x00", INCOMPLETE),
        (b"HTTP/1.1 400\r\n", INCOMPLETE),
    ],
)
def test_status(said: bytes, status: PrinterStatus) -> None:
    assert escpos.parse_status(said) == status


def test_an_answer_is_complete_with_four_bytes() -> None:
    (question,) = escpos.ESCPOS.questions
    assert question.query == b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"
    assert not question.is_complete(OK[:3])
    assert not question.is_complete(PRINTED)
    assert question.is_complete(PRINTED + OK)


def test_the_last_of_several_labels_is_reported() -> None:
    payload = escpos.encode_pages([DOTS, DOTS], Media(50, 25, 203), Handling(model="TM-L90"))
    assert payload.count(b"\x1d(H") == 1
    assert payload.endswith(OUT + b"\x1d(H\x06\x0000LABL")
