from dataclasses import replace

import pytest

from kiosk.flows import on_delivered
from kiosk.model import (
    Level,
    Operator,
    Submit,
)
from tests.flows.floor import Floor, operation_of
from tests.flows.step_fields import (
    FILE,
    MANY,
    ONE,
    PHOTO,
    SIGN,
    TIME,
    YES,
    at_field,
    run_with,
    value,
)

ASK, STOP, GOOD = Level.ASK, Level.STOP, Level.GOOD


# Yes or no, choices --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("given", "answer"), [("ION/CMD/NO", False), ("Yes", True), ("no", False)])
def test_yes_or_no(given: str, *, answer: bool) -> None:
    floor = at_field(YES)
    floor.scan(given)
    assert floor.submits == [value(YES, answer)]


@pytest.mark.parametrize("given", ["maybe", "ION/CMD/KEY/1", "ION/CMD/NOW", "ION/CMD/CONFIRM"])
def test_neither_yes_nor_no(given: str) -> None:
    floor = at_field(YES)
    floor.scan(given)
    assert (floor.screen, floor.effects) == ("run/field", [])


@pytest.mark.parametrize("given", ["ION/CMD/CHOOSE/2", "rework", "ION/CMD/CHOOSE/option/2"])
def test_one_of_several_options(given: str) -> None:
    floor = at_field(ONE)
    floor.scan(given)
    assert floor.submits == [value(ONE, "Rework")]


def test_options_come_four_a_page() -> None:
    floor = at_field(ONE)
    assert [row["title"] for row in floor.state["rows"]] == ["Accept", "Rework", "Reject", "Hold"]
    said = floor.said
    floor.press("NEXT")
    assert ([row["title"] for row in floor.state["rows"]], floor.said) == (["Scrap"], said)
    floor.press("CHOOSE", "2")
    assert floor.effects == []
    floor.press("CHOOSE", "1")
    assert floor.submits == [value(ONE, "Scrap")]


def test_what_is_no_option_is_refused() -> None:
    floor = at_field(ONE)
    floor.scan("Maybe")
    assert floor.said == (STOP, "Maybe is no choice of Result.")
    for key in ("option/6", "option/x", "x", "said/1"):
        floor.press("CHOOSE", key)
        assert floor.said == (ASK, "CHOOSE does nothing here.")
    assert floor.effects == []


def test_several_options_are_chosen_and_taken_back() -> None:
    floor = at_field(MANY)
    floor.press("CHOOSE", "2")
    floor.scan("dent")
    assert floor.said == (ASK, "2 chosen. Confirm when Marks is complete.")
    assert [(row["title"], row["is_picked"]) for row in floor.state["rows"]] == [
        ("Dent", True),
        ("Scratch", True),
    ]
    floor.press("CHOOSE", "1")
    assert floor.state["picked"] == ["Scratch"]
    floor.press("CONFIRM")
    assert floor.submits == [value(MANY, ["Scratch"])]


def test_nothing_chosen_is_no_answer() -> None:
    floor = at_field(MANY)
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == ((ASK, "Choose all of Marks, then confirm."), [])


# Times ---------------------------------------------------------------------------------------------------


def test_now_is_one_touch() -> None:
    floor = at_field(TIME)
    floor.press("NOW")
    assert floor.submits == [value(TIME, "2026-11-20T10:03:00+00:00")]


def test_digits_of_a_time_are_shown_in_full_first() -> None:
    floor = at_field(TIME)
    for key in "0930":
        floor.press("KEY", key)
    floor.press("CONFIRM")
    assert (floor.said, floor.state["draft_shown"]) == (
        (ASK, "Is this the time? Confirm."),
        "2026-11-20 09:30",
    )
    assert floor.effects == []
    floor.press("CONFIRM")
    assert floor.submits == [value(TIME, "2026-11-20T09:30:00+00:00")]


@pytest.mark.parametrize("given", ["ION/CMD/VALUE/202611190800", "202611190800"])
def test_a_day_goes_before_the_time(given: str) -> None:
    floor = at_field(TIME)
    floor.scan(given)
    assert floor.state["draft_shown"] == "2026-11-19 08:00"


