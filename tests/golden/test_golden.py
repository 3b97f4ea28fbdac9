import base64
import io
import re
import zlib

import pytest
from PIL import Image

from printers import Media, lay_out, load_designs
from printers.symbols import Decoded, decode
from tests.golden.cases import FOLDER, labels, values
from tests.printers.material import LABELS as FILES

GRAPHIC = re.compile(rb":Z64:([^:]+):([0-9A-F]{4})")
NAMES = sorted(path.stem for path in FOLDER.glob("*.png"))
"""Of the files: to make all the labels takes a second of every process that collects the tests."""
DESIGNS = load_designs(FILES)


def parts(payload: bytes) -> tuple[bytes, list[bytes]]:
    """The commands without the graphics, and their bits: compression may differ, the label may not."""
    bits = [zlib.decompress(base64.b64decode(graphic[1])) for graphic in GRAPHIC.finditer(payload)]
    return GRAPHIC.sub(b"", payload), bits


def test_there_is_a_golden_file_for_every_label() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} == set(labels())
    assert {path.stem for path in FOLDER.glob("*.zpl")} == set(labels())


@pytest.mark.parametrize("name", NAMES)
def test_labels_look_as_agreed(name: str) -> None:
    label = labels()[name]
    with Image.open(FOLDER / f"{name}.png") as golden, Image.open(io.BytesIO(label.png)) as preview:
        assert preview.size == golden.size
        assert preview.tobytes() == golden.tobytes(), (
            "run python -m tests.golden.regenerate and look at the picture"
        )
    assert parts(label.payload) == parts((FOLDER / f"{name}.zpl").read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_a_scanner_finds_every_code_on_the_whole_label(name: str) -> None:
    label = labels()[name]
    design_name, length, dpi = name.rsplit("-", 2)
    design = DESIGNS[design_name]
    given = values(design, length)
    media = Media(design.width_mm, design.height_mm, int(dpi))
    expected = [
        Decoded(symbol.matrix.text, symbol.matrix.identifier)
        for page in range(1, design.page_count(given) + 1)
        for symbol in lay_out(design, given, media, page=page).symbols
        if not symbol.turns
    ]
    assert label.encoded in {symbol.text for symbol in expected}
    with Image.open(io.BytesIO(label.png)) as preview:
        found = decode(preview)
    assert sorted(found, key=str) == sorted(expected, key=str)
