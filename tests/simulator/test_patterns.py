import json

import pytest

from tests.simulator.asking import Caller

PATTERN = "barcodePattern { id _etag entityType expression barcodePatternJson }"
EXPRESSION = r"\(01\)(?P<part_partNumber>.*)\(17\)\(10\)(?P<serialNumber>.*)"


def lead() -> Caller:
    return Caller(user_id=42)


def test_the_seed_has_one_pattern_of_each_kind() -> None:
    data = Caller().ask(
        "{ barcodePatterns { edges { node { id entityType expression barcodePatternJson } } } }"
    )
    by_text, by_json = (edge["node"] for edge in data["barcodePatterns"]["edges"])
    assert (by_text["id"], by_text["entityType"], by_text["barcodePatternJson"]) == (
        1,
        "PARTS_INVENTORY",
        None,
    )
    assert by_text["expression"].startswith("HRE")
    assert (by_json["id"], by_json["expression"]) == (2, None)
    assert json.loads(by_json["barcodePatternJson"]) == {"part_partNumber": "pn", "serialNumber": "sn"}


def test_patterns_are_filtered_by_entity() -> None:
    query = '{ barcodePatterns(filters: {entityType: {eq: "KITS"}}) { edges { node { id } } } }'
    assert Caller().ask(query) == {"barcodePatterns": {"edges": []}}


@pytest.mark.parametrize(
    ("given", "expression", "pattern_json"),
    [
        ({"expression": EXPRESSION}, EXPRESSION, None),
        ({"barcodePatternJson": '{"lotNumber": "lot"}'}, None, '{"lotNumber": "lot"}'),
        ({"expression": "", "barcodePatternJson": '{"lotNumber": "lot"}'}, None, '{"lotNumber": "lot"}'),
    ],
)
def test_a_pattern_is_created(
    given: dict[str, str], expression: str | None, pattern_json: str | None
) -> None:
    caller = lead()
    made = caller.do("createBarcodePattern", PATTERN, entityType="PARTS_INVENTORY", **given)["barcodePattern"]
    assert made == {
        "id": 3,
        "_etag": caller.world.barcode_patterns[3].etag,
        "entityType": "PARTS_INVENTORY",
        "expression": expression,
        "barcodePatternJson": pattern_json,
    }


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"expression": ""},
        {"expression": "(?P<id>.)", "barcodePatternJson": "{}"},
        {"barcodePatternJson": "{"},
        {"barcodePatternJson": "[]"},
        {"barcodePatternJson": '{"id": 5}'},
    ],
)
def test_a_pattern_is_one_of_both(given: dict[str, str]) -> None:
    code, _ = lead().refusal("createBarcodePattern", PATTERN, entityType="RUNS", **given)
    assert code == "VALIDATION_ERROR"


def test_patterns_are_made_by_who_may() -> None:
    code, _ = Caller(user_id=43).refusal(
        "createBarcodePattern", PATTERN, entityType="RUNS", expression="(?P<id>.)"
    )
    assert code == "AUTHORIZATION_ERROR"
