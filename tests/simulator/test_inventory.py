import pytest

from kiosk.simulator.derived import inventory_status
from kiosk.simulator.switches import Switches
from tests.simulator.asking import Caller

ROW = "partInventory { id serialNumber lotNumber quantity status location { name } }"
CREATED = "partInventory { id uid _etag createdById attributes { key value Etag } }"


def etag(caller: Caller, row_id: int) -> str:
    return caller.world.part_inventories[row_id].etag


def test_a_row_is_created() -> None:
    caller = Caller()
    payload = caller.do(
        "createPartInventory", ROW, partId="101", serialNumber="SN-000500", quantity=1, locationId="2"
    )
    row = payload["partInventory"]
    assert row == {
        "id": 9047,
        "serialNumber": "SN-000500",
        "lotNumber": None,
        "quantity": 1,
        "status": "AVAILABLE",
        "location": {"name": "Rack-A1"},
    }
    (effect,) = caller.world.ledger
    assert (effect.id, effect.operation, effect.at) == (1, "createPartInventory", caller.world.clock())
    assert effect.arguments == {
        "input": {"partId": "101", "serialNumber": "SN-000500", "quantity": 1, "locationId": "2"}
    }


def test_a_row_gets_a_uid_an_etag_and_its_attributes() -> None:
    marker = {"key": "marker", "value": "k:dock-1:7:ab12"}
    row = Caller().do("createPartInventory", CREATED, partId=107, attributes=[marker])["partInventory"]
    (attribute,) = row["attributes"]
    assert (attribute["key"], attribute["value"], row["createdById"]) == ("marker", "k:dock-1:7:ab12", 40)
    assert len({row["uid"], row["_etag"], attribute["Etag"]}) == 3
    assert {len(row["uid"]), len(row["_etag"]), len(attribute["Etag"])} == {32}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"partId": 101, "serialNumber": "SN-000119", "quantity": 1},
            "Serial number 'SN-000119' already exists for part 'BRKT-001'",
        ),
        ({"partId": 101, "serialNumber": "  ", "quantity": 1}, "Serial number must not be blank"),
        ({"partId": 101, "quantity": 2}, "Quantity of a serial tracked part must be 0 or 1, got 2"),
        ({"partId": 107, "quantity": -1}, "Quantity of a lot tracked part must be 0 or more, got -1"),
        ({"partId": 114}, "Cannot create inventory for the non-inventoried part 'CONS-IPA-1L'"),
    ],
)
def test_a_row_that_breaks_a_rule_is_not_created(given: dict[str, object], message: str) -> None:
    assert Caller().refusal("createPartInventory", ROW, **given) == ("VALIDATION_ERROR", message)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"partId": "no"}, "Part 'no' was not found"),
        ({"partId": "9" * 5000}, f"Part '{'9' * 5000}' was not found"),
        ({"partId": 107, "locationId": 99}, "Location '99' was not found"),
        ({"partId": 107, "unitOfMeasureId": 99}, "UnitOfMeasurement '99' was not found"),
    ],
)
def test_what_a_row_refers_to_must_exist(given: dict[str, object], message: str) -> None:
    assert Caller().refusal("createPartInventory", ROW, **given) == ("NOT_FOUND_ERROR", message)


@pytest.mark.parametrize("scope", ["part", "organization"])
def test_a_serial_is_unique_in_the_part_or_in_the_organisation(scope: str) -> None:
    switches = Switches(serials_unique_in="part" if scope == "part" else "organization")
    caller = Caller(switches=switches)
    given: dict[str, object] = {"partId": 106, "serialNumber": "SN-000119", "quantity": 1}
    if scope == "part":
        assert caller.do("createPartInventory", ROW, **given)["partInventory"]["serialNumber"] == "SN-000119"
    else:
        code, message = caller.refusal("createPartInventory", ROW, **given)
        assert (code, message) == (
            "VALIDATION_ERROR",
            "Serial number 'SN-000119' already exists for part 'BRKT-001'",
        )


