"""Labels: the documents of section 8.14, and the rules of 10.5."""

import pytest

from kiosk.simulator.schema import Dialect
from tests.simulator.asking import Caller, Json

TEMPLATES = """query GetTemplates($filters: BarcodeTemplatesInputFilters!) { barcodeTemplates(filters:
    $filters) {
  edges { node { id name entityType } } } }"""
LABEL = """mutation createBarcodeLabel($input: CreateBarcodeLabelInput!) { createBarcodeLabel(input: $input) {
  barcodeLabel { barcode } } }"""

both_dialects = pytest.mark.parametrize("dialect", ["classic", "both"])


def entity_of(caller: Caller, kind: str, row_id: int) -> int:
    found: int = caller.ask(f"{{ {kind}(id: {row_id}) {{ entityId }} }}")[kind]["entityId"]
    return found


def label(caller: Caller, entity: object, template: object) -> str:
    answer = caller.ask(LABEL, input={"entityId": entity, "templateId": template})
    text: str = answer["createBarcodeLabel"]["barcodeLabel"]["barcode"]
    return text


@both_dialects
def test_a_place_gets_its_label_as_the_vendors_script_makes_it(dialect: Dialect) -> None:
    caller = Caller(dialect)
    page = caller.ask(TEMPLATES, filters={"entityType": {"eq": "LOCATIONS"}})["barcodeTemplates"]
    (template,) = (edge["node"] for edge in page["edges"])
    assert template == {"id": 12, "name": "Location 2 x 1", "entityType": "LOCATIONS"}
    text = label(caller, entity_of(caller, "location", 4), template["id"])
    uid = caller.world.locations[4].uid
    assert text == (
        f'^XA\n^FO20,15^BQN,2,4^FDQA,{{"uid":"{uid}"}}^FS\n^FO160,40^A0N,40,40^FDWH-Receiving^FS\n^XZ'
    )


@pytest.mark.parametrize(
    ("kind", "row_id", "template", "shown"),
    [
        ("partInventory", 9007, 11, ["BRKT-ASSY-001", "SN ASM-00012 LOT ^FS", "RUN 1201"]),
        ("run", 1204, 13, ["VLV-4410 - SN-000123"]),
        ("partKit", 1, 14, ["Kit 1 to WC-Test-1"]),
    ],
)
def test_placeholders_name_fields_of_the_schema(
    kind: str, row_id: int, template: int, shown: list[str]
) -> None:
    caller = Caller()
    text = label(caller, entity_of(caller, kind, row_id), template)
    for each in shown:
        assert each in text


def new_template(caller: Caller, text: str, kind: str = "LOCATIONS") -> Json:
    given = {"name": "Own", "entityType": kind, "template": text}
    return caller.do("createBarcodeTemplate", "barcodeTemplate { id _etag }", **given)["barcodeTemplate"]


def test_a_value_cannot_become_a_command() -> None:
    caller = Caller()
    place = caller.do("createLocation", "location { entityId }", name="^XZ~JA_1")["location"]
    template = new_template(caller, "^XA^FO1,1^FDAt ${name}^FS^XZ")
    assert label(caller, place["entityId"], template["id"]) == "^XA^FO1,1^FH_^FDAt _5EXZ_7EJA_5F1^FS^XZ"
    plain = caller.do("createLocation", "location { entityId }", name="Bin_7")["location"]
    assert label(caller, plain["entityId"], template["id"]) == "^XA^FO1,1^FH_^FDAt Bin_5F7^FS^XZ"


@pytest.mark.parametrize("name", ["serialNumber", "parent", "", "__class__", "name.upper", "etag"])
def test_an_unknown_placeholder_is_said(name: str) -> None:
    caller = Caller()
    template = new_template(caller, f"^XA^FD${{{name}}}^FS^XZ")
    given = {"entityId": entity_of(caller, "location", 4), "templateId": template["id"]}
    code, message = caller.refusal("createBarcodeLabel", "barcodeLabel { id }", **given)
    assert (code, f"unknown placeholder {name!r}" in message) == ("VALIDATION_ERROR", True)


def test_a_label_is_for_one_kind_of_entity() -> None:
    caller = Caller()
    selection = "barcodeLabel { id }"
    given = {"entityId": entity_of(caller, "run", 1201), "templateId": 12}
    assert "is for LOCATIONS, not for RUNS" in caller.refusal("createBarcodeLabel", selection, **given)[1]
    # The object's own id is the usual mistake.
    assert caller.refusal("createBarcodeLabel", selection, entityId=4, templateId=12)[0] == "NOT_FOUND_ERROR"
    assert (
        caller.refusal("createBarcodeLabel", selection, entityId="x", templateId=12)[0] == "NOT_FOUND_ERROR"
    )


def test_templates_are_changed_and_deleted() -> None:
    caller = Caller()
    template = new_template(caller, "^XA^FD${name}^FS^XZ")
    assert (
        "from ^XA to ^XZ"
        in caller.refusal(
            "createBarcodeTemplate",
            "barcodeTemplate { id }",
            name="x",
            entityType="RUNS",
            template="${title}",
        )[1]
    )
    given = {"id": template["id"], "etag": template["_etag"], "template": "^XA^FDPlace ${name}^FS^XZ"}
    changed = caller.do("updateBarcodeTemplate", "barcodeTemplate { _etag template }", **given)[
        "barcodeTemplate"
    ]
    assert changed["template"] == given["template"]
    caller.delete("deleteBarcodeTemplate", template["id"], changed["_etag"])
    assert caller.world.barcode_templates.get(template["id"]) is None


def test_patterns_are_changed_and_deleted() -> None:
    caller = Caller()
    pattern = caller.world.barcode_patterns[1]
    given = {"id": 1, "etag": pattern.etag, "expression": "(?P<serialNumber>.+)"}
    changed = caller.do("updateBarcodePattern", "barcodePattern { _etag expression }", **given)[
        "barcodePattern"
    ]
    assert changed["expression"] == given["expression"]
    assert caller.delete("deleteBarcodePattern", 1, pattern.etag).body["errors"][0]["extensions"] == {
        "code": "CONCURRENCY_ERROR"
    }
    caller.delete("deleteBarcodePattern", 1, changed["_etag"])
    assert caller.world.barcode_patterns.get(1) is None
