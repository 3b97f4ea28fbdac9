from collections.abc import Iterator
from functools import cache

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_introspection_query,
    get_named_type,
    parse,
    validate,
    validate_schema,
)

from kiosk.simulator.resolvers.mutations import MUTATION_NAMES
from kiosk.simulator.resolvers.queries import QUERY_NAMES
from kiosk.simulator.schema import DIALECTS, Dialect, build, sdl
from tests.simulator import published
from tests.simulator.asking import Caller, lived_in

BOTH = published.CLASSIC | published.DOCUMENTED_MUTATIONS
TABLE: dict[Dialect, dict[str, str]] = {
    "classic": published.CLASSIC,
    "documented-2026": published.DOCUMENTED,
    "both": BOTH,
}


@cache
def printed(dialect: Dialect) -> GraphQLSchema:
    """Return the schema as somebody sees it who has only its text."""
    return build_schema(sdl(dialect))


def documents() -> Iterator[tuple[Dialect, str]]:
    for dialect, named in TABLE.items():
        for name in named:
            yield dialect, name


@pytest.mark.parametrize(("dialect", "name"), list(documents()))
def test_published_documents_fit_their_dialect(dialect: Dialect, name: str) -> None:
    assert validate(printed(dialect), parse(TABLE[dialect][name])) == []


@pytest.mark.parametrize(
    ("dialect", "document"),
    [
        ("classic", published.DOCUMENTED["A1 me"]),
        ("classic", published.DOCUMENTED["A3 receive"]),
        ("classic", published.DOCUMENTED["A4 run"]),
        ("documented-2026", published.CLASSIC["C1 me"]),
        ("documented-2026", published.CLASSIC["C4 by serial"]),
        ("documented-2026", published.CLASSIC["C15 step"]),
        ("documented-2026", "query { partInventory(id: 1) { uid } }"),
        ("documented-2026", "query { runs { uid } }"),
        ("both", published.DOCUMENTED["A2 create run"]),
    ],
)
def test_the_other_dialects_documents_do_not_fit(dialect: Dialect, document: str) -> None:
    assert validate(printed(dialect), parse(document)) != []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_schemas_are_valid_and_can_be_introspected(dialect: Dialect) -> None:
    assert validate_schema(build(dialect)) == []
    caller = Caller(dialect)
    for query in (published.INTROSPECTION, get_introspection_query()):
        assert caller.ask(query)["__schema"]["queryType"]["name"] == "Query"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_enum_values_have_the_case_of_the_dialect(dialect: Dialect) -> None:
    enums = [
        kind
        for name, kind in build(dialect).type_map.items()
        if isinstance(kind, GraphQLEnumType) and not name.startswith("__")
    ]
    assert len(enums) > 10
    for enum in enums:
        for name, value in enum.values.items():
            assert name == (name.lower() if dialect == "documented-2026" else name.upper())
            assert value.value == name.upper()


def test_what_is_made_up_says_so() -> None:
    schema = build_schema(sdl("both"))
    invented = "Invented for the simulator: ION's own"
    for type_name, field_name in [
        ("PurchaseOrder", "purchaseOrderNumber"),
        ("PurchaseOrderLine", "quantity"),
        ("PartInventory", "uid"),
        ("Location", "uid"),
        ("Run", "uid"),
        ("Receipt", "note"),
    ]:
        kind = schema.type_map[type_name]
        assert invented in kind.fields[field_name].description  # type: ignore[attr-defined]
    for type_name in (
        "CreateReceiptInput",
        "AddItemsToReceiptInput",
        "UpdateReceiptInput",
        "StringInputFilter",
    ):
        assert invented in (schema.type_map[type_name].description or "")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("status", ["COMPLETE", "complete", "Complete"])
def test_either_case_of_an_enum_is_understood(dialect: Dialect, status: str) -> None:
    mutation = "updateRunStep" if dialect == "classic" else "updateRun"
    lock = "etag" if dialect == "classic" else "_etag"
    caller = Caller(dialect)
    code, message = caller.refusal(mutation, "__typename", id=99, status=status, **{lock: "x"})
    assert code == "NOT_FOUND_ERROR"
    assert "99 was not found" in message.replace("'", "")


