"""A print service: `ipp://host:631/ipp/print`, or over TLS `ipps://host:631/ipp/print?ca=/some/printer.pem`."""

import http.client
import itertools
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from printers.errors import PrinterNotReady, PrinterUnreachable, PrintUnknown
from printers.status import Identity, PrinterStatus
from printers.transports.ipp_message import Answer, Attribute, Garbled, Operation, Tag, read, written
from printers.transports.ipp_status import (
    JOB_ABORTED,
    JOB_ATTRIBUTES,
    JOB_CANCELED,
    PRINTER_ATTRIBUTES,
    job_status,
    printer_identity,
    printer_status,
)

_LARGEST_ANSWER: Final = 1_000_000
_OK: Final = 200
_CALLERS_FAULT: Final = range(400, 500)
"""Nothing was done: RFC 9110, 15.5."""


class _Refused(Garbled):
    """The service answered by HTTP alone that it will not do it."""


@dataclass(frozen=True, slots=True)
class IppTransport:
    """A printer behind the Internet Printing Protocol."""

    host: str
    port: int
    path: str
    content_type: str
    """Of what is sent; a service refuses what it cannot guess."""
    is_encrypted: bool
    ca: Path | None
    """Who vouches for the printer; printers mostly vouch for themselves, so this is their own certificate."""
    connect_timeout_s: float
    io_timeout_s: float

    @property
    def can_answer(self) -> bool:
        """A service answers, though not in the printer's language."""
        return True

    @property
    def notices_restart(self) -> bool:
        """Each job is asked for by its number."""
        return True

    @property
    def uri(self) -> str:
        """The printer's name."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'ipps' if self.is_encrypted else 'ipp'}://{host}:{self.port}{self.path}"

    @contextmanager
    def connection(self) -> Iterator["IppConnection"]:
        """Connect to the service; whether it knows this printer turns out with the first question."""
        line = self._line()
        with closing(line):
            try:
                line.connect()
            except (OSError, UnicodeError, ssl.SSLError) as error:
                raise PrinterUnreachable(f"{self.uri}: expected a connection, got {error}") from error
            if line.sock is not None:
                line.sock.settimeout(self.io_timeout_s)
            yield IppConnection(self.uri, line, self.path, self.content_type)

    def _line(self) -> http.client.HTTPConnection:
        if not self.is_encrypted:
            return http.client.HTTPConnection(self.host, self.port, timeout=self.connect_timeout_s)
        try:
            context = ssl.create_default_context(cafile=str(self.ca) if self.ca else None)
        except OSError as error:
            raise PrinterUnreachable(
                f"{self.uri}: expected a certificate in {self.ca}, got {error}"
            ) from error
        if self.ca is not None:
            context.check_hostname = False  # the very certificate is known, whatever name it bears
        return http.client.HTTPSConnection(
            self.host, self.port, timeout=self.connect_timeout_s, context=context
        )


class IppConnection:
    """A line to a print service, for one job and what is asked about it."""

    def __init__(self, uri: str, line: http.client.HTTPConnection, path: str, content_type: str) -> None:
        self._uri = uri
        self._line = line
        self._path = path
        self._content_type = content_type
        self._ids = itertools.count(1)
        self._job: int | None = None

    @property
    def is_closed(self) -> bool:
        """A service may hang up after each answer; it is called again."""
        return False

    def send(self, data: bytes) -> None:
        """Print a document.

        Raises:
            PrinterNotReady: The service refuses it.
            PrintUnknown: It broke off, or what was answered is no answer.
        """
        attributes = (
            Attribute(Tag.NAME, "requesting-user-name", ("ion-kiosk",)),
            Attribute(Tag.NAME, "job-name", ("label",)),
            Attribute(Tag.MIME_TYPE, "document-format", (self._content_type,)),
        )
        try:
            answer = self._ask(Operation.PRINT_JOB, attributes, data)
        except _Refused as error:
            raise PrinterNotReady(f"{self._uri}: expected a job to be taken, got {error}") from error
        except (OSError, http.client.HTTPException, Garbled) as error:
            raise PrintUnknown(
                f"{self._uri}: expected {len(data)} bytes to be printed, got {error!r}"
            ) from error
        job = answer.number("job-id")
        if not answer.is_successful:
            said = " ".join(answer.texts("status-message"))[:200]
            raise PrinterNotReady(
                f"{self._uri}: expected {self._content_type} to be taken, got IPP status "
                f"0x{answer.status:04X} {said!r}"
            )
        if job is None:
            raise PrintUnknown(f"{self._uri}: expected a job, got an answer without a job-id")
        self._job = job

    def receive(self, timeout_s: float, until: Callable[[bytes], bool]) -> bytes:  # noqa: ARG002 - a service speaks otherwise
        """Return nothing; see `status`."""
        return b""

    def status(self) -> PrinterStatus:
        """Ask how the printer is, and the job that was sent.

        Raises:
            PrintUnknown: The service gave the job up, or is gone.
        """
        try:
            printer = self._asked(Operation.GET_PRINTER_ATTRIBUTES, (), PRINTER_ATTRIBUTES)
            if self._job is None:
                return printer_status(printer)
            which = (Attribute(Tag.INTEGER, "job-id", (self._job,)),)
            job = self._asked(Operation.GET_JOB_ATTRIBUTES, which, JOB_ATTRIBUTES)
        except (OSError, http.client.HTTPException, Garbled) as error:
            raise PrintUnknown(f"{self._uri}: expected a status, got {error!r}") from error
        if job.number("job-state") in (JOB_CANCELED, JOB_ABORTED):
            said = ", ".join((*job.texts("job-state-reasons"), *job.texts("job-state-message")))[:200]
            raise PrintUnknown(
                f"{self._uri}: expected job {self._job} to be printed, got it given up: {said!r}"
            )
        return job_status(job, printer)

    def identity(self) -> Identity | None:
        """Ask what the printer is.

        Raises:
            PrintUnknown: The service is gone.
        """
        try:
            return printer_identity(self._asked(Operation.GET_PRINTER_ATTRIBUTES, (), PRINTER_ATTRIBUTES))
        except (OSError, http.client.HTTPException, Garbled) as error:
            raise PrintUnknown(f"{self._uri}: expected an identity, got {error!r}") from error

    def _asked(
        self, operation: Operation, attributes: tuple[Attribute, ...], wanted: tuple[str, ...]
    ) -> Answer:
        answer = self._ask(operation, (*attributes, Attribute(Tag.KEYWORD, "requested-attributes", wanted)))
        if not answer.is_successful:
            raise Garbled(f"expected an answer to {operation.name}, got IPP status 0x{answer.status:04X}")
        return answer

    def _ask(self, operation: Operation, attributes: tuple[Attribute, ...], document: bytes = b"") -> Answer:
        request_id = next(self._ids)
        body = written(operation, request_id, self._uri, attributes) + document
        self._line.request("POST", self._path, body, {"Content-Type": "application/ipp"})
        response = self._line.getresponse()
        said = response.read(_LARGEST_ANSWER + 1)
        if response.status != _OK:
            fault = _Refused if response.status in _CALLERS_FAULT else Garbled
            raise fault(f"HTTP {response.status} {response.reason[:100]!r}")
        if len(said) > _LARGEST_ANSWER:
            raise Garbled(f"expected at most {_LARGEST_ANSWER} bytes, got more")
        return read(said, request_id)
