import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from printers import Identity, PrinterState, PrinterStatus, Reason
from printers.languages import zpl_status
from printers.status import INCOMPLETE, SILENT, Loaded


def answer(
    first: str = "030,0,0,0406,000,0,0,0,000,0,0,0", second: str = "000,0,0,0,0,2,6,0,00000000,1,000"
) -> bytes:
    return "".join(f"\x02{frame}\x03\r\n" for frame in (first, second, "1234,0")).encode()


READY = PrinterStatus(PrinterState.READY)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (answer(), READY),
        (answer(first="030,0,0,0406,002,0,0,0,000,0,0,0"), PrinterStatus(PrinterState.PRINTING, (), 2)),
        (answer(first="030,0,0,0406,000,0,0,1,000,0,0,0"), PrinterStatus(PrinterState.PRINTING, (), 1)),
        (
            answer(second="000,0,0,0,0,2,6,0,00000012,1,000"),
            PrinterStatus(PrinterState.PRINTING, (), 12),
        ),
        (
            answer(first="030,0,0,0406,255,1,0,0,000,0,0,0"),
            PrinterStatus(PrinterState.PRINTING, (Reason.BUFFER_FULL,), 255),
        ),
        (
            answer(first="030,1,1,0406,001,0,0,0,000,0,0,0"),
            PrinterStatus(PrinterState.TROUBLE, (Reason.MEDIA_EMPTY, Reason.PAUSED), 1),
        ),
        (
            answer(first="030,0,1,0406,000,0,0,0,000,0,0,0"),
            PrinterStatus(PrinterState.PAUSED, (Reason.PAUSED,)),
        ),
        (
            answer(first="030,0,0,0406,000,0,1,0,000,1,1,1"),
            PrinterStatus(
                PrinterState.TROUBLE,
                (
                    Reason.DIAGNOSTIC_MODE,
                    Reason.MEMORY_LOST,
                    Reason.UNDER_TEMPERATURE,
                    Reason.OVER_TEMPERATURE,
                ),
            ),
        ),
        (
            answer(first="030,0,0,0406,000,0,0,0,000,0,1,0"),
            PrinterStatus(PrinterState.READY, (Reason.UNDER_TEMPERATURE,)),
        ),
        (
            answer(second="000,0,1,1,0,2,6,1,00000000,1,000"),
            PrinterStatus(
                PrinterState.TROUBLE, (Reason.HEAD_OPEN, Reason.RIBBON_EMPTY, Reason.LABEL_TO_TAKE)
            ),
        ),
        (
            answer(second="000,0,0,0,0,1,6,1,00000000,1,000"),
            PrinterStatus(PrinterState.READY, (Reason.LABEL_TO_TAKE,)),
        ),
        (answer().replace(b"\r\n", b""), READY),
        (answer().replace(b",", b", "), READY),
        (b"", SILENT),
        (answer()[:-4], INCOMPLETE),
        (answer()[:40], INCOMPLETE),
        (answer() + answer(), INCOMPLETE),
        (answer(first="030,0,0"), INCOMPLETE),
        (answer(first="030,0,0,0406,000,0,0,0,000,0,0,0,0"), INCOMPLETE),
        (answer(second="000,0,0,0,0,2,6,0,x,1,000"), INCOMPLETE),
        (answer(first="030,,0,0406,000,0,0,0,000,0,0,0"), INCOMPLETE),
        (answer(first="030,-1,0,0406,000,0,0,0,000,0,0,0"), INCOMPLETE),
        (answer(first="030,\u0661,0,0406,000,0,0,0,000,0,0,0"), INCOMPLETE),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", INCOMPLETE),
        (b"\x02" * 1_000_000, INCOMPLETE),
        (b"\x02" + b"9" * 1_000_000 + b"\x03", INCOMPLETE),
    ],
)
def test_status(said: bytes, status: PrinterStatus) -> None:
    assert zpl_status.parse_host_status(said) == status


@given(st.binary(max_size=300))
@example(b"\x02\x03\x02\x03\x02\x03")
@example(b"\x02" + b"9" * 1000 + b",0" * 11 + b"\x03" + answer()[40:])
def test_noise_is_silence_and_never_an_error(said: bytes) -> None:
    assert zpl_status.parse_host_status(said).state is PrinterState.SILENT


@given(st.lists(st.integers(0, 120), max_size=12))
def test_bytes_lost_from_bad_news_never_make_it_good(cuts: list[int]) -> None:
    said = bytearray(answer(first="030,1,0,0406,000,0,0,0,000,0,0,0"))
    for cut in cuts:
        if cut < len(said):
            del said[cut]
    assert zpl_status.parse_host_status(bytes(said)).state in {PrinterState.TROUBLE, PrinterState.SILENT}


