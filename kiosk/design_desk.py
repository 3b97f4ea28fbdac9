"""Label designs as somebody edits them: checked, drawn, arranged, kept, printed once to see."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from kiosk.design_parcel import packed, pictures_named, renamed, unpacked
from kiosk.design_picture import file_stem, grey_picture
from kiosk.errors import DesignChanged, LabelError
from kiosk.label_choice import selected, stock_fault
from kiosk.label_shelf import MOST_BYTES, LabelShelf
from kiosk.model import DesignVersion, LabelFields, PreparedLabel, Print, PrintJob
from kiosk.ports import (
    DesignCard,
    DesignTarget,
    Draft,
    DraftBox,
    DraftFault,
    DraftField,
    DraftTable,
    KeptPicture,
)
from kiosk.printing import LabelShop
from kiosk.wire import digest_of
from printers import (
    AS_SET,
    LANGUAGES,
    Design,
    ElementBox,
    LabelInvalid,
    Media,
    Printer,
    boxes_of,
    check_plain,
    draw,
    lay_out,
    line_of_fault,
    parse_design,
    prepare,
    prove,
    render,
    texts_of,
    with_numbers,
)
from printers.label import Table, elements_in, rows_of

_DPI: Final = (203, 300, 600)
_DPI_TARGET: Final = "dpi:"
_FIRST_DPI: Final = 203
MOST_ELEMENTS: Final = 300
MOST_DOTS: Final = 40_000_000
"""Of all labels that a design's samples take, at the finest head it is tried on: 4 x 6 inches at 600 dpi are
8.6 million. A design from outside must not take the kiosk's memory."""
MOST_TRIED_DOTS: Final = 200_000_000
"""The same, for each set of samples that the design is tried with."""
MOST_DRAWN: Final = 10_000
"""Elements on them, those of each row counted, for each set of samples."""
_TRIED_DPI: Final = 300
_LONGEST_FAULT: Final = 600

Enqueue = Callable[[str, Print, PreparedLabel, str | None], tuple[PrintJob, ...]]


