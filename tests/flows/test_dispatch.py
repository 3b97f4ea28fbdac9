from dataclasses import replace

import pytest

from kiosk.barcodes import read
from kiosk.flows import FLOWS, concerned, subject_shown
from kiosk.flows.flow import Flow, Pressed, Printed, Refreshed, Scanned, Settled
from kiosk.language import language
from kiosk.model import JobState, Level, Location, Stock, Subject, Submit
from tests.flows.floor import (
    BOLT,
    DOCK,
    HEADING,
    LOT,
    NOW,
    ORDER,
    OTHER_ORDER,
    RUN,
    SHELF,
    TAPE,
    UNIT,
    Floor,
    at_line,
    at_order,
    operation_of,
)
from tests.flows.test_sequel import job

ASK, STOP, GOOD = Level.ASK, Level.STOP, Level.GOOD
MANY = tuple(replace(UNIT, id=str(number), serial=f"SN-{number}") for number in range(1, 6))


def only(*flows: str) -> Floor:
    floor = Floor()
    floor.place = replace(floor.place, flows=flows)
    return floor


# Which flow


@pytest.mark.parametrize(
    ("flows", "subject", "screen"),
    [
        (("label", "move", "lookup"), UNIT, "lookup/inventory"),
        (("label", "move"), UNIT, "move/item"),
        (("label",), UNIT, "label/label"),
        (("run",), RUN, "run/run"),
        (("lookup",), Stock(BOLT), "lookup/part"),
    ],
)
def test_a_bare_scan_opens_what_fits(flows: tuple[str, ...], subject: Subject, screen: str) -> None:
    assert only(*flows).scan("anything", subject) == screen


@pytest.mark.parametrize(
    ("flows", "subject", "said"),
    [
        (("run",), ORDER, "Purchase order PO-7: this station has no job for it."),
        (("run",), UNIT, "Stock SN-1: this station has no job for it."),
        (("receive",), SHELF, "Location Shelf 2: this station has no job for it."),
        ((), RUN, "Run Valve acceptance: this station has no job for it."),
        (("label",), Stock(BOLT), "Part BOLT-1 rev C: this station has no job for it."),
    ],
)
def test_a_station_without_the_job_says_so(flows: tuple[str, ...], subject: Subject, said: str) -> None:
    floor = only(*flows)
    assert floor.scan("anything", subject) == "home/idle"
    assert floor.said == (STOP, said)


def test_a_station_that_only_runs_follows_stock_to_its_run() -> None:
    floor = only("run")
    floor.scan("SN-1", replace(UNIT, runs=(HEADING,)))
    assert floor.followed == ["ION/RUN/77"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("receive", "Scan a purchase order."),
        ("lookup", "Scan a label, a part number or a location."),
        ("move", "Scan the stock that moves, or the place it goes to."),
        ("run", "Scan a run, or stock with an open run."),
        ("label", "Scan what the label is for."),
        ("problem", "Scan the run or the stock with the problem."),
        ("adjust", "Scan the stock to count or to scrap."),
    ],
)
def test_a_flow_says_what_it_wants(name: str, said: str) -> None:
    floor = Floor()
    assert floor.press("FLOW", name) == "home/idle"
    assert (floor.said, floor.state) == ((ASK, said), {"wanted": name})
    floor.press("BACK")
    assert (floor.said, floor.state) == (None, {"wanted": None})


@pytest.mark.parametrize(
    ("name", "screen"),
    [
        ("move", "move/item"),
        ("label", "label/label"),
        ("LABEL", "label/label"),
        ("lookup", "lookup/inventory"),
    ],
)
def test_a_flow_takes_along_what_is_on_the_screen(name: str, screen: str) -> None:
    floor = Floor()
    floor.scan("SN-1", UNIT, as_of=NOW)
    assert floor.press("FLOW", name) == screen
    assert floor.state.get("as_of", NOW.isoformat()) == NOW.isoformat()
    assert floor.press("FLOW", "receive") == "home/idle"
    assert floor.state == {"wanted": "receive"}


def test_the_run_flow_follows_the_run_of_the_stock_on_the_screen() -> None:
    floor = Floor()
    floor.scan("SN-1", replace(UNIT, runs=(HEADING,)))
    assert floor.press("FLOW", "run") == "lookup/inventory"
    assert floor.followed == ["ION/RUN/77"]


