"""A printer: a language over a transport, with a certain media in it."""

import dataclasses
import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from printers.errors import LabelInvalid, PrinterError, PrinterNotReady, PrinterUnreachable
from printers.fit import compared, misfit
from printers.handling import AS_SET, Handling
from printers.label import Design, Values, texts_of
from printers.languages import Language, Proof, Question
from printers.layout import lay_out
from printers.media import Media
from printers.notice import foreign, notice
from printers.proof import draw
from printers.raster import render, stacked
from printers.snmp import SnmpAgent
from printers.status import SILENT, UNREACHABLE, Identity, PrinterState, PrinterStatus, Reason
from printers.transports import Connection, TellsStatus, Transport


@dataclass(frozen=True, slots=True)
class PreparedLabel:
    """A label that has been proved readable, ready to be kept and sent."""

    payload: bytes
    """What is sent to the printer."""
    png: bytes
    """The same dots as a picture; empty where somebody else made the payload."""
    digest: str
    """SHA-256 of the payload in hex."""
    encoded: str
    """Text in the main symbol: scanning the printed label gives this."""
    is_exact: bool = True
    """Whether the printed dots are those of the picture; a printer that sets texts itself sets others."""


def prepare(  # noqa: PLR0913 - two of them have defaults
    design: Design,
    values: Values,
    media: Media,
    language: Language,
    *,
    handling: Handling = AS_SET,
    preview_scale: int = 1,
) -> PreparedLabel:
    """Lay a label out, draw it, read every symbol back, and encode it for a printer.

    Rows that find no room make further labels, which are sent together. What a design says in the
    printer's own language is filled and sent instead; only the printer can draw it, so it is not read back.

    Args:
        design: What the label looks like.
        values: A text for each of its fields, and rows for its tables.
        media: What is in the printer.
        language: What the printer understands.
        handling: How the printer is to treat it.
        preview_scale: Pixels of the picture a dot. The picture shows the label without the printer's offsets.

    Raises:
        LabelInvalid: These values do not make a good label on this media.
        LabelUnreadable: The bitmap does not decode to what was to be encoded.
    """
    if design.zpl is not None and language.check_ready_made is not None:
        # What stands for it is laid out first, as that checks the values and the media.
        shown = render(lay_out(notice(design), values, media))
        texts = texts_of(values)
        made = prepare_ready_made(
            design.zpl.fill(texts), language, encoded=design.zpl.scanned(design.encodes, texts) or ""
        )
        return dataclasses.replace(made, png=shown.png(preview_scale))
    pages = draw(design, values, media)
    rasters = [raster for _, raster in pages]
    language.check_colours(rasters, media)
    if handling.is_native and (native := language.encode_native) is not None:
        payload = b"".join(native(layout, raster, media, handling) for layout, raster in pages)
    else:
        payload = language.encode_all(rasters, media, handling)
    digest = hashlib.sha256(payload).hexdigest()
    is_exact = not (handling.is_native and any(layout.glyphs for layout, _ in pages))
    return PreparedLabel(payload, stacked(rasters).png(preview_scale), digest, pages[0][0].encoded, is_exact)


