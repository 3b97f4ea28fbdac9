from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.flows import facts, wanted
from kiosk.language import language
from kiosk.model import Json, Operation, OperationState


def stopped(operation: str, **arguments: Json) -> Operation:
    at = datetime(2026, 11, 21, 9, tzinfo=UTC)
    state = OperationState.PARKED
    return Operation("o1", "k", "dock-1", "f", operation, "line/4", "order/3", arguments, state, at)


@pytest.mark.parametrize(
    ("operation", "arguments", "words"),
    [
        ("receive", {"title": "PN-BOLT", "quantity": "5"}, "Receive 5 × PN-BOLT"),
        ("receive", {"part_number": "PN-BOLT", "quantity": "5"}, "Receive 5 × PN-BOLT"),
        ("move", {"title": "SN-1", "place": "Shelf 8"}, "Move SN-1 to Shelf 8"),
        ("adjust", {"title": "SN-1", "kind": "recount", "quantity": "4"}, "Set the count of SN-1 to 4"),
        ("adjust", {"title": "SN-1", "kind": "scrap", "quantity": "4"}, "Scrap 4 of SN-1"),
        ("set_step_status", {"title": "Torque", "status": "COMPLETE"}, "Complete Torque"),
        ("set_step_status", {"title": "Torque", "status": "HOLD"}, "Put Torque on hold"),
        ("set_run_status", {"title": "R-1", "status": "IN_PROGRESS"}, "Start R-1"),
        ("set_field_value", {"title": "Lot", "shown": "LOT-7", "value": "LOT-7"}, "Fill in Lot: LOT-7"),
        ("create_issue", {"title": "Scratched {deep}"}, "Report a problem: Scratched {deep}"),
        ("add_review", {}, "add_review: line/4"),
        ("set_step_status", {"title": "Torque", "status": "REDLINE"}, "set_step_status: Torque"),
    ],
)
def test_what_was_to_happen_is_a_sentence(operation: str, arguments: Mapping[str, Json], words: str) -> None:
    assert wanted(stopped(operation, **arguments)).text == words


@pytest.mark.parametrize(
    ("operation", "arguments", "words", "german"),
    [
        ("move", {}, "Move SN-1 to another place", "SN-1 an einen anderen Ort umlagern"),
        (
            "move_part",
            {"quantity": "2"},
            "Move 2 of SN-1 to another place",
            "2 von SN-1 an einen anderen Ort umlagern",
        ),
        ("set_field_value", {}, "Fill in SN-1 with nothing", "SN-1 leeren"),
        (
            "check_receipt",
            {"quantity": "2"},
            "Receive 2 × SN-1 on an order, which was not checked",
            "Wareneingang 2 × SN-1 zu einer Bestellung, ungeprüft",
        ),
    ],
)
def test_what_has_no_name_has_none_in_any_language(
    operation: str, arguments: Mapping[str, Json], words: str, german: str
) -> None:
    what = wanted(stopped(operation, title="SN-1", **arguments))
    assert what.text == words
    assert language("de").message(what.template, what.values) == german
    assert language("de").sentence(what.text) == german, "as the history keeps it"


def test_what_is_moved_back_to_no_known_place_is_said_without_one() -> None:
    what = wanted(replace(stopped("move", title="SN-1", place=None), undoes="o0"))
    assert what.text == "Move SN-1 back to where it was"


def test_what_tells_it_from_others_is_named_and_nothing_that_is_empty() -> None:
    given: dict[str, Json] = {"lot": "L-1", "serials": ["A", "B"], "date_code": None, "reason": ""}
    assert facts(stopped("receive", **given)) == {"Lot": "L-1", "Serials": "A, B"}
