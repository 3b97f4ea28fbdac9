import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from printers import Design, LabelInvalid, Media, Row, lay_out, load_design, load_designs, render
from printers.fonts import font
from printers.proof import check_readable
from tests.printers.material import HEAD, LABELS, NAME, ZEBRA_203
from tests.sizes import TIMES


@pytest.fixture(scope="module")
def designs() -> dict[str, Design]:
    return load_designs(LABELS)


HOUSE = {
    "badge": ("code name number role", {}),
    "commands": ("code name station", {}),
    "kit": (
        "code name run title status location.name neededAt",
        {"contents": "quantity unit part.partNumber part.description location.name"},
    ),
    "location": ("code name", {}),
    "part": (
        (
            "code part.partNumber part.description part.revision"
            " serialNumber lotNumber quantity location.name receivedAt reprint"
        ),
        {},
    ),
    "receiving": (
        (
            "code order line supplier part.partNumber part.description"
            " lotNumber serialNumber quantity status location.name receivedAt reprint"
        ),
        {},
    ),
    "run": ("code reference title part.partNumber serialNumber procedure.title reprint", {}),
    "small-part": ("code", {}),
    "test": ("code printer settings printedAt", {}),
    "shift": (
        "code station shift date printedAt entry hash1 hash2 received moved started completed labels parked",
        {},
    ),
    "tool": ("code number name calibratedAt dueAt by", {}),
    "traveler": (
        "code reference title part.partNumber serialNumber lotNumber quantity procedure.title dueAt",
        {"steps": "position code location title"},
    ),
}


def test_the_designs_of_the_house(designs: dict[str, Design]) -> None:
    assert {
        name: (
            " ".join(field.name for field in design.fields),
            {rows.name: " ".join(column.name for column in rows.columns) for rows in design.rows},
        )
        for name, design in designs.items()
    } == HOUSE
    assert {design.encodes for design in designs.values()} == {"code"}


def test_no_texts_of_the_house_run_into_each_other(designs: dict[str, Design]) -> None:
    """Of the texts that are drawn together, no ink of one lies in the box of another one's ink."""
    for design in designs.values():
        for dpi in (300, 600):
            layout = lay_out(design, design.samples, Media(design.width_mm, design.height_mm, dpi))
            boxes = [
                (glyphs.text, *font(glyphs.face, glyphs.size_px).getbbox(glyphs.text, mode="1", anchor="ls"))
                for glyphs in layout.glyphs
                if not glyphs.turns
            ]
            places = [(glyphs.x, glyphs.baseline) for glyphs in layout.glyphs if not glyphs.turns]
            moved = [
                (text, x + left, y + top, x + right, y + bottom)
                for (text, left, top, right, bottom), (x, y) in zip(boxes, places, strict=True)
            ]
            for (one, *a), (two, *b) in itertools.combinations(moved, 2):
                assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3], (design.name, one, two)


def test_a_design_is_named_after_its_file(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(HEAD + NAME)
    (tmp_path / "notes.txt").write_text("no design")
    assert list(load_designs(tmp_path)) == ["small"]
    assert load_design(tmp_path / "small.toml").name == "small"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "size_mm = 10",
            "size_mm = 5",
            r"^bad\.toml: with its samples at 203 dpi: .*: datamatrix 1: .* wants 5\.2 mm .* had 5 mm",
        ),
        ("x_mm = 15", "x_mm = 4", r"^bad\.toml: .* expected nothing else on the symbol and its quiet zone$"),
        ('sample = "ION/PI/123"', 'sample = ""', r"^bad\.toml: .* expected a value for 'code', got ''$"),
    ],
)
def test_what_could_print_badly_does_not_load(tmp_path: Path, old: str, new: str, message: str) -> None:
    (tmp_path / "bad.toml").write_text((HEAD + NAME).replace(old, new))
    with pytest.raises(LabelInvalid, match=message):
        load_designs(tmp_path)


HIDDEN = """
[[text]]
x_mm = 4
y_mm = 4
width_mm = 10
size_mm = 3
value = "no name"
unless = "name"
"""


