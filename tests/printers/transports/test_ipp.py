"""A print service that misbehaves, one kind of misbehaviour at a time."""

import socket
import ssl
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from printers import (
    LANGUAGES,
    Identity,
    Media,
    Patience,
    Printer,
    PrinterNotReady,
    PrinterState,
    PrinterUnreachable,
    PrintState,
    PrintUnknown,
    Reason,
    open_transport,
)
from printers.status import Loaded
from printers.transports.ipp_message import Answer, Value
from printers.transports.ipp_status import printer_identity, printer_status
from tests.contracts.far_ends import ServiceFarEnd, attribute, http_answer

PRINT, JOB, PRINTER = 0x0002, 0x0009, 0x000B
MEDIA = Media(50, 25, 203)


def ipp(number: int, *attributes: bytes, status: int = 0) -> bytes:
    body = struct.pack(">HHI", 0x0200, status, number) + b"\x01\x02" + b"".join(attributes) + b"\x03"
    return http_answer(body)


def enum(name: bytes, value: int) -> bytes:
    return attribute(0x23, name, struct.pack(">i", value))


def word(name: bytes, value: bytes) -> bytes:
    return attribute(0x44, name, value)


JOB_7 = attribute(0x21, b"job-id", struct.pack(">i", 7))


class Service(ServiceFarEnd):
    """Answers by a function of operation and request number."""

    def __init__(self, behave: Callable[[int, int], bytes]) -> None:
        self.behave = behave
        self.requests: list[bytes] = []
        super().__init__()

    def answer(self, request: bytes) -> bytes:
        self.requests.append(request)
        super().answer(request)
        return self.behave(*struct.unpack(">HI", request[2:8]))


@pytest.fixture
def service() -> Iterator[Callable[[Callable[[int, int], bytes]], Service]]:
    opened: list[Service] = []

    def serve(behave: Callable[[int, int], bytes]) -> Service:
        opened.append(Service(behave))
        return opened[-1]

    yield serve
    for one in opened:
        one.close()


Serve = Callable[[Callable[[int, int], bytes]], Service]


def printer(service: Service) -> Printer:
    transport = open_transport(
        service.url, connect_timeout_s=0.5, io_timeout_s=0.5, content_type="application/pdf"
    )
    return Printer("service", LANGUAGES["pdf"], transport, MEDIA)


def run(one: Printer, **patience: float) -> tuple[PrintState, tuple[Reason, ...]]:
    waiting = Patience(timeout_s=patience.get("timeout_s", 3), silence_s=0.2, poll_s=0.01)
    outcome = one.print(b"%PDF", clock=time.monotonic, sleep=time.sleep, patience=waiting)
    return outcome.state, outcome.reasons


def test_a_label_is_confirmed_when_its_job_is_completed(service: Serve) -> None:
    states = [3, 5, 5, 9]

    def behave(operation: int, number: int) -> bytes:
        if operation == PRINT:
            return ipp(number, JOB_7, enum(b"job-state", 3))
        if operation == JOB:
            return ipp(number, enum(b"job-state", states.pop(0)))
        return ipp(number, enum(b"printer-state", 4), word(b"printer-state-reasons", b"none"))

    far = service(behave)
    assert run(printer(far)) == (PrintState.CONFIRMED, ())
    assert far.heard(4) == b"%PDF"
    asked = far.requests[0]
    assert b"\x49\x00\x0fdocument-format\x00\x0fapplication/pdf" in asked
    assert b"printer-uri" in asked
    assert states == []


def test_trouble_is_told_and_waited_out(service: Serve) -> None:
    reasons = [b"media-empty-error", b"media-empty-error", b"none"]

    def behave(operation: int, number: int) -> bytes:
        if operation == PRINT:
            return ipp(number, JOB_7)
        if operation == JOB:
            return ipp(number, enum(b"job-state", 9 if not reasons else 5))
        return ipp(
            number,
            enum(b"printer-state", 4),
            word(b"printer-state-reasons", reasons.pop(0) if reasons else b"none"),
        )

    troubles: list[tuple[Reason, ...]] = []
    outcome = printer(service(behave)).print(
        b"%PDF",
        clock=time.monotonic,
        sleep=time.sleep,
        patience=Patience(poll_s=0.01),
        on_trouble=lambda status: troubles.append(status.reasons),
    )
    assert outcome.state is PrintState.CONFIRMED
    assert troubles == [(Reason.MEDIA_EMPTY,)]


