"""aBOMs and kits: the documents of section 8.5 and of A6, and the rules of 10.3."""

from dataclasses import replace

import pytest

from kiosk.simulator.rows import StepStatus
from kiosk.simulator.schema import Dialect
from kiosk.simulator.switches import Switches
from tests.simulator.asking import Caller, Json

TREE = """query AbomTree($id: Int!) {
  partInventory(id: $id) { id serialNumber part { partNumber } buildRequirements { id part { partNumber }
    quantity
      installations { id installedPartInventory { id serialNumber part { partNumber } } } } } }"""
COMPARE = """query CompareAboms($idA: Int!, $idB: Int!) {
  a: partInventory(id: $idA) { id serialNumber buildRequirements { id part { partNumber } quantity } }
  b: partInventory(id: $idB) { id serialNumber buildRequirements { id part { partNumber } quantity } } }"""
KIT = (
    "mutation createPartKit($input: CreatePartKitInput!) { createPartKit(input: $input) { partKit { id } } }"
)
KIT_ITEM = """mutation createPartKitItem($input: CreatePartKitItemInput!) { createPartKitItem(input: $input) {
  partKitItem { id } } }"""
UNINSTALL = "mutation UninstallTool($id: ID!) { deleteAbomInstallation(id: $id) { success message } }"
LEGACY = """mutation UpdateAbomItem($input: UpdateABomItemInput!) { updateAbomItem(input: $input) {
  abomItem { _etag id quantity } } }"""
FROM_MBOM = """mutation CreateABomForPartInventory($id: ID!, $etag: String!) {
  createAbomForPartInventory(id: $id, etag: $etag) { abomItem { id partInventoryId children { id } } } }"""
SINGLE = """query ($requirement: ID!, $inventory: ID!) {
  abomInstallation(buildRequirementId: $requirement, partInventoryId: $inventory) { id partInventory { id
    } } }"""

both_dialects = pytest.mark.parametrize("dialect", ["classic", "both"])


def status(caller: Caller, inventory_id: int) -> str:
    answer: str = caller.ask(f"{{ partInventory(id: {inventory_id}) {{ status }} }}")["partInventory"][
        "status"
    ]
    return answer


@pytest.mark.parametrize("dialect", ["documented-2026", "both"])
def test_a_tree_is_read_and_two_are_compared_as_published(dialect: Dialect) -> None:
    caller = Caller(dialect)
    tree = caller.ask(TREE, id=9006)["partInventory"]
    assert tree["buildRequirements"][0] == {
        "id": 601,
        "part": {"partNumber": "BRKT-001"},
        "quantity": 1,
        "installations": [
            {
                "id": 1,
                "installedPartInventory": {
                    "id": 9001,
                    "serialNumber": "SN-000118",
                    "part": {"partNumber": "BRKT-001"},
                },
            }
        ],
    }
    both = caller.ask(COMPARE, idA=9006, idB=9007)
    assert [(each["id"], each["quantity"]) for each in both["b"]["buildRequirements"]] == [(603, 1), (604, 2)]


def install(caller: Caller, requirement: int, inventory: int, **more: object) -> Json:
    given = {"buildRequirementId": requirement, "partInventoryId": inventory, **more}
    selection = "abomInstallation { id quantity partInventory { id quantity } }"
    return caller.do("createAbomInstallation", selection, **given)["abomInstallation"]


def without_exceptions(caller: Caller) -> Caller:
    """Take away the issue that says 9007 needs nothing."""
    with caller.world.transaction():
        caller.world.issues.remove(2)
    return caller


@both_dialects
def test_what_is_installed_is_found_and_can_be_taken_out(dialect: Dialect) -> None:
    caller = without_exceptions(Caller(dialect))
    made = install(caller, 603, 9002)
    assert status(caller, 9002) == "INSTALLED"
    single = caller.ask(SINGLE, requirement=603, inventory=9002)["abomInstallation"]
    assert single == {"id": made["id"], "partInventory": {"id": 9002}}
    parent = caller.ask(
        "{ partInventory(id: 9002) { abomInstallations { id } abomParents { partInventoryId } } }"
    )
    assert parent["partInventory"]["abomParents"] == [{"partInventoryId": 9007}]
    answer = caller.ask(UNINSTALL, id=made["id"])["deleteAbomInstallation"]
    assert (answer["success"], status(caller, 9002)) == (True, "AVAILABLE")
    gone = caller.answer(UNINSTALL, id=made["id"])
    assert gone.body["errors"][0]["extensions"]["code"] == "NOT_FOUND_ERROR"


def test_some_of_a_lot_is_split_off_to_be_installed() -> None:
    caller = without_exceptions(Caller())
    made = install(caller, 604, 9017)
    assert (made["quantity"], made["partInventory"]["quantity"]) == (2, 2)
    assert made["partInventory"]["id"] != 9017
    assert caller.world.part_inventories[9017].quantity == 82
    assert caller.world.part_inventories[made["partInventory"]["id"]].origin_part_inventory_id == 9017