def test_elements_that_only_some_values_show_are_proved_too(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(HEAD + NAME + HIDDEN)
    with pytest.raises(LabelInvalid, match=r"^bad\.toml: .* expected nothing else on the symbol"):
        load_design(tmp_path / "bad.toml")
    (tmp_path / "good.toml").write_text(HEAD + NAME + HIDDEN.replace("x_mm = 4", "x_mm = 20"))
    assert load_design(tmp_path / "good.toml").name == "good"


def test_a_design_is_proved_on_heads_that_are_fine_enough_for_it(tmp_path: Path) -> None:
    small = HEAD.replace("size_mm = 10", "size_mm = 2.6\nmin_module_mm = 0.16") + NAME
    (tmp_path / "small.toml").write_text(small)
    with pytest.raises(LabelInvalid, match=r"^small\.toml: with its samples at 203 dpi: "):
        load_design(tmp_path / "small.toml")
    (tmp_path / "small.toml").write_text("min_dpi = 300\n" + small)
    assert load_design(tmp_path / "small.toml").min_dpi == 300
    (tmp_path / "small.toml").write_text("min_dpi = 1000\n" + small)
    assert load_design(tmp_path / "small.toml").min_dpi == 1000


def test_a_picture_stands_beside_its_design(tmp_path: Path) -> None:
    Image.new("1", (10, 10)).save(tmp_path / "logo.png")
    picture = '[[image]]\nx_mm = 30\ny_mm = 10\nwidth_mm = 10\nheight_mm = 10\nfile = "logo.png"\n'
    (tmp_path / "small.toml").write_text(HEAD + NAME + picture)
    made = load_design(tmp_path / "small.toml")
    assert len(lay_out(made, {"code": "x"}, ZEBRA_203).pictures) == 1
    (tmp_path / "logo.png").unlink()
    with pytest.raises(LabelInvalid, match=r"^small\.toml: image 1: file: expected a readable file, got"):
        load_design(tmp_path / "small.toml")


def test_unreadable_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(LabelInvalid, match=r"^none\.toml: expected a readable file [(]"):
        load_design(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'title = "\xe9"')
    with pytest.raises(LabelInvalid, match=r"^latin\.toml: expected a file in UTF-8"):
        load_design(tmp_path / "latin.toml")
    with pytest.raises(LabelInvalid, match=r"^label designs: expected a folder, got "):
        load_designs(tmp_path / "none")


def test_fonts_come_with_their_licences() -> None:
    folder = LABELS.parents[1] / "printers" / "fonts"
    assert sorted(path.name for path in folder.iterdir() if path.suffix in {".ttf", ".txt"}) == [
        "DejaVu-LICENSE.txt",
        "DejaVuSans-Bold.ttf",
        "DejaVuSans.ttf",
        "DejaVuSansMono-Bold.ttf",
        "DejaVuSansMono.ttf",
        "NotoSansSymbols2-ControlPictures.ttf",
        "NotoSansSymbols2-LICENSE.txt",
    ]


ANYTHING = st.text(st.characters(), max_size=60)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_values_make_a_readable_label_or_are_refused(
    designs: dict[str, Design], data: st.DataObject
) -> None:
    for design in designs.values():
        values: dict[str, str | Sequence[Row]] = data.draw(
            st.fixed_dictionaries({field.name: ANYTHING for field in design.fields})
        )
        for rows in design.rows:
            row = st.fixed_dictionaries({column.name: ANYTHING for column in rows.columns})
            values[rows.name] = data.draw(st.lists(row, max_size=3))
        dpi = max(203, design.min_dpi)
        try:
            layout = lay_out(design, values, Media(design.width_mm, design.height_mm, dpi))
        except LabelInvalid:
            continue
        check_readable(render(layout), layout)
        assert layout.encoded == values["code"]


@settings(max_examples=5 * TIMES, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=42))
@example("W" * 42)
@example('{"~' * 14)
def test_a_code_as_long_as_an_ion_uid_is_never_refused(designs: dict[str, Design], code: str) -> None:
    for design in designs.values():
        for dpi in (203, 300, 600):
            if dpi >= design.min_dpi:
                values = {**design.samples, "code": code}
                layout = lay_out(design, values, Media(design.width_mm, design.height_mm, dpi))
                check_readable(render(layout), layout)
