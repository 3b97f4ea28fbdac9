import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.resources import templates_dir
from printers.design_source import boxes_of, check_plain, line_of_fault, sections_of, with_numbers
from printers.designs import check_design
from printers.errors import LabelInvalid
from printers.label import elements_in
from printers.label_toml import parse_design

DESIGNS = sorted((templates_dir() / "labels").glob("*.toml"))
SMALL = """# A shelf.
title = "Shelf"
width_mm = 50.8 # two inches
height_mm = 25
encodes = "code"

[fields]
code = { required = true, sample = "A-1" }
"item.name" = { sample = 'x [[text]]' }

[[text]]   # first
value = \"\"\"
[[qr]]
x_mm = 99
${item.name}\"\"\"
x_mm    =   4.50   # from the left
y_mm = 2
width_mm = 20
size_mm = 2

[[datamatrix]]
x_mm = 30
y_mm = 4
size_mm = 12
value = "${code}"
"""


def lines(source: str) -> list[str]:
    return source.split("\n")


@pytest.mark.parametrize("path", DESIGNS, ids=lambda path: path.stem)
def test_every_element_of_our_own_designs_is_found(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    check_plain(source)
    design = parse_design(path.stem, source, where=path.name)
    boxes = boxes_of(design, source)
    assert [box.name for box in boxes] == [name for name, _ in elements_in(design.elements)]
    assert all({"x_mm", "y_mm"} <= set(box.keys) for box in boxes)
    for box in boxes:
        kind = box.name.rpartition(": ")[2].rpartition(" ")[0]
        assert f"{kind}]]" in lines(source)[box.line - 1]


@pytest.mark.parametrize("path", DESIGNS, ids=lambda path: path.stem)
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_only_the_numbers_change(path: Path, data: st.DataObject) -> None:
    source = path.read_text(encoding="utf-8")
    boxes = boxes_of(parse_design(path.stem, source, where=path.name), source)
    box = data.draw(st.sampled_from(boxes))
    numbers = {
        key: data.draw(st.floats(0, 900, allow_nan=False))
        for key in data.draw(st.lists(st.sampled_from(box.keys), unique=True))
    }
    changed = with_numbers(source, box.name, numbers)
    before, after = lines(source), lines(changed)
    assert len(before) == len(after)
    differing = [number for number, (a, b) in enumerate(zip(before, after, strict=True), 1) if a != b]
    sections = {section.name: section for section in sections_of(source)}
    allowed = {sections[box.name].entries[key].line for key in numbers}
    assert set(differing) <= allowed
    with_others = with_numbers(changed, box.name, dict.fromkeys(numbers, 1.0))
    assert with_others == with_numbers(source, box.name, dict.fromkeys(numbers, 1.0))


def test_comments_spaces_and_what_only_looks_like_toml_stay() -> None:
    changed = with_numbers(SMALL, "text 1", {"x_mm": 5.125, "y_mm": 3.0})
    assert changed == SMALL.replace("x_mm    =   4.50   #", "x_mm    =   5.125   #").replace(
        "y_mm = 2\nwidth", "y_mm = 3\nwidth"
    )
    assert with_numbers(SMALL, "datamatrix 1", {"size_mm": 10}) == SMALL.replace(
        "size_mm = 12", "size_mm = 10"
    )


def test_windows_line_ends_stay() -> None:
    windows = SMALL.replace("\n", "\r\n")
    assert with_numbers(windows, "text 1", {"y_mm": 7}) == windows.replace("y_mm = 2\r", "y_mm = 7\r")
    assert {section.name: section.line for section in sections_of(windows)}["datamatrix 1"] == 21


@pytest.mark.parametrize(
    ("element", "numbers"),
    [
        ("text 2", {"x_mm": 1.0}),
        ("qr 1", {"x_mm": 1.0}),
        ("text 1", {"height_mm": 1.0}),
        ("text 1", {"value": 1.0}),
        ("fields", {"code": 1.0}),
        ("", {"width_mm": 1.0}),
        ("text 1: text 1", {"x_mm": 1.0}),
    ],
)
def test_what_is_no_number_of_an_element_is_refused(element: str, numbers: dict[str, float]) -> None:
    with pytest.raises(LabelInvalid, match="expected"):
        with_numbers(SMALL, element, numbers)


def test_elements_written_inline_can_not_be_changed_in_place() -> None:
    source = 'title = "x"\nline = [{ x_mm = 1, y_mm = 1, width_mm = 1, height_mm = 1 }]\n'
    with pytest.raises(LabelInvalid, match="its own table"):
        with_numbers(source, "line 1", {"x_mm": 2})


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("x_mm    =   4.50", 'x_mm = "4"', 16),
        ("width_mm = 20", "width_mm = 60", 11),
        ("y_mm = 2\n", "y_mm = \n", 17),
        ("size_mm = 12", "size_mm = 12\ncolour = 3", 25),
        ("size_mm = 12", "size_mm = 12\nalign = 'up'", 25),
        ("y_mm = 4", "y_mm = -4", 23),
        ("height_mm = 25\n", "height_mm = true\n", 4),
        ("sample = 'x [[text]]' }", "sample = 3 }", 9),
        ('encodes = "code"', 'encodes = "item.name"', 5),
        ("size_mm = 12", "size_mm = 2", 21),
        ("x_mm = 30", "x_mm = 0", 21),
        ('encodes = "code"', "encodes = ", 5),
        ("[[datamatrix]]", "[[datamatrix]", 21),
        ("[[datamatrix]]", "[[colour]]", 0),
    ],
)
def test_a_fault_has_its_line(old: str, new: str, line: int) -> None:
    assert old in SMALL
    source = SMALL.replace(old, new)
    with pytest.raises(LabelInvalid) as caught:
        check_design("shelf", source, where="shelf.toml")
    assert line_of_fault(source, str(caught.value)) == line, str(caught.value)