@dataclass(slots=True)
class DesignDesk:
    """See ``DesignRoom``; one draft is drawn at a time: many editors cannot take the whole machine."""

    shelf: LabelShelf
    shop: LabelShop
    printers: Mapping[str, Printer]
    enqueue: Enqueue
    look: Callable[[bytes], LabelFields]
    _drawing: threading.Lock = field(default_factory=threading.Lock)
    _saving: threading.Lock = field(default_factory=threading.Lock)
    _pictures: dict[str, bytes] = field(default_factory=dict)
    """By the design's digest."""

    @property
    def is_writable(self) -> bool:
        """See ``DesignRoom``."""
        return self.shelf.is_writable

    def cards(self) -> tuple[DesignCard, ...]:
        """See ``DesignRoom``."""
        return tuple(self._card(name) for name in self.shelf.names())

    def _card(self, name: str) -> DesignCard:
        is_of_site, is_packaged = self.shelf.is_of_site(name), self.shelf.is_packaged(name)
        design = self.shop.designs.good.get(name)
        if design is None:
            fault = self.shop.designs.faults.get(name, "It came while the kiosk ran. Open it and save it.")
            return DesignCard(name, name, (), "", 0, 0, is_of_site, is_packaged, fault)
        fields = (*(one.name for one in design.fields), *(f"{rows.name} …" for rows in design.rows))
        return DesignCard(
            name,
            design.title,
            fields,
            design.encodes,
            design.width_mm,
            design.height_mm,
            is_of_site,
            is_packaged,
        )

    def targets(self, name: str) -> tuple[DesignTarget, ...]:
        """See ``DesignRoom``."""
        design = self.shop.designs.good.get(name)
        printers = [
            DesignTarget(
                printer,
                f"{printer}, {one.media.dpi} dpi",
                is_printer=True,
                is_fitting=design is None or not stock_fault(design, one.media),
            )
            for printer, one in self.printers.items()
        ]
        finest = design.min_dpi if design is not None else 0
        heads = [
            DesignTarget(
                f"{_DPI_TARGET}{dpi}", f"any {dpi} dpi head", is_printer=False, is_fitting=dpi >= finest
            )
            for dpi in _DPI
        ]
        return (*printers, *heads)

    def source(self, name: str, version: int | None = None) -> str | None:
        """See ``DesignRoom``."""
        return self.shelf.source(name, version)

    def versions(self, name: str) -> tuple[DesignVersion, ...]:
        """See ``DesignRoom``."""
        return self.shelf.versions(name)

    def picture(self, name: str) -> bytes | None:
        """See ``DesignRoom``."""
        design = self.shop.designs.good.get(name)
        if design is None:
            return None
        digest = design.digest
        if digest not in self._pictures:
            media = Media(design.width_mm, design.height_mm, max(_FIRST_DPI, design.min_dpi))
            with self._drawing:
                png = draw(design, design.samples, media)[0][1].png()
                used = {one.digest for one in self.shop.designs.good.values()}
                self._pictures = {key: kept for key, kept in self._pictures.items() if key in used}
                self._pictures[digest] = png
            return png
        return self._pictures[digest]

    def draft(self, name: str, source: str, target: str, values: LabelFields | None) -> Draft:
        """See ``DesignRoom``."""
        with self._drawing:
            try:
                design = self._parsed(name, source)
            except LabelInvalid as error:
                return Draft(_fault(name, source, error))
            return self._drawn(design, source, target, values)

    def _drawn(self, design: Design, source: str, target: str, values: LabelFields | None) -> Draft:
        filled = _filled(design, values)
        printer = self.printers.get(target)
        media = (
            Media(design.width_mm, design.height_mm, _dpi_of(target, design))
            if printer is None
            else printer.media
        )
        fault, png, is_exact = None, b"", False
        try:
            prove(design, where=design.name)
            made = (
                prepare(design, filled, media, LANGUAGES["png"], handling=AS_SET)
                if printer is None
                else printer.prepare(design, filled)
            )
            png, is_exact = made.png, made.is_exact
        except LabelInvalid as error:
            fault = _fault(design.name, source, error)
            png = _rough(design, filled, media)
        texts = texts_of(filled)
        return Draft(
            fault,
            png,
            is_exact,
            media.dots(design.width_mm),
            media.dots(design.height_mm),
            tuple(_box(box, media, texts) for box in boxes_of(design, source)),
            tuple(DraftField(one.name, one.required, texts.get(one.name, "")) for one in design.fields),
            tuple(
                DraftTable(
                    rows.name,
                    tuple(column.name for column in rows.columns),
                    tuple(column.name for column in rows.columns if column.required),
                    tuple(rows_of(filled, rows.name)),
                )
                for rows in design.rows
            ),
        )

    def arranged(self, source: str, element: str, target: str, dots: Mapping[str, int]) -> str:
        """See ``DesignRoom``."""
        printer = self.printers.get(target)
        try:
            design = self._parsed("label", source)
            media = Media(100, 100, _dpi_of(target, design)) if printer is None else printer.media
            numbers = {key: count / media.dots_per_mm for key, count in dots.items()}
            return with_numbers(source, element, numbers)
        except LabelInvalid as fault:
            raise LabelError(f"Cannot arrange this: {fault}") from fault

    def save(self, name: str, source: str, base: str | None) -> DesignVersion:
        """See ``DesignRoom``."""
        with self._drawing:
            try:
                design = self._parsed(name, source)
                prove(design, where=name)
            except LabelInvalid as error:
                raise LabelError(_said(_fault(name, source, error))) from error
        self._check_stands_in(design)
        with self._saving:
            now = self.shelf.source(name)
            if base is not None and base != (digest_of(now) if now is not None else ""):
                raise DesignChanged(
                    f"Somebody saved {name!r} meanwhile. Load the page again to see what; "
                    "copy your text first, it is not kept."
                )
            version = self.shelf.save(name, source)
            self.shop.change(lambda designs: designs.having(design))
        return version

    def delete(self, name: str, base: str) -> None:
        """See ``DesignRoom``."""
        with self._saving:
            now = self.shelf.source(name)
            if base != (digest_of(now) if now is not None else ""):
                raise DesignChanged(f"Somebody saved {name!r} meanwhile. Load the page again to see what.")
            self.shelf.delete(name)
            self.shop.change(lambda designs: designs.without(name))

    def deleted(self) -> tuple[str, ...]:
        """See ``DesignRoom``."""
        return self.shelf.deleted()

    def packed(self, name: str, source: str) -> bytes | None:
        """See ``DesignRoom``."""
        return packed(name, source, self.shelf.beside(name))

    def unpacked(self, data: bytes) -> str:
        """See ``DesignRoom``; of what a zip holds only pictures are kept that the design asks for."""
        parcel = unpacked(data)
        names = pictures_named(parcel.source)
        kept = {
            name: self.keep_picture(name, png).file for name, png in parcel.pictures.items() if name in names
        }
        return renamed(parcel.source, kept)

    def keep_picture(self, name: str, data: bytes) -> KeptPicture:
        """See ``DesignRoom``."""
        with self._drawing:
            drawn = grey_picture(data)
        file = self.shelf.keep_file(file_stem(name), ".png", drawn.png)
        return KeptPicture(file, drawn.width, drawn.height, drawn.has_greys)

    def print_test(
        self, name: str, source: str, printer: str, values: LabelFields, *, key: str | None
    ) -> tuple[PrintJob, ...]:
        """See ``DesignRoom``."""
        with self._drawing:
            try:
                design = self._parsed(name, source)
                prove(design, where=name)
            except LabelInvalid as error:
                raise LabelError(_said(_fault(name, source, error))) from error
            label = Print(name, _filled(design, values), subject="")
            prepared = self.shop.make(printer, design, label)
        return self.enqueue(printer, label, prepared, key)

    def sample(self, scan: bytes) -> LabelFields:
        """See ``DesignRoom``."""
        return self.look(scan)

    def _parsed(self, name: str, source: str) -> Design:
        """Read a text that anybody may have written.

        Raises:
            LabelInvalid: it is no design, or one that would take more than a label's worth of work.
        """
        if len(source.encode("utf-8", "replace")) > MOST_BYTES:
            raise LabelInvalid(f"expected at most {MOST_BYTES // 1024} KiB, got more")
        check_plain(source)
        design = parse_design(
            name,
            source,
            where=name,
            read_file=self.shelf.beside(name),
            zpl=self.shelf.zpl(name),
        )
        _check_effort(design)
        return design

    def _check_stands_in(self, design: Design) -> None:
        """Make sure that what the kiosk prints by itself can be printed with the site's design.

        Raises:
            LabelError: it holds something else in its symbol, or wants what the packaged one does not.
        """
        packaged = self.shop.designs.packaged.get(design.name)
        if packaged is None:
            return
        if design.encodes != packaged.encodes:
            raise LabelError(
                f"encodes: expected {packaged.encodes!r}, since the kiosk prints and recognises "
                f"{design.name!r} by it, got {design.encodes!r}. Save it under another name."
            )
        given = packaged.takes
        if missing := [name for name, must in design.takes.items() if must and not given.get(name)]:
            raise LabelError(
                f"fields: expected {missing[0]!r} not to be required, since the kiosk prints {design.name!r} "
                "without it, too. Save it under another name, or leave 'required' out."
            )


