from dataclasses import replace

import pytest

from kiosk.flows import concerned, looks_back
from kiosk.flows.flow import Place, Pressed, Printed, Settled
from kiosk.flows.way_back import Way, way_back
from kiosk.model import (
    Demand,
    JobState,
    Json,
    Operation,
    OperationState,
    Operator,
    Past,
    PrintJob,
    Proof,
    Reason,
    Reprint,
    Role,
    Submit,
    Why,
    Withdraw,
)
from tests.flows.floor import FLOWS, LOT, NOW, ORDER, SHELF, UNIT, Floor
from tests.flows.pasts import BACK, GOT, MOVE, MOVED, RECEIPT, operation, printed, scanned

PLACE = Place("dock-1", NOW, FLOWS)
LEAD = Operator("operator/2", "Lou", Role.LEAD)


def floor(*past: Past, **changes: object) -> Floor:
    at = Floor()
    at.place = replace(at.place, past=tuple(past), **changes)  # type: ignore[arg-type]
    return at


def said(at: Floor) -> str:
    return f"{at.said[0]}: {at.said[1]}" if at.said else ""


def titles(at: Floor) -> list[Json]:
    rows = at.session.state["rows"]
    assert isinstance(rows, list)
    return [row["title"] for row in rows]


def test_the_list_shows_work_first_and_scans_where_they_are_wanted() -> None:
    at = floor(scanned(4, b"BOLT-1"), printed(3), GOT, MOVED)
    assert at.press("HISTORY") == "home/history"
    assert titles(at) == ["LOT-A", "Receive 5 × BOLT-1", "Move SN-1 to WH-Receiving"]
    at.press("CHOOSE", "show/all")
    assert titles(at)[0] == "BOLT-1"
    at.press("CHOOSE", "show/work")
    assert titles(at)[0] == "LOT-A"


def test_pages_turn_both_ways_and_round() -> None:
    at = floor(*(Past(operation(MOVE, number)) for number in range(9, 0, -1)))
    at.press("HISTORY")
    seen = []
    for verb in ("NEXT", "NEXT", "NEXT", "PREVIOUS", "PREVIOUS"):
        at.press(verb)
        seen.append(at.session.state["page"])
    assert seen == ["2", "3", "1", "3", "2"]
    assert at.session.state["pages"] == "3"


def test_a_page_gives_back_what_it_covered_with_everything_entered() -> None:
    at = floor(MOVED)
    at.scan("PO-7", ORDER)
    at.press("CHOOSE", "order-line/1")
    at.press("QUANTITY", "4")
    before = at.session
    for verb, argument in (("HISTORY", None), ("CHOOSE", "1"), ("UNDO", None)):
        at.press(verb, argument)
    assert at.screen == "home/undo"
    for screen in ("home/entry", "home/history", "receive/line"):
        assert at.press("BACK") == screen
    assert (at.session.state, at.session.message) == (before.state, before.message)


def test_one_thing_is_looked_at_straight_from_whatever_is_in_the_middle() -> None:
    at = floor(scanned(4, b"BOLT-1"), GOT)
    at.scan("PO-7", ORDER)
    assert at.press("HISTORY", GOT.key) == "home/entry"
    assert at.session.state["title"] == "Receive 5 × BOLT-1"
    assert at.press("HISTORY", "scan/s4") == "home/entry"
    assert [at.press("BACK") for _ in range(2)] == ["home/history", "receive/order"]
    assert at.press("HISTORY", "scan/none") == "receive/order"
    assert said(at) == "ask: This is too long ago to be looked at here. Ask a technician."


def test_a_page_gives_back_a_question_too() -> None:
    at = floor(MOVED)
    at.scan("LOT-A", LOT, SHELF)
    assert at.screen == "home/choose"
    before = at.session
    at.press("HISTORY")
    at.press("HISTORY")
    assert at.press("BACK") == "home/choose"
    assert (at.session.state, at.session.message) == (before.state, before.message)


