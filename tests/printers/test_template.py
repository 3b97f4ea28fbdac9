import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers import LabelInvalid
from printers.template import Condition, Template


@pytest.mark.parametrize(
    ("source", "fields", "filled"),
    [
        ("", (), ""),
        ("plain {text}", (), "plain {text}"),
        ("${part.partNumber}", ("part.partNumber",), "4711"),
        ("a ${x} b ${part.partNumber}c", ("x", "part.partNumber"), "a 1 b 4711c"),
        ("$$5 ${missing}!", ("missing",), "$5 !"),
        ("$${x}", (), "${x}"),
    ],
)
def test_placeholders_name_fields_and_dollars_are_doubled(
    source: str, fields: tuple[str, ...], filled: str
) -> None:
    template = Template.parse(source)
    assert template.fields == fields
    assert template.fill({"x": "1", "part.partNumber": "4711"}) == filled


@pytest.mark.parametrize(
    "source", ["$", "$x", "${}", "${a b}", "${x+1}", "${x.}", "${x[0]}", "${__class__}", "${x"]
)
def test_anything_but_a_name_is_refused(source: str) -> None:
    with pytest.raises(LabelInvalid, match="expected a placeholder such as"):
        Template.parse(source)


@given(st.text())
def test_values_are_never_looked_at_for_placeholders(value: str) -> None:
    assert Template.parse("<${x}>").fill({"x": value, "y": "no"}) == f"<{value}>"
    assert Template.parse("<${x}>").fill({"x": "${y}$$"}) == "<${y}$$>"


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ({"serial": "1"}, True),
        ({"serial": ""}, False),
        ({}, False),
        ({"serial": "1", "lot": ""}, True),
        ({"serial": "1", "lot": "2"}, False),
    ],
)
def test_a_condition_asks_which_fields_have_a_value(values: dict[str, str], holds: bool) -> None:
    assert Condition(present=("serial",), absent=("lot",)).holds(values) is holds
    assert Condition().holds(values)
