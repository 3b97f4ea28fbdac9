from dataclasses import replace
from typing import Any

import pytest

from kiosk.model import (
    Level,
    OperationState,
    Subject,
)
from kiosk.wire import object_json
from tests.flows.floor import HEADING, LOT, ORDER, RUN, SHELF, UNIT, Floor
from tests.flows.step_fields import (
    NOTE,
    NUMBER,
    TEXT,
    YES,
    at_field,
    run_with,
    value,
)

ASK, STOP, GOOD = Level.ASK, Level.STOP, Level.GOOD


def test_a_step_is_filled_in_field_by_field_then_completed() -> None:
    floor = Floor()
    floor.scan("ION/RUN/77", run_with(TEXT, NUMBER, YES, NOTE, status="TODO"))
    assert floor.press("START") == "run/run"
    assert floor.state["unfinished"] == "3 fields are missing: O-ring lot first."
    assert (floor.state["can_complete"], floor.state["current_step"]) == (False, "s1")
    assert floor.press("COMPLETE") == "run/field"
    assert floor.said == (ASK, "3 fields are missing: O-ring lot first.")
    heard = []
    for text in ("LOT-1", "6.2", "ION/CMD/YES"):
        floor.scan(text)
        heard.append((floor.screen, floor.said))
    assert heard == [
        ("run/field", (ASK, "O-ring lot: LOT-1. Now enter Torque.")),
        ("run/field", (ASK, "Torque: 6.2 N.m. Now Stripe: yes or no?")),
        ("run/run", (GOOD, "Stripe: yes. All is filled in.")),
    ]
    assert (floor.state["can_complete"], floor.state["unfinished"]) == (True, None)
    assert [field["shown"] for field in floor.state["fields"]] == ["LOT-1", "6.2 N.m", "yes", ""]
    assert [field["is_queued"] for field in floor.state["fields"]] == [True, True, True, False]
    assert floor.scan("ION/CMD/COMPLETE") == "run/run"
    assert [submit.operation for submit in floor.submits] == [
        "set_step_status", "set_field_value", "set_field_value", "set_field_value", "set_step_status",
    ]  # fmt: skip
    assert floor.submits[1:4] == [
        value(TEXT, "LOT-1"),
        value(NUMBER, "6.2"),
        value(YES, given=True),
    ]
    assert floor.submits[4].arguments["status"] == "COMPLETE"
    assert {submit.subject for submit in floor.submits} == {"run/77"}


def test_one_missing_field_is_named() -> None:
    floor = at_field(TEXT)
    floor.press("BACK")
    assert (floor.screen, floor.said) == ("run/run", (ASK, "O-ring lot is missing."))
    floor.press("COMPLETE")
    assert (floor.screen, floor.said, floor.effects) == ("run/field", (ASK, "O-ring lot is missing."), [])


def test_without_missing_fields_all_are_listed_to_be_corrected() -> None:
    filled = replace(TEXT, value="LOT-1")
    floor = Floor()
    floor.scan(
        "ION/RUN/77", run_with(filled, *(replace(NOTE, id=f"n{n}", name=f"Note {n}") for n in range(5)))
    )
    assert floor.press("ENTER") == "run/fields"
    assert floor.said == (ASK, "Assemble: choose what to fill in or correct.")
    assert [(row["key"], row["shown"]) for row in floor.state["rows"]] == [
        ("field/f1", "LOT-1"), ("field/n0", ""), ("field/n1", ""), ("field/n2", ""),
    ]  # fmt: skip
    floor.press("NEXT")
    assert [row["key"] for row in floor.state["rows"]] == ["field/n3", "field/n4"]
    floor.hears(run_with(replace(filled, value="LOT-2")))
    assert (floor.screen, floor.state["rows"][0]["shown"]) == ("run/fields", "LOT-2")
    floor.press("CHOOSE", "field/f1")
    assert (floor.screen, floor.said) == ("run/field", (ASK, "Scan or type O-ring lot."))
    floor.scan("LOT-3")
    assert floor.submits == [value(filled, "LOT-3", before="LOT-2")]
    assert floor.screen == "run/run"


