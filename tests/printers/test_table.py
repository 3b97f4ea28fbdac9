import pytest

from printers import LabelInvalid, Media, lay_out, render
from printers.label import Values
from printers.layout import Layout
from printers.proof import check_readable
from tests.printers.material import HEAD, NAME, design

MEDIA = Media(50, 30, 203)
STEPS = """
[rows.steps]
columns.number = { required = true, sample = ["10", "20"] }
columns.code = { sample = "ION/1" }
[[table]]
rows = "steps"
x_mm = 14
y_mm = 10
width_mm = 34
height_mm = 19
row_height_mm = 6
across = 2
[[table.text]]
x_mm = 1
y_mm = 1
width_mm = 4
size_mm = 3
value = "${steps.number}"
[[table.datamatrix]]
x_mm = 8
y_mm = 0.5
size_mm = 5
value = "${steps.code}"
if = "steps.code"
[[table.line]]
x_mm = 0
y_mm = 5.75
width_mm = 17
height_mm = 0.25
unless = "pages"
"""
PAGE = NAME.replace("${name}", "${name}${page}/${pages}") + NAME.replace("${name}", "${steps} steps").replace(
    "size_mm = 3", "size_mm = 3\nif = 'steps'"
).replace("y_mm = 2", "y_mm = 6")
ROWS, TABLE = STEPS.split("[[table]]", 1)
SOURCE = HEAD.replace("[[datamatrix]]", ROWS + "[[datamatrix]]") + PAGE + "[[table]]" + TABLE


def laid_out(values: Values, page: int = 1) -> Layout:
    layout = lay_out(design(SOURCE), values, MEDIA, page=page)
    check_readable(render(layout), layout)
    return layout


def rows(count: int) -> list[dict[str, str]]:
    return [{"number": str(number), "code": f"ION/{number}"} for number in range(1, count + 1)]


def test_each_row_stands_in_its_place() -> None:
    layout = laid_out({"code": "x", "steps": rows(3)})
    assert [(glyphs.text, glyphs.x, glyphs.baseline) for glyphs in layout.glyphs] == [
        ("/", 120, 40),
        ("3 steps", 120, 72),
        ("1", 120, 112),
        ("2", 256, 112),
        ("3", 120, 160),
    ]
    assert [(symbol.matrix.text, symbol.x, symbol.y) for symbol in layout.symbols] == [
        ("x", 16, 16),
        ("ION/1", 176, 84),
        ("ION/2", 312, 84),
        ("ION/3", 176, 132),
    ]
    assert [(ink.x, ink.y, ink.width) for ink in layout.ink] == [
        (112, 126, 136),
        (248, 126, 136),
        (112, 174, 136),
    ]


def test_rows_without_room_go_on_further_labels_that_repeat_the_rest() -> None:
    values: Values = {"code": "x", "name": "Kit ", "steps": rows(7)}
    assert design(SOURCE).page_count(values) == 2
    assert design(SOURCE).page_count({"code": "x", "steps": rows(6)}) == 1
    first, second = laid_out(values, 1), laid_out(values, 2)
    assert [glyphs.text for glyphs in first.glyphs] == ["Kit 1/2", "7 steps", "1", "2", "3", "4", "5", "6"]
    assert [glyphs.text for glyphs in second.glyphs] == ["Kit 2/2", "7 steps", "7"]
    assert first.symbols[0] == second.symbols[0]
    assert (first.ink, second.ink) == ((), ())


@pytest.mark.parametrize("values", [{"code": "x"}, {"code": "x", "steps": []}])
def test_no_rows_no_ink(values: Values) -> None:
    layout = laid_out(values)
    assert (len(layout.symbols), layout.ink, design(SOURCE).page_count(values)) == (1, (), 1)


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("10", "steps: expected rows, a list of objects with number, code, got '10'"),
        (["10"], "steps: expected rows, a list of objects with number, code, got \"['10']\""),
        ([{"code": "x"}], "steps row 1: expected a value for 'number', got None"),
        ([{"number": ""}], "steps row 1: expected a value for 'number', got ''"),
        (
            [{"number": "1"}, {"number": "1", "name": "x"}],
            "steps row 2: expected only the fields code, number, got also 'name'",
        ),
        ([{"number": 1}], "steps row 1: number: expected a text, got int"),
        ([{"number": "1" * 7090}], "steps row 1: number: expected at most 7089 characters, got 7090"),
        (7, "steps: expected rows, a list of objects with number, code, got '7'"),
        ([{"number": "1"}] * 301, "expected rows for at most 50 labels, got 51"),
        ([{"number": "1"}] * 501, "steps: expected at most 500 rows, got 501"),
    ],
)
def test_rows_are_checked(steps: object, message: str) -> None:
    with pytest.raises(LabelInvalid) as caught:
        laid_out({"code": "x", "steps": steps})  # type: ignore[dict-item]
    assert str(caught.value) == f"label 'test': {message}"


def test_rows_that_are_needed() -> None:
    needing = design(SOURCE.replace("[rows.steps]", "[rows.steps]\nrequired = true"))
    with pytest.raises(LabelInvalid) as caught:
        lay_out(needing, {"code": "x"}, MEDIA)
    assert str(caught.value) == "label 'test': expected rows for 'steps', got none"


def test_a_text_is_no_list() -> None:
    with pytest.raises(LabelInvalid) as caught:
        laid_out({"code": "x", "name": [{"number": "1"}]})
    assert str(caught.value) == "label 'test': name: expected a text, got list"


def test_what_does_not_fit_names_the_row() -> None:
    with pytest.raises(LabelInvalid) as caught:
        laid_out({"code": "x", "steps": [*rows(1), {"number": "2", "code": "x" * 40}]})
    assert str(caught.value).startswith(
        f"label 'test': table 1 row 2: datamatrix 1: '{'x' * 40}' does not fit: wants 8.2 mm "
    )


def test_values_of_one_row_do_not_leak_into_the_next() -> None:
    layout = laid_out({"code": "x", "steps": [{"number": "1", "code": "ION/1"}, {"number": "2"}]})
    assert [symbol.matrix.text for symbol in layout.symbols] == ["x", "ION/1"]