def test_enum_literals_are_understood_in_either_case() -> None:
    for literal in ("TOOL", "tool"):
        query = "{ partInventories(filters: {part: {partType: {eq: TOOL}}}) { edges { node { id } } } }"
        assert Caller().ask(query.replace("TOOL", literal)) == {
            "partInventories": {"edges": [{"node": {"id": 9025}}]}
        }


@pytest.mark.parametrize(
    ("quantity", "shown"), [(2, 2), ("2", 2), (2.5, 2.5), ("2.50", 2.5), ("0.1", 0.1), (0, 0)]
)
def test_quantities_are_numbers_or_decimal_strings(quantity: object, shown: float) -> None:
    payload = Caller().do("createPartInventory", "partInventory { quantity }", partId=107, quantity=quantity)
    assert payload == {"partInventory": {"quantity": shown}}


@pytest.mark.parametrize("quantity", ["many", "", "NaN", "Infinity", True, [1], {}])
def test_what_is_no_quantity_is_malformed(quantity: object) -> None:
    query = published.CLASSIC["C6 create"]
    answer = Caller().answer(query, input={"partId": 107, "quantity": quantity})
    assert answer.status == 400
    assert "data" not in answer.body


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("2026-04-20T10:00:00Z", "2026-04-20T10:00:00Z"),
        ("2026-04-20T12:00:00+02:00", "2026-04-20T10:00:00Z"),
        ("2026-04-20T10:00:00", "2026-04-20T10:00:00Z"),
        (None, None),
    ],
)
def test_times_are_iso_8601_in_utc(sent: str | None, shown: str | None) -> None:
    caller = Caller()
    etag = caller.world.part_inventories[9025].etag
    selection = "partInventory { lastMaintainedDate }"
    payload = caller.do("updatePartInventory", selection, id=9025, etag=etag, lastMaintainedDate=sent)
    assert payload == {"partInventory": {"lastMaintainedDate": shown}}


@pytest.mark.parametrize("sent", ["yesterday", 5, True])
def test_what_is_no_time_is_malformed(sent: object) -> None:
    given = {"id": 9025, "etag": "x", "lastMaintainedDate": sent}
    assert Caller().answer(published.CLASSIC["C7 update"], input=given).status == 400


@pytest.mark.parametrize("dialect", DIALECTS)
def test_everything_that_is_offered_is_answered(dialect: Dialect) -> None:
    schema = build(dialect)
    assert schema.query_type is not None
    assert schema.mutation_type is not None
    assert set(schema.query_type.fields) <= QUERY_NAMES
    assert set(schema.mutation_type.fields) <= MUTATION_NAMES


def leaves(schema: GraphQLSchema, kind: GraphQLNamedType, depth: int) -> str:
    """Return a selection of everything an object has, down to this depth."""
    if not isinstance(kind, GraphQLObjectType):
        return ""
    chosen = []
    for name, each in kind.fields.items():
        inner = get_named_type(each.type)
        if isinstance(inner, GraphQLObjectType):
            below = leaves(schema, inner, depth - 1) if depth else ""
            chosen += [f"{name} {below}"] if below else []
        else:
            chosen.append(name)
    return "{ " + " ".join(chosen) + " }" if chosen else ""


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_field_of_every_list_can_be_read(dialect: Dialect) -> None:
    schema = build(dialect)
    caller = Caller(dialect, world=lived_in())
    assert schema.query_type is not None
    for name, each in schema.query_type.fields.items():
        kind = get_named_type(each.type)
        if any(argument.type for argument in each.args.values() if str(argument.type).endswith("!")):
            continue
        query = f"{{ {name} {leaves(schema, kind, 3)} }}"
        answer = caller.ask(query)[name]
        assert answer["edges"] if isinstance(answer, dict) and "edges" in answer else answer, name
