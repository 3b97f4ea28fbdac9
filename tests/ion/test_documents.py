from pathlib import Path

import pytest
from graphql import (
    GraphQLSchema,
    build_schema,
    parse,
    validate,
)

from kiosk.ion.composing import merge, repeat_item
from kiosk.ion.documents import Call, fit, operation_of, read_documents
from kiosk.ion.optional_parts import is_optional
from tests.ion.factory import schema_of

OPERATIONS = Path("kiosk/ion/operations")
FILES = sorted(path.name for path in OPERATIONS.glob("*.graphql") if path.name != "fragments.graphql")
FRAGMENTS = (OPERATIONS / "fragments.graphql").read_text(encoding="utf-8")
INVENTED_BY_THE_SITE = {
    *("Run.attributes", "CreateRunInput.attributes", "CreateIssueInput.runId"),
    *("Run.updatedBy", "PartInventory.updatedBy", "Issue.updatedBy"),
}
"""What no public page and no program names, and the simulator has not either."""

BOUND = build_schema("""
    enum Colour { RED green }
    input Filter { id: Int colour: Colour names: [String!] }
    input Item { line: ID! serial: String quantity: Float! }
    type Thing { id: Int! name: String child: Thing }
    type Query { thing(id: Int!): Thing things(filters: Filter, after: String): [Thing!]! }
    type Mutation { add(receipt: ID!, items: [Item!]!): Thing }
""")


def fitted(text: str, schema: GraphQLSchema = BOUND) -> Call:
    ((_, document),) = read_documents(text).items()
    call = fit(document, schema, dialect="classic").call
    assert call is not None
    return call


def _dialect_of(name: str) -> str:
    return name.split(".")[1].removesuffix("-legacy")


def test_every_file_is_a_pair_of_operation_and_dialect() -> None:
    assert len(FILES) > 25
    assert {_dialect_of(name) for name in FILES} == {"classic", "documented-2026"}


@pytest.mark.parametrize("name", FILES)
def test_a_document_validates_in_its_dialect(name: str) -> None:
    dialect = _dialect_of(name)
    schema = schema_of("classic" if dialect == "classic" else "documented-2026")
    documents = read_documents((OPERATIONS / name).read_text(encoding="utf-8"), FRAGMENTS)
    assert documents
    for document in documents.values():
        if is_optional(operation_of(document)) and dialect != "classic":
            continue
        result = fit(document, schema, dialect=dialect)
        assert result.call is not None, result.missing
        assert validate(schema, parse(result.call.text)) == []
        assert "@optional" not in result.call.text


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith("classic.graphql")])
def test_a_classic_document_validates_where_a_tenant_has_both(name: str) -> None:
    documents = read_documents((OPERATIONS / name).read_text(encoding="utf-8"), FRAGMENTS)
    for document in documents.values():
        missing = fit(document, schema_of("both"), dialect="classic").missing
        assert set(missing) <= INVENTED_BY_THE_SITE


def test_variables_take_the_types_the_schema_expects() -> None:
    call = fitted(
        "query Q($id: ID!, $colour: String) "
        "{ thing(id: $id) { id } things(filters: {colour: $colour}) { id } }"
    )
    assert call.text.splitlines()[0] == "query Q($id: Int!, $colour: Colour) {"
    assert call.encode({"id": "12", "colour": "RED", "unknown": "x"}) == {"id": 12, "colour": "RED"}


def test_a_variable_declared_as_needed_stays_needed() -> None:
    call = fitted("query Q($id: ID!) { things(filters: {id: $id}) { id } }")
    assert call.text.splitlines()[0] == "query Q($id: Int!) {"


def test_optional_fields_go_where_the_schema_has_them_not() -> None:
    text = """query Q($id: ID!) {
        thing(id: $id) { id name @optional uid @optional child @optional { size @optional id } }
    }"""
    result = fit(read_documents(text)["Q"], BOUND, dialect="classic")
    assert result.missing == ("Thing.uid", "Thing.size")
    assert result.call is not None
    assert "uid" not in result.call.text
    assert "name" in result.call.text