def test_back_from_the_list_leads_to_the_run() -> None:
    floor = Floor()
    floor.scan("ION/RUN/77", run_with(NOTE))
    floor.press("ENTER")
    floor.press("CHOOSE", "9")
    assert floor.said == (ASK, "CHOOSE does nothing here.")
    assert floor.press("BACK") == "run/run"
    assert floor.said == (ASK, "Assemble is in progress.")


def test_a_step_moves_on_from_the_list_of_its_fields() -> None:
    floor = Floor()
    floor.scan("ION/RUN/77", run_with(replace(TEXT, value="LOT-1"), NOTE))
    floor.press("ENTER")
    assert floor.press("COMPLETE") == "run/run"
    assert floor.submits[0].arguments["status"] == "COMPLETE"
    floor = Floor()
    floor.scan("ION/RUN/77", run_with(NOTE))
    floor.press("ENTER")
    assert floor.scan("[)>\x1e06\x1dPX-1\x1e\x04") == "home/unknown"
    floor.press("BACK")
    floor.press("PRINT")
    assert floor.said == (ASK, "PRINT does nothing here.")


def test_a_step_without_fields_says_so() -> None:
    floor = Floor()
    floor.scan("ION/RUN/77", run_with())
    assert floor.press("ENTER") == "run/run"
    assert floor.said == (ASK, "Assemble has nothing to fill in.")


def test_a_tenant_without_the_operation_says_so() -> None:
    floor = Floor()
    floor.place = replace(floor.place, offers=frozenset({"set_step_status"}))
    floor.scan("ION/RUN/77", run_with(NOTE))
    assert floor.press("ENTER") == "run/run"
    assert floor.said == (STOP, "This ION does not offer to fill in fields. Do it there.")
    floor.scan("ION/RUN/77", run_with(TEXT))
    assert floor.press("COMPLETE") == "run/run"
    said = "O-ring lot is missing, and this ION does not offer to fill it in. Do it there."
    assert floor.said == (STOP, said)
    assert floor.state["unfinished"] == said


def test_what_was_filled_in_elsewhere_is_not_asked_again() -> None:
    floor = at_field(TEXT, NUMBER)
    floor.hears(run_with(TEXT, replace(NUMBER, value=5.5)))
    assert floor.screen == "run/field"
    assert floor.scan("LOT-1") == "run/run"
    assert floor.state["can_complete"]


def test_a_refused_value_is_missing_again() -> None:
    floor = at_field(TEXT)
    floor.scan("LOT-1")
    floor.delivers(state=OperationState.REJECTED)
    assert floor.said == (STOP, "ION did not take it. O-ring lot: Lot is unknown")
    assert floor.state["unfinished"] == "O-ring lot is missing."


def test_a_value_that_ion_has_is_not_announced() -> None:
    floor = at_field(TEXT, NUMBER)
    floor.scan("LOT-1")
    said = floor.said
    floor.delivers({"run": object_json(run_with(replace(TEXT, value="LOT-1"), NUMBER))})
    assert (floor.screen, floor.said) == ("run/field", said)
    assert floor.state["fields"][0]["is_queued"] is False


def test_a_step_that_somebody_else_completed_is_not_filled_in() -> None:
    floor = at_field(TEXT)
    floor.hears(run_with(TEXT, status="COMPLETE"))
    assert (floor.screen, floor.said) == ("run/run", (ASK, "Assemble is complete now."))
    floor = at_field(NOTE)
    floor.press("BACK")
    floor.press("ENTER")
    floor.hears(replace(run_with(NOTE), steps=()))
    assert floor.screen == "run/run"
    assert floor.effects == []


# Text ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "subjects", "given"),
    [
        ("AB 12", (), "AB 12"),
        ("PO-7", (), "PO-7"),
        ('{"uid":"00000000000000000000000000000001"}', (LOT,), "LOT-A"),
        ("ION/PI/501", (UNIT,), "SN-1"),
        ("ION/LOC/4", (SHELF,), "Shelf 2"),
        ("[)>\x1e06\x1d1TLOT-7\x1e\x04", (), "LOT-7"),
    ],
)
def test_a_scan_goes_into_the_text_that_is_asked(
    text: str, subjects: tuple[Subject, ...], given: str
) -> None:
    floor = at_field(TEXT)
    assert floor.scan(text, *subjects) == "run/run"
    assert floor.submits == [value(TEXT, given)]


