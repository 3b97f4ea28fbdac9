import re
from base64 import b64encode
from typing import Any

import pytest

from kiosk.simulator.schema import Dialect
from kiosk.simulator.switches import Switches
from tests.simulator import published
from tests.simulator.asking import Caller


def nodes(caller: Caller, root: str, arguments: str, selection: str = "id") -> list[Any]:
    data = caller.ask(f"{{ {root}{arguments} {{ edges {{ node {{ {selection} }} }} }} }}")
    return [edge["node"] for edge in data[root]["edges"]]


def ids(root: str, filters: str) -> list[int]:
    return [node["id"] for node in nodes(Caller(), root, f"(filters: {{{filters}}})")]


@pytest.mark.parametrize(
    ("root", "filters", "expected"),
    [
        ("users", 'email: {eq: "ada.okafor@halyard.example"}', [42]),
        ("parts", 'partNumber: {eq: "BRKT-ASSY-001"}', [102, 103]),
        ("parts", 'partNumber: {eq: "brkt-assy-001"}', []),
        ("parts", 'partNumber: {ilike: "brkt-assy-001"}, revision: {ilike: "b"}', [103]),
        ("parts", 'partNumber: {ilike: "%BRKT%"}', [101, 102, 103]),
        ("parts", 'partNumber: {ilike: "BRKT_001"}', [101]),
        ("parts", 'partNumber: {ilike: "(.*)"}', []),
        ("parts", "trackingType: {eq: LOT}", [107, 110, 111]),
        ("parts", "partType: {neq: PART}", [113]),
        ("parts", "id: {in: [101, 107]}", [101, 107]),
        ("parts", 'id: {eq: "101"}, partNumber: null', [101]),
        ("parts", "id: {in: []}", []),
        ("partInventories", 'serialNumber: {eq: "SN-000118"}', [9001, 9014]),
        (
            "partInventories",
            'serialNumber: {eq: "SN-000118"}, part: {partNumber: {ilike: "vlv-4410"}}',
            [9014],
        ),
        ("partInventories", 'lotNumber: {eq: "LOT-2026-0117"}', [9017, 9018]),
        ("partInventories", 'locationId: {eq: 8}, status: {neq: "SCRAPPED"}', [9004, 9019]),
        ("partInventories", 'status: {eq: "kitted"}', [9013]),
        ("partInventories", "partId: {eq: 113}", [9025]),
        ("locations", 'name: {in: ["WH-Receiving", "Rack-A1"]}', [2, 4]),
        ("unitsOfMeasurement", 'type: {eq: "KG"}', [2]),
        ("suppliers", 'name: {ilike: "%kessler%"}', [22]),
        ("purchaseOrders", 'purchaseOrderNumber: {eq: "PO-10482"}', [5001]),
        ("purchaseOrders", 'status: {in: ["ORDERED", "PARTIALLY_RECEIVED"]}', [5001, 5002, 5003, 5006]),
        ("purchaseOrderLines", "purchaseOrderId: {eq: 5002}", [7004, 7005]),
        ("purchaseOrderLines", 'purchaseOrder: {purchaseOrderNumber: {eq: "PO-10482"}}', [7001, 7002, 7003]),
        ("purchaseOrderLines", 'part: {partNumber: {eq: "ORNG-2-214"}}', [7002, 7009, 7013]),
        ("purchaseOrderLines", 'status: {eq: "canceled"}', [7009]),
        ("receipts", 'note: {eq: "Packing slip 20931"}', [1]),
        ("receipts", "purchaseOrderId: {eq: 5006}", [2]),
        ("procedures", "id: {in: [12]}", [12]),
        ("procedures", 'status: {eq: "released"}, title: {ilike: "%test%"}', [13]),
        ("runs", 'status: {in: ["TODO", "IN_PROGRESS"]}', [1201, 1202, 1204]),
        ("runs", 'status: {eq: "pending"}', [1201, 1204]),
        ("runs", "partInventoryId: {eq: 9007}", [1201]),
        ("runs", 'partInventory: {serialNumber: {eq: "SN-000123"}}', [1204]),
        ("runs", "procedureId: {eq: 14}", [1205, 1206]),
        ("runs", 'title: {ilike: "%burn-in"}', [1205, 1206]),
    ],
)
def test_filters_find_what_fits(root: str, filters: str, expected: list[int]) -> None:
    assert ids(root, filters) == expected


