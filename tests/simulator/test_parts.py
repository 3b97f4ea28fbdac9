"""Parts, locations, units and suppliers: the documents of sections 8.2 and 8.4, as they are published."""

import pytest

from kiosk.simulator.schema import Dialect
from tests.simulator.asking import Caller, Json

CREATE = """mutation CreatePart($input: CreatePartInput!) { createPart(input: $input) {
  part { id revision partNumber description } } }"""
UPDATE = """mutation UpdatePart($input: UpdatePartInput!) { updatePart(input: $input) { part {
  id partNumber revision partType description trackingType maintenanceIntervalSeconds
  attributes { key value } _etag } } }"""
FIND = """query GetPartByNumberAndRevision($first: Int, $after: String, $partNumber: String!, $revision:
    String!) {
  parts(filters: { partNumber: {ilike: $partNumber}, revision: {ilike: $revision} }, first: $first,
    after: $after) {
    edges { node { id partNumber revision partType trackingType description maintenanceIntervalSeconds
      attributes { key value Etag } _etag } } pageInfo { hasNextPage endCursor } } }"""
CREATE_2026 = """mutation CreatePart($input: PartCreateInput!) { createPart(input: $input) { part {
  id partNumber description revision partType status } } }"""
CREATE_LOCATION = """mutation CreateLocation($input: CreateLocationInput!) { createLocation(input: $input) {
  location { id name } } }"""
CREATE_UNIT = """mutation CreateUnitOfMeasurement($input: CreateUnitOfMeasurementInput!) {
  createUnitOfMeasurement(input: $input) { unitOfMeasurement { id type } } }"""
SUPPLIERS = """query GetSupplierAttributes($supplierFilters: SuppliersInputFilters, $first: Int, $after:
    String) {
  suppliers(filters: $supplierFilters, first: $first, after: $after) {
    edges { node { id name Attributes { key value type } } } pageInfo { hasNextPage endCursor } } }"""

both_dialects = pytest.mark.parametrize("dialect", ["classic", "both"])


def find(caller: Caller, number: str, revision: str) -> Json:
    page = caller.ask(FIND, partNumber=number, revision=revision, first=50, after=None)["parts"]
    (edge,) = page["edges"]
    return edge["node"]


@both_dialects
def test_a_tool_is_made_in_two_steps_as_a_customers_program_does(dialect: Dialect) -> None:
    caller = Caller(dialect)
    given = {"partNumber": "TOOL-NEW", "revision": "B", "partType": "PART", "description": "Gauge"}
    made = caller.ask(CREATE, input=given | {"attributes": [{"key": "Range", "value": "0-25"}]})
    part = made["createPart"]["part"]
    assert part == {"id": 115, "revision": "B", "partNumber": "TOOL-NEW", "description": "Gauge"}
    found = find(caller, "tool-new", "b")
    assert (found["attributes"][0]["value"], found["trackingType"]) == ("0-25", None)
    code, message = caller.refusal(
        "updatePart", "part { id }", id=part["id"], etag=found["_etag"], partType="TOOL"
    )
    assert (code, "must be SERIAL tracked" in message) == ("VALIDATION_ERROR", True)
    given = {"id": part["id"], "etag": found["_etag"], "trackingType": "SERIAL"}
    serial = caller.ask(UPDATE, input=given)["updatePart"]["part"]
    etag = found["attributes"][0]["Etag"]
    tool = caller.ask(
        UPDATE,
        input={
            "id": part["id"],
            "etag": serial["_etag"],
            "partType": "TOOL",
            "maintenanceIntervalSeconds": 3600,
            "attributes": [{"key": "Range", "value": "0-50", "etag": etag}],
        },
    )["updatePart"]["part"]
    assert (tool["partType"], tool["trackingType"], tool["maintenanceIntervalSeconds"]) == (
        "TOOL",
        "SERIAL",
        3600,
    )
    assert tool["attributes"] == [{"key": "Range", "value": "0-50"}]
    assert caller.refusal("updatePart", "part { id }", **given)[0] == "CONCURRENCY_ERROR"


def test_number_and_revision_are_unique_and_a_revision_follows_another() -> None:
    caller = Caller()
    code, message = caller.refusal("createPart", "part { id }", partNumber="BRKT-001")
    assert (code, "already exists" in message) == ("VALIDATION_ERROR", True)
    assert caller.refusal("createPart", "part { id }", partNumber=" ")[0] == "VALIDATION_ERROR"
    new = caller.do("createPartRevision", "part { partNumber revision description }", partId=102)["part"]
    assert (new["partNumber"], new["revision"]) == ("BRKT-ASSY-001", "C")
    code, _ = caller.refusal("createPartRevision", "part { id }", partId=102, revision="B")
    assert code == "VALIDATION_ERROR"


