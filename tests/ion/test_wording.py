import pytest

from kiosk.ion.wording import quoted, shown


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Etag does not match", "Etag does not match"),
        ("a\r\nERROR forged", "a␍␊ERROR forged"),
        ("\x1b[2J\x00\x7f", "␛[2J␀␡"),
        ("\u202eabc\u200b\u2028", "\\u202eabc\\u200b\\u2028"),
        ("\x85\xa0\ud800", "\\x85\\xa0\\ud800"),
        ("Größe 3 µm · 零件", "Größe 3 µm · 零件"),
        ("", ""),
    ],
)
def test_foreign_text_stays_on_its_line(text: str, safe: str) -> None:
    assert shown(text) == safe
    assert quoted(text) == f"'{safe}'"


def test_long_text_ends() -> None:
    assert shown("x" * 301) == "x" * 300 + "…"
    assert shown("x" * 300) == "x" * 300
    assert shown("abcdef", length=3) == "abc…"