@pytest.mark.parametrize(("root", "row_id"), [("partInventories", 9017), ("locations", 4), ("runs", 1201)])
def test_a_uid_finds_its_object(root: str, row_id: int) -> None:
    (uid,) = (node["uid"] for node in nodes(Caller(), root, "", "id uid") if node["id"] == row_id)
    assert len(uid) == 32
    assert ids(root, f'uid: {{eq: "{uid}"}}') == [row_id]


def page(arguments: str) -> tuple[list[int], dict[str, Any]]:
    info = "pageInfo { startCursor endCursor hasNextPage hasPreviousPage totalCount count }"
    data = Caller().ask(f"{{ locations{arguments} {{ edges {{ cursor node {{ id }} }} {info} }} }}")[
        "locations"
    ]
    return [edge["node"]["id"] for edge in data["edges"]], data["pageInfo"]


def test_a_list_can_be_read_page_by_page() -> None:
    found, arguments, more = [], "(first: 3)", True
    while more:
        rows, info = page(arguments)
        assert (info["totalCount"], info["count"]) == (8, len(rows))
        found.append(rows)
        more, arguments = info["hasNextPage"], f'(first: 3, after: "{info["endCursor"]}")'
    assert found == [[1, 2, 3], [4, 5, 6], [7, 8]]


def test_a_list_can_be_read_from_its_end() -> None:
    rows, info = page("(last: 2)")
    assert (rows, info["hasPreviousPage"], info["hasNextPage"]) == ([7, 8], True, False)
    rows, info = page(f'(last: 2, before: "{info["startCursor"]}")')
    assert (rows, info["hasPreviousPage"], info["hasNextPage"]) == ([5, 6], True, True)
    rows, info = page("(first: 0)")
    assert (rows, info["endCursor"], info["count"], info["totalCount"]) == ([], None, 0, 8)


@pytest.mark.parametrize(
    "arguments",
    [
        "(first: -1)",
        "(last: -1)",
        '(after: "nonsense")',
        '(after: "é")',
        f'(after: "{b64encode(b"other:1").decode()}")',
        f'(before: "{b64encode(b"arrayconnection:x").decode()}")',
    ],
)
def test_a_page_that_cannot_be_is_refused(arguments: str) -> None:
    answer = Caller().answer(f"{{ locations{arguments} {{ edges {{ node {{ id }} }} }} }}")
    assert (answer.status, answer.body["data"]) == (200, {"locations": None})
    assert answer.body["errors"][0]["extensions"] == {"code": "VALIDATION_ERROR"}


def test_lists_can_be_sorted() -> None:
    assert [node["id"] for node in nodes(Caller(), "locations", "(sort: [NAME_DESC], first: 3)")] == [4, 1, 7]
    by_serial = nodes(Caller(), "partInventories", "(sort: [SERIAL_NUMBER_ASC, ID_DESC], first: 2)", "id")
    assert [node["id"] for node in by_serial] == [9046, 9045]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            'partInventories(filters: {part: {partNumber: {eq: "VLV-4410"}}, hasSerial: true}) { id }',
            [9012, 9013, 9014],
        ),
        ("partInventories(filters: {partId: {eq: 107}, hasSerial: false}, limit: 2) { id }", [9017, 9018]),
        ('parts(filters: {partNumber: {eq: "BRKT-ASSY-001"}}) { id }', [102, 103]),
        ('locations(filters: {name: {eq: "WH-Receiving"}}) { id }', [4]),
        ('purchaseOrders(filters: {purchaseOrderNumber: {eq: "PO-10485"}}) { id }', [5004]),
        ('runs(filters: {partInventoryId: {eq: 9007}, status: {in: ["pending", "todo"]}}) { id }', [1201]),
        ("procedures(limit: 1) { id }", [12]),
        ("parts(limit: 0) { id }", []),
    ],
)
def test_plain_lists_of_documented_2026(query: str, expected: list[int]) -> None:
    (rows,) = Caller("documented-2026").ask(f"{{ {query} }}").values()
    assert [row["id"] for row in rows] == expected


