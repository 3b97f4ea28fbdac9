import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers import LabelInvalid
from tests.printers.material import HEAD, NAME, design


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title", "= 1\ntitle", r"^test\.toml: expected TOML in line 2, column 1 "),
        ('title = "Test"', "", r"^test\.toml: expected a value for 'title', got none$"),
        ('"Test"', "7", r"^test\.toml: title: expected a text, got 7$"),
        (
            "width_mm = 50",
            'width_mm = "5"',
            r"^test\.toml: width_mm: expected millimetres from 0 to 1000, got '5'$",
        ),
        ("width_mm = 50", "width_mm = true", r"^test\.toml: width_mm: .* got True$"),
        ("width_mm = 50", "width_mm = nan", r"^test\.toml: width_mm: .* got nan$"),
        ("[fields]", "colour = 1\n[fields]", r"^test\.toml: expected no other keys, got 'colour'$"),
        ("x_mm = 15", "x_mm = 15\nfont = 1", r"^test\.toml: text 1: expected no other keys, got 'font'$"),
        (
            "x_mm = 15",
            "x_mm = -1",
            r"^test\.toml: text 1: x_mm: expected millimetres from 0 to 1000, got -1$",
        ),
        (
            "x_mm = 15",
            'x_mm = 15\nface = "serif"',
            r"^test\.toml: text 1: face: expected one of sans, bold, mono, mono-bold, got 'serif'$",
        ),
        (
            "x_mm = 15",
            "x_mm = 15\nif = [1]",
            r"^test\.toml: text 1: if: expected a text or a list of texts, got \[1\]$",
        ),
        (
            "${name}",
            "${name.first}",
            r"^test\.toml: text 1: expected only declared fields \(code, name\), got 'name\.first'$",
        ),
        ("${name}", "${name", r"^test\.toml: text 1: value: template '\${name': expected a placeholder"),
        ("${name}", "x", r"^test\.toml: fields: expected every field in an element, not used: name$"),
        (
            "x_mm = 15",
            'x_mm = 15\nif = "lot"',
            r"^test\.toml: text 1: expected only declared fields .* got 'lot'$",
        ),
        ('"${code}"', '"x${code}"', r"^test\.toml: encodes: expected a symbol whose value is '\${code}' and"),
        ("required = true, ", "", r"^test\.toml: encodes: expected a required field, got 'code'$"),
        ('encodes = "code"', 'encodes = "id"', r"^test\.toml: encodes: expected a required field, got 'id'$"),
        (
            "required = true",
            'required = "yes"',
            r"^test\.toml: fields: code: required: expected true or false",
        ),
        ('name = { sample = "Bracket" }', "name = 1", r"^test\.toml: fields: name: expected a table, got 1$"),
        ("name = {", '"a b" = {', r"^test\.toml: fields: expected a name such as serialNumber .* got 'a b'$"),
        ("[[text]]", "[text]", r"^test\.toml: text: expected \[\[text\]\], got \{"),
        (
            "width_mm = 30",
            "width_mm = 35.5",
            r"^test\.toml: text 1: outside the label: wants 50\.5 mm of its width, had 50 mm$",
        ),
        (
            "size_mm = 10",
            "size_mm = 28.5",
            r"^test\.toml: datamatrix 1: outside the label: wants 30\.5 mm of its height, had 30 mm$",
        ),
        ("width_mm = 30", "width_mm = 0", r"^test\.toml: text 1: expected a size, got 0 x 3 mm$"),
        (
            "size_mm = 3\n",
            "size_mm = 3\nmin_size_mm = 4\n",
            r"^test\.toml: text 1: expected min_size_mm <= size_mm <= height_mm, got 4, 3 and 3 mm$",
        ),
    ],
)
def test_mistakes_are_named_with_file_and_element(old: str, new: str, message: str) -> None:
    source = HEAD + NAME
    assert old in source
    with pytest.raises(LabelInvalid, match=message):
        design(source.replace(old, new))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(source: str) -> None:
    with pytest.raises(LabelInvalid):
        design(source)
