import io

import pytest
from PIL import Image, ImageOps

from kiosk.barcodes import Iso15434, read
from kiosk.sheets import PAPERS, Finding, findings, scanner_sheet
from kiosk.sheets.scanner import MAKERS
from kiosk.sheets.setup_codes import DOUBLES, KEYS, SEPARATORS
from tests.sheets.reading import codes_of


@pytest.mark.parametrize("paper", PAPERS)
def test_its_barcodes_hold_what_scanners_lose(paper: str) -> None:
    assert codes_of(scanner_sheet(paper=paper)) == {SEPARATORS: "]d1", KEYS: "]C0", DOUBLES: "]C0"}


@pytest.mark.parametrize("paper", PAPERS)
def test_all_of_it_stands_within_the_margins(paper: str) -> None:
    with Image.open(io.BytesIO(scanner_sheet(paper=paper))) as picture:
        width, height = picture.size
        inked = ImageOps.invert(picture.convert("L")).getbbox()
    assert inked is not None
    left, top, right, bottom = inked
    least = 12.0 / 25.4 * 300
    assert min(left, top, width - right, height - bottom) >= least


@pytest.mark.parametrize("maker", ["Zebra, Symbol", "Honeywell", "Datalogic"])
def test_each_maker_is_told_how_by_its_manual(maker: str) -> None:
    (text,) = [text for name, text in MAKERS if name == maker]
    assert "guide, " in text
    for setting in ("AIM", "suffix", "As a keyboard: "):
        assert setting in text.replace("Suffix", "suffix")


def test_the_separators_are_a_true_iso_15434_label() -> None:
    readings = {reading.kind: reading for reading in read(SEPARATORS.encode()).readings}
    found = readings[Iso15434.kind]
    assert isinstance(found, Iso15434)
    assert found.identifiers == (("P", "ION-TEST"), ("Q", "5"))


GOOD = Finding(is_good=True, text="AIM identifier ]d1, Data Matrix.")
NONE = Finding(is_good=False, text="No AIM identifier in front: switch it on.")
LOST = "did not come through: let it send control characters."


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            b"]d1" + SEPARATORS.encode(),
            (GOOD, Finding(is_good=True, text="All 21 characters came through, GS, RS and EOT among them.")),
        ),
        (
            b"]d1" + SEPARATORS.replace("\x1d", "").encode() + b"\r",
            (GOOD, Finding(is_good=False, text=f"GS {LOST}")),
        ),
        (b"[)>06PION-TESTQ5", (NONE, Finding(is_good=False, text=f"GS and RS and EOT {LOST}"))),
        (KEYS.encode(), (NONE, Finding(is_good=True, text="All 22 characters came through."))),
        (
            KEYS.swapcase().encode(),
            (
                NONE,
                Finding(
                    is_good=False, text="Upper and lower case are swapped: Caps Lock, or a setting for it."
                ),
            ),
        ),
        (
            b"]C0ION-TEST/aAzZyY?-",
            (
                Finding(is_good=True, text="AIM identifier ]C0, Code 128."),
                Finding(
                    is_good=False,
                    text="Characters changed on the way: set the scanner's keyboard layout to US.",
                ),
            ),
        ),
        (
            b"ION-TEST/12 3",
            (
                NONE,
                Finding(
                    is_good=False,
                    text="Characters changed on the way: set the scanner's keyboard layout to US.",
                ),
            ),
        ),
        (b"PO-10007", ()),
        (b"", ()),
        (b"\xff\x00]d", ()),
    ],
)
def test_a_test_scan_says_what_to_change(raw: bytes, expected: tuple[Finding, ...]) -> None:
    assert findings(raw) == expected