def test_a_flow_that_the_station_does_not_do_is_refused() -> None:
    floor = only("run", "lookup")
    floor.press("FLOW", "{receive}")
    assert floor.said == (STOP, "This station does not do {receive}. It does run, lookup.")
    floor = only()
    floor.press("FLOW", "run")
    assert floor.said == (STOP, "This station does not do run. It does nothing.")


def test_home_is_always_one_press_away() -> None:
    floor = at_order()
    assert floor.press("HOME") == "home/idle"
    assert floor.said is None


@pytest.mark.parametrize(("verb", "argument", "into"), [("HOME", None, "home"), ("FLOW", "run", "run")])
def test_leaving_by_a_button_is_asked_too(verb: str, argument: str | None, into: str) -> None:
    floor = at_line(BOLT)
    floor.scan("LOT-9")
    before = floor.session
    assert floor.press(verb, argument) == "home/switch"
    assert floor.said == (
        ASK,
        f"Leave 6 × BOLT-1, lot LOT-9, to WH-Receiving, and go to {into}? What was entered is not kept.",
    )
    assert (floor.state["entered"], floor.state["into"]) == ("6 × BOLT-1, lot LOT-9, to WH-Receiving", into)
    assert floor.press("START") == "home/switch"
    assert floor.said == (ASK, "Confirm to leave, or go back.")
    assert floor.press("BACK") == "receive/line"
    assert floor.state == before.state
    floor.press(verb, argument)
    assert floor.press("CONFIRM") == "home/idle"
    assert floor.state == {"wanted": argument}


def test_a_scan_answers_the_question_of_leaving_by_staying() -> None:
    floor = at_line(BOLT)
    floor.press("QUANTITY", "2")
    floor.scan("ION/RUN/77", RUN)
    assert floor.scan("LOT-9") == "receive/line"
    assert (floor.state["quantity"], floor.state["lot"]) == ("2", "LOT-9")


# Several hits


def test_several_hits_are_offered_page_by_page() -> None:
    floor = Floor()
    assert floor.scan("LOT-A", *MANY, as_of=NOW) == "home/choose"
    assert floor.said == (ASK, "LOT-A can be 5 things. Which one is it?")
    assert floor.state["options"][0] == {
        "key": "inventory/1",
        "title": "SN-1",
        "detail": "VLV-1 · 1 · available · Shelf 2",
        "kind": "inventory",
    }
    seen = []
    for _ in range(3):
        seen.append((floor.state["page"], floor.state["pages"], len(floor.state["options"])))
        assert floor.press("NEXT") == "home/choose"
    assert seen == [("1", "2", 4), ("2", "2", 1), ("1", "2", 4)]
    assert floor.press("CHOOSE", "inventory/2") == "lookup/inventory"
    assert (floor.state["inventory"]["serial"], floor.state["as_of"]) == ("SN-2", NOW.isoformat())


@pytest.mark.parametrize("verb", ["BACK", "CANCEL"])
def test_not_choosing_loses_nothing(verb: str) -> None:
    floor = at_line(TAPE)
    floor.press("QUANTITY", "2")
    before = floor.session
    assert floor.scan("LOT-A", *MANY) == "home/choose"
    assert floor.press(verb) == "receive/line"
    assert floor.session == before


def test_what_is_on_its_way_is_counted_in_for_what_a_question_leads_to() -> None:
    floor = at_line(TAPE)
    floor.press("CONFIRM")
    floor.scan("PO-8", OTHER_ORDER)
    floor.scan("7", ORDER, RUN)
    floor.press("CHOOSE", "order/42")
    assert floor.line(3)["queued"] == "2.5"
    floor.scan("PO-8", OTHER_ORDER)
    floor.press("CHOOSE", "order-line/3")
    floor.press("QUANTITY", "1")
    floor.scan("PO-7", ORDER)
    floor.press("CONFIRM")
    assert floor.line(3)["queued"] == "2.5"


def test_what_an_event_is_about_is_known() -> None:
    floor = Floor()
    floor.scan("SN-1", UNIT)
    operation = operation_of(Submit("receive", "order-line/1", "order/42", {}))
    assert [
        concerned(floor.session, event)
        for event in (
            Pressed("PRINT"),
            Refreshed(RUN),
            Settled(operation),
            Scanned(read(b"x"), (UNIT, ORDER)),
        )
    ] == [
        ("inventory/501",),
        ("run/77", "inventory/501"),
        ("order/42", "inventory/501"),
        ("inventory/501", "order/42"),
    ]


