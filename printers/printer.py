"""A printer: a language over a transport, with a certain media in it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from printers.errors import PrinterError, PrinterNotReady, PrinterUnreachable
from printers.label import Design, Values
from printers.languages import Language
from printers.layout import lay_out
from printers.media import Media
from printers.proof import check_readable
from printers.raster import render, stacked
from printers.status import SILENT, UNREACHABLE, PrinterState, PrinterStatus, Reason
from printers.transports import Connection, Transport


@dataclass(frozen=True, slots=True)
class PreparedLabel:
    """A label that has been proved readable, ready to be kept and sent."""

    payload: bytes
    """What is sent to the printer."""
    png: bytes
    """The same dots as a picture."""
    digest: str
    """SHA-256 of the payload in hex."""
    encoded: str
    """Text in the main symbol: scanning the printed label gives this."""


def prepare(
    design: Design, values: Values, media: Media, language: Language, *, preview_scale: int = 1
) -> PreparedLabel:
    """Lay a label out, draw it, read every symbol back, and encode it for a printer.

    Rows that find no room make further labels, which are sent together.

    Args:
        design: What the label looks like.
        values: A text for each of its fields, and rows for its tables.
        media: What is in the printer.
        language: What the printer understands.
        preview_scale: Pixels of the picture a dot.

    Raises:
        LabelInvalid: These values do not make a good label on this media.
        LabelUnreadable: The bitmap does not decode to what was to be encoded.
    """
    design.check_values(values)
    payload, rasters, encoded = b"", [], ""
    for page in range(1, design.page_count(values) + 1):
        layout = lay_out(design, values, media, page=page)
        raster = render(layout)
        check_readable(raster, layout)
        payload += language.encode(raster, media)
        rasters.append(raster)
        encoded = layout.encoded
    png = stacked(rasters).png(preview_scale)
    return PreparedLabel(payload, png, hashlib.sha256(payload).hexdigest(), encoded)


class PrintState(StrEnum):
    """How much is known of a label that was handed over."""

    SENT = "sent"
    """The bytes are with the printer; whether a label came out is not known."""
    CONFIRMED = "confirmed"
    """The printer says that everything it was given has been printed."""


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """What became of a label."""

    state: PrintState
    status: PrinterStatus
    """The printer's last word."""

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it is not confirmed; empty when it is."""
        return () if self.state is PrintState.CONFIRMED else self.status.reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for a printer to confirm a label."""

    timeout_s: float = 120
    """For the label to come out, a person mending the printer meanwhile."""
    silence_s: float = 3
    """For a printer that has not answered at all: most that cannot answer never will."""
    answer_s: float = 1
    """For one answer."""
    poll_s: float = 0.1
    """Between two questions."""


def _ignore(_status: PrinterStatus) -> None:
    """Nobody wants to know of trouble."""


@dataclass(frozen=True, slots=True)
class Printer:
    """One printer. One thread at a time uses it."""

    name: str
    language: Language
    transport: Transport
    media: Media

    def prepare(self, design: Design, values: Values, *, preview_scale: int = 1) -> PreparedLabel:
        """Prepare a label for this printer; see `prepare`."""
        return prepare(design, values, self.media, self.language, preview_scale=preview_scale)

    def print(
        self,
        payload: bytes,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        patience: Patience = Patience(),
        on_trouble: Callable[[PrinterStatus], None] = _ignore,
    ) -> PrintOutcome:
        """Send one label and wait until the printer says it is out.

        Label and questions go over one connection, as many printers accept only one. It is confirmed when the
        printer says twice in a row that it has nothing left to do and nothing is wrong.

        Args:
            payload: A prepared label's.
            clock: Seconds on a clock that only runs forward.
            sleep: Waits so many seconds.
            patience: How long to wait.
            on_trouble: Told each time the printer begins to need a person, or needs one for another reason.

        Raises:
            PrinterUnreachable: No connection; nothing was sent.
            PrinterNotReady: Connected, and not a byte was taken.
            PrintUnknown: It broke off, and a label may have come out.
        """
        with self.transport.connection() as connection:
            connection.send(payload)
            if not self.language.status_query or not self.transport.can_answer:
                return PrintOutcome(PrintState.SENT, SILENT)
            return _Watch(self.language, connection, patience, on_trouble).run(clock, sleep)

    def status(self, *, timeout_s: float = 1) -> PrinterStatus:
        """Ask the printer how it is; being out of reach or saying nothing are answers too."""
        try:
            with self.transport.connection() as connection:
                if not self.language.status_query or not self.transport.can_answer:
                    return SILENT
                return _ask(self.language, connection, timeout_s)
        except PrinterUnreachable:
            return UNREACHABLE
        except PrinterError:
            return SILENT


def _ask(language: Language, connection: Connection, timeout_s: float) -> PrinterStatus:
    connection.send(language.status_query)
    return language.parse_status(connection.receive(timeout_s, language.is_answer_complete))


@dataclass(slots=True)
class _Watch:
    """The wait for one label to come out."""

    language: Language
    connection: Connection
    patience: Patience
    on_trouble: Callable[[PrinterStatus], None]
    status: PrinterStatus = SILENT
    has_answered: bool = False
    done_in_a_row: int = 0

    def run(self, clock: Callable[[], float], sleep: Callable[[float], None]) -> PrintOutcome:
        start = clock()
        while True:
            self._look()
            if self.done_in_a_row >= 2:  # noqa: PLR2004 - "twice in a row"
                return PrintOutcome(PrintState.CONFIRMED, self.status)
            waited_s = clock() - start
            limit_s = self.patience.timeout_s if self.has_answered else self.patience.silence_s
            if waited_s >= limit_s or self.connection.is_closed:
                return PrintOutcome(PrintState.SENT, self.status)
            sleep(self.patience.poll_s)

    def _look(self) -> None:
        """Ask once."""
        before = self.status
        try:
            self.status = _ask(self.language, self.connection, self.patience.answer_s)
        except PrinterNotReady:
            self.status = SILENT  # the question was not taken; the label before it was, so this is no refusal
        self.done_in_a_row = self.done_in_a_row + 1 if self.status.is_done else 0
        self.has_answered = self.has_answered or self.status.state is not PrinterState.SILENT
        if self.has_answered and self.status.needs_person and self.status != before:
            self.on_trouble(self.status)
