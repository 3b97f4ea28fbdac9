import httpx
import pytest

from kiosk.barcodes import IonPattern, Pattern, read
from kiosk.errors import IonRejected, IonUnreachable
from kiosk.ion import OPERATIONS
from kiosk.model import Asked, Order, Question
from kiosk.simulator.rows import BarcodePattern
from kiosk.simulator.schema import DIALECTS, Dialect
from tests.ion.factory import Factory, catalogue_of, refuse_the_connection

BY_TEXT = Pattern(
    "1",
    "PARTS_INVENTORY",
    r"HRE\|(?P<part_partNumber>[^|]+)\|(?P<lotNumber>[^|]+)\|[0-9]{4}",
)
BY_JSON = Pattern("2", "PARTS_INVENTORY", json_map={"part_partNumber": "pn", "serialNumber": "sn"})


def taught(**changes: str | None) -> tuple[Pattern, ...]:
    factory = Factory("classic")
    for pattern in tuple(factory.world.barcode_patterns):
        factory.world.barcode_patterns.remove(pattern.id)
    row = BarcodePattern(id=7, etag="e", entity_type="LOCATIONS", **changes)
    factory.world.barcode_patterns.put(row)
    return factory.gateway().patterns()


@pytest.mark.parametrize("dialect", ["classic", "both"])
def test_a_tenants_patterns_are_read(dialect: Dialect) -> None:
    assert Factory(dialect).gateway().patterns() == (BY_TEXT, BY_JSON)


def test_a_tenant_whose_schema_has_no_patterns_has_none() -> None:
    factory = Factory("documented-2026")
    assert factory.gateway().patterns() == ()
    assert factory.posted == []
    choice = catalogue_of("documented-2026").choices["barcode_patterns"]
    assert choice.document is None
    assert "Query.barcodePatterns" in choice.missing
    assert "barcode_patterns" in OPERATIONS


def test_what_was_read_reads_barcodes() -> None:
    patterns = Factory("classic").gateway().patterns()
    assert read(b"HRE|BRKT-001|LOT-9|2245", None, patterns).readings[0] == IonPattern(
        "1", {"part_partNumber": "BRKT-001", "lotNumber": "LOT-9"}, "PARTS_INVENTORY"
    )
    assert read(b'{"pn":"BRKT-001","sn":"SN-1"}', None, patterns).readings[0] == IonPattern(
        "2", {"part_partNumber": "BRKT-001", "serialNumber": "SN-1"}, "PARTS_INVENTORY"
    )


@pytest.mark.parametrize(
    ("row", "json_map"),
    [
        ('{"name": "n"}', {"name": "n"}),
        ("{", {}),
        ("[" * 100_000, {}),
        ("[1]", {}),
        ('{"name": 5}', {}),
        ("{}", {}),
    ],
)
def test_a_json_map_that_is_none_says_so(row: str, json_map: dict[str, str]) -> None:
    assert taught(barcode_pattern_json=row) == (Pattern("7", "LOCATIONS", json_map=json_map),)
    assert (taught(barcode_pattern_json=row)[0].fault == "") is bool(json_map)


def test_a_pattern_without_anything_stays_with_its_fault() -> None:
    (pattern,) = taught(expression="")
    assert pattern == Pattern("7", "LOCATIONS")
    assert pattern.fault == "has both or neither of a regex and a JSON map"


def test_patterns_come_by_pages() -> None:
    factory = Factory("classic")
    for number in range(10, 310):
        factory.world.barcode_patterns.put(
            BarcodePattern(id=number, etag="e", entity_type="RUNS", expression=f"(?P<id>{number})")
        )
    patterns = factory.gateway().patterns()
    assert [pattern.id for pattern in patterns] == ["1", "2", *map(str, range(10, 310))]


def test_an_ion_that_cannot_be_asked_says_so() -> None:
    factory = Factory("classic")
    factory.once("barcodePatterns", refuse_the_connection)
    with pytest.raises(IonUnreachable):
        factory.gateway().patterns()


def test_an_ion_that_refuses_says_so() -> None:
    def refuse(_factory: Factory, _request: httpx.Request) -> httpx.Response:
        error = {"message": "no", "extensions": {"code": "AUTHORIZATION_ERROR"}}
        return httpx.Response(200, json={"data": None, "errors": [error]})

    factory = Factory("classic")
    factory.once("barcodePatterns", refuse)
    with pytest.raises(IonRejected):
        factory.gateway().patterns()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_lines_have_the_numbers_of_the_order(dialect: Dialect) -> None:
    question = Question(Asked.ORDER_NUMBER, "PO-10482")
    (order,) = Factory(dialect).gateway().ask([question])[question]
    assert isinstance(order, Order)
    assert [line.number for line in order.lines] == ["1", "2", "3"]
