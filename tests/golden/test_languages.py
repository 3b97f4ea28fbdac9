import re
import zlib
from pathlib import Path

import pytest
from PIL import Image

from printers import LANGUAGES, draw, load_designs, prepare
from tests.golden.cases import FINE, FOLDER
from tests.golden.languages import OF_THEIR_OWN, PACKED, golden, payloads, stock
from tests.printers.languages.judges import JUDGES
from tests.printers.languages.reading import read_png
from tests.printers.material import LABELS

DESIGNS = load_designs(LABELS)
AGAIN = "run python -m tests.golden.regenerate and look at what changed"


def unpacked(payload: bytes) -> tuple[bytes, ...]:
    """A PDF's parts: compression, and with it every count of bytes, may differ between machines."""
    parts = re.split(rb"(?<=FlateDecode/Length )\d+>>\nstream\n(.*?)\nendstream", payload, flags=re.DOTALL)
    assert len(parts) >= 3
    counts = re.compile(rb"\d{10} 00000 n|startxref\n\d+")
    return tuple(
        zlib.decompress(part) if number % 2 else counts.sub(b"", part) for number, part in enumerate(parts)
    )


def test_there_is_a_golden_file_for_every_design_in_every_language() -> None:
    assert {path.stem for path in FOLDER.glob(f"*{PACKED}")} == set(payloads())


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob(f"*{PACKED}")))
def test_what_is_sent_is_as_agreed(name: str) -> None:
    payload = payloads()[name]
    if name.endswith(".pdf"):
        assert unpacked(payload) == unpacked(golden(name)), AGAIN
    else:
        assert payload == golden(name), AGAIN


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - OF_THEIR_OWN - {"pdf"}))
@pytest.mark.parametrize("name", sorted(DESIGNS))
def test_every_golden_file_prints_the_golden_picture(name: str, language: str) -> None:
    design = DESIGNS[name]
    media, handling = stock(design, language)
    papers = JUDGES[language](golden(f"{name}-long-{media.dpi}.{language}"), media, handling, Path())
    pages = [raster.image() for _, raster in draw(design, design.samples, media)]
    at = (media.dots(handling.offset_x_mm), media.dots(handling.offset_y_mm))
    for paper, picture in zip(papers, pages, strict=True):
        printed = paper.crop((*at, at[0] + picture.width, at[1] + picture.height))
        assert printed.tobytes() == picture.tobytes()


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("name", sorted(set(DESIGNS) - FINE))
def test_a_picture_is_a_language_too(name: str, dpi: int) -> None:
    design = DESIGNS[name]
    media, _ = LANGUAGES["png"].trial(design.width_mm, design.height_mm, dpi)
    sent = prepare(design, design.samples, media, LANGUAGES["png"]).payload
    with Image.open(FOLDER / f"{name}-long-{dpi}.png") as picture:
        assert read_png(sent).tobytes() == picture.tobytes()