def test_choosing_something_else_is_asked_where_something_is_entered() -> None:
    floor = at_line(TAPE)
    floor.press("QUANTITY", "2")
    floor.scan("LOT-A", *MANY)
    assert floor.press("CHOOSE", "inventory/1") == "home/switch"
    assert floor.press("CONFIRM") == "lookup/inventory"


@pytest.mark.parametrize("key", [None, "inventory/99", "nonsense"])
def test_what_was_not_offered_cannot_be_chosen(key: str | None) -> None:
    floor = Floor()
    floor.scan("LOT-A", *MANY)
    assert floor.press("CHOOSE", key) == "home/choose"
    assert floor.said == (ASK, "CHOOSE does nothing here.")


def test_the_flow_that_was_wanted_takes_the_choice() -> None:
    floor = Floor()
    floor.press("FLOW", "move")
    floor.scan("LOT-A", *MANY)
    assert floor.press("CHOOSE", "inventory/1") == "move/item"


def test_orders_runs_and_parts_are_told_apart() -> None:
    floor = Floor()
    floor.scan("7", ORDER, RUN, Stock(BOLT), replace(ORDER, id="9", supplier=""))
    assert [(option["title"], option["detail"]) for option in floor.state["options"]] == [
        ("PO-7", "Bolts & Sons · ordered"),
        ("Valve acceptance", "VLV-1 · to do"),
        ("BOLT-1 rev C", "Bolt, hex"),
        ("PO-7", "ordered"),
    ]
    floor.scan("7", DOCK, RUN)
    assert floor.state["options"][0]["detail"] == "location"


def test_the_screen_says_when_the_label_came_out() -> None:
    floor = Floor()
    floor.scan("SN-1", UNIT)
    floor.press("PRINT")
    before = floor.state
    floor.happens(Printed(job(JobState.CONFIRMED, serialNumber="SN-1")))
    assert floor.said == (GOOD, "The label of SN-1 came out.")
    assert floor.state == before


def test_a_choice_is_made_by_its_number_on_the_screen_too() -> None:
    floor = Floor()
    floor.scan("7", DOCK, RUN)
    assert floor.press("CHOOSE", "3") == "home/choose"
    assert floor.press("CHOOSE", "2") == "run/run"
    floor = at_order()
    assert floor.press("CHOOSE", "9") == "receive/order"
    assert floor.press("CHOOSE", "1") == "receive/line"


# Not known


def test_what_is_not_known_is_shown_with_all_reasons() -> None:
    floor = at_order()
    before = floor.state
    assert floor.scan("]d1Z\x1eA\x1dB\x04") == "home/unknown"
    assert floor.said == (STOP, "Z␞A␝B␄ is not known to ION.")
    state = floor.state
    assert (state["text"], state["length"], state["symbology"], state["readings"], state["is_offline"]) == (
        "Z␞A␝B␄",
        9,
        "]d1",
        [],
        False,
    )
    assert {"kind": "text", "reason": "contains RS, GS, EOT, which plain text does not"} in state["rejected"]
    assert floor.press("CONFIRM") == "home/unknown"
    assert floor.said == (ASK, "Go back first.")
    assert floor.press("BACK") == "receive/order"
    assert floor.state == before


def test_offline_is_said() -> None:
    floor = Floor()
    floor.scan("SN-9", is_offline=True)
    assert floor.said == (Level.OFFLINE, "SN-9 is kept. It is not known here, and ION cannot be asked now.")
    assert floor.state["is_offline"] is True


def test_an_empty_scan_has_a_name() -> None:
    floor = Floor()
    floor.happens(Scanned(read(b"")))
    assert floor.said == (STOP, "An empty scan is not known to ION.")


def test_what_is_named_for_want_of_a_value_is_said_in_any_language() -> None:
    floor = Floor()
    floor.happens(Scanned(read(b""), is_offline=True))
    floor.place = replace(floor.place, flows=("lookup",))
    german = [said_in_german(floor)]
    floor.press("HOME")
    floor.press("FLOW", "run")
    german.append(said_in_german(floor))
    floor.press("FLOW", "xyz")
    german.append(said_in_german(floor))
    assert german == [
        "Nichts ist gespeichert. Hier ist es nicht bekannt, und ION kann gerade nicht gefragt werden.",
        "Diese Station macht Auftrag nicht. Sie macht Nachsehen.",
        "Diese Station macht xyz nicht. Sie macht Nachsehen.",
    ]


