"""What a printer language has to offer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from printers.errors import LabelInvalid
from printers.handling import AS_SET, Handling
from printers.layout import Layout
from printers.media import Media
from printers.raster import Raster
from printers.status import Identity, PrinterStatus

LONGEST_ANSWER = 4096
"""Bytes; an answer is under 200, and more than this is noise."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something a printer is asked about its state."""

    query: bytes
    """What makes it answer; empty where it speaks by itself and is only listened to."""
    is_complete: Callable[[bytes], bool]
    """Whether nothing more belongs to the answer."""
    parse: Callable[[bytes], PrinterStatus]
    """Reads any bytes at all, as answers are not to be trusted; never raises."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a printer is asked about itself."""

    query: bytes
    is_complete: Callable[[bytes], bool]
    parse: Callable[[bytes], Identity | None]
    """Reads any bytes at all; None where they are no answer. Never raises."""


class Proof(StrEnum):
    """How a printer lets know that a label has come out."""

    COUNT = "count"
    """It counts what it still holds: none left, twice in a row."""
    PHASE = "phase"
    """It says while it prints: seen printing, then ready twice in a row."""
    REPORT = "report"
    """It sends word."""
    NONE = "none"
    """Not at all: that it is ready says nothing of what may still be in its buffer."""


def _any_printer(width_mm: float, height_mm: float, dpi: int | None) -> tuple[Media, Handling]:
    """Take stock of the label's own size; most heads have 203 dpi."""
    return Media(width_mm, height_mm, dpi or 203), AS_SET


def _one_word(_payload: bytes) -> int:
    return 1


def any_stock(_media: Media) -> bool:
    """Say that every stock takes red."""
    return True


def _black_only(_media: Media) -> bool:
    return False


def _no_proof(_handling: Handling) -> Proof:
    return Proof.NONE


@dataclass(frozen=True, slots=True)
class Language:
    """One printer language, as functions without state or I/O."""

    name: str
    """Used in settings and file endings."""
    content_type: str
    """How a print service is told what it gets."""
    encode: Callable[[Raster, Media, Handling], bytes]
    """The label as the bytes to send; raises LabelInvalid for a bitmap that does not fit the media."""
    check: Callable[[Media, Handling], None]
    """Raises LabelInvalid for settings the language cannot express."""
    has_red: Callable[[Media], bool] = _black_only
    """Whether red ink comes out red on this stock; a label that has some is refused elsewhere."""
    encode_pages: Callable[[Sequence[Raster], Media, Handling], bytes] | None = None
    """Several labels that belong together; without it the bytes of one follow those of the other."""
    encode_native: Callable[[Layout, Raster, Media, Handling], bytes] | None = None
    """The label as the printer's own commands, where the language has them."""
    check_ready_made: Callable[[bytes], None] | None = None
    """Makes sure that bytes somebody else made are whole labels of this language; raises LabelInvalid."""
    questions: tuple[Question, ...] = ()
    """Asked in turn until one is answered; none for a language that cannot ask."""
    listening: Question | None = None
    """Used instead of the questions while a label is on its way."""
    inquiry: Inquiry | None = None
    proof: Callable[[Handling], Proof] = _no_proof
    words: Callable[[bytes], int] = _one_word
    """How many labels of a payload the printer sends word of, where that proves them."""
    has_own_size: bool = False
    """Whether labels say how large they are, so that their dots need not be the printer's."""
    trial: Callable[[float, float, int | None], tuple[Media, Handling]] = _any_printer
    """Stock and settings for a label of this width and height that is for no printer in particular."""

    def check_colours(self, labels: Sequence[Raster], media: Media) -> None:
        """Make sure that nothing red is lost.

        Raises:
            LabelInvalid: It would be.
        """
        if any(label.red for label in labels) and not self.has_red(media):
            raise LabelInvalid(f"{self.name}: expected black only on this printer and stock, got red too")

    def encode_all(self, labels: Sequence[Raster], media: Media, handling: Handling) -> bytes:
        """Encode labels that are sent together.

        Raises:
            LabelInvalid: See `encode`.
        """
        self.check_colours(labels, media)
        if self.encode_pages is not None:
            return self.encode_pages(labels, media, handling)
        return b"".join(self.encode(label, media, handling) for label in labels)
