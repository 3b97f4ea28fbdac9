"""Documents that declare or write a plain value otherwise than the schema, and the two dialects in one."""

import pytest

from kiosk.simulator.schema import Dialect
from tests.simulator.asking import Caller


@pytest.mark.parametrize("dialect", ["classic", "both"])
@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ("query ($id: Int!) { run(id: $id) { id } }", {"id": 1201}, {"run": {"id": 1201}}),
        ("query ($id: String!) { run(id: $id) { id } }", {"id": "1201"}, {"run": {"id": 1201}}),
        ("query ($id: ID) { run(id: $id) { id } }", {"id": "1201"}, {"run": {"id": 1201}}),
        ('{ run(id: "1201") { id } }', {}, {"run": {"id": 1201}}),
        (
            "query ($ids: [Int!]!) { parts(filters: {id: {in: $ids}}) { edges { node { id } } } }",
            {"ids": [101, 102]},
            {"parts": {"edges": [{"node": {"id": 101}}, {"node": {"id": 102}}]}},
        ),
        (
            "query ($row: ID!) { runs(filters: {partInventoryId: {eq: $row}}) { edges { node { id } } } }",
            {"row": 9007},
            {"runs": {"edges": [{"node": {"id": 1201}}]}},
        ),
        (
            '{ runs(filters: {partInventoryId: {eq: "9007"}}) { edges { node { id } } } }',
            {},
            {"runs": {"edges": [{"node": {"id": 1201}}]}},
        ),
        (
            "{ runs(filters: {status: {in: [REDLINE, HOLD]}}) { edges { node { id } } } }",
            {},
            {"runs": {"edges": [{"node": {"id": 1205}}]}},
        ),
        (
            "query ($s: String!) { parts(filters: {trackingType: {eq: $s}}) { edges { node { id } } } }",
            {"s": "lot"},
            {"parts": {"edges": [{"node": {"id": row_id}} for row_id in (107, 110, 111)]}},
        ),
        (
            '{ parts(filters: {trackingType: {eq: "LOT"}}, first: 1) { edges { node { id } } } }',
            {},
            {"parts": {"edges": [{"node": {"id": 107}}]}},
        ),
        (
            "{ partInventories(filters: {lotNumber: {eq: 5}}) { edges { node { id } } } }",
            {},
            {"partInventories": {"edges": []}},
        ),
    ],
)
def test_a_plain_value_may_be_declared_or_written_either_way(
    dialect: Dialect, query: str, variables: dict[str, object], expected: object
) -> None:
    assert Caller(dialect).ask(query, **variables) == expected


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query ($id: Boolean!) { run(id: $id) { id } }", {"id": True}),
        ("query ($id: [ID!]!) { run(id: $id) { id } }", {"id": ["1201"]}),
        ("query ($id: Nothing!) { run(id: $id) { id } }", {"id": 1}),
        ("query ($f: PartsInputFilters) { runs(filters: $f) { edges { cursor } } }", {"f": {}}),
        ("query ($id: ID!) { run(id: $id) { id } }", {}),
        ("query ($id: Int!) { run(id: $id) { id } }", {"id": None}),
        ('{ parts(filters: {trackingType: {eq: "no such"}}) { edges { cursor } } }', {}),
        ('{ parts(first: "many") { edges { cursor } } }', {}),
    ],
)
def test_what_is_more_than_that_stays_an_error(query: str, variables: dict[str, object]) -> None:
    answer = Caller().answer(query, **variables)
    assert (answer.status, list(answer.body)) == (400, ["errors"])


def test_either_dialects_documents_run_where_both_are_served() -> None:
    caller = Caller("both")
    connection = caller.ask("{ parts(filters: {}, first: 1) { edges { node { id partType } } } }")
    assert connection == {"parts": {"edges": [{"node": {"id": 101, "partType": "PART"}}]}}
    plain = caller.ask("{ parts(filters: {}, limit: 1) { id partType } }")
    assert plain == {"parts": [{"id": 101, "partType": "part"}]}
    run = caller.ask(
        "mutation ($input: RunCreateInput!) { createRun(input: $input) { run { status } } }",
        input={"procedureId": 12, "partInventoryId": 9006},
    )
    assert run == {"createRun": {"run": {"status": "pending"}}}
    mixed = caller.answer("{ me { id } parts(limit: 1) { id } }")
    assert (mixed.status, "Unknown argument 'limit'" in mixed.body["errors"][0]["message"]) == (400, True)


def test_a_dialect_by_itself_knows_nothing_of_the_other() -> None:
    assert Caller("classic").answer("{ parts(limit: 1) { id } }").status == 400
    assert Caller("documented-2026").answer("{ parts { edges { cursor } } }").status == 400
    assert Caller("classic").answer("{ currentUser { id } }").status == 400


def test_many_different_queries_do_not_pile_up() -> None:
    caller = Caller()
    for number in range(600):
        caller.ask(f"{{ me {{ a{number}: id }} }}")
    assert len(caller.ion._understood) <= 500