@pytest.mark.parametrize(
    ("said", "is_complete"),
    [(b"", False), (answer()[:-3], False), (answer()[:-2], True), (answer(), True), (b"x" * 5000, True)],
)
def test_an_answer_ends_with_its_third_frame(said: bytes, is_complete: bool) -> None:
    assert zpl_status.is_host_status_complete(said) is is_complete


def errors(error_bits: int = 0, warning_bits: int = 0, *, error: int | None = None) -> bytes:
    flag = int(error_bits > 0) if error is None else error
    return (
        "\x02\r\n  PRINTER STATUS\r\n"
        f"   ERRORS:         {flag} 00000000 {error_bits:08X}\r\n"
        f"   WARNINGS:       {int(warning_bits > 0)} 00000000 {warning_bits:08x}\r\n\x03"
    ).encode("ascii")


def trouble(*reasons: Reason) -> PrinterStatus:
    return PrinterStatus(PrinterState.TROUBLE, reasons, None)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (errors(), PrinterStatus(PrinterState.READY, (), None)),
        (errors(0x1), trouble(Reason.MEDIA_EMPTY)),
        (errors(0x6), trouble(Reason.RIBBON_EMPTY, Reason.HEAD_OPEN)),
        (errors(0x8), trouble(Reason.CUTTER)),
        (errors(0x30), trouble(Reason.OVER_TEMPERATURE, Reason.MOTOR_TOO_HOT)),
        (errors(0x2C0), trouble(Reason.HEAD_BROKEN)),
        (errors(0x100), trouble(Reason.MEMORY_LOST)),
        (errors(0x10000), trouble(Reason.FAULT)),
        (errors(0x1001), trouble(Reason.MEDIA_EMPTY, Reason.FAULT)),
        (errors(error=1), trouble(Reason.FAULT)),
        (errors(0x4, error=0), PrinterStatus(PrinterState.READY, (), None)),
        (errors(0, 0x8), PrinterStatus(PrinterState.READY, (Reason.MEDIA_LOW,), None)),
        (
            errors(0x1, 0x7),
            trouble(
                *map(Reason, ("media-empty", "media-to-calibrate", "head-to-clean", "head-near-end-of-life"))
            ),
        ),
        (errors().replace(b"         ", b" "), PrinterStatus(PrinterState.READY, (), None)),
        (b"", SILENT),
        (errors()[:-1], INCOMPLETE),
        (errors()[1:], INCOMPLETE),
        (errors()[:60] + b"\x03", INCOMPLETE),
        (errors() + errors(0x4), INCOMPLETE),
        (errors().replace(b"ERRORS", b"FEHLER"), INCOMPLETE),
        (errors().replace(b"00000000", b"0000000G"), INCOMPLETE),
        (answer(), INCOMPLETE),
    ],
)
def test_error_status(said: bytes, status: PrinterStatus) -> None:
    assert zpl_status.parse_error_status(said) == status
    assert zpl_status.is_error_status_complete(said) == (b"\x03" in said)


def test_a_good_error_status_proves_no_label() -> None:
    assert not zpl_status.parse_error_status(errors()).is_done


@given(st.lists(st.integers(0, 100), max_size=12))
def test_bytes_lost_from_an_error_never_make_it_good(cuts: list[int]) -> None:
    said = bytearray(errors(0x1))
    for cut in cuts:
        if cut < len(said):
            del said[cut]
    assert zpl_status.parse_error_status(bytes(said)).state in {PrinterState.TROUBLE, PrinterState.SILENT}


@pytest.mark.parametrize(
    ("said", "identity"),
    [
        (
            b"\x02ZTC ZD421-203dpi ZPL,V93.21.17Z,8,8176KB\x03\r\n",
            Identity("ZTC ZD421-203dpi ZPL", "V93.21.17Z", 8),
        ),
        (b"\x02ZD620-300dpi,V84,12,2104KB,X\x03\r\n", Identity("ZD620-300dpi", "V84", 12)),
        (b"\x02\x1b[31mZD\xff,V1\x07,24,1\x03", Identity("[31mZD", "V1", 24)),
        (b"\x02" + b"Z" * 64 + b",V1,08,1\x03", Identity("Z" * 64, "V1", 8)),
        (b"\x02" + b"Z" * 65 + b",V1,8,1\x03", None),
        (b"\x02ZD,V1,8\x03", None),
        (b"\x02ZD,V1,x,1\x03", None),
        (b"", None),
        (answer(), None),
    ],
)
def test_identity(said: bytes, identity: Identity | None) -> None:
    assert zpl_status.parse_identification(said) == identity


@pytest.mark.parametrize("has_ribbon", [False, True])
def test_whether_it_prints_with_ribbon(*, has_ribbon: bool) -> None:
    second = f"000,0,0,0,{has_ribbon:d},2,6,0,00000000,1,000"
    assert zpl_status.parse_host_status(answer(second=second)).loaded == Loaded(has_ribbon=has_ribbon)