def test_a_fault_in_a_table_s_row_has_the_line_of_its_element() -> None:
    path = next(path for path in DESIGNS if path.stem == "kit")
    source = path.read_text(encoding="utf-8")
    name = next(s for s in sections_of(source) if s.name.startswith("table 1: text 2"))
    assert line_of_fault(source, "kit.toml: label 'kit': table 1 row 7: text 2: does not fit") == name.line
    assert line_of_fault(source, "something else") == 0


BOMBS = {
    "dotted key": "a" + ".a" * 100_000 + " = 1",
    "dotted header": "[a" + ".a" * 100_000 + "]",
    "dotted list header": "[[a" + ".a" * 100_000 + "]]",
    "dotted inline key": "a = {b" + ".b" * 100_000 + " = 1}",
    "brackets": "a = " + "[" * 100_000,
    "braces": "a = " + "{a=" * 100_000,
    "headers": "[" * 100_000,
    "quotes": "a = " + '"' * 100_001,
    "after what is no plain table": '[["x"]]\na' + ".a" * 100_000 + " = 1",
    "unclosed": 'a = """' + "\\\\" * 50_000,
    "nul": "\0" * 1000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_what_would_keep_a_parser_busy_is_refused_at_once(bomb: str) -> None:
    start_s = time.process_time()
    with pytest.raises(LabelInvalid, match=r"^line [0-9]+: expected"):
        check_plain("title = 'x'\n" + bomb)
    assert time.process_time() - start_s < 2
    assert line_of_fault("title = 'x'\n" + bomb, "line 2: expected") == 2


@settings(deadline=None)
@given(st.text(alphabet="[]{}=\"'#.\n\r\\ ab1,", max_size=60))
def test_the_scanner_ends_and_agrees_with_the_parser(source: str) -> None:
    try:
        content = tomllib.loads(source)
    except (tomllib.TOMLDecodeError, RecursionError):
        content = None
    try:
        check_plain(source)
    except LabelInvalid:
        return
    if content is not None:
        top = {key.split(".")[0] for key in sections_of(source)[0].entries}
        assert top <= set(content)