def test_no_press_on_a_page_reaches_what_it_covers() -> None:
    at = floor(MOVED)
    at.scan("SN-1", UNIT)
    at.press("FLOW", "move")
    at.scan("ION/LOC/3", replace(SHELF, id="3", name="Dock"))
    at.press("HISTORY")
    for verb in ("CONFIRM", "START", "PRINT", "YES"):
        assert at.press(verb) == "home/history"
    assert at.effects == []
    assert at.press("FLOW", "lookup") == "home/switch"


def test_a_scan_on_a_page_is_a_scan() -> None:
    at = floor(MOVED)
    at.press("HISTORY")
    assert at.scan("SN-1", UNIT) == "lookup/inventory"


def test_a_move_is_taken_back_to_where_the_stock_was() -> None:
    at = floor(MOVED)
    at.press("HISTORY")
    at.press("CHOOSE", MOVED.key)
    assert (at.screen, at.session.state["way"]) == ("home/entry", "undo")
    at.press("UNDO")
    assert at.press("CONFIRM") == "home/entry"
    assert at.effects == [Submit("move", "inventory/501", "inventory/501", BACK, undoes="op1")]
    assert (at.session.state["fate"], at.session.state["way"]) == ("undoing", "")
    at.press("CONFIRM")
    assert len(at.effects) == 1


def test_a_receipt_is_taken_back_row_by_row() -> None:
    at = floor(GOT)
    assert at.scan("ION/CMD/UNDO") == "home/undo"
    assert said(at) == "ask: Take this back? Receive 5 × BOLT-1."
    at.scan("ION/CMD/CONFIRM")
    (undo,) = at.effects
    assert isinstance(undo, Submit)
    assert (undo.operation, undo.subject, undo.undoes) == ("undo_receipt", "order-line/1", "op2")
    rows = [{"id": "9", "quantity": "5", "location_id": "3"}]
    assert (undo.arguments["receipt_id"], undo.arguments["rows"]) == ("88", rows)


def test_what_still_waits_is_withdrawn() -> None:
    waiting = Past(operation(MOVE, 1, OperationState.QUEUED))
    at = floor(waiting)
    at.press("UNDO")
    assert at.session.state["way"] == "withdraw"
    at.press("CONFIRM")
    assert at.effects == [Withdraw("op1")]
    assert at.session.state["fate"] == "discarded"


def test_undo_asks_about_the_last_thing_done_and_never_about_one_before() -> None:
    stuck = Past(operation(Submit("adjust", "inventory/1", "inventory/1", {"title": "X"}), 3))
    beside = Past(operation(Submit("check_receipt", "order/1", "order/1", {}), 4))
    at = floor(beside, scanned(5), stuck, MOVED)
    assert at.press("UNDO") == "home/entry"
    assert at.session.state["key"] == stuck.key
    assert said(at) == "ask: There is no way back for this from here. Ask a lead."
    assert floor().press("UNDO") == "home/idle"


def test_a_flow_takes_back_its_own_entries_first() -> None:
    at = floor(MOVED)
    at.scan("ION/LOC/3", replace(SHELF, id="3", name="Dock"))
    at.press("FLOW", "move")
    at.scan("SN-1", UNIT)
    at.press("UNDO")
    assert (at.screen, said(at)) == ("move/many", "ask: SN-1 taken back.")