def test_a_limit_below_zero_is_refused() -> None:
    answer = Caller("documented-2026").answer("{ parts(limit: -1) { id } }")
    assert answer.body["errors"][0]["extensions"] == {"code": "VALIDATION_ERROR"}


@pytest.mark.parametrize(
    ("root", "row_id"),
    [
        ("part", 101),
        ("partInventory", 9001),
        ("location", 4),
        ("purchaseOrder", 5001),
        ("purchaseOrderLine", 7001),
        ("receipt", 1),
        ("receiptItem", 1),
        ("procedure", 12),
        ("run", 1201),
        ("runStep", 1),
    ],
)
@pytest.mark.parametrize("kind", [int, str])
def test_one_object_by_its_id(root: str, row_id: int, kind: type) -> None:
    caller = Caller()
    query = f"query ($id: ID!) {{ {root}(id: $id) {{ id }} }}"
    assert caller.ask(query, id=kind(row_id)) == {root: {"id": row_id}}
    for unknown in ("999999", "", "-1", "1.0", "²", "PO-1"):
        (error,) = caller.answer(query, id=unknown).body["errors"]
        assert error["extensions"] == {"code": "NOT_FOUND_ERROR"}


def test_who_am_i() -> None:
    who = {
        "id": 40,
        "name": "Kiosk Service",
        "email": "kiosk@halyard.example",
        "organization": {"id": 7, "domain": "halyard.example"},
    }
    assert Caller("classic").ask(published.CLASSIC["C1 me"]) == {"me": who}
    assert Caller("documented-2026").ask(published.DOCUMENTED["A1 me"]) == {"currentUser": who}


def test_the_tree_of_an_assembly() -> None:
    tree = Caller("documented-2026").ask(published.DOCUMENTED["A6 tree"], id=9006)["partInventory"]
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
    units = Caller("documented-2026").ask(published.DOCUMENTED["A5 serialized"], partId=101)[
        "partInventories"
    ]
    assert units[0] == {
        "id": 9001,
        "serialNumber": "SN-000118",
        "state": "installed",
        "parentPartInventory": {"id": 9006, "serialNumber": "ASM-00011"},
        "location": {"id": 6, "name": "WC-Assembly-1"},
    }
    assert units[1]["parentPartInventory"] is None


def test_every_field_of_every_published_query_can_be_read() -> None:
    values = {
        "q": "%BRKT%",
        "first": 25,
        "partNumber": "BRKT-ASSY-001",
        "revision": "B",
        "serialNumber": "SN-000118",
        "id": 9001,
        "idA": 9006,
        "idB": 9007,
        "partId": 101,
        "partInventoryId": 9007,
        "runStepId": 1,
    }
    by_id = {"8.10 procedure": 12, "C8 location": 4, "C11 line": 7001, "C14 run": 1201}
    by_id |= {"C11 rule on a line": 7001, "C11 rule on an item": 1}
    inline = {"C2 part": "id: 101", "C14 steps": "id: 1201", "C14 fields": "id: 1201", "A9 part": "id: 101"}
    tables: list[tuple[Dialect, dict[str, str]]] = [
        ("classic", published.CLASSIC),
        ("documented-2026", published.DOCUMENTED),
    ]
    for dialect, documents in tables:
        caller = Caller(dialect)
        for name, document in documents.items():
            if document.startswith("mutation"):
                continue
            fitting = re.sub(r"id: (1|372|419|42)\)", f"{inline.get(name)})", document)
            given = values | ({"id": by_id[name]} if name in by_id else {})
            data = caller.ask(
                fitting, **{key: value for key, value in given.items() if f"${key}:" in document}
            )
            assert None not in data.values(), name


