"""The colours of both lights can be read: contrast by WCAG 2.2, relative luminance."""

import re
from pathlib import Path

import pytest

import kiosk.web

STATIC = Path(kiosk.web.__file__).parent / "static"
THEME = (STATIC / "theme.css").read_text(encoding="utf-8")
STATES = ("good", "ask", "stop", "wait", "offline")
PAIRS = [
    *(
        (text, ground)
        for text in ("ink", "ink-soft", "accent", *STATES)
        for ground in ("paper", "sheet", "fold")
    ),
    *((text, f"{state}-tint") for state in STATES for text in ("ink", state)),
    *(("on-ask-flash" if state == "ask" else "on-flash", f"{state}-flash") for state in STATES),
    *((f"on-lamp-{state}", f"lamp-{state}") for state in ("stop", "wait", "offline")),
    *((text, "band") for text in ("on-band", "on-band-soft", "lamp-good")),
    *((text, "label") for text in ("on-label", "on-label-soft")),
    *(("on-accent", ground) for ground in ("accent", "accent-pressed")),
]
"""What is written on what. All of it may be a number, which has to stand at 7:1."""


def tokens(selector: str) -> dict[str, str]:
    (block,) = re.findall(rf"^{re.escape(selector)} \{{(.*?)^\}}", THEME, re.DOTALL | re.MULTILINE)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


LIGHT = tokens(":root")
DARK = LIGHT | tokens(':root[data-theme="dark"]')


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_what_the_standard_calls_it() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_everything_is_read_at_seven_to_one(theme: dict[str, str]) -> None:
    found = {f"{text} on {ground}": contrast(theme[text], theme[ground]) for text, ground in PAIRS}
    assert {name: round(ratio, 2) for name, ratio in found.items() if ratio < 7} == {}


def test_only_the_theme_has_colours_in_it() -> None:
    others = [path for path in STATIC.glob("*.css") if path.name != "theme.css"]
    found = {
        path.name: re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;, )])", path.read_text("utf-8")) for path in others
    }
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_what_moves_moves_for_150_ms_at_most() -> None:
    for path in STATIC.glob("*.css"):
        written = path.read_text("utf-8")
        assert "@keyframes" not in written
        for times in re.findall(r"(?:transition|animation)[\w-]*:([^;]*);", written):
            assert all(int(time) <= 150 for time in re.findall(r"(\d+)ms", times)), (path.name, times)
            assert not re.search(r"\d(\.\d+)?s\b", times.replace("ms", "")), (path.name, times)