def _check_effort(design: Design) -> None:
    count = sum(1 for _ in elements_in(design.elements))
    if count > MOST_ELEMENTS:
        raise LabelInvalid(f"expected at most {MOST_ELEMENTS} elements, got {count}")
    media = Media(design.width_mm, design.height_mm, max(_TRIED_DPI, design.min_dpi))
    pages = design.page_count(design.samples)
    dots = pages * media.width_dots * media.height_dots
    if dots > MOST_DOTS:
        raise LabelInvalid(
            f"expected labels of at most {MOST_DOTS / 1e6:g} million dots at {media.dpi} dpi, "
            f"got {dots / 1e6:.0f} million on {pages} label{'s' if pages > 1 else ''}"
        )
    # It is tried once for each condition: see `printers.designs.prove`.
    tries = 2 + len({one.condition.absent for _, one in elements_in(design.elements)})
    rows = {one.name: one.sample_rows for one in design.rows}
    tables = [one for one in design.elements if isinstance(one, Table)]
    drawn = pages * len(design.elements) + sum(rows[one.rows] * len(one.elements) for one in tables)
    if drawn * tries > MOST_DRAWN or dots * tries > MOST_TRIED_DOTS:
        raise LabelInvalid(
            f"expected fewer elements, rows or conditions: {drawn} on all labels, drawn in {tries} ways"
        )


def _filled(design: Design, values: LabelFields | None) -> LabelFields:
    """Keep the values the design takes; required ones that are missing come from the samples."""
    if values is None:
        return design.samples
    rows = {one.name for one in design.rows}
    given = selected(values, design)
    needed = {one.name for one in design.fields if one.required} | rows
    samples = {name: value for name, value in design.samples.items() if name in needed}
    texts = needed - rows  # no rows at all can be meant, an empty required text cannot
    return {**samples, **{name: value for name, value in given.items() if value or name not in texts}}


def _dpi_of(target: str, design: Design) -> int:
    digits = target.removeprefix(_DPI_TARGET)
    if not target.startswith(_DPI_TARGET) or digits not in map(str, _DPI):
        return max(_FIRST_DPI, design.min_dpi)
    return max(int(digits), design.min_dpi)


def _rough(design: Design, values: LabelFields, media: Media) -> bytes:
    """Draw what is not good enough to be printed, to show what is wrong; nothing where that cannot be."""
    try:
        return render(lay_out(design, values, media)).png()
    except LabelInvalid:
        return b""


def _box(box: ElementBox, media: Media, texts: Mapping[str, str]) -> DraftBox:
    left, top = media.dots(box.x_mm), media.dots(box.y_mm)
    return DraftBox(
        box.name,
        box.line,
        left,
        top,
        max(1, media.dots(box.x_mm + box.width_mm) - left),
        max(1, media.dots(box.y_mm + box.height_mm) - top),
        (media.dots(box.origin_mm[0]), media.dots(box.origin_mm[1])),
        box.keys,
        box.element.condition.holds(texts),
    )


def _fault(name: str, source: str, error: LabelInvalid) -> DraftFault:
    """Say it beside its line: without the design's own name, which stands above the text."""
    text = str(error)
    line = line_of_fault(source, text)
    for words in (f"{name}: ", f"line {line}: ", f"label {name!r}: "):
        text = text.replace(words, "", 1)
    return DraftFault(line, text[:_LONGEST_FAULT])


def _said(found: DraftFault) -> str:
    line, fault = found.line, found.text
    return f"This design has a fault in line {line}: {fault}" if line else f"This design has a fault: {fault}"


def sample_fields(labels: Iterable[Print | None]) -> LabelFields:
    """Return the fields of the first label there is.

    Raises:
        LabelError: there is none.
    """
    for label in labels:
        if label is not None:
            return label.fields
    raise LabelError("Nothing that has a label is known by that code.")