OPEN = operation(MOVE, 5, OperationState.QUEUED)
WHY = {
    "an undo": (Past(operation(replace(MOVE, undoes="op0"), 1)), "It took something back itself."),
    "undone": (
        Past(MOVED.what, operation(replace(MOVE, undoes="op1"), 2)),
        "It was taken back already.",
    ),
    "undoing": (Past(MOVED.what, OPEN), "It is being taken back."),
    "stuck": (
        Past(MOVED.what, operation(MOVE, 2, OperationState.PARKED)),
        "ION did not take it back. A lead decides what becomes of that.",
    ),
    "in flight": (
        Past(operation(MOVE, 1, OperationState.IN_FLIGHT)),
        "It is on its way to ION just now. Wait for the answer.",
    ),
    "refused": (Past(operation(MOVE, 1, OperationState.REJECTED)), "A lead decides what becomes of it."),
    "given up": (
        Past(operation(MOVE, 1, OperationState.DISCARDED)),
        "It was given up: ION does not have it.",
    ),
    "doubtful": (
        Past(operation(MOVE, 1, OperationState.QUEUED, is_doubtful=True)),
        "ION may have it already. It is being looked for.",
    ),
    "served": (
        Past(operation(MOVE, 1, OperationState.QUEUED, serves="step/1")),
        "Something else that waits needs it.",
    ),
    "from nowhere": (
        Past(operation(replace(MOVE, arguments={**MOVE.arguments, "from_location_id": None}), 1)),
        "It had no location before, and nothing is moved to nowhere.",
    ),
    "no receipt": (
        Past(operation(RECEIPT, 1, result={"inventories": []})),
        "ION did not say which receipt it is in. Tell a lead: it is done in ION.",
    ),
    "a service": (
        Past(operation(RECEIPT, 1, result={"receipt_id": "8", "inventories": []})),
        "Nothing came into stock by it.",
    ),
}


@pytest.mark.parametrize(("past", "why"), WHY.values(), ids=WHY)
def test_why_something_is_not_taken_back(past: Past, why: str) -> None:
    found = way_back(past, PLACE)
    assert (found.way, found.why, found.effect) == (Way.NONE, why, None)


def test_a_tenant_without_a_way_back_says_so() -> None:
    place = replace(PLACE, offers=frozenset({"receive"}))
    assert way_back(GOT, place).why == (
        "This ION names no way to take a receipt back. Tell a lead: it is done in ION."
    )
    assert way_back(MOVED, place).why == "This ION does not offer to move stock. Ask a technician."


def test_something_newer_comes_first() -> None:
    first = operation(MOVE, 1, OperationState.QUEUED)
    place = replace(PLACE, outstanding=(first, OPEN))
    assert way_back(Past(first), place).why == "Something newer waits behind it. Take that back first."
    assert way_back(Past(OPEN), place).way is Way.WITHDRAW
    assert way_back(MOVED, place).why == (
        "Something newer about it is on its way. Wait for that, or take it back first."
    )
    heard = replace(PLACE, outstanding=(replace(OPEN, state=OperationState.DONE),))
    assert way_back(MOVED, heard).way is Way.UNDO


def test_what_changed_before_it_was_confirmed_is_said() -> None:
    at = floor(MOVED)
    at.press("UNDO")
    taken = Past(MOVED.what, operation(replace(MOVE, undoes="op1"), 2))
    at.place = replace(at.place, past=(taken,))
    assert at.press("CONFIRM") == "home/entry"
    assert (at.effects, said(at)) == ([], "ask: It was taken back already.")
    at.place = replace(at.place, past=())
    at.press("UNDO")
    assert said(at) == "ask: This is too long ago to be looked at here. Ask a technician."


def test_news_renew_the_page_that_is_open() -> None:
    waiting = operation(MOVE, 1, OperationState.QUEUED)
    at = floor(Past(waiting))
    at.press("HISTORY")
    at.press("CHOOSE", "1")
    assert at.session.state["way"] == "withdraw"
    done = replace(waiting, state=OperationState.DONE, result={})
    at.place = replace(at.place, past=(Past(done),))
    at.happens(Settled(done))
    assert (at.session.state["way"], at.session.state["fate"]) == ("undo", "done")
    assert said(at) == "good: ION has it: SN-1 is at WH-Receiving."
    at.press("BACK")
    job = printed(2).what
    assert isinstance(job, PrintJob)
    at.place = replace(at.place, past=(Past(job), Past(done)))
    at.happens(Printed(job))
    assert titles(at) == ["LOT-A", "Move SN-1 to WH-Receiving"]