def said_in_german(floor: Floor) -> str:
    message = floor.session.message
    assert message is not None
    return language("de").message(message.template, message.values)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "ION/CMD/QUANTITY/0",
            (
                "ION/CMD/QUANTITY/0 is no command: the argument of QUANTITY is '0', "
                "expected a number above zero such as 5 or 2.5, or +n to add."
            ),
        ),
        ("ion/cmd/FROB", None),
    ],
)
def test_a_command_that_is_none_says_why_and_changes_nothing(text: str, said: str | None) -> None:
    floor = at_line(BOLT)
    floor.scan("LOT-9")
    before = floor.state
    assert floor.scan(text) == "receive/line"
    level, words = floor.said or (None, "")
    assert level is STOP
    assert words.startswith(f"{text} is no command: ")
    assert said in {None, words}
    assert floor.state == before


# Questions and what they cover


@pytest.mark.parametrize("verb", ["CONFIRM", "START", "COMPLETE", "PRINT"])
def test_nothing_acts_beneath_a_question(verb: str) -> None:
    floor = at_line(TAPE)
    floor.scan("LOT-A", *MANY)
    assert floor.press(verb) == "home/choose"
    assert floor.said == (ASK, "Choose one first, or go back.")
    assert floor.effects == []


def test_entering_goes_on_beneath_a_question() -> None:
    floor = at_line(TAPE)
    floor.scan("nonsense")
    assert floor.press("QUANTITY", "2") == "receive/line"
    assert floor.state["quantity"] == "2"
    floor.scan("nonsense")
    assert floor.press("HOME") == "home/switch"


def test_news_reach_what_a_question_covers() -> None:
    floor = at_line(TAPE)
    floor.press("QUANTITY", "2")
    floor.scan("LOT-A", *MANY)
    said = floor.said
    fresh = replace(ORDER, supplier="Nuts & Daughters")
    assert floor.hears(fresh) == "home/choose"
    assert floor.said == said
    floor.hears(OTHER_ORDER)
    floor.press("BACK")
    assert (floor.state["order"]["supplier"], floor.state["quantity"]) == ("Nuts & Daughters", "2")


def test_news_without_a_screen_for_them_are_only_told() -> None:
    floor = at_line(TAPE)
    floor.press("CONFIRM")
    floor.press("HOME")
    floor.hears(UNIT)
    assert floor.said is None
    assert floor.delivers() == "home/idle"
    assert floor.said == (GOOD, "ION has it: 2.5 × TAPE-1 received.")


def test_what_is_shown_is_known_beneath_a_question_too() -> None:
    floor = Floor()
    assert subject_shown(floor.session) is None
    for subject in (ORDER, UNIT, LOT, RUN, SHELF, Stock(BOLT)):
        floor.scan("anything", subject)
        assert subject_shown(floor.session) == subject
        floor.scan("nonsense\x1d")
        assert subject_shown(floor.session) == subject
    floor.press("FLOW", "move")
    floor.scan("LOT-A", LOT)
    assert subject_shown(floor.session) == LOT


@pytest.mark.parametrize("verb", ["NEXT", "START", "FROB", "{verb}", "FLOW", ""])
def test_verbs_that_mean_nothing_say_so(verb: str) -> None:
    floor = Floor()
    assert floor.press(verb) == "home/idle"
    assert floor.said == (ASK, f"{verb} does nothing here.")


def test_there_is_not_always_something_to_repeat() -> None:
    floor = Floor()
    floor.press("REPEAT")
    assert floor.said == (ASK, "There is nothing to repeat here.")


def test_a_location_is_looked_up_from_anywhere() -> None:
    floor = Floor()
    floor.scan("SN-1", UNIT)
    assert floor.scan("Shelf 9", Location("9", "Shelf 9")) == "lookup/location"


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_a_flow_without_its_subject_takes_nothing(flow: Flow) -> None:
    floor = Floor()
    bare = replace(floor.session, flow=flow.name, step="", state={})
    submit = Submit("receive", "order-line/1", "order/42", {})
    for event in (
        Pressed("CONFIRM"),
        Pressed("START"),
        Refreshed(ORDER),
        Refreshed(RUN),
        Settled(operation_of(submit)),
    ):
        assert flow.handle(bare, event, floor.place) is None
    assert (flow.subject(bare), flow.entered(bare)) == (None, "")
