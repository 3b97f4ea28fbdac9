"""What stands on a sheet is in the language of who prints it, and has room in each."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

import pytest
from PIL import ImageDraw

from kiosk.flows import FLOWS
from kiosk.language import Language, language
from kiosk.sheets import PAPERS, Sheet
from kiosk.sheets.commands import draw_commands, draw_work
from kiosk.sheets.scanner import MAKERS, draw_setup
from kiosk.sheets.setup_codes import DOUBLES, KEYS
from kiosk.words import LANGUAGES
from tests.web.pseudo import pseudo, unsaid

Box = tuple[float, float, float, float]


class Pen(ImageDraw.ImageDraw):
    """Keeps in mind what is written, and where."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet.picture)
        self.written: list[tuple[str, Box]] = []

    def text(self, xy: Any, text: Any, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Pillow's own
        if text:
            box = self.textbbox(xy, text, font=options["font"], anchor=options["anchor"])
            self.written.append((str(text), (box[0], box[1], box[2], box[3])))
        super().text(xy, text, *args, **options)


@dataclass
class Drawn:
    """A sheet that was drawn."""

    draw: Callable[[Sheet, Callable[..., str]], object]
    paper: str = "a4"
    spoken: Language = field(default_factory=lambda: language("en"))

    def __post_init__(self) -> None:
        blank = Sheet.blank(self.paper, "png")
        self.pen = Pen(blank)
        self.sheet = replace(blank, pen=self.pen)
        self.draw(self.sheet, self.spoken.text)


SHEETS: dict[str, Callable[[Sheet, Callable[..., str]], object]] = {
    "commands": lambda sheet, say: draw_commands(sheet, tuple(FLOWS), "dock-1", say),
    "work": lambda sheet, say: draw_work(sheet, "dock-1", say),
    "scanner": draw_setup,
}


@pytest.mark.parametrize("name", SHEETS)
def test_every_word_of_a_sheet_is_said(name: str) -> None:
    drawn = Drawn(SHEETS[name], spoken=pseudo())
    written = [text for text, _ in drawn.pen.written if not text.startswith("ION/CMD/")]
    # A paragraph is written line by line, and has its marks around the whole.
    html = escape(" ".join(written)).replace("⟧ ", "⟧<p>")
    assert unsaid(html, ["dock-1", KEYS, DOUBLES, *(name for name, _ in MAKERS)]) == []
    assert len(written) > 20


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_word_has_its_room(name: str, paper: str, tag: str) -> None:
    drawn = Drawn(SHEETS[name], paper, language(tag))
    width, height = drawn.sheet.picture.size
    margin = drawn.sheet.dots(6.0)
    for text, (left, top, right, bottom) in drawn.pen.written:
        assert margin < left < right < width - margin, text
        assert margin < top < bottom < height - margin, text
    over = [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(drawn.pen.written, 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert over == []


@pytest.mark.parametrize("tag", LANGUAGES)
def test_words_are_never_too_small_to_read_at_arm_s_length(tag: str) -> None:
    for name in ("commands", "work"):
        drawn = Drawn(SHEETS[name], spoken=language(tag))
        heights = {text: bottom - top for text, (_, top, _, bottom) in drawn.pen.written if len(text) > 1}
        codes = [height for text, height in heights.items() if text.startswith("ION/")]
        words = {text: height for text, height in heights.items() if text[0].isupper() and "/" not in text}
        assert {text for text, height in words.items() if height < min(codes)} == set()
