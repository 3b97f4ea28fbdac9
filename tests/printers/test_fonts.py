import gc
from pathlib import Path

import pytest

from printers.fonts import DESIGN_FACES, Face, cjk_file, font
from printers.typesetting import width_px

SIGNS = (
    "AZaz09 \u00c4\u00df\u00e9\u0141\u0151 \u0391\u03a9\u03b1\u03c9 \u0410\u042f\u0430\u044f\u0407\u0401"
    "\u20ac\u2026\u00d7\u00b0\u00b5\u00b1"
)


@pytest.mark.parametrize("face", DESIGN_FACES)
def test_every_face_has_latin_greek_and_cyrillic(face: Face) -> None:
    missing = font(face, 40).getmask("\U0010ffff", mode="1")
    for sign in SIGNS.replace(" ", ""):
        drawn = font(face, 40).getmask(sign, mode="1")
        assert (drawn.size, bytes(drawn)) != (missing.size, bytes(missing)), sign


def test_the_best_known_face_for_cjk_is_taken(tmp_path: Path) -> None:
    assert cjk_file((tmp_path,)) is None
    assert cjk_file((tmp_path / "none",)) is None
    (tmp_path / "some").mkdir()
    for name in ("wqy-zenhei.ttc", "Other.ttf", "NotoSansCJK-Regular.txt"):
        (tmp_path / "some" / name).touch()
    assert cjk_file((tmp_path, tmp_path)) == tmp_path / "some" / "wqy-zenhei.ttc"
    best = tmp_path / "opentype" / "NotoSansCJK-Regular.ttc"
    best.parent.mkdir()
    best.touch()
    assert cjk_file((tmp_path, tmp_path / "some")) == best


def test_without_a_face_for_cjk_its_characters_are_seen_to_be_missing() -> None:
    missing = font(Face.SANS, 40).getmask("\U0010ffff", mode="1")
    drawn = font(Face.CJK, 40).getmask("\u65e5", mode="1")
    is_missing = (drawn.size, bytes(drawn)) == (missing.size, bytes(missing))
    assert is_missing is (cjk_file() is None)


def _mapped() -> int:
    gc.collect()
    return sum(line.endswith(".ttf") for line in Path("/proc/self/maps").read_text().splitlines())


def test_fonts_of_many_sizes_do_not_stay_in_memory() -> None:
    font.cache_clear()
    before = _mapped()
    for size_px in range(10, 200):
        assert width_px(Face.SANS, size_px, "A") > 0
    assert _mapped() <= before + 4