def test_what_only_an_optional_field_used_goes_with_it() -> None:
    text = """query Q($id: ID!, $size: Int) { thing(id: $id) { id picture(size: $size) @optional { ...P } } }
    fragment P on Thing { id }"""
    result = fit(read_documents(text)["Q"], BOUND, dialect="classic")
    assert result.call is not None
    assert result.call.text == "query Q($id: Int!) {\n  thing(id: $id) {\n    id\n  }\n}"


MUTATION = """mutation M(
    $r: ID!, $l: ID!, $q: Float!, $note: String @optional, $key: String @optional, $value: String @optional
) {
    add(receipt: $r, note: $note, items: [
        {line: $l, quantity: $q, tags: [{key: $key, value: $value}]}
    ]) { id }
}"""


def test_an_optional_variable_goes_with_the_argument_or_input_field_it_stands_for() -> None:
    result = fit(read_documents(MUTATION)["M"], BOUND, dialect="classic")
    assert result.missing == ("Mutation.add(note)", "Item.tags")
    assert result.call is not None
    assert set(result.call.variables) == {"r", "l", "q"}
    assert validate(BOUND, parse(result.call.text)) == []


def test_a_variable_for_which_nobody_has_a_value_goes_silently() -> None:
    text = """query Q($c: Colour @optional, $n: [String!] @optional) {
        things(filters: {colour: $c, names: $n}) { id }
    }"""
    result = fit(read_documents(text)["Q"], BOUND, dialect="classic", unused=frozenset({"n"}))
    assert result.call is not None
    assert set(result.call.variables) == {"c"}
    assert result.missing == ()


def test_a_variable_that_is_needed_keeps_its_input_field() -> None:
    text = """mutation M($r: ID!, $l: ID!, $n: Int @optional) {
        add(receipt: $r, items: [{line: $l, price: $n, of: $l}]) { id }
    }"""
    result = fit(read_documents(text)["M"], BOUND, dialect="classic")
    assert result.call is None
    assert "Item.of" in result.missing


def test_of_two_fields_that_tell_the_same_one_is_enough() -> None:
    text = """query Q { things {
        id
        a: name @optional(or: "title") b: title @optional(or: "name") c: size @optional(or: "weight")
    } }"""
    result = fit(read_documents(text)["Q"], BOUND, dialect="classic")
    assert result.missing == ("Thing.size",)
    assert result.call is not None
    assert "a: name" in result.call.text
    assert "title" not in result.call.text


def test_an_optional_field_of_which_nothing_is_left_goes_too() -> None:
    text = "query Q { things { id child @optional { size @optional weight @optional } } }"
    result = fit(read_documents(text)["Q"], BOUND, dialect="classic")
    assert result.call is not None
    assert "child" not in result.call.text


def test_an_operation_can_be_optional() -> None:
    documents = read_documents("query A { things { id } } mutation B @optional { remove { id } }")
    assert [is_optional(operation_of(document)) for document in documents.values()] == [False, True]
    call = fit(documents["A"], BOUND, dialect="classic").call
    assert call is not None


