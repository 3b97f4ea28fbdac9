"""Labels: made for a printer, and their designs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from kiosk.model import DesignVersion, Face, LabelChoice, LabelFields, PreparedLabel, Print, PrintJob


class LabelRoom(Protocol):
    """Makes labels for a station's printer."""

    def prepare(self, station: str, label: Print) -> PreparedLabel:
        """Lay the label out for its printer, else the station's, render it, read it back and encode it.

        Raises:
            LabelError: unknown label or field, data that does not fit, no printer, or it would not scan.
        """

    def printer_of(self, station: str) -> str:
        """Return the name of the station's printer, empty where it has none."""

    def printers_of(self, station: str) -> tuple[str, ...]:
        """Return the names of all printers that the station prints labels on, its own first."""

    def marked(self, printer_name: str, label: Print, digest: str, edition: int) -> Face | None:
        """Make another sheet of the label of a serial that says which one it is.

        Args:
            printer_name: where it is to come out.
            label: with all the fields that the first was given.
            digest: the first one's design.
            edition: 2 for the second sheet.

        Returns:
            ``None`` where the design has no place for it, or is another by now: then it is as the first was.
        """

    def takes_zpl(self, station: str) -> bool:
        """Return whether the station's own printer takes labels that ION drew, which are ZPL."""

    def choices(self, station: str) -> Mapping[str, tuple[LabelChoice, ...]]:
        """Return the labels that the station prints, by kind of subject and by ``receive``.

        They are those of its settings, else the usual ones that suit its printer's stock; the first is
        printed where none is named.
        """


@dataclass(frozen=True, slots=True)
class DesignCard:
    """A label design in the list of all."""

    name: str
    title: str
    fields: tuple[str, ...]
    """What it takes; a table with an ellipsis."""
    encodes: str
    width_mm: float
    height_mm: float
    is_of_site: bool
    """It stands in the site's folder."""
    is_packaged: bool
    """One of that name comes with the kiosk; the site's comes first where there are both."""
    fault: str = ""
    """Why it cannot be printed; then what else is known of it is empty."""


@dataclass(frozen=True, slots=True)
class DesignTarget:
    """What a design can be seen on: a printer, or any head of so many dots an inch."""

    name: str
    """The printer's, or ``dpi:203``; no printer can be called so."""
    title: str
    is_printer: bool
    is_fitting: bool
    """The design is not too large and not too fine for it."""


@dataclass(frozen=True, slots=True)
class DraftFault:
    """Why a text is no design, or not with these values."""

    line: int
    """From 1; 0 where it is about the whole."""
    text: str


@dataclass(frozen=True, slots=True)
class DraftField:
    """One text that a design takes."""

    name: str
    is_required: bool
    value: str


@dataclass(frozen=True, slots=True)
class DraftTable:
    """Rows that a design takes."""

    name: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    """Columns that every row must have."""
    rows: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture that stands beside the designs."""

    file: str
    """What an image element names."""
    width: int
    height: int
    has_greys: bool


@dataclass(frozen=True, slots=True)
class DraftBox:
    """An element on the picture, in dots from the label's top left corner."""

    name: str
    line: int
    x: int
    y: int
    width: int
    height: int
    origin: tuple[int, int]
    """Where the element's own coordinates begin."""
    keys: tuple[str, ...]
    """Which of its numbers can be changed: ``x_mm``, ``y_mm``, ``width_mm``, ``height_mm``, ``size_mm``."""
    is_drawn: bool
    """Whether its condition holds with these values."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a text would print."""

    fault: DraftFault | None
    png: bytes = b""
    """One pixel a dot; empty where nothing can be drawn."""
    is_exact: bool = False
    """The picture holds the very dots that would be printed."""
    width: int = 0
    """Of the label, in dots."""
    height: int = 0
    boxes: tuple[DraftBox, ...] = ()
    fields: tuple[DraftField, ...] = ()
    tables: tuple[DraftTable, ...] = ()


class DesignRoom(Protocol):
    """Where label designs are looked at, changed and kept."""

    @property
    def is_writable(self) -> bool:
        """Whether the site has a folder for its designs."""

    def cards(self) -> tuple[DesignCard, ...]:
        """Return every design, by name."""

    def targets(self, name: str) -> tuple[DesignTarget, ...]:
        """Return the printers of the settings and heads of the usual pitches, to see a design on."""

    def source(self, name: str, version: int | None = None) -> str | None:
        """Return a design's TOML, of an earlier version where one is named; ``None`` where there is none.

        Raises:
            LabelError: it cannot be read.
        """

    def versions(self, name: str) -> tuple[DesignVersion, ...]:
        """Return what was saved, newest first; what comes with the kiosk is the last one, number 0."""

    def picture(self, name: str) -> bytes | None:
        """Return the PNG of the first label of a design with its samples, ``None`` where there is none."""

    def draft(self, name: str, source: str, target: str, values: LabelFields | None) -> Draft:
        """Check a text and draw it for a target.

        Args:
            name: what the design is called.
            source: its TOML.
            target: one of ``targets``.
            values: for its fields; without them, and for the required ones that are missing, its samples.
        """

    def arranged(self, source: str, element: str, target: str, dots: Mapping[str, int]) -> str:
        """Return a text in which numbers of one element are those of so many dots, and nothing else differs.

        Raises:
            LabelError: there is no such element or number.
        """

    def save(self, name: str, source: str, base: str | None) -> DesignVersion:
        """Keep a text as the site's design; labels are made of it from now on.

        Args:
            name: what it is called.
            source: its TOML.
            base: SHA-256 in hex of the text that was opened, empty where there was none of that name; with
                ``None`` what is there may be replaced, and stays as a version.

        Raises:
            DesignChanged: that is not the text any more.
            LabelError: it is no good design, its name cannot be used, or it cannot be written.
        """

    def delete(self, name: str, base: str) -> None:
        """Take the site's design of that name away; its versions stay, and the packaged one is used again.

        Args:
            name: what it is called.
            base: SHA-256 in hex of the text that was looked at.

        Raises:
            DesignChanged: that is not the text any more.
            LabelError: the site has no such design, or it cannot be taken away.
        """

    def deleted(self) -> tuple[str, ...]:
        """Return the names of which only versions are left."""

    def packed(self, name: str, source: str) -> bytes | None:
        """Return a design with the pictures that it names as a zip, ``None`` where it names none.

        Raises:
            LabelError: a picture is not there.
        """

    def unpacked(self, data: bytes) -> str:
        """Keep the pictures of such a zip, and return the design with the names that they have here.

        Raises:
            LabelError: it is none, holds more than a design may, or cannot be written.
        """

    def keep_picture(self, name: str, data: bytes) -> KeptPicture:
        """Keep a picture for image elements beside the site's designs; none that is there is written over.

        Args:
            name: what the file was called; another is found where it is taken or cannot be used.
            data: PNG, JPEG, GIF, BMP or WebP.

        Raises:
            LabelError: it is no such picture, too large, or cannot be written.
        """

    def print_test(
        self, name: str, source: str, printer: str, values: LabelFields, *, key: str | None
    ) -> tuple[PrintJob, ...]:
        """Queue one label of a text as it is, saved or not.

        Raises:
            LabelError: it cannot be made.
            JournalError: it could not be written.
        """

    def sample(self, scan: bytes) -> LabelFields:
        """Return what would stand on the label of what a scan is about.

        Raises:
            LabelError: nothing is known by that code, or it has no label.
            IonError: ION could not be asked.
        """