def test_what_cups_calls_completed_is_only_sent(service: Serve) -> None:
    def behave(_operation: int, number: int) -> bytes:
        version = attribute(0x41, b"cups-version", b"2.4.2")
        state = enum(b"printer-state", 3)
        return ipp(number, JOB_7, enum(b"job-state", 9), state, version)

    assert run(printer(service(behave))) == (PrintState.SENT, ())


@pytest.mark.parametrize(("state", "words"), [(7, "job-canceled-by-user"), (8, "aborted-by-system")])
def test_a_job_that_is_given_up_is_unknown(service: Serve, state: int, words: str) -> None:
    def behave(_operation: int, number: int) -> bytes:
        told = (enum(b"job-state", state), word(b"job-state-reasons", words.encode()))
        return ipp(number, JOB_7, *told, enum(b"printer-state", 3))

    with pytest.raises(PrintUnknown, match=rf"expected job 7 to be printed, got it given up: '{words}'$"):
        run(printer(service(behave)))


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (lambda number: ipp(number, status=0x040B), PrinterNotReady, r"got IPP status 0x040B ''$"),
        (
            lambda number: ipp(number, attribute(0x41, b"status-message", b"busy\x1b[31m"), status=0x0507),
            PrinterNotReady,
            r"expected application/pdf to be taken, got IPP status 0x0507 'busy\\x1b\[31m'$",
        ),
        (lambda _: http_answer(b"", "401 Unauthorized"), PrinterNotReady, r"got HTTP 401 'Unauthorized'$"),
        (lambda _: http_answer(b"", "500 Oops"), PrintUnknown, "HTTP 500"),
        (lambda _: http_answer(b"<html>"), PrintUnknown, "expected an IPP answer"),
        (ipp, PrintUnknown, "got an answer without a job-id$"),
        (lambda number: ipp(number + 1, JOB_7), PrintUnknown, "expected an IPP answer to request 1"),
        (lambda _: b"SSH-2.0-OpenSSH_9.2\r\n", PrintUnknown, "BadStatusLine"),
        (lambda _: http_answer(b"x" * 1_100_000), PrintUnknown, "expected at most 1000000 bytes, got more"),
        (
            lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
            PrintUnknown,
            "TimeoutError|IncompleteRead",
        ),
    ],
)
def test_answers_to_a_label(
    service: Serve, answer: Callable[[int], bytes], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        run(printer(service(lambda _operation, number: answer(number))))


def test_a_service_that_goes_while_the_label_prints_is_unknown(service: Serve) -> None:
    def behave(operation: int, number: int) -> bytes:
        return ipp(number, JOB_7) if operation == PRINT else b""

    with pytest.raises(PrintUnknown, match="expected a status, got "):
        run(printer(service(behave)))


def test_a_service_that_hangs_up_after_each_answer_is_called_again(service: Serve) -> None:
    def behave(_operation: int, number: int) -> bytes:
        said = ipp(number, JOB_7, enum(b"job-state", 9), enum(b"printer-state", 3))
        return said.replace(b"200 OK\r\n", b"200 OK\r\nConnection: close\r\n")

    far = service(behave)
    assert run(printer(far)) == (PrintState.CONFIRMED, ())
    assert len(far.requests) == 3


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (lambda number: ipp(number, enum(b"printer-state", 3)), PrinterState.READY),
        (
            lambda number: ipp(number, enum(b"printer-state", 5), word(b"printer-state-reasons", b"paused")),
            PrinterState.PAUSED,
        ),
        (lambda number: ipp(number, enum(b"printer-state", 3), status=0x0406), PrinterState.SILENT),
        (lambda _: http_answer(b"", "404 Not Found"), PrinterState.SILENT),
        (lambda _: b"", PrinterState.SILENT),
        (lambda _: b"\x02030,0,0\x03", PrinterState.SILENT),
    ],
)
def test_status(service: Serve, answer: Callable[[int], bytes], state: PrinterState) -> None:
    assert printer(service(lambda _operation, number: answer(number))).status().state is state


def test_a_service_is_never_sent_a_question_in_the_printers_language(service: Serve) -> None:
    far = service(
        lambda _operation, number: ipp(number, JOB_7, enum(b"job-state", 9), enum(b"printer-state", 3))
    )
    one = Printer("service", LANGUAGES["zpl"], open_transport(far.url), MEDIA)
    assert one.status().state is PrinterState.READY
    assert one.identity() is None
    assert one.print(b"^XA^XZ", clock=time.monotonic, sleep=time.sleep).state is PrintState.CONFIRMED
    assert far.heard(6) == b"^XA^XZ"


