import pytest

from printers import (
    AS_SET,
    Handling,
    LabelInvalid,
    Media,
    PrinterState,
    PrinterStatus,
    Raster,
    Reason,
    Tracking,
)
from printers.languages import epl2
from printers.status import INCOMPLETE, SILENT

DOTS = Raster(10, 2, bytes([0x80, 0x40, 0x01, 0x00]))


def test_zebras_own_example_of_gw_is_read_back() -> None:
    """A box of 16 x 16 dots, as bytes on Zebra's page "Details related to the GW EPL Command"."""
    edge, inside = b"\x00\x00", b"\x7f\xfe"
    black = bytes(255 - byte for byte in edge + inside * 14 + edge)
    payload = epl2.encode(Raster(16, 16, black), Media(50, 25, 203), AS_SET)
    assert b"\r\nN\r\nGW0,0,2,16," + edge + inside * 14 + edge + b"\r\nP1\r\n" in payload


@pytest.mark.parametrize(
    ("media", "handling", "head"),
    [
        (Media(50, 25, 203), AS_SET, b"\r\nq400\r\nQ200,24\r\nN\r\n"),
        (
            Media(50, 25, 203, gap_mm=2),
            Handling(speed=0, darkness=15),
            b"\r\nq400\r\nQ200,16\r\nS0\r\nD15\r\nN\r\n",
        ),
        (Media(50, 25, 203, tracking=Tracking.CONTINUOUS), AS_SET, b"\r\nq400\r\nQ200,0\r\nN\r\n"),
        (Media(50, 25, 203, tracking=Tracking.MARK), AS_SET, b"\r\nq400\r\nQ200,B24\r\nN\r\n"),
    ],
)
def test_a_label(media: Media, handling: Handling, head: bytes) -> None:
    payload = epl2.encode(DOTS, media, handling)
    assert payload == head + b"GW0,0,2,2," + bytes([0x7F, 0xBF, 0xFE, 0xFF]) + b"\r\nP1\r\n"


def test_what_only_the_printer_knows_is_not_set() -> None:
    with pytest.raises(
        LabelInvalid, match=r"^epl2: peel=True: expected it to be left out, as it cannot be set$"
    ):
        epl2.check(Media(50, 25, 203), Handling(peel=True))


def trouble(*reasons: Reason) -> PrinterStatus:
    return PrinterStatus(PrinterState.TROUBLE, reasons, None)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"00\r\n", PrinterStatus(PrinterState.READY, (), None)),
        (b"07\r\n", trouble(Reason.MEDIA_EMPTY, Reason.RIBBON_EMPTY)),
        (b"11\r\n", trouble(Reason.HEAD_OPEN)),
        (b"01,11\r\n", trouble(Reason.NOT_UNDERSTOOD, Reason.HEAD_OPEN)),
        (b"02\r\n", trouble(Reason.MEDIA_WRONG)),
        (b"04\r\n", trouble(Reason.MEMORY_FULL)),
        (b"77\r\n", trouble(Reason.FAULT)),
        (b"", SILENT),
        (b"00", INCOMPLETE),
        (b"0\r\n", INCOMPLETE),
        (b"00\r\n00\r\n", INCOMPLETE),
        (b"11,\r\n", INCOMPLETE),
        (b"OK\r\n", INCOMPLETE),
        ("\u0661\u0661\r\n".encode(), INCOMPLETE),
        (b"00," * 100 + b"00\r\n", INCOMPLETE),
    ],
)
def test_status(said: bytes, status: PrinterStatus) -> None:
    assert epl2.parse_status(said) == status


def test_an_answer_ends_with_its_line() -> None:
    (question,) = epl2.EPL2.questions
    assert question.query == b"\r\n^ee\r\n"
    assert not question.is_complete(b"00\r")
    assert question.is_complete(b"00\r\n")
