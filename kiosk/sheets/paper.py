"""A sheet of paper to draw on in millimetres, and to save as PNG or PDF."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from PIL import Image, ImageDraw

from kiosk.errors import LabelError
from printers.fonts import Face, font
from printers.symbols import Matrix

PAPERS: Final = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
"""Width and height in mm."""
Say: TypeAlias = Callable[..., str]
"""``Language.text``: a constant text in the language of who reads the sheet."""
FORMATS: Final = ("png", "pdf")
_DPI: Final = {"png": 300, "pdf": 600}
"""A PDF's picture has one bit a dot, so its letters need the finer dots."""
_MM_PER_INCH: Final = 25.4
_BLACK_ON_WHITE: Final = bytes([255, 0]) + bytes(254)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with what was drawn on it."""

    width_mm: float
    height_mm: float
    dpi: int
    picture: Image.Image
    pen: ImageDraw.ImageDraw

    @classmethod
    def blank(cls, paper: str, kind: str) -> "Sheet":
        """Return an empty sheet.

        Args:
            paper: ``a4`` or ``letter``.
            kind: what it will be saved as, ``png`` or ``pdf``.

        Raises:
            LabelError: one of them is not known.
        """
        if paper not in PAPERS:
            raise LabelError(f"Cannot draw a sheet on {paper!r}: expected one of {sorted(PAPERS)}.")
        if kind not in _DPI:
            raise LabelError(f"Cannot draw a sheet as {kind!r}: expected one of {list(FORMATS)}.")
        width_mm, height_mm = PAPERS[paper]
        dpi = _DPI[kind]
        size = (round(width_mm / _MM_PER_INCH * dpi), round(height_mm / _MM_PER_INCH * dpi))
        picture = Image.new("L", size, 255) if kind == "png" else Image.new("1", size, 1)
        pen = ImageDraw.Draw(picture)
        pen.fontmode = "L" if kind == "png" else "1"
        return cls(width_mm, height_mm, dpi, picture, pen)

    def dots(self, mm: float) -> int:
        """Return a length in dots."""
        return round(mm / _MM_PER_INCH * self.dpi)

    def text(self, at_mm: tuple[float, float], text: str, size_mm: float, face: Face = Face.SANS) -> None:
        """Write a line.

        Args:
            at_mm: where its baseline begins.
            text: the line.
            size_mm: height of the type's em.
            face: the typeface.
        """
        self._write(at_mm, text, size_mm, face, "ls")

    def text_right(
        self, at_mm: tuple[float, float], text: str, size_mm: float, face: Face = Face.SANS
    ) -> None:
        """Write a line that ends at a place; the arguments are those of ``text``."""
        self._write(at_mm, text, size_mm, face, "rs")

    def paragraph(self, at_mm: tuple[float, float], text: str, size_mm: float, width_mm: float) -> float:
        """Write a text in lines of that width and return the height it took, in mm."""
        type_, lines, line = font(Face.SANS, self.dots(size_mm)), list[str](), ""
        for word in text.split(" "):
            longer = f"{line} {word}" if line else word
            if line and type_.getlength(longer) > self.dots(width_mm):
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
        pitch_mm = size_mm * 1.35
        for place, written in enumerate(lines):
            self.text((at_mm[0], at_mm[1] + place * pitch_mm), written, size_mm)
        return len(lines) * pitch_mm

    def width_of_mm(self, text: str, size_mm: float, face: Face = Face.SANS) -> float:
        """Return how wide a line of that size is."""
        return float(font(face, self.dots(size_mm)).getlength(text)) / self.dpi * _MM_PER_INCH

    def fitting_mm(self, text: str, size_mm: float, room_mm: float, face: Face = Face.SANS) -> float:
        """Return the size, ``size_mm`` or less, at which a line is no wider than ``room_mm``."""
        width_mm = self.width_of_mm(text, size_mm, face)
        return size_mm if width_mm <= room_mm else size_mm * room_mm / width_mm

    def rule(self, x_mm: float, y_mm: float, width_mm: float, thick_mm: float = 0.25) -> None:
        """Draw a horizontal line."""
        left, top = self.dots(x_mm), self.dots(y_mm)
        thick = max(1, self.dots(thick_mm))
        self.pen.rectangle((left, top, left + self.dots(width_mm) - 1, top + thick - 1), fill=0)

    def symbol(
        self, at_mm: tuple[float, float], matrix: Matrix, module_mm: float, height_mm: float = 0.0
    ) -> float:
        """Draw a barcode and return its width in mm, without the quiet zone around it.

        Args:
            at_mm: its upper left corner; the caller leaves the quiet zone free.
            matrix: the symbol.
            module_mm: width of a module; it is rounded to whole dots.
            height_mm: of the bars of a linear symbol.
        """
        module = max(1, self.dots(module_mm))
        small = Image.frombytes("L", (matrix.width, matrix.height), matrix.modules.translate(_BLACK_ON_WHITE))
        height = self.dots(height_mm) if matrix.height == 1 else matrix.height * module
        large = small.resize((matrix.width * module, height), Image.Resampling.NEAREST)
        self.picture.paste(large.convert(self.picture.mode), (self.dots(at_mm[0]), self.dots(at_mm[1])))
        return large.width / self.dpi * _MM_PER_INCH

    def saved(self, title: str) -> bytes:
        """Return the sheet as it is saved: PDF where it was begun as one, else PNG."""
        file = io.BytesIO()
        if self.picture.mode == "1":
            self.picture.save(file, "PDF", resolution=self.dpi, title=title)
        else:
            self.picture.save(file, "PNG", dpi=(self.dpi, self.dpi), optimize=True)
        return file.getvalue()

    def _write(self, at_mm: tuple[float, float], text: str, size_mm: float, face: Face, anchor: str) -> None:
        at = (self.dots(at_mm[0]), self.dots(at_mm[1]))
        self.pen.text(at, text, fill=0, font=font(face, self.dots(size_mm)), anchor=anchor)