def test_the_first_text_with_a_fragment_wins() -> None:
    texts = ("fragment F on Thing { name }", "fragment F on Thing { id } fragment G on Thing { id }")
    ((_, document),) = read_documents("query Q { things { ...F ...G } }", *texts).items()
    call = fit(document, BOUND, dialect="classic").call
    assert call is not None
    assert call.text.count("fragment F on Thing {\n  name\n}") == 1
    assert "fragment G" in call.text


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("query Q { nothing { id } }", ("Query.nothing",)),
        ("query Q($id: ID!) { thing(id: $id) { id uid } }", ("Thing.uid",)),
        ("query Q($n: Int) { things(limit: $n) { id } }", ("Query.things(limit)",)),
        ("query Q($u: String) { things(filters: {uid: $u}) { id } }", ("Filter.uid",)),
        ("query Q { things { ...F } } fragment F on Gadget { id }", ("type Gadget",)),
        (
            "mutation M($r: ID!, $l: ID!) { add(receipt: $r, items: [{line: $l, price: 1}]) { id weight } }",
            ("Item.price", "Thing.weight"),
        ),
    ],
)
def test_what_is_missing_is_named(text: str, missing: tuple[str, ...]) -> None:
    ((_, document),) = read_documents(text).items()
    result = fit(document, BOUND, dialect="classic")
    assert result.call is None
    assert set(missing) <= set(result.missing)


def test_an_operation_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="must have a name"):
        read_documents("{ things { id } }")


def test_a_file_prefers_its_own_fragment() -> None:
    own = "query Q { things { ...F } } fragment F on Thing { name }"
    ((_, document),) = read_documents(own, "fragment F on Thing { id } fragment G on Thing { id }").items()
    call = fit(document, BOUND, dialect="classic").call
    assert call is not None
    assert "name" in call.text
    assert "fragment G" not in call.text


def test_merged_questions_come_apart_again() -> None:
    one = fitted("query One($id: ID!) { it: thing(id: $id) { ...F } } fragment F on Thing { id }")
    two = fitted(
        "query Two($c: Colour) { things(filters: {colour: $c}) { ...F } } fragment F on Thing { id }"
    )
    merged = merge([one, two])
    assert merged is not None
    assert validate(BOUND, parse(merged.text)) == []
    assert merged.text.count("fragment F") == 1
    assert merged.encode([{"id": "7"}, {"c": "Green"}]) == {"q0_id": 7, "q1_c": "green"}
    assert merged.split({"q0_it": {"id": 7}, "q1_things": []}) == [{"it": {"id": 7}}, {"things": []}]


def test_ten_and_more_merged_questions_do_not_mix() -> None:
    calls = [fitted("query One($id: ID!) { it: thing(id: $id) { id } }")] * 12
    merged = merge(calls)
    assert merged is not None
    data = {f"q{index}_it": {"id": index} for index in range(12)}
    assert merged.split(data) == [{"it": {"id": index}} for index in range(12)]


def test_fragments_of_one_name_and_two_contents_are_kept_apart() -> None:
    one = fitted("query One { things { ...F } } fragment F on Thing { id }")
    two = fitted("query Two { things { ...F } } fragment F on Thing { name }")
    merged = merge([one, two])
    assert merged is not None
    assert validate(BOUND, parse(merged.text)) == []
    assert "fragment q1_F on Thing" in merged.text


def test_mutations_are_never_merged() -> None:
    mutation = fitted("mutation M($r: ID!) { add(receipt: $r, items: []) { id } }")
    assert merge([mutation, mutation]) is None


def test_a_root_fragment_is_not_merged() -> None:
    call = fitted("query One { ...R } fragment R on Query { things { id } }")
    assert merge([call, call]) is None


def test_an_item_is_repeated_with_its_own_variables() -> None:
    call = fitted(
        "mutation M($r: ID!, $l: ID!, $s: String, $q: Decimal) "
        "{ add(receipt: $r, items: [{line: $l, serial: $s, quantity: $q}]) { id } }"
    )
    repeated, values = repeat_item(call, [{"s": "SN-1", "q": 1}, {"s": "SN-2", "q": 1}])
    assert validate(BOUND, parse(repeated.text)) == []
    assert repeated.encode({**values, "r": 5, "l": 6}) == {
        "r": "5",
        "l": "6",
        "s_0": "SN-1",
        "s_1": "SN-2",
        "q_0": 1.0,
        "q_1": 1.0,
    }
    assert repeated.text.count("line: $l") == 2