@pytest.mark.parametrize("dialect", ["documented-2026", "both"])
def test_a_part_is_created_as_the_2026_page_shows(dialect: Dialect) -> None:
    given = {
        "partNumber": "TEST-001",
        "description": "Integration test part",
        "revision": "A",
        "partType": "part",
        "trackingType": "lot",
    }
    part = Caller(dialect).ask(CREATE_2026, input=given)["createPart"]["part"]
    assert part == {
        "id": 115,
        "partNumber": "TEST-001",
        "description": "Integration test part",
        "revision": "A",
        "partType": "part",
        "status": "released",
    }


def test_single_attributes_have_a_lock_of_their_own() -> None:
    caller = Caller()
    selection = "partAttribute { key value Etag }"
    storage = caller.ask("{ part(id: 110) { attributes { key value Etag } } }")["part"]["attributes"][0]
    given: dict[str, object] = {"partId": 110, "key": "Storage", "value": "Below 10 C"}
    changed = caller.do("updatePartAttribute", selection, **given, etag=storage["Etag"])["partAttribute"]
    assert (changed["value"], changed["Etag"] != storage["Etag"]) == ("Below 10 C", True)
    stale = caller.refusal("updatePartAttribute", selection, **given, etag=storage["Etag"])
    assert stale[0] == "CONCURRENCY_ERROR"


def test_what_a_part_is_made_of_is_written_line_by_line_or_all_at_once() -> None:
    caller = Caller()
    given = {"parentPartId": 104, "partId": 111, "quantity": 2}
    item = caller.do("createMbomItem", "mbomItem { id quantity part { partNumber } }", **given)["mbomItem"]
    assert item["part"] == {"partNumber": "PCB-PDU-200"}
    caller.ask(
        """mutation ($input: CreateMBomItemReferenceDesignatorInput!) {
            createMbomItemReferenceDesignator(input: $input) {
              mbomItemReferenceDesignator { id value } } }""",
        input={"mbomItemId": item["id"], "value": "U1"},
    )
    answer = caller.ask(
        """mutation ($input: MultipleMbomsInput!) { createOrUpdateMultipleMboms(input: $input) {
            errorMessages { rowId errorMsg } newMbomRowIds } }""",
        input={
            "rows": [
                {"rowId": "1", "parentPartId": 104, "partId": 111, "quantity": 4},
                {"rowId": "2", "parentPartId": 104, "partId": 107, "quantity": 1},
                {"rowId": "3", "parentPartId": 104, "partId": 104, "quantity": 1},
            ]
        },
    )["createOrUpdateMultipleMboms"]
    assert len(answer["newMbomRowIds"]) == 1
    assert [(each["rowId"], "part of itself" in each["errorMsg"]) for each in answer["errorMessages"]] == [
        ("3", True)
    ]
    mbom = caller.ask("{ part(id: 104) { mbom { quantity referenceDesignators { value } } } }")["part"][
        "mbom"
    ]
    assert mbom == [
        {"quantity": 4, "referenceDesignators": [{"value": "U1"}]},
        {"quantity": 1, "referenceDesignators": []},
    ]


@both_dialects
def test_places_units_and_suppliers_as_published(dialect: Dialect) -> None:
    caller = Caller(dialect)
    place = caller.ask(CREATE_LOCATION, input={"name": "Tote-17"})["createLocation"]["location"]
    assert place == {"id": 9, "name": "Tote-17"}
    assert caller.refusal("createLocation", "location { id }", name="Tote-17")[0] == "VALIDATION_ERROR"
    etag = caller.world.locations[9].etag
    moved = caller.do(
        "updateLocation",
        "location { type parent { name } status }",
        id=9,
        etag=etag,
        type="TOTE",
        parentId=2,
        status="ARCHIVED",
    )["location"]
    assert moved == {"type": "TOTE", "parent": {"name": "Rack-A1"}, "status": "ARCHIVED"}
    inside = {"id": 2, "etag": caller.world.locations[2].etag, "parentId": 9}
    assert "inside itself" in caller.refusal("updateLocation", "location { id }", **inside)[1]
    unit = caller.ask(CREATE_UNIT, input={"type": "L"})["createUnitOfMeasurement"]["unitOfMeasurement"]
    assert unit == {"id": 4, "type": "L"}
    page = caller.ask(SUPPLIERS, supplierFilters={"name": {"ilike": "%kessler%"}}, first=10)["suppliers"]
    assert page["edges"][0]["node"]["Attributes"] == [
        {"key": "Quality approval", "value": "EN 9100", "type": "STRING"}
    ]
    supplier = caller.do("createSupplier", "supplier { id _etag }", name="Own Shop")["supplier"]
    caller.do(
        "updateSupplier",
        "supplier { id }",
        id=supplier["id"],
        etag=supplier["_etag"],
        attributes=[{"key": "Terms", "value": "30 days"}],
    )
    assert caller.world.suppliers[supplier["id"]].attributes[0].value == "30 days"
