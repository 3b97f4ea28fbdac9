import base64
import io
import re
import zlib

import pytest
from PIL import Image

from printers import PreparedLabel
from printers.symbols import decode
from tests.golden.cases import FOLDER, labels

GRAPHIC = re.compile(rb":Z64:([^:]+):([0-9A-F]{4})")
LABELS = labels()


def parts(payload: bytes) -> tuple[bytes, bytes]:
    """The commands without the graphic, and its bits: compression may differ, the label may not."""
    (graphic,) = GRAPHIC.finditer(payload)
    return GRAPHIC.sub(b"", payload), zlib.decompress(base64.b64decode(graphic[1]))


def test_there_is_a_golden_file_for_every_label() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} == set(LABELS)
    assert {path.stem for path in FOLDER.glob("*.zpl")} == set(LABELS)


@pytest.mark.parametrize(("name", "label"), LABELS.items(), ids=LABELS)
def test_labels_look_as_agreed(name: str, label: PreparedLabel) -> None:
    with Image.open(FOLDER / f"{name}.png") as golden, Image.open(io.BytesIO(label.png)) as preview:
        assert preview.size == golden.size
        assert preview.tobytes() == golden.tobytes(), (
            "run python -m tests.golden.regenerate and look at the picture"
        )
    assert parts(label.payload) == parts((FOLDER / f"{name}.zpl").read_bytes())


@pytest.mark.parametrize(("name", "label"), LABELS.items(), ids=LABELS)
def test_a_scanner_finds_the_code_on_the_whole_label(name: str, label: PreparedLabel) -> None:
    with Image.open(io.BytesIO(label.png)) as preview:
        found = {symbol.identifier: symbol.text for symbol in decode(preview)}
    main = "]d1" if name.startswith("part") else "]Q1"
    assert found[main] == label.encoded
    assert set(found) == ({main, "]C0"} if name.startswith("run") else {main})