def test_a_move_changes_the_place_and_the_etag() -> None:
    caller = Caller()
    before = etag(caller, 9002)
    payload = caller.do("updatePartInventory", ROW, id=9002, etag=before, locationId=6)
    assert payload["partInventory"]["location"] == {"name": "WC-Assembly-1"}
    assert etag(caller, 9002) != before
    code, message = caller.refusal("updatePartInventory", ROW, id=9002, etag=before, locationId=2)
    assert code == "CONCURRENCY_ERROR"
    assert message == "Etag does not match: the inventory was changed since it was read"


def test_quantity_flag_and_serial_can_be_changed() -> None:
    caller = Caller()
    payload = caller.do("updatePartInventory", ROW, id=9017, etag=etag(caller, 9017), quantity="83.5")
    assert payload["partInventory"]["quantity"] == 83.5
    payload = caller.do("updatePartInventory", ROW, id=9017, etag=etag(caller, 9017), unavailable=True)
    assert payload["partInventory"]["status"] == "UNAVAILABLE"
    payload = caller.do(
        "updatePartInventory", ROW, id=9002, etag=etag(caller, 9002), serialNumber="SN-000119"
    )
    assert payload["partInventory"]["serialNumber"] == "SN-000119"
    payload = caller.do("updatePartInventory", ROW, id=9002, etag=etag(caller, 9002), locationId=None)
    assert payload["partInventory"]["location"] is None
    given: dict[str, object] = {"id": 9002, "etag": etag(caller, 9002)}
    for change in ({"serialNumber": "SN-000120"}, {"quantity": 3}, {"quantity": None}):
        assert caller.refusal("updatePartInventory", ROW, **given, **change)[0] == "VALIDATION_ERROR"


def test_attributes_have_a_lock_of_their_own() -> None:
    caller = Caller()
    selection = "partInventory { attributes { key value Etag } }"
    (expires,) = caller.world.part_inventories[9022].attributes
    change = {"key": "Expires", "value": "2027-03-31", "etag": expires.etag}
    payload = caller.do(
        "updatePartInventory",
        selection,
        id=9022,
        etag=etag(caller, 9022),
        attributes=[change, {"key": "New"}],
    )
    after = [(each["key"], each["value"]) for each in payload["partInventory"]["attributes"]]
    assert after == [("Expires", "2027-03-31"), ("New", None)]
    code, message = caller.refusal(
        "updatePartInventory", selection, id=9022, etag=etag(caller, 9022), attributes=[change]
    )
    assert (code, "attribute 'Expires'" in message) == ("CONCURRENCY_ERROR", True)


def test_only_what_nothing_refers_to_can_be_deleted() -> None:
    caller = Caller()
    delete = "mutation ($id: ID!, $etag: String!) { deletePartInventory(id: $id, etag: $etag) { id } }"
    assert caller.ask(delete, id=9002, etag=etag(caller, 9002)) == {"deletePartInventory": {"id": 9002}}
    assert caller.world.part_inventories.get(9002) is None
    for row_id, code in [
        (9001, "VALIDATION_ERROR"),  # built in
        (9006, "VALIDATION_ERROR"),  # an assembly
        (9007, "VALIDATION_ERROR"),  # on a run
        (9039, "VALIDATION_ERROR"),  # received
    ]:
        answer = caller.answer(delete, id=row_id, etag=etag(caller, row_id))
        assert answer.body["errors"][0]["extensions"] == {"code": code}
    assert caller.answer(delete, id=9003, etag="x").body["errors"][0]["extensions"] == {
        "code": "CONCURRENCY_ERROR"
    }
    assert [effect.operation for effect in caller.world.ledger] == ["deletePartInventory"]


ADJUSTED = "partInventory { id quantity state location { name } }"


