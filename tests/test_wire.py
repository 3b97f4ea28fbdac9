import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.model import Inventory, Json, Level, Message, Order, OrderLine, Part, Run, Stock, Subject, Tracking
from kiosk.wire import from_json, object_json, plain, subject_from_json, to_json, told_again, told_json
from kiosk.words import Told, listed, told
from tests.flows.floor import BARE, BOLT, HEADING, LOT, ORDER, RUN, SHELF, UNIT

QUANTITIES = st.decimals(min_value=0, max_value=10**12, places=6)


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        ("10", "10"),
        ("100", "100"),
        ("1E+2", "100"),
        ("2.50", "2.5"),
        ("0.000", "0"),
        ("0E+3", "0"),
        ("1E-6", "0.000001"),
        ("-2.0", "-2"),
        ("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
    ],
)
def test_quantities_are_written_plainly(quantity: str, text: str) -> None:
    assert plain(Decimal(quantity)) == text


@given(QUANTITIES)
def test_a_plain_quantity_is_the_same_quantity(quantity: Decimal) -> None:
    assert Decimal(plain(quantity)) == quantity
    assert set(plain(quantity)) <= {*"0123456789."}


@pytest.mark.parametrize(
    "subject",
    [UNIT, LOT, BARE, replace(UNIT, runs=(HEADING,), uid="0" * 32), Stock(BOLT, (LOT,)), ORDER, RUN, SHELF],
)
def test_subjects_survive_the_journal(subject: Subject) -> None:
    assert subject_from_json(json.loads(json.dumps(object_json(subject)))) == subject


@given(
    st.builds(
        Inventory,
        id=st.text(),
        part=st.builds(Part, id=st.text(), number=st.text()),
        quantity=QUANTITIES,
        status=st.text(),
        serial=st.none() | st.text(),
    )
)
def test_any_inventory_survives_the_journal(inventory: Inventory) -> None:
    written = json.loads(json.dumps(object_json(inventory)))
    assert from_json(Inventory, written) == inventory == subject_from_json(written)


def test_every_kind_of_value_has_its_json() -> None:
    value = {
        "none": None,
        "yes": True,
        "count": 3,
        "share": 0.5,
        "word": Tracking.LOT,
        "quantity": Decimal("2.50"),
        "at": datetime(2026, 11, 20, 10, 3, tzinfo=UTC),
        "rows": (Part("1", "A"), ["x"]),
        "said": Message(Level.ASK, "{a}", {"a": "b"}),
    }
    part = {"id": "1", "number": "A", "revision": "", "description": "", "tracking": "none"}
    assert to_json(value) == {
        "none": None,
        "yes": True,
        "count": 3,
        "share": 0.5,
        "word": "lot",
        "quantity": "2.5",
        "at": "2026-11-20T10:03:00+00:00",
        "rows": [part, ["x"]],
        "said": {"level": "ask", "template": "{a}", "values": {"a": "b"}},
    }
    assert type(json.loads(json.dumps(to_json(Tracking.LOT)))) is str


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, object(), Tracking])
def test_what_is_no_value_of_the_model_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"Cannot write .* as JSON: expected a value of the model, got "):
        to_json(value)


@pytest.mark.parametrize("value", [None, "text", 3, [1]])
def test_only_objects_are_objects(value: object) -> None:
    with pytest.raises(TypeError, match="as a JSON object"):
        object_json(value)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"kind": "ghost"},
        {"kind": "location"},
        {"kind": "location", "id": 3, "name": "x"},
        {**object_json(UNIT), "quantity": "many"},
    ],
)
def test_what_is_no_subject_is_refused(data: Json) -> None:
    with pytest.raises(ValueError, match="validation error"):
        subject_from_json(data)


def test_what_screens_add_is_left_out() -> None:
    line = {**object_json(ORDER.lines[0]), "remaining": "1", "queued": "2"}
    assert from_json(OrderLine, line) == ORDER.lines[0]
    order = {**object_json(ORDER), "lines": [line]}
    assert from_json(Order, order) == replace(ORDER, lines=ORDER.lines[:1])
    assert from_json(Run, object_json(RUN)) == RUN


def test_a_sentence_is_kept_with_what_it_is_made_of() -> None:
    gone = listed((told("{name} is gone", name="'x'"), told("ION does not permit it.")))
    kept = json.loads(json.dumps(told_json(gone)))
    again = told_again(str(gone), kept)
    assert isinstance(again, Told)
    assert (again, again.template, again.values) == (gone, gone.template, gone.values)
    assert told_json(again) == kept
    assert all(isinstance(value, Told) for value in again.values.values())
    assert told_json(str(gone)) is None
    assert to_json({"why": gone}) == {"why": str(gone)}


def test_a_sentence_with_an_empty_one_in_it_is_kept_too() -> None:
    gone = told("Of {rows} nothing is there", rows=listed(()))
    again = told_again(str(gone), told_json(gone))
    assert isinstance(again, Told)
    assert (again, again.values) == ("Of  nothing is there", {"rows": ""})


@pytest.mark.parametrize(
    "made_of",
    [
        None,
        {},
        [],
        "{name} is gone",
        {"template": "{name} is gone"},
        {"template": "{name} is gone", "values": {"name": "y"}},
        {"template": "{name} is gone", "values": {}},
        {"template": "{0} is gone", "values": {"name": "x"}},
        {"template": "{name", "values": {"name": "x"}},
        {"template": "{name.upper.x}", "values": {"name": "x"}},
        {"template": 7, "values": {"name": "x"}},
        {"template": "{name} is gone", "values": [["name", "x"]]},
    ],
)
def test_what_makes_another_text_counts_for_nothing(made_of: Json) -> None:
    again = told_again("x is gone", made_of)
    assert (again, type(again)) == ("x is gone", str)
