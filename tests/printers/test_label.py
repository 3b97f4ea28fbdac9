import base64
import dataclasses
import io

import pytest
from PIL import Image

from printers import Field, LabelInvalid
from tests.printers.material import HEAD, NAME, design

IMAGE = """
[[image]]
x_mm = 20
y_mm = 10
width_mm = 5
height_mm = 5
data = "DATA"
"""


def square(level: int) -> str:
    file = io.BytesIO()
    Image.new("L", (2, 2), level).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def test_digest_covers_everything_that_changes_the_label() -> None:
    one = design()
    assert one.digest == design().digest
    assert len(one.digest) == 64
    changed = [
        design(HEAD + NAME.replace("size_mm = 3", "size_mm = 3.1")),
        dataclasses.replace(one, title="Other"),
        dataclasses.replace(one, fields=(*one.fields, Field("more", required=False, sample=""))),
        dataclasses.replace(one, width_mm=51),
        dataclasses.replace(one, min_dpi=300),
        *(design(HEAD + NAME + IMAGE.replace("DATA", square(level))) for level in (0, 255)),
    ]
    assert len({one.digest, *(other.digest for other in changed)}) == 8


def test_samples_and_element_names() -> None:
    two = design(HEAD + NAME + NAME)
    assert two.samples == {"code": "ION/PI/123", "name": "Bracket"}
    assert two.element_names == ("datamatrix 1", "text 1", "text 2")


def test_values_must_be_exactly_the_fields() -> None:
    design().check_values({"code": "x"})
    with pytest.raises(LabelInvalid) as unknown:
        design().check_values({"code": "x", "serial": "1", "lot": "2"})
    assert str(unknown.value) == "label 'test': expected only the fields code, name, got also 'lot', 'serial'"
    with pytest.raises(LabelInvalid) as long:
        design().check_values({"code": "x", "name": "y" * 7090})
    assert str(long.value) == "label 'test': name: expected at most 7089 characters, got 7090"
    for values in ({}, {"code": ""}):
        with pytest.raises(LabelInvalid, match=r"^label 'test': expected a value for 'code', got (None|'')$"):
            design().check_values(values)