def test_scrapping_a_part_of_a_lot_splits_it() -> None:
    caller = Caller("documented-2026")
    payload = caller.do(
        "adjustInventory",
        ADJUSTED,
        partInventoryId=9017,
        adjustmentType="scrap",
        quantity=5,
        reason="Failed inspection",
    )
    assert payload["partInventory"] == {
        "id": 9017,
        "quantity": 79,
        "state": "available",
        "location": {"name": "Shelf-A1-03"},
    }
    scrapped = caller.world.part_inventories[9047]
    assert scrapped.quantity == 5
    assert (scrapped.origin_part_inventory_id, scrapped.lot_number) == (9017, "LOT-2026-0117")
    assert inventory_status(caller.world, scrapped) == "SCRAPPED"
    assert scrapped.uid != caller.world.part_inventories[9017].uid


def test_scrapping_all_of_it_leaves_a_scrapped_row() -> None:
    caller = Caller("both")
    given: dict[str, object] = {"partInventoryId": 9002, "adjustmentType": "SCRAP", "quantity": 1}
    payload = caller.do("adjustInventory", ADJUSTED, **given)
    assert payload["partInventory"]["state"] == "SCRAPPED"
    assert caller.refusal("adjustInventory", ADJUSTED, **given) == (
        "VALIDATION_ERROR",
        "Inventory that is SCRAPPED cannot be adjusted",
    )


@pytest.mark.parametrize(("quantity", "moved"), [(84, 9017), (20, 9047)])
def test_a_transfer_moves_all_of_it_or_a_part(quantity: int, moved: int) -> None:
    caller = Caller("documented-2026")
    payload = caller.do(
        "adjustInventory",
        ADJUSTED,
        partInventoryId=9017,
        adjustmentType="transfer",
        quantity=quantity,
        targetLocationId=6,
    )
    assert payload["partInventory"] == {
        "id": moved,
        "quantity": quantity,
        "state": "available",
        "location": {"name": "WC-Assembly-1"},
    }
    assert caller.world.part_inventories[9017].quantity == (84 if moved == 9017 else 64)


def test_a_recount_sets_the_quantity() -> None:
    caller = Caller("documented-2026")
    given: dict[str, object] = {"partInventoryId": 9020, "adjustmentType": "recount", "quantity": 0}
    assert caller.do("adjustInventory", ADJUSTED, **given)["partInventory"]["quantity"] == 0


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        ({"adjustmentType": "scrap", "quantity": 0}, "VALIDATION_ERROR", "must be greater than 0, got 0"),
        ({"adjustmentType": "scrap", "quantity": 85}, "VALIDATION_ERROR", "more than the 84 there are"),
        ({"adjustmentType": "transfer", "quantity": 1}, "VALIDATION_ERROR", "needs targetLocationId"),
        (
            {"adjustmentType": "transfer", "quantity": 1, "targetLocationId": 99},
            "NOT_FOUND_ERROR",
            "Location 99 was not found",
        ),
        ({"adjustmentType": "recount", "quantity": -1}, "VALIDATION_ERROR", "must be 0 or more, got -1"),
        ({"partInventoryId": 9026, "adjustmentType": "scrap", "quantity": 1}, "VALIDATION_ERROR", "ON_ORDER"),
        (
            {"partInventoryId": 9001, "adjustmentType": "scrap", "quantity": 1},
            "VALIDATION_ERROR",
            "INSTALLED",
        ),
        (
            {"partInventoryId": 1, "adjustmentType": "scrap", "quantity": 1},
            "NOT_FOUND_ERROR",
            "1 was not found",
        ),
    ],
)
def test_an_adjustment_that_breaks_a_rule_is_refused(
    given: dict[str, object], code: str, message: str
) -> None:
    refusal = Caller("documented-2026").refusal(
        "adjustInventory", ADJUSTED, **{"partInventoryId": 9017} | given
    )
    assert (refusal[0], message in refusal[1]) == (code, True), refusal