def test_a_time_in_full_is_taken_at_once_and_what_is_none_is_refused() -> None:
    floor = at_field(TIME)
    floor.scan("tomorrow")
    assert floor.said == (STOP, "tomorrow is no time. Enter 1430, or with its day 202611201430.")
    floor.press("KEY", "7")
    assert floor.state["draft_shown"] == "7"
    floor.press("CONFIRM")
    assert floor.said == (STOP, "7 is no time. Enter 1430, or with its day 202611201430.")
    floor.press("UNDO")
    floor.scan("2026-11-20T09:30:00+00:00")
    assert floor.submits == [value(TIME, "2026-11-20T09:30:00+00:00")]


# Signatures and photos -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("scanned", "signer"), [("ION/OP/4711", "4711"), ("ADA LOVELACE", "ADA LOVELACE")])
def test_a_step_is_signed_by_badge_or_name(scanned: str, signer: str) -> None:
    floor = at_field(SIGN)
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == ((ASK, "Inspector: scan your badge or type your name."), [])
    floor.scan(scanned)
    assert (floor.said, floor.effects) == ((ASK, f"Sign Inspector as {signer}? Confirm."), [])
    floor.press("CONFIRM")
    assert floor.submits == [value(SIGN, signer)]


def test_who_is_badged_in_signs_by_confirming() -> None:
    floor = Floor()
    floor.place = replace(floor.place, operator=Operator("4711", "Ada Lovelace"))
    floor.scan("ION/RUN/77", run_with(SIGN))
    floor.press("ENTER")
    floor.press("CHOOSE", "1")
    assert floor.state["operator"] == "Ada Lovelace"
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == ((ASK, "Sign Inspector as Ada Lovelace? Confirm."), [])
    floor.press("CONFIRM")
    assert floor.submits == [value(SIGN, "Ada Lovelace")]


def upload() -> Submit:
    arguments = dict(value(FILE, None).arguments)
    del arguments["value"]
    file = {"digest": PHOTO, "filename": "Picture-1.jpg", "content_type": "image/jpeg", "entity_id": "909"}
    return Submit("attach_file", f"photo/{PHOTO}", "run/77", {**arguments, **file}, serves="step/s1/filled")


def test_a_photo_is_no_choice() -> None:
    floor = at_field(FILE)
    floor.press("CHOOSE", "1")
    assert floor.said == (ASK, "CHOOSE does nothing here.")


def test_a_photo_is_uploaded_and_the_step_completed_after_it() -> None:
    needed = replace(FILE, is_required=True)
    floor = at_field(needed)
    floor.press("PHOTO")
    assert floor.said == (ASK, "Take the photo here, or scan the code with a phone.")
    assert (floor.state["phone"], floor.state["photos_of"]) == ("1", "f9")
    floor.press("PHOTO", "2" * 64)
    floor.press("PHOTO", PHOTO)
    assert (floor.said, floor.state["photos"]) == (
        (ASK, "The photo is kept. Confirm, or take another."),
        [PHOTO],
    )
    assert floor.press("CONFIRM") == "run/run"
    assert floor.submits == [upload()]
    assert floor.said == (GOOD, "Picture: photo kept. All is filled in.")
    assert (floor.state["unfinished"], floor.state["can_complete"]) == (None, True)
    floor.press("COMPLETE")
    assert [(each.operation, each.serves, each.needs) for each in floor.submits] == [
        ("attach_file", "step/s1/filled", ""),
        ("set_step_status", "", "step/s1/filled"),
    ]


def test_the_field_of_a_photo_is_filled_in_with_ions_file() -> None:
    done = replace(operation_of(upload()), result={"file": {"id": "4242", "filename": "Picture-1.jpg"}})
    (effect,) = on_delivered(done)
    assert effect == value(FILE, "4242")
    assert on_delivered(replace(done, result={})) == ()
    assert on_delivered(replace(done, arguments={"digest": PHOTO})) == ()


def test_what_is_no_photo_is_refused() -> None:
    floor = at_field(FILE)
    floor.press("PHOTO", "nonsense")
    assert (floor.said, floor.state["photos"]) == ((STOP, "That was no photo of this kiosk."), [])
    floor.scan("a text")
    assert floor.said == (STOP, "a text does not fit Picture.")
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == ((ASK, "Picture: take a photo, then confirm."), [])


def test_a_tenant_that_takes_no_files_says_so() -> None:
    floor = Floor()
    floor.place = replace(floor.place, offers=frozenset({"set_step_status", "set_field_value"}))
    floor.scan("ION/RUN/77", run_with(FILE))
    floor.press("ENTER")
    floor.press("CHOOSE", "1")
    floor.press("PHOTO", PHOTO)
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == ((STOP, "This ION does not offer to attach files to Picture."), [])
