from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from kiosk.flows import facts, wanted
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


def test_what_tells_it_from_others_is_named_and_nothing_that_is_empty() -> None:
    given: dict[str, Json] = {"lot": "L-1", "serials": ["A", "B"], "date_code": None, "reason": ""}
    assert facts(stopped("receive", **given)) == {"Lot": "L-1", "Serials": "A, B"}
