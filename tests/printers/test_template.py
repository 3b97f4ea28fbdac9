import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers import LabelInvalid
from printers.formats import parse_format
from printers.template import Condition, Gs1Template, Template


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


def test_formats_are_by_field() -> None:
    formats = {"on": parse_format("DD.MM.YYYY"), "count": parse_format("#,##0")}
    template = Template.parse("${count} of ${serial}, ${on}", formats)
    values = {"on": "2025-12-31", "count": "1200", "serial": "1200"}
    assert template.fill(values) == "1,200 of 1200, 31.12.2025"
    assert template.fill({}) == " of , "
    with pytest.raises(LabelInvalid) as caught:
        Template.parse("${count}", formats)
    assert str(caught.value) == "template '${count}': expected formats for its own fields, got 'on'"


def test_gs1_elements_are_joined_as_a_scanner_reports_them() -> None:
    template = Gs1Template.parse(
        "(01)${gtin}(17)${expires}(10)${lot}(21)S-${serial}", {"expires": parse_format("YYMMDD")}
    )
    assert template.fields == ("gtin", "expires", "lot", "serial")
    values = {"gtin": "04012345678901", "expires": "2025-12-31", "lot": "L(10)", "serial": "7"}
    assert template.fill(values) == "01040123456789011725123110L(10)\x1d21S-7"
    assert template.fill({**values, "lot": ""}) == "01040123456789011725123121S-7"


@given(st.text())
def test_no_value_becomes_a_gs1_identifier(value: str) -> None:
    template = Gs1Template.parse("(01)${gtin}(10)${lot}(21)${serial}")
    values = {"gtin": "04012345678901", "lot": value, "serial": "7"}
    try:
        filled = template.fill(values)
    except LabelInvalid:
        return
    assert filled == ("0104012345678901" + f"10{value}\x1d" * bool(value) + "217")


@pytest.mark.parametrize(
    "source", ["", "${gtin}", "01${gtin}", "(01)", "(01)${gtin}(10)", "(1)2", "(01)${gtin})", "(ab)1"]
)
def test_gs1_values_stand_behind_their_identifiers(source: str) -> None:
    with pytest.raises(LabelInvalid) as caught:
        Gs1Template.parse(source)
    assert str(caught.value) == (
        f"template {source!r}: expected GS1 elements such as (01)${{gtin}}(10)${{lotNumber}}"
    )


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