def prepare_ready_made(
    payload: bytes,
    language: Language,
    *,
    encoded: str,
    facts: Mapping[str, str] = MappingProxyType({}),
    media: Media | None = None,
) -> PreparedLabel:
    """Take a label that somebody else wrote in the printer's language, to be sent as it is.

    Args:
        payload: One or more whole labels.
        language: What the printer understands.
        encoded: What scanning the printed label gives, as far as is known.
        facts: What the picture says in its stead, by name.
        media: What is in the printer; without it there is no picture.

    Raises:
        LabelInvalid: It is no whole label, or the language takes none that others made.
    """
    if language.check_ready_made is None:
        raise LabelInvalid(f"{language.name}: expected a design, got a label that is already encoded")
    language.check_ready_made(payload)
    png = b"" if media is None else render(lay_out(foreign(facts, media), facts, media)).png()
    return PreparedLabel(payload, png, hashlib.sha256(payload).hexdigest(), encoded, is_exact=False)


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
    was_interrupted: bool = False
    """Trouble came while the printer had it, and no proof came after: it may be torn, missing, or out."""

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
    handling: Handling = AS_SET
    agent: SnmpAgent | None = None
    """Is asked how the printer is where its language counts no labels."""

    def prepare(self, design: Design, values: Values, *, preview_scale: int = 1) -> PreparedLabel:
        """Prepare a label for this printer; see `prepare`."""
        return prepare(
            design, values, self.media, self.language, handling=self.handling, preview_scale=preview_scale
        )

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

        Label and questions go over one connection, as many printers accept only one. What confirms it is the
        language's `Proof`; being ready is none by itself, as the label may still be in the printer's buffer.

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
        proof = self.language.proof(self.handling)
        with self.transport.connection() as connection:
            if isinstance(connection, TellsStatus):
                connection.send(payload)
                watch = _Watch(connection.status, Proof.REPORT, connection, patience, on_trouble)
                return watch.run(clock, sleep)
            if self.agent is not None and proof is not Proof.COUNT:
                connection.send(payload)
                watch = _Watch(self.agent.status, Proof.PHASE, connection, patience, on_trouble)
                return watch.run(clock, sleep)
            if not self.language.questions or not self.transport.can_answer:
                connection.send(payload)
                return PrintOutcome(PrintState.SENT, SILENT)
            if proof is Proof.REPORT:  # word of an earlier label proves nothing of this one
                connection.receive(_STALE_S, _never)
            connection.send(payload)
            listening = self.language.listening
            questions = self.language.questions if listening is None else (listening,)
            ask = functools.partial(_ask, questions, connection, patience.answer_s)
            watch = _Watch(ask, proof, connection, patience, on_trouble, is_listening=listening is not None)
            watch.words_left = max(1, self.language.words(payload))
            watch.silence_is_doubt = not self.transport.notices_restart
            return watch.run(clock, sleep)

    def status(self, *, timeout_s: float = 1) -> PrinterStatus:
        """Ask the printer how it is; being out of reach or saying nothing are answers too."""
        if self.agent is not None:
            said = self.agent.status()
            if said.state is not PrinterState.SILENT:
                return compared(said, self.media)
        try:
            with self.transport.connection() as connection:
                if isinstance(connection, TellsStatus):
                    return compared(connection.status(), self.media)
                if not self.transport.can_answer:
                    return SILENT
                return compared(_ask(self.language.questions, connection, timeout_s), self.media)
        except PrinterUnreachable:
            return UNREACHABLE
        except PrinterError:
            return SILENT

    @property
    def counts_labels(self) -> bool:
        """Whether its status tells if a label is still in its buffer."""
        is_counting = self.language.proof(self.handling) is Proof.COUNT and bool(self.language.questions)
        return is_counting and self.transport.can_answer

    def identity(self, *, timeout_s: float = 1) -> Identity | None:
        """Ask the printer what it is; None where it does not say.

        Raises:
            PrinterUnreachable: No connection.
        """
        if self.agent is not None:
            return self.agent.identity()
        if not self.transport.can_answer:
            return None
        inquiry = self.language.inquiry
        with self.transport.connection() as connection:
            try:
                if isinstance(connection, TellsStatus):
                    return connection.identity()
                if inquiry is None:
                    return None
                connection.send(inquiry.query)
                return inquiry.parse(connection.receive(timeout_s, inquiry.is_complete))
            except PrinterUnreachable:
                raise
            except PrinterError:
                return None

    def misfit(self, identity: Identity) -> str:
        """Return in words how a printer differs from what labels are made for; empty where it does not."""
        return misfit(identity, self.media, self.handling, has_own_size=self.language.has_own_size)


_STALE_S: Final = 0.01


def _never(_answer: bytes) -> bool:
    return False