def test_a_label_is_printed_again_for_a_reason() -> None:
    at = floor(printed(1))
    at.press("HISTORY")
    at.press("CHOOSE", "1")
    assert at.press("PRINT") == "home/again"
    assert at.press("CHOOSE", "9") == "home/again"
    assert at.press("CHOOSE", "2") == "home/history"
    job = printed(1).what
    assert isinstance(job, PrintJob)
    assert at.effects == [Reprint(job, Why(Reason.LOST))]


def test_a_label_that_is_not_printed_yet_is_not_printed_again() -> None:
    at = floor(printed(1, JobState.QUEUED))
    at.press("HISTORY")
    at.press("CHOOSE", "1")
    assert at.press("PRINT") == "home/entry"
    assert said(at) == "ask: This label is not printed yet. Wait for it, or cancel it."


SERIAL = printed(1, serialNumber="SN-1")


def test_the_label_of_a_serial_is_printed_again_by_a_lead_with_a_pin() -> None:
    at = floor(SERIAL)
    at.press("HISTORY")
    at.press("CHOOSE", "1")
    assert at.session.state["why"] == (
        "A label with a serial number is printed once more by a lead. Let one sign in."
    )
    at.place = replace(at.place, operator=LEAD, has_pin=True, proof=Proof.GIVEN)
    at.press("PRINT")
    assert at.press("CHOOSE", "reason/damaged") == "home/pin"
    assert at.effects == []
    at.place = replace(at.place, proof=Proof.FRESH)
    assert at.press("UNLOCK") == "home/history"
    assert len(at.effects) == 1


def test_taking_back_goes_by_the_rules_of_the_flow_it_was_done_in() -> None:
    at = floor(GOT, asks={"receive": Demand.PIN}, operator=LEAD, has_pin=True, proof=Proof.GIVEN)
    at.press("UNDO")
    assert at.press("CONFIRM") == "home/pin"
    assert at.session.state["signs"] == {"kind": "undo", "title": "BOLT-1"}
    assert looks_back(at.session, Pressed("UNLOCK"))
    assert concerned(at.session, Pressed("UNLOCK")) == ("order/42",)
    at.place = replace(at.place, proof=Proof.FRESH)
    assert at.press("UNLOCK") == "home/entry"
    assert len(at.effects) == 1


@pytest.mark.parametrize(
    "past", [scanned(1, b"\x1d<b>" * 40), GOT, printed(1)], ids=["scan", "work", "label"]
)
def test_everything_has_its_facts(past: Past) -> None:
    at = floor(past)
    at.press("HISTORY")
    at.press("CHOOSE", "show/all")
    at.press("CHOOSE", "1")
    facts = at.session.state["facts"]
    assert isinstance(facts, list)
    assert {"caption", "value", "kind"} == set(facts[0])
    first = at.session.state["part"]
    at.press("NEXT")
    assert (first, at.session.state["part"]) == ("1", "2" if at.session.state["parts"] != "1" else "1")


def test_what_the_technician_needs_is_there() -> None:
    refused = operation(MOVE, 1, OperationState.REJECTED, error="No.", trace="t-1", facts="Nothing")
    at = floor(Past(refused))
    at.press("HISTORY")
    at.press("CHOOSE", "1")
    found = dict[str, str]()
    for _ in range(int(str(at.session.state["parts"]))):
        facts = at.session.state["facts"]
        assert isinstance(facts, list)
        found |= {fact["caption"]: fact["value"] for fact in facts}
        at.press("NEXT")
    assert isinstance(refused, Operation)
    assert (found["ION says"], found["ION's trace"], found["ION shows"]) == ("No.", "t-1", "Nothing")
    assert found["In ION's notes"] == refused.marker
