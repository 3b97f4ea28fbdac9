from pathlib import Path

from printers import Design, Media
from printers.label_toml import parse_design

LABELS = Path(__file__).parents[2] / "templates" / "labels"
ZEBRA_203 = Media(101.6, 50.8, 203)
ZEBRA_300 = Media(101.6, 50.8, 300)
UID = '{"uid":"0123456789abcdef0123456789abcdef"}'

HEAD = """
title = "Test"
width_mm = 50
height_mm = 30
encodes = "code"

[fields]
code = { required = true, sample = "ION/PI/123" }
name = { sample = "Bracket" }

[[datamatrix]]
x_mm = 2
y_mm = 2
size_mm = 10
value = "${code}"
"""
NAME = """
[[text]]
x_mm = 15
y_mm = 2
width_mm = 30
size_mm = 3
value = "${name}"
"""


def design(source: str = HEAD + NAME) -> Design:
    return parse_design("test", source, where="test.toml")