def _ask(questions: tuple[Question, ...], connection: Connection, timeout_s: float) -> PrinterStatus:
    """Ask in turn until one question is answered."""
    best = SILENT
    for question in questions:
        if question.query:
            connection.send(question.query)
        status = question.parse(connection.receive(timeout_s, question.is_complete))
        if status.state is not PrinterState.SILENT:
            return status
        if best == SILENT:
            best = status
    return best


@dataclass(slots=True)
class _Watch:
    """The wait for one label to come out."""

    ask: Callable[[], PrinterStatus]
    proof: Proof
    connection: Connection
    patience: Patience
    on_trouble: Callable[[PrinterStatus], None]
    is_listening: bool = False
    """Whether the printer is not asked, but speaks by itself."""
    words_left: int = 1
    """How many labels the printer has still to send word of."""
    status: PrinterStatus = SILENT
    has_answered: bool = False
    has_printed: bool = False
    """Whether it was seen at work since the label was sent."""
    done_in_a_row: int = 0
    idle_since_s: float | None = None
    """Since when it has been ready without any sign of the label."""
    was_interrupted: bool = False
    silence_is_doubt: bool = False
    """Whether a printer that falls silent may have been switched off, and have forgotten the label."""

    def run(self, clock: Callable[[], float], sleep: Callable[[float], None]) -> PrintOutcome:
        start = clock()
        while True:
            self._look(clock())
            if self.words_left <= 0 or self.done_in_a_row >= 2:  # noqa: PLR2004 - "twice in a row"
                return self._done()
            now = clock()
            limit_s = self.patience.timeout_s if self.has_answered else self.patience.silence_s
            if now - start >= limit_s or self._says_no_more(now) or self.connection.is_closed:
                return PrintOutcome(PrintState.SENT, self.status, self.was_interrupted)
            sleep(self.patience.poll_s)

    def _done(self) -> PrintOutcome:
        """A label that was interrupted leaves the count of what is to do, whether it came out or not."""
        if self.was_interrupted and self.proof is Proof.COUNT:
            return PrintOutcome(PrintState.SENT, self.status, was_interrupted=True)
        return PrintOutcome(PrintState.CONFIRMED, self.status)

    def _says_no_more(self, now: float) -> bool:
        """Tell whether a printer that is ready would have shown a sign of the label by now."""
        if self.idle_since_s is None or self.done_in_a_row:
            return False
        return self.proof is Proof.NONE or now - self.idle_since_s >= self.patience.silence_s

    def _look(self, now: float) -> None:
        """Ask once."""
        before = self.status
        try:
            self.status = self.ask()
        except PrinterNotReady:
            self.status = SILENT  # the question was not taken; the label before it was, so this is no refusal
        self.words_left -= self.status.labels_printed
        if self.is_listening and self.has_answered and self.status.state is PrinterState.SILENT:
            self.status = before  # who is only listened to has nothing new to say
        is_ready = self.status.state is PrinterState.READY
        if self.silence_is_doubt and self.has_answered and self.status.state is PrinterState.SILENT:
            self.was_interrupted = True
        self.has_answered = self.has_answered or self.status.state is not PrinterState.SILENT
        if self.status.state is PrinterState.PRINTING:
            self.has_printed = True
        elif self.status.state in (PrinterState.TROUBLE, PrinterState.PAUSED):
            self.has_printed = False  # what was interrupted is printed again, and has to be seen
            self.was_interrupted = self.was_interrupted or self.status.state is PrinterState.TROUBLE
        self.done_in_a_row = self.done_in_a_row + 1 if self._looks_done() else 0
        if not is_ready:
            self.idle_since_s = None
        elif self.idle_since_s is None:
            self.idle_since_s = now
        if self.has_answered and self.status.needs_person and self.status != before:
            self.on_trouble(self.status)

    def _looks_done(self) -> bool:
        """Tell whether the last answer, seen once more, would prove that the label is out."""
        if self.proof is Proof.COUNT:
            return self.status.is_done
        return self.proof is Proof.PHASE and self.has_printed and self.status.state is PrinterState.READY
