"""Why a barcode was not understood is said in the language of the screen: each reason, whole."""

import re

import pytest

from kiosk.barcodes import Pattern, read
from kiosk.barcodes.ion import ENTITIES, VERBS
from kiosk.language import language
from kiosk.words import LANGUAGES
from tests.web.pseudo import pseudo, unsaid

PATTERNS = (
    Pattern("8", "PART", r"(?P<part_partNumber>ABC-[0-9]+)"),
    Pattern("9", "PART", None, {"part_partNumber": "pn"}),
    Pattern("10", "PART", "(?P<x>a", None),
)
SCANS = (
    "",
    "   ",
    "PO-10007",
    "a\x01b\x02c\x03d\x04e\x05f\x06g",
    '{"uid":"12"}',
    '{"uid":12}',
    '{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6}',
    "{pc:C1,qty",
    "{pc,qty:2}",
    "{pc:C1,pc:C2}",
    "{pc:C1}",
    "ION/BOX/4",
    "ION/PI/a b",
    "ION/STEP/77",
    "ION/CMD/DANCE",
    "ION/CMD/CONFIRM/5",
    "ION/CMD/QUANTITY",
    "ION/CMD/QUANTITY/many",
    "ION/CMD/COPIES/0",
    "ION/CMD/FLOW/1 2",
    "[)>06PABC1Q5",
    "[)>\x1e06\x1d1PABC\x1d?\x1e\x04",
    "[)>\x1e99\x1dX\x1e\x04",
    "[)>\x1e12\x1d12\x1e\x04",
    "[)>\x1e05\x1d99999\x1e\x04",
    "]C1" + "0109506000134353",
    "]E0" + "9506000134353",
    "]E0" + "95060",
    "0109506000134353",
    "010950600013435210ABC]21X",
    "(01)09506000134352(10",
    "(01)09506000134352(4307)XX",
    "(01)09506000134352(8013)1987654Ad4X4bL5ttr2310c2K",
    "(01)09506000134352(4309)18000000010000000000",
    "(01)09506000134352(17)269999",
    "(8110)1",
    "https://example.com/x",
    "https://example.com/01/9506000134352/01/9506000134352",
    "https://id.gs1.org/01/09506000134353",
    "QTY:5 QTY:6",
    "QTY:5 X",
    "PABC 1PABC Q5 ZZ",
    "PABC1PABX",
    "]C1" + "1234567890123456789012",
    "1234567000000000123456",
    "x" * 9000,
)


@pytest.mark.parametrize("scan", SCANS, ids=range(len(SCANS)))
def test_every_reason_is_said(scan: str) -> None:
    """What is left in English is the barcode's own, quoted, or a word of the standards."""
    for no in read(scan.encode(), patterns=PATTERNS).rejected:
        said = pseudo().sentence(no.reason)
        assert unsaid(f"<p>{said.replace('<', '&lt;')}</p>", own(scan)) == [], no.reason


def own(scan: str) -> list[str]:
    """Return what a reason may hold as it is: pieces of the barcode, and names that nobody translates."""
    names = ("GS", "RS", "EOT", "SOH", "STX", "ETX", "ENQ", "ACK", "Code 128")
    return [*names, *ENTITIES, *VERBS, "pn", *re.findall(r"\w+", scan)]


def test_a_reason_reads_well_in_each_language() -> None:
    reason = "its id is 'a b', expected 1 to 64 letters, digits or any of . _ : -"
    for tag in LANGUAGES:
        assert (language(tag).sentence(reason) == reason) == (tag == "en")
    no = "the argument of COPIES is '0', expected a whole number of copies from 1 to 9999"
    said = "die Angabe zu COPIES ist '0', erwartet wird: eine ganze Anzahl von 1 bis 9999"
    assert language("de").sentence(no) == said
    no = "fits none of the tenant's patterns: pattern 8: does not fit; pattern 9: is for a JSON object"
    said = "Muster: Muster 8: passt nicht; Muster 9: ist für ein JSON-Objekt"
    assert language("de").sentence(no).endswith(said)