def test_of_a_label_that_says_several_things_a_person_chooses() -> None:
    floor = at_field(TEXT)
    assert floor.scan("[)>\x1e06\x1dPBOLT-1\x1d1TLOT-7\x1d10D2245\x1e\x04") == "home/choose"
    assert floor.said == (ASK, "The label says several things. Which one is O-ring lot?")
    assert [(each["title"], each["detail"]) for each in floor.state["options"]] == [
        ("LOT-7", "lot"), ("BOLT-1", "part"),
    ]  # fmt: skip
    floor.press("BACK")
    assert (floor.screen, floor.effects) == ("run/field", [])
    floor.scan("[)>\x1e06\x1dPBOLT-1\x1d1TLOT-7\x1e\x04")
    assert floor.press("CHOOSE", "2") == "run/run"
    assert floor.submits == [value(TEXT, "BOLT-1")]


def test_the_same_scan_twice_does_not_fill_in_the_next_field() -> None:
    second = replace(TEXT, id="f1b", name="Glue lot")
    floor = at_field(TEXT, second)
    floor.scan("LOT-1")
    floor.scan("LOT-1")
    assert floor.said == (ASK, "LOT-1 was scanned for the field before. Confirm if Glue lot is the same.")
    assert len(floor.submits) == 1
    floor.press("CONFIRM")
    assert floor.submits[1] == value(second, "LOT-1")


def test_a_text_that_is_too_long_or_says_nothing_is_refused() -> None:
    floor = at_field(TEXT)
    floor.scan("x" * 201)
    assert floor.said == (STOP, f"{'x' * 30}… is too long for O-ring lot.")
    floor.scan("[)>\x1e06\x1dQ5\x1e\x04")
    assert floor.said == (STOP, "That says nothing that fits O-ring lot.")
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == ((ASK, "Scan or type O-ring lot."), [])


def test_text_can_be_given_key_by_key() -> None:
    floor = at_field(TEXT)
    for key in ("1", "2", "DOT", "MINUS", "3"):
        floor.scan(f"ION/CMD/KEY/{key}")
    floor.press("UNDO")
    assert floor.state["draft"] == "12.-"
    floor.press("CONFIRM")
    assert floor.submits == [value(TEXT, "12.-")]


def test_keys_without_end_end_somewhere() -> None:
    floor = at_field(TEXT)
    for _ in range(210):
        floor.press("KEY", "1")
    assert len(floor.state["draft"]) == 200


def test_a_run_or_an_order_leads_away_while_nothing_is_entered() -> None:
    other = replace(RUN, id="78")
    floor = at_field(TEXT)
    assert floor.scan("ION/RUN/78", other) == "run/run"
    assert floor.state["run"]["id"] == "78"
    floor = at_field(TEXT)
    assert floor.scan("ION/PO/42", ORDER) == "receive/order"
    floor = at_field(NUMBER)
    floor.press("KEY", "5")
    assert floor.scan("ION/RUN/78", other) == "home/switch"
    assert floor.said is not None
    assert floor.said[1].startswith("Leave 5 for Torque, and go to Valve acceptance?")
    assert floor.press("CONFIRM") == "run/run"
    assert (floor.state["run"]["id"], floor.effects) == ("78", [])


def test_stock_with_a_run_is_text_where_text_is_asked_and_else_leads_to_its_run() -> None:
    built = replace(UNIT, runs=(HEADING,))
    floor = at_field(TEXT)
    floor.scan("ION/PI/501", built)
    assert floor.submits == [value(TEXT, "SN-1")]
    floor = at_field(NUMBER)
    floor.scan("ION/PI/501", built)
    assert (floor.effects, floor.followed) == ([], ["ION/RUN/77"])


# Numbers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["ION/CMD/VALUE/6.2", "6.2"])
def test_a_number_by_keypad_command_or_scan(command: str) -> None:
    floor = at_field(NUMBER)
    assert floor.scan(command) == "run/run"
    assert floor.submits == [value(NUMBER, "6.2")]


