import pytest

from printers import (
    AS_SET,
    Cut,
    Handling,
    LabelInvalid,
    Media,
    PrinterState,
    PrinterStatus,
    Raster,
    Reason,
    Tracking,
)
from printers.languages import tspl
from printers.status import INCOMPLETE, SILENT

DOTS = Raster(10, 2, bytes([0x80, 0x40, 0x01, 0x00]))
MEDIA = Media(101.6, 50.8, 203)


@pytest.mark.parametrize(
    ("media", "handling", "settings"),
    [
        (MEDIA, AS_SET, b""),
        (Media(101.6, 50.8, 203, tracking=Tracking.GAP), AS_SET, b"GAP 3 mm,0 mm\r\n"),
        (Media(101.6, 50.8, 203, tracking=Tracking.MARK, gap_mm=2.5), AS_SET, b"BLINE 2.5 mm,0 mm\r\n"),
        (Media(101.6, 50.8, 203, tracking=Tracking.CONTINUOUS), AS_SET, b"GAP 0 mm,0 mm\r\n"),
        (MEDIA, Handling(speed=4, darkness=0), b"SPEED 4\r\nDENSITY 0\r\n"),
        (MEDIA, Handling(cut=Cut.FULL, peel=False), b"SET CUTTER 1\r\nSET PEEL OFF\r\n"),
        (MEDIA, Handling(cut=Cut.NO, peel=True), b"SET CUTTER OFF\r\nSET PEEL ON\r\n"),
    ],
)
def test_a_label(media: Media, handling: Handling, settings: bytes) -> None:
    assert tspl.encode(DOTS, media, handling) == (
        b"\r\nSIZE 101.6 mm,50.8 mm\r\n" + settings + b"DIRECTION 0,0\r\nREFERENCE 0,0\r\nCLS\r\n"
        b"BITMAP 0,0,2,2,0," + bytes([0x7F, 0xBF, 0xFE, 0xFF]) + b"\r\nPRINT 1,1\r\n"
    )


def test_dots_that_would_restart_the_printer_are_sent_from_another_edge() -> None:
    restart = bytes(255 - byte for byte in b"\xff\x1b!R")
    payload = tspl.encode(Raster(32, 1, restart), MEDIA, AS_SET)
    assert b"\x1b!" not in payload
    assert b"BITMAP 1,0,4,1,0," in payload


def test_dots_at_the_very_edge_that_would_restart_the_printer_are_refused() -> None:
    restart = bytes(255 - byte for byte in b"\x1b!R\x00")
    with pytest.raises(LabelInvalid, match=r"^tspl: expected white dots left in row 0, got ink at the edge$"):
        tspl.encode(Raster(32, 1, restart), MEDIA, AS_SET)


def whole(four: bytes) -> bytes:
    return b"\x02" + four + b"\x03\r\n"


def said_by(state: PrinterState, *reasons: Reason) -> PrinterStatus:
    return PrinterStatus(state, reasons, None)


READY = said_by(PrinterState.READY)
PRINTING = said_by(PrinterState.PRINTING)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (whole(b"@@@@"), READY),
        *((whole(bytes([busy]) + b"@@@"), PRINTING) for busy in b"BCFPW"),
        (whole(b"`@@@"), said_by(PrinterState.PAUSED, Reason.PAUSED)),
        (whole(b"K@@@"), said_by(PrinterState.PAUSED, Reason.PAUSED)),
        (whole(b"L@@@"), said_by(PrinterState.READY, Reason.LABEL_TO_TAKE)),
        (whole(b"E@@@"), said_by(PrinterState.TROUBLE, Reason.FAULT)),
        (whole(b"E@@A"), said_by(PrinterState.TROUBLE, Reason.MEDIA_EMPTY)),
        (whole(b"@@@B"), said_by(PrinterState.TROUBLE, Reason.MEDIA_JAM)),
        (whole(b"@@@D"), said_by(PrinterState.TROUBLE, Reason.RIBBON_EMPTY)),
        (whole(b"E@@`"), said_by(PrinterState.TROUBLE, Reason.HEAD_OPEN)),
        (whole(b"@@C@"), said_by(PrinterState.TROUBLE, Reason.OVER_TEMPERATURE, Reason.MOTOR_TOO_HOT)),
        (whole(b"@@H@"), said_by(PrinterState.TROUBLE, Reason.CUTTER)),
        (whole(b"@AP@"), said_by(PrinterState.TROUBLE, Reason.MEMORY_FULL, Reason.MEDIA_LOW)),
        (whole(b"PB@@"), said_by(PrinterState.PRINTING, Reason.RIBBON_LOW)),
        (whole(b"@H@@"), said_by(PrinterState.PRINTING, Reason.BUFFER_FULL)),
        (b"", SILENT),
        (whole(b"@@@@")[:-1], INCOMPLETE),
        (whole(b"@@@"), INCOMPLETE),
        (whole(b"@@@@") * 2, INCOMPLETE),
        (whole(b"0@@@"), INCOMPLETE),
        (whole(b"Z@@@"), INCOMPLETE),
        (whole(b"@@@\xff"), INCOMPLETE),
        (b"\x00", INCOMPLETE),
    ],
)
def test_status_in_full(said: bytes, status: PrinterStatus) -> None:
    assert tspl.parse_whole(said) == status


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"\x00", READY),
        (b"\x20", PRINTING),
        (b"\x01", said_by(PrinterState.TROUBLE, Reason.HEAD_OPEN)),
        (b"\x0e", said_by(PrinterState.TROUBLE, Reason.MEDIA_JAM, Reason.MEDIA_EMPTY, Reason.RIBBON_EMPTY)),
        (b"\x10", said_by(PrinterState.PAUSED, Reason.PAUSED)),
        (b"\x41", said_by(PrinterState.TROUBLE, Reason.HEAD_OPEN)),
        (b"\x80", said_by(PrinterState.TROUBLE, Reason.OVER_TEMPERATURE)),
        (b"", SILENT),
        (b"\x00\x00", INCOMPLETE),
        (b"00\r\n", INCOMPLETE),
    ],
)
def test_status_in_flags(said: bytes, status: PrinterStatus) -> None:
    assert tspl.parse_flags(said) == status


def test_no_answer_proves_a_label_by_itself() -> None:
    assert not tspl.parse_whole(whole(b"@@@@")).is_done
    assert not tspl.parse_flags(b"\x00").is_done
    assert [question.query for question in tspl.TSPL.questions] == [b"\x1b!S", b"\x1b!?"]