def test_entity_ids_differ_from_ids_and_from_each_other() -> None:
    data = Caller().ask("{ part(id: 101) { id entityId } run(id: 1201) { entityId steps { id entityId } } }")
    seen = [data["part"]["entityId"], data["run"]["entityId"]]
    seen += [step["entityId"] for step in data["run"]["steps"]]
    assert len(set(seen)) == 6
    assert data["part"]["id"] not in seen
    entity = Caller("documented-2026").ask(published.DOCUMENTED["A8 entity"], runStepId=1)["runStep"][
        "entity"
    ]
    assert entity == {"id": str(seen[2])}


def test_what_belongs_together_can_be_followed() -> None:
    part = Caller().ask(
        """{ part(id: 103) { quantity partsInventory { id } runs { id } partSubtypes { name }
            thumbnail { url } } }"""
    )["part"]
    assert part == {
        "quantity": 3,
        "partsInventory": [{"id": 9007}, {"id": 9008}, {"id": 9009}],
        "runs": [{"id": 1201}, {"id": 1202}, {"id": 1203}],
        "partSubtypes": [{"name": "Assembly"}],
        "thumbnail": {"url": "https://ion-files.s3.amazonaws.com/parts/103/brkt-assy-001-b.png"},
    }
    run = Caller().ask("{ run(id: 1204) { steps { id upstreamStepIds downstreamStepIds parentId } } }")["run"]
    first = run["steps"][0]["id"]
    assert [(step["downstreamStepIds"], step["parentId"]) for step in run["steps"]] == [
        ([first + 1, first + 2], None),
        ([first + 4], None),
        ([first + 3], first + 1),
        ([], first + 1),
        ([], None),
    ]
    assembly = Caller().ask(
        "{ partInventory(id: 9006) { abomItems { id quantity } abomChildren { partInventoryId } } }"
    )
    assert assembly["partInventory"] == {
        "abomItems": [{"id": 601, "quantity": 1}, {"id": 602, "quantity": 8}],
        "abomChildren": [{"partInventoryId": 9001}, {"partInventoryId": 9020}],
    }


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{", {}),
        ("", {}),
        ("{ nothing }", {}),
        ("query A { me { id } } query B { me { id } }", {}),
        ("query ($id: ID!) { part(id: $id) { id } }", {}),
        ("query ($id: ID!) { part(id: $id) { id } }", {"id": {}}),
        ("query { runs(filters: {status: {nothing: 1}}) { edges { node { id } } } }", {}),
        ("{" * 15_000, {}),
        ("{ me " * 4_000 + "{ id }" + "}" * 4_000, {}),
        ("{" + "me { id } " * 30_000 + "}", {}),
        ("subscription { me { id } }", {}),
    ],
)
def test_what_is_malformed_is_answered_400_without_data(query: str, variables: dict[str, object]) -> None:
    answer = Caller().answer(query, **variables)
    assert (answer.status, list(answer.body)) == (400, ["errors"])


def test_errors_may_come_with_their_own_http_status() -> None:
    caller = Caller("both", switches=Switches(errors_as_http_status=True), user_id=42)
    for query, status, code in [
        ("{ part(id: 1) { id } }", 404, "NOT_FOUND_ERROR"),
        ("{ parts(first: -1) { edges { cursor } } }", 422, "VALIDATION_ERROR"),
        ('mutation { deleteReceipt(id: 1, etag: "x") { id } }', 409, "CONCURRENCY_ERROR"),
        (
            'mutation { createRole(input: {name: "Pilot"}) { __typename } }',
            403,
            "AUTHORIZATION_ERROR",
        ),
    ]:
        answer = caller.answer(query)
        (error,) = answer.body["errors"]
        assert (answer.status, error["extensions"]) == (status, {"code": code})


def test_one_of_two_mutations_may_fail() -> None:
    caller = Caller()
    answer = caller.answer(
        """mutation { a: createReceipt(input: {purchaseOrderId: 5001, note: "a"}) { receipt { id } }
            b: createReceipt(input: {purchaseOrderId: 5004, note: "b"}) { receipt { id } } }"""
    )
    assert answer.body["data"] == {"a": {"receipt": {"id": 3}}, "b": None}
    assert [effect.arguments["input"]["note"] for effect in caller.world.ledger] == ["a"]