def test_a_number_key_by_key_with_its_sign() -> None:
    floor = at_field(replace(NUMBER, least=None))
    for key in ("4", "DOT", "5", "MINUS"):
        floor.press("KEY", key)
    assert (floor.state["draft"], floor.said) == ("-4.5", (ASK, "Enter Torque."))
    floor.press("KEY", "MINUS")
    assert floor.state["draft"] == "4.5"
    floor.press("CONFIRM")
    assert floor.submits == [value(replace(NUMBER, least=None), "4.5")]


def test_quantities_count_up_and_are_confirmed() -> None:
    floor = at_field(NUMBER)
    for argument in ("+1", "+2.5", "+1"):
        floor.press("QUANTITY", argument)
    assert (floor.state["draft"], floor.effects) == ("4.5", [])
    floor.press("CONFIRM")
    assert floor.submits == [value(NUMBER, "4.5")]


def test_a_number_beyond_the_range_is_asked_about() -> None:
    floor = at_field(NUMBER)
    floor.scan("7.5")
    assert floor.said == (ASK, "7.5 is not within 3 – 6.5 N.m. Confirm if it was measured so.")
    assert (floor.state["draft"], floor.state["is_asked"], floor.effects) == ("7.5", True, [])
    floor.press("CONFIRM")
    assert floor.submits == [value(NUMBER, "7.5")]


def test_another_number_takes_the_place_of_one_that_was_asked_about() -> None:
    floor = at_field(NUMBER)
    floor.scan("7.5")
    floor.press("KEY", "1")
    assert floor.state["is_asked"] is False
    floor.press("CONFIRM")
    assert floor.said == (ASK, "7.51 is not within 3 – 6.5 N.m. Confirm if it was measured so.")
    floor.scan("6")
    assert floor.submits == [value(NUMBER, "6")]


@pytest.mark.parametrize("given", ["six", "6,2", "1e9", "--5"])
def test_what_is_no_number_is_refused(given: str) -> None:
    floor = at_field(NUMBER)
    floor.scan(given)
    assert floor.said == (STOP, f"{given} is no number. Torque takes a number such as 6.2.")
    floor.press("VALUE")
    assert floor.said == (STOP, "Nothing is no number. Torque takes a number such as 6.2.")
    assert floor.effects == []


def test_a_label_of_goods_is_no_measurement() -> None:
    floor = at_field(NUMBER)
    floor.scan("[)>\x1e06\x1dP5\x1d1T6\x1e\x04")
    assert (floor.screen, floor.said) == ("run/field", (STOP, "That says nothing that fits Torque."))


def test_the_code_of_something_is_no_measurement_unasked() -> None:
    free = replace(NUMBER, least=None, most=None)
    floor = at_field(free)
    floor.scan("4006381333")
    assert floor.said == (ASK, "4006381333 for Torque? Confirm if it is right.")
    assert floor.effects == []
    floor.press("CONFIRM")
    assert floor.submits == [value(free, "4006381333")]


# Leaving -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["START", "COMPLETE", "ENTER"])
def test_other_work_on_the_step_waits_for_the_field(verb: str) -> None:
    floor = at_field(NUMBER)
    floor.press(verb)
    assert (floor.said, floor.effects) == ((ASK, "Fill in Torque first, or go back."), [])


def test_a_step_can_fail_while_its_field_is_asked_for() -> None:
    floor = at_field(NUMBER)
    assert floor.press("FAIL") == "problem/title"
    floor = at_field(NUMBER)
    floor.press("KEY", "9")
    for verb in ("FAIL", "HOLD", "PROBLEM", "NEXT"):
        assert floor.press(verb) == "run/field"
        assert floor.said == (ASK, "Confirm 9 for Torque first, or cancel.")


def test_the_next_field_can_be_asked_for_before_this_one() -> None:
    floor = at_field(TEXT, NUMBER)
    floor.press("NEXT")
    assert floor.state["field"]["id"] == "f2"
    floor.press("NEXT")
    assert floor.state["field"]["id"] == "f1"


def test_what_is_entered_is_kept_when_news_come() -> None:
    floor = at_field(NUMBER)
    floor.press("KEY", "9")
    said = floor.said
    floor.hears(run_with(replace(NUMBER, value=4)))
    entered: Any = floor.state
    assert (entered["draft"], entered["field"]["shown"], floor.said) == ("9", "4 N.m", said)
    assert floor.press("PRINT") == "run/field"
    assert floor.said == (ASK, "PRINT does nothing here.")