@pytest.mark.parametrize(
    ("requirement", "inventory", "more", "message"),
    [
        (603, 9017, {}, "does not fulfil"),
        (603, 9004, {}, "UNAVAILABLE cannot be installed"),
        (603, 9005, {}, "SCRAPPED cannot be installed"),
        (603, 9001, {}, "INSTALLED cannot be installed"),
        (604, 9017, {"quantity": 3}, "more than the 2 missing"),
        (604, 9017, {"quantity": 0}, "greater than 0"),
        (601, 9002, {}, "Nothing is missing"),
    ],
)
def test_what_does_not_fit_is_not_installed(
    requirement: int, inventory: int, more: dict[str, object], message: str
) -> None:
    caller = without_exceptions(Caller())
    given = {"buildRequirementId": requirement, "partInventoryId": inventory, **more}
    code, said = caller.refusal("createAbomInstallation", "abomInstallation { id }", **given)
    assert (code, message in said) == ("VALIDATION_ERROR", True), said


@both_dialects
def test_the_older_way_to_install_still_goes(dialect: Dialect) -> None:
    caller = without_exceptions(Caller(dialect))
    (item, _) = caller.ask("{ partInventory(id: 9007) { abomItems { id _etag quantity } } }")[
        "partInventory"
    ]["abomItems"]
    given = {"id": item["id"], "quantity": 1, "etag": item["_etag"], "partInventoryId": 9002}
    done = caller.ask(LEGACY, input=given)["updateAbomItem"]["abomItem"]
    assert (done["id"], done["_etag"] != item["_etag"]) == (603, True)
    assert status(caller, 9002) == "INSTALLED"
    caller.ask(LEGACY, input={"id": 603, "etag": done["_etag"], "partInventoryId": None})
    assert status(caller, 9002) == "AVAILABLE"


@both_dialects
def test_an_abom_is_made_of_the_parts_mbom(dialect: Dialect) -> None:
    caller = Caller(dialect)
    etag = caller.world.part_inventories[9008].etag
    item = caller.ask(FROM_MBOM, id=9008, etag=etag)["createAbomForPartInventory"]["abomItem"]
    assert (item["partInventoryId"], len(item["children"])) == (9008, 3)
    again = caller.answer(FROM_MBOM, id=9008, etag=caller.world.part_inventories[9008].etag)
    assert "has an aBOM already" in again.body["errors"][0]["message"]
    run = caller.ask(
        """mutation ($input: CreateRunInput!) { createRun(input: $input) {
            run { partInventory { buildRequirements { quantity } } } } }""",
        input={"procedureId": 12, "partId": 103},
    )["createRun"]["run"]
    assert [each["quantity"] for each in run["partInventory"]["buildRequirements"]] == [1, 2, 8]


def test_the_last_step_waits_for_what_must_be_installed() -> None:
    caller = without_exceptions(Caller())
    world = caller.world
    step, *others = world.run_steps.where("run_id", 1201)
    with world.transaction():
        for each in others:
            world.run_steps.put(replace(each, status=StepStatus.COMPLETE))
        world.run_steps.put(replace(step, status=StepStatus.IN_PROGRESS))
    given = {"id": step.id, "etag": step.etag, "status": "COMPLETE"}
    code, message = caller.refusal("updateRunStep", "runStep { id }", **given)
    assert (code, "1 of part 'BRKT-001' are not installed" in message) == ("VALIDATION_ERROR", True)
    free = Caller(world=world, switches=Switches(open_installs_block=False))
    assert free.do("updateRunStep", "runStep { status }", **given)["runStep"]["status"] == "COMPLETE"


def test_an_issue_excepts_a_build_requirement() -> None:
    caller = without_exceptions(Caller())
    query = "{ partInventory(id: 9007) { buildRequirements { id quantityMissing } } }"
    assert [each["quantityMissing"] for each in caller.ask(query)["partInventory"]["buildRequirements"]] == [
        1,
        2,
    ]
    caller.do("createIssue", "issue { id }", partInventoryId=9007, title="Later", buildRequirementIds=[604])
    assert [each["quantityMissing"] for each in caller.ask(query)["partInventory"]["buildRequirements"]] == [
        1,
        0,
    ]


def test_requirements_are_added_changed_and_deleted() -> None:
    caller = Caller()
    selection = "buildRequirement { id _etag quantity }"
    given = {"partInventoryId": 9010, "partId": 111, "quantity": 2}
    row = caller.do("createBuildRequirement", selection, **given)["buildRequirement"]
    caller.do(
        "createAbomInstallation",
        "abomInstallation { id }",
        buildRequirementId=row["id"],
        partInventoryId=9023,
    )
    etag = caller.world.build_requirements[row["id"]].etag
    less = caller.refusal("updateBuildRequirement", selection, id=row["id"], etag=etag, quantity=1)
    assert "less than the 2 installed" in less[1]
    (installation,) = caller.world.abom_installations.where("build_requirement_id", row["id"])
    caller.ask(UNINSTALL, id=installation.id)
    etag = caller.world.build_requirements[row["id"]].etag
    changed = caller.do("updateBuildRequirement", selection, id=row["id"], etag=etag, quantity=1)[
        "buildRequirement"
    ]
    deleted = caller.ask(
        "mutation ($id: ID!, $etag: String!) { deleteBuildRequirement(id: $id, etag: $etag) { id } }",
        id=row["id"],
        etag=changed["_etag"],
    )
    assert deleted == {"deleteBuildRequirement": {"id": row["id"]}}


