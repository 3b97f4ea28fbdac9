import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from printers.status import PrinterState, Reason
from printers.transports.ipp_message import (
    Answer,
    Attribute,
    Garbled,
    Operation,
    Tag,
    Value,
    read,
    written,
)
from printers.transports.ipp_status import job_status, printer_status, reasons_of
from tests.contracts.far_ends import attribute, document


def test_a_request_is_what_rfc_8010_calls_for() -> None:
    body = written(
        Operation.GET_JOB_ATTRIBUTES,
        0x01020304,
        "ipp://h:631/p",
        (
            Attribute(Tag.INTEGER, "job-id", (7,)),
            Attribute(Tag.KEYWORD, "requested-attributes", ("job-state", "a")),
            Attribute(Tag.BOOLEAN, "b", (True,)),
        ),
    )
    assert body == (
        b"\x02\x00\x00\x09\x01\x02\x03\x04\x01"
        b"\x47\x00\x12attributes-charset\x00\x05utf-8"
        b"\x48\x00\x1battributes-natural-language\x00\x02en"
        b"\x45\x00\x0bprinter-uri\x00\x0dipp://h:631/p"
        b"\x21\x00\x06job-id\x00\x04\x00\x00\x00\x07"
        b"\x44\x00\x14requested-attributes\x00\x09job-state\x44\x00\x00\x00\x01a"
        b"\x22\x00\x01b\x00\x01\x01\x03"
    )
    assert document(body + b"^XA\x03") == b"^XA\x03"


def answer(*attributes: bytes, status: int = 0, number: int = 1, end: bytes = b"\x03") -> bytes:
    return struct.pack(">HHI", 0x0200, status, number) + b"\x01\x04" + b"".join(attributes) + end


def test_an_answer_is_read() -> None:
    found = read(
        answer(
            attribute(0x23, b"printer-state", b"\0\0\0\5"),
            attribute(0x44, b"printer-state-reasons", b"media-empty-error"),
            attribute(0x44, b"", b"paused"),
            attribute(0x22, b"printer-is-accepting-jobs", b"\0"),
            attribute(0x32, b"resolution", b"\0" * 9),
            b"\x02",
            attribute(0x21, b"printer-state", b"\0\0\0\7"),
            attribute(0x21, b"", b"\0\0\0\7"),
        ),
        1,
    )
    assert found.attributes == {
        "printer-state": (5,),
        "printer-state-reasons": ("media-empty-error", "paused"),
        "printer-is-accepting-jobs": (False,),
        "resolution": (b"\0" * 9,),
    }
    assert (found.is_successful, found.number("printer-state"), found.number("resolution")) == (True, 5, None)
    assert found.texts("printer-state-reasons") == ("media-empty-error", "paused")
    assert not read(answer(status=0x040B), 1).is_successful


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x02\0\0\0",
        answer(number=2),
        b"\x09" + answer()[1:],
        answer(end=b""),
        answer(end=b"\x21\xff\xff"),
        answer(end=b"\x21\x00\x01a\x00\x09b"),
        answer(*[attribute(0x21, b"a", b"\0\0\0\0")] * 6000),
        b"<html>404</html>",
    ],
)
def test_what_is_no_answer(body: bytes) -> None:
    with pytest.raises(Garbled, match=r"^expected "):
        read(body, 1)


@given(st.binary(max_size=300))
@example(b"\x02\0\0\0\0\0\0\1\x47")
def test_noise_is_garbled_and_never_another_error(body: bytes) -> None:
    for said in (body, answer()[:9] + body):
        try:
            read(said, 1)
        except Garbled:
            continue


@pytest.mark.parametrize(
    ("keywords", "reasons"),
    [
        (("none",), ()),
        ((), ()),
        (("media-empty-error", "cover-open-warning"), (Reason.MEDIA_EMPTY, Reason.HEAD_OPEN)),
        (("media-empty", "media-empty-report"), (Reason.MEDIA_EMPTY,)),
        (("media-needed-warning", "media-jam-error"), (Reason.MEDIA_WRONG, Reason.MEDIA_JAM)),
        (("door-open-error", "interlock-open"), (Reason.HEAD_OPEN,)),
        (("marker-supply-empty-error", "toner-low-warning"), (Reason.RIBBON_EMPTY, Reason.RIBBON_LOW)),
        (("paused", "offline-report", "connecting-to-device"), (Reason.PAUSED, Reason.OFFLINE)),
        (("x-vendor-error",), (Reason.FAULT,)),
        (("x-vendor",), (Reason.FAULT,)),
        (("x-vendor-warning", "x-vendor-report"), ()),
    ],
)
def test_reasons(keywords: tuple[str, ...], reasons: tuple[Reason, ...]) -> None:
    assert reasons_of(keywords) == reasons


def said(**attributes: tuple[Value, ...]) -> Answer:
    return Answer(0, {name.replace("_", "-"): values for name, values in attributes.items()})


IDLE = said(printer_state=(3,), printer_state_reasons=("none",))
EMPTY = said(printer_state=(4,), printer_state_reasons=("media-empty-error",))
CUPS = said(printer_state=(3,), printer_state_reasons=("none",), cups_version=("2.4.2",))


@pytest.mark.parametrize(
    ("printer", "state", "reasons"),
    [
        (IDLE, PrinterState.READY, ()),
        (said(printer_state=(4,)), PrinterState.PRINTING, ()),
        (said(printer_state=(5,)), PrinterState.PAUSED, (Reason.PAUSED,)),
        (
            said(printer_state=(5,), printer_state_reasons=("media-jam",)),
            PrinterState.TROUBLE,
            (Reason.MEDIA_JAM,),
        ),
        (
            said(printer_state=(3,), printer_is_accepting_jobs=(False,)),
            PrinterState.TROUBLE,
            (Reason.OFFLINE,),
        ),
        (said(printer_state=("idle",)), PrinterState.SILENT, (Reason.ANSWER_INCOMPLETE,)),
        (said(printer_state=(9,)), PrinterState.SILENT, (Reason.ANSWER_INCOMPLETE,)),
        (said(), PrinterState.SILENT, (Reason.ANSWER_INCOMPLETE,)),
    ],
)
def test_printers(printer: Answer, state: PrinterState, reasons: tuple[Reason, ...]) -> None:
    status = printer_status(printer)
    assert (status.state, status.reasons, status.labels_printed) == (state, reasons, 0)


@pytest.mark.parametrize(
    ("job_state", "printer", "state", "printed"),
    [
        (3, IDLE, PrinterState.PRINTING, 0),
        (5, IDLE, PrinterState.PRINTING, 0),
        (5, EMPTY, PrinterState.TROUBLE, 0),
        (6, IDLE, PrinterState.TROUBLE, 0),
        (9, IDLE, PrinterState.READY, 1),
        (9, CUPS, PrinterState.READY, 0),
        ("completed", IDLE, PrinterState.SILENT, 0),
    ],
)
def test_jobs(job_state: int | str, printer: Answer, state: PrinterState, printed: int) -> None:
    status = job_status(said(job_state=(job_state,)), printer)
    assert (status.state, status.labels_printed) == (state, printed)
    assert not status.is_done