def test_gone_and_back(service: Serve) -> None:
    far = service(lambda _operation, number: ipp(number, enum(b"printer-state", 3)))
    one = printer(far)
    assert one.status().state is PrinterState.READY
    far.pull()
    assert one.status().state is PrinterState.UNREACHABLE
    far.plug()
    assert one.status().state is PrinterState.READY


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, own = folder / "key.pem", folder / "own.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=printer"]
    subprocess.run(
        [*make, "-keyout", str(key), "-out", str(own)], check=True, capture_output=True, timeout=60
    )
    return own, key


class Encrypted(Service):
    """The same over TLS, with a certificate that it signed itself."""

    def __init__(self, behave: Callable[[int, int], bytes], certificate: tuple[Path, Path]) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*certificate)
        super().__init__(behave)

    def talk(self, line: socket.socket) -> None:
        line.settimeout(2)
        with self.context.wrap_socket(line, server_side=True) as safe:
            safe.settimeout(0.05)
            super().talk(safe)


def test_over_tls_only_the_printer_that_is_known_is_sent_anything(certificate: tuple[Path, Path]) -> None:
    def behave(_operation: int, number: int) -> bytes:
        return ipp(number, JOB_7, enum(b"job-state", 9), enum(b"printer-state", 3))

    with closing(Encrypted(behave, certificate)) as far:
        url = far.url.replace("ipp://", "ipps://")
        known = open_transport(f"{url}?ca={certificate[0]}", connect_timeout_s=2, io_timeout_s=2)
        one = Printer("service", LANGUAGES["pdf"], known, MEDIA)
        assert run(one) == (PrintState.CONFIRMED, ())
        stranger = open_transport(url, connect_timeout_s=2, io_timeout_s=2)
        with pytest.raises(PrinterUnreachable, match="certificate verify failed"), stranger.connection():
            pass
        nobody = open_transport(f"{url}?ca=/nowhere.pem")
        with (
            pytest.raises(PrinterUnreachable, match=r"expected a certificate in /nowhere\.pem"),
            nobody.connection(),
        ):
            pass


@pytest.mark.parametrize(
    ("names", "sizes_mm"),
    [
        ([b"oe_4x2-label_4x2in"], ((101.6, 50.8),)),
        ([b"om_small_50x25.5mm", b"na_letter_8.5x11in"], ((50, 25.5), (215.9, 279.4))),
        ([b"custom", b"", b"x_99999999x1mm", b"a_1x2cm", b"b_1x2mm\n", b"c_x2mm"], ()),
    ],
)
def test_what_is_in_it_is_read_from_names_of_sizes(
    names: list[bytes], sizes_mm: tuple[tuple[float, float], ...]
) -> None:
    said: dict[str, tuple[Value, ...]] = {
        "media-ready": tuple(name.decode() for name in names),
        "printer-state": (3,),
    }
    loaded = printer_status(Answer(0, said)).loaded
    assert loaded == (Loaded(sizes_mm) if sizes_mm else None)
    of_cups = printer_status(Answer(0, {**said, "cups-version": ("2.4",)})).loaded
    assert of_cups is None, "what a queue says is what somebody once chose for it"


@pytest.mark.parametrize(
    ("resolution", "dots_per_mm"),
    [
        (struct.pack(">iib", 203, 203, 3), 8),
        (struct.pack(">iib", 120, 120, 4), 12),
        (struct.pack(">iib", 203, 203, 5), None),
        (struct.pack(">iib", -203, 203, 3), None),
        (struct.pack(">iib", 1, 1, 3), None),
        (b"203dpi", None),
        (203, None),
    ],
)
def test_what_it_says_it_is(resolution: int | bytes, dots_per_mm: int | None) -> None:
    said: dict[str, tuple[Value, ...]] = {
        "printer-make-and-model": ("Label \x1bMaker \u00e99",),
        "printer-resolution-default": (resolution,),
    }
    assert printer_identity(Answer(0, said)) == Identity("Label Maker 9", "", dots_per_mm)
    assert printer_identity(Answer(0, {**said, "cups-version": ("2.4",)})) is None
    assert printer_identity(Answer(0, {})) is None