def kit_of(caller: Caller, kit_id: int) -> Json:
    return caller.ask(
        f"""{{ partKit(id: {kit_id}) {{ _etag status partKitItems {{ id quantity quantityKitted
            partInventories {{ id }} }} }} }}"""
    )["partKit"]


@both_dialects
def test_a_kit_is_filled_and_delivered(dialect: Dialect) -> None:
    caller = Caller(dialect)
    kit_id = caller.ask(KIT, input={"assignedToId": 42, "deliveryLocationId": 6})["createPartKit"]["partKit"][
        "id"
    ]
    item = caller.ask(KIT_ITEM, input={"partKitId": kit_id, "partId": 107, "quantity": 10})
    item_id = item["createPartKitItem"]["partKitItem"]["id"]
    etag = kit_of(caller, kit_id)["_etag"]
    caller.do("updatePartKit", "partKit { status }", id=kit_id, etag=etag, status="REQUESTED")
    caller.do("issueItemToKit", "partKitItem { id }", partKitItemId=item_id, partInventoryId=9017)
    kit = kit_of(caller, kit_id)
    assert (kit["status"], kit["partKitItems"][0]["quantityKitted"]) == ("IN_PROGRESS", 10)
    (row,) = kit["partKitItems"][0]["partInventories"]
    assert status(caller, row["id"]) == "KITTED"
    assert caller.world.part_inventories[9017].quantity == 74
    done = {"id": kit_id, "etag": kit["_etag"], "status": "DELIVERED"}
    caller.do("updatePartKit", "partKit { status }", **done)
    assert status(caller, row["id"]) == "AVAILABLE"
    assert caller.world.part_inventories[row["id"]].location_id == 6
    back = {"id": kit_id, "etag": kit_of(caller, kit_id)["_etag"], "status": "REQUESTED"}
    caller.do("updatePartKit", "partKit { status }", **back)
    assert status(caller, row["id"]) == "KITTED"


def test_what_does_not_belong_into_a_kit_is_refused() -> None:
    caller = Caller()
    for inventory_id, quantity, message in [
        (9002, 1, "is of another part"),
        (9019, 1, "UNAVAILABLE cannot be kitted"),
        (9017, 5, "more than the 4 missing"),
    ]:
        given: dict[str, object] = {"partKitItemId": 2, "partInventoryId": inventory_id, "quantity": quantity}
        assert message in caller.refusal("issueItemToKit", "partKitItem { id }", **given)[1]
    nowhere = caller.do("createPartKit", "partKit { id _etag }")["partKit"]
    given = {"id": nowhere["id"], "etag": nowhere["_etag"], "status": "DELIVERED"}
    assert "without a delivery location" in caller.refusal("updatePartKit", "partKit { id }", **given)[1]


def test_a_kit_is_moved_emptied_and_deleted() -> None:
    caller = Caller()
    assert kit_of(caller, 1)["partKitItems"][0]["partInventories"] == [{"id": 9013}]
    caller.do("moveKitInventoryToLocation", "partKit { id }", partKitId=1, locationId=7)
    assert caller.world.part_inventories[9013].location_id == 7
    delete = "mutation ($id: ID!, $etag: String!) { deletePartKit(id: $id, etag: $etag) { id } }"
    full = caller.answer(delete, id=1, etag=caller.world.part_kits[1].etag)
    assert "with inventory in it" in full.body["errors"][0]["message"]
    caller.do("moveItemToInventory", "partKitItem { quantityKitted }", partKitItemId=1, partInventoryId=9013)
    assert status(caller, 9013) == "AVAILABLE"
    assert caller.ask(delete, id=1, etag=caller.world.part_kits[1].etag) == {"deletePartKit": {"id": 1}}


def test_a_kit_for_a_run_asks_for_what_its_inventory_lacks() -> None:
    caller = without_exceptions(Caller())
    kit = caller.do(
        "createKitForRun", "partKit { runId partKitItems { quantity part { partNumber } } }", runId=1201
    )
    assert kit["partKit"] == {
        "runId": 1201,
        "partKitItems": [
            {"quantity": 1, "part": {"partNumber": "BRKT-001"}},
            {"quantity": 2, "part": {"partNumber": "ORNG-2-214"}},
        ],
    }


def test_from_a_kit_into_the_assembly() -> None:
    caller = without_exceptions(Caller())
    caller.do("issueItemToKit", "partKitItem { id }", partKitItemId=2, partInventoryId=9017)
    (row,) = kit_of(caller, 1)["partKitItems"][1]["partInventories"]
    made = install(caller, 604, row["id"])
    assert (made["quantity"], status(caller, made["partInventory"]["id"])) == (2, "INSTALLED")
    assert (kit_of(caller, 1)["partKitItems"][1]["quantityKitted"], status(caller, row["id"])) == (
        2,
        "KITTED",
    )
