import pytest

from kiosk.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("PN-100 é 漢", "PN-100 é 漢"),
        ("\x00\x1b\x1d\x1f\x7f", "␀␛␝␟␡"),
        ("\r\n", "␍␊"),
        ("\x85\xa0", "\\x85\\xa0"),
        ("\u2028\u202e\u200b\ufeff", "\\u2028\\u202e\\u200b\\ufeff"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_cannot_be_seen_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_nothing_that_is_shown_is_a_control() -> None:
    assert all(visible(chr(code)).isprintable() for code in range(0x3000))
