import time

import pytest

from kiosk.barcodes import IonPattern, Pattern, Rejected, read
from kiosk.barcodes.patterns import read_patterns
from kiosk.barcodes.payload import Payload

GS1_LIKE = Pattern("7", "PARTS_INVENTORY", r"\(01\)(?P<part_partNumber>.*)\(17\)\(10\)(?P<serialNumber>.*)")
PARTIAL = Pattern("8", "PARTS_INVENTORY", r"(?P<part_partNumber__prefix>[A-Z]+)-(?P<lotNumber__contains>\d+)")
MAPPED = Pattern("9", "PARTS_INVENTORY", json_map={"part_partNumber": "pn", "lotNumber": "lot"})
MAPPED_PART = Pattern("10", "PARTS_INVENTORY", json_map={"part_partNumber": "pn"})


def patterns(text: str, *known: Pattern) -> tuple[IonPattern, ...] | Rejected:
    return read_patterns(Payload(text), known)


def test_named_groups_are_ions_fields() -> None:
    assert patterns("(01)PN-1(17)(10)SN-9", GS1_LIKE, PARTIAL) == (
        IonPattern("7", {"part_partNumber": "PN-1", "serialNumber": "SN-9"}, "PARTS_INVENTORY"),
    )


def test_suffixes_are_kept() -> None:
    assert patterns("ABC-12", PARTIAL) == (
        IonPattern("8", {"part_partNumber__prefix": "ABC", "lotNumber__contains": "12"}, "PARTS_INVENTORY"),
    )


def test_groups_that_took_no_part_are_left_out() -> None:
    either = Pattern("1", "X", "(?P<a>a)|(?P<b>b)")
    assert patterns("b", either) == (IonPattern("1", {"b": "b"}, "X"),)


def test_the_whole_barcode_has_to_fit() -> None:
    assert patterns("ABC-12 and more", PARTIAL) == Rejected(
        "ion-pattern", "fits none of the tenant's patterns: pattern 8: does not fit"
    )


def test_several_patterns_can_fit() -> None:
    other = Pattern("11", "KITS", "(?P<name>.*)")
    assert patterns("ABC-12", PARTIAL, other) == (
        IonPattern("8", {"part_partNumber__prefix": "ABC", "lotNumber__contains": "12"}, "PARTS_INVENTORY"),
        IonPattern("11", {"name": "ABC-12"}, "KITS"),
    )


@pytest.mark.parametrize(
    ("text", "lot"),
    [
        ('{"pn": "EX-1", "lot": "L-42"}', "L-42"),
        ('{"pn": "EX-1", "lot": 42}', "42"),
        ('{"pn": "EX-1", "lot": 1.50}', "1.50"),
        ('{"lot": "", "pn": "EX-1", "other": [1]}', ""),
    ],
)
def test_json_maps(text: str, lot: str) -> None:
    assert patterns(text, MAPPED) == (
        IonPattern("9", {"part_partNumber": "EX-1", "lotNumber": lot}, "PARTS_INVENTORY"),
    )


def test_json_tries_only_json_maps() -> None:
    anything = Pattern("12", "X", "(?P<a>.*)")
    assert patterns('{"pn": "EX-1"}', anything, MAPPED_PART) == (
        IonPattern("10", {"part_partNumber": "EX-1"}, "PARTS_INVENTORY"),
    )
    assert patterns("[1, 2]", anything, MAPPED) == Rejected(
        "ion-pattern",
        "fits none of the tenant's patterns: pattern 12: is for text and not for JSON; "
        "pattern 9: is for a JSON object",
    )


def test_a_bare_number_is_text() -> None:
    digits = Pattern("13", "X", r"(?P<a>\d+)")
    assert patterns("4711", digits) == (IonPattern("13", {"a": "4711"}, "X"),)


@pytest.mark.parametrize("value", ["null", "true", "[1]", '{"a": 1}', "NaN"])
def test_a_json_value_that_is_no_text_does_not_fit(value: str) -> None:
    assert patterns(f'{{"pn": {value}}}', MAPPED_PART) == Rejected(
        "ion-pattern",
        "fits none of the tenant's patterns: pattern 10: the JSON has no text or number under 'pn'",
    )


@pytest.mark.parametrize("text", ["{not json", "[" * 5000, "{'pn': 1}"])
def test_what_only_looks_like_json_is_text(text: str) -> None:
    anything = Pattern("12", "X", "(?P<a>.*)")
    assert patterns(text, anything) == (IonPattern("12", {"a": text}, "X"),)


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        (Pattern("1", "X"), "has both or neither of a regex and a JSON map"),
        (Pattern("1", "X", "(?P<a>.)", {"a": "b"}), "has both or neither of a regex and a JSON map"),
        (Pattern("1", "X", json_map={}), "has an empty JSON map"),
        (Pattern("1", "X", "abc"), "has no named group"),
        (Pattern("1", "X", "(?P<a>"), "has a '(' without ')' (at character 7)"),
    ],
)
def test_a_pattern_with_a_fault_is_told_and_the_others_are_tried(pattern: Pattern, fault: str) -> None:
    assert pattern.fault == fault
    assert patterns("ABC-12", pattern) == Rejected(
        "ion-pattern", f"fits none of the tenant's patterns: pattern 1: {fault}"
    )
    assert isinstance(patterns("ABC-12", pattern, PARTIAL), tuple)


def test_good_patterns_have_no_fault() -> None:
    assert [pattern.fault for pattern in (GS1_LIKE, PARTIAL, MAPPED)] == ["", "", ""]


def test_no_patterns() -> None:
    assert patterns("x") == Rejected("ion-pattern", "no barcode patterns of the tenant are known")


def test_only_the_first_reasons_are_listed() -> None:
    many = [Pattern(str(number), "X", "(?P<a>z)") for number in range(8)]
    answer = patterns("x", *many)
    assert isinstance(answer, Rejected)
    assert answer.reason.endswith("pattern 4: does not fit; 3 more")


@pytest.mark.parametrize(
    "expression",
    [r"(?P<a>(a+)+)b", r"(?P<a>(a|a)*)b", "(?P<a>.*)" * 1 + ".*" * 50 + "b", r"(?P<a>(a|aa|aaa)*)(b|c)"],
)
def test_a_hostile_pattern_cannot_hold_up_a_scan(expression: str) -> None:
    known = [Pattern(str(number), "X", expression) for number in range(20)]
    began_s = time.process_time()
    answer = patterns("a" * 8000, *known)
    assert time.process_time() - began_s < 2
    assert isinstance(answer, Rejected)
    assert "took too long on this barcode" in answer.reason


def test_patterns_are_one_kind_among_the_others() -> None:
    readings = read(b"ABC-12", patterns=[PARTIAL])
    assert [reading.kind for reading in readings.readings] == ["ion-pattern", "text"]
    assert [
        reading.kind for reading in read(b"ION/PI/7", patterns=[Pattern("1", "X", "(?P<a>.*)")]).readings
    ] == [
        "ion-ref",
        "ion-pattern",
    ]
