from typing import Any

import pytest

from kiosk.errors import IonConflict, IonRejected, IonUnknown, IonUnsupported
from kiosk.model import Json
from kiosk.ports import Absent, Found
from tests.ion.factory import Factory, Mishap, lose_the_answer, lose_the_request
from tests.ion.goods import LOT, SERIALS, arrived, received

MARKER = "k:dock-1:18:9f3c"


@pytest.mark.parametrize(("what", "line"), [(LOT, 7002), (SERIALS, 7001)], ids=["lot", "serials"])
def test_a_receipt_is_taken_back_as_if_nothing_had_come(what: dict[str, Json], line: int) -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    before = received(factory, line)
    undo = arrived(ion, what)
    assert received(factory, line) > before
    result = ion.perform("undo_receipt", undo, marker=MARKER)
    assert received(factory, line) == before
    assert isinstance(result["line"], dict)
    assert (result["line"]["id"], result["line"]["received"]) == (str(line), str(before))
    posted = len(factory.mutations)
    assert isinstance(ion.find_effect("undo_receipt", undo, marker=MARKER), Found)
    ion.perform("undo_receipt", undo, marker=MARKER)
    assert len(factory.mutations) == posted


@pytest.mark.parametrize("mishap", [lose_the_answer, lose_the_request])
def test_a_doubtful_end_takes_nothing_back_twice(mishap: Mishap) -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    undo = arrived(ion, SERIALS)
    factory.once("removeInventoryFromReceipt", mishap)
    with pytest.raises(IonUnknown):
        ion.perform("undo_receipt", undo, marker=MARKER)
    assert ion.find_effect("undo_receipt", undo, marker=MARKER) == Absent()
    ion.perform("undo_receipt", undo, marker=MARKER)
    assert received(factory, 7001) == 0
    assert factory.effects.count("removeInventoryFromReceipt") == 3


def test_what_somebody_moved_since_stays() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    undo = arrived(ion, LOT)
    rows: Any = undo["rows"]
    move = {"inventory_id": rows[0]["id"], "location_id": "5", "from_location_id": "4"}
    ion.perform("move", move, marker="k:between")
    with pytest.raises(IonConflict, match="expected 10 where it was received, got 10 elsewhere at"):
        ion.perform("undo_receipt", undo, marker=MARKER)
    assert received(factory, 7002) == 10


def test_a_receipt_that_is_gone_is_said() -> None:
    ion = Factory("classic").gateway()
    undo: dict[str, Json] = {"receipt_id": "999999", "rows": [{"id": "1", "quantity": "1"}]}
    with pytest.raises(IonRejected, match="expected one receipt, got 0"):
        ion.perform("undo_receipt", undo, marker=MARKER)


def test_the_other_dialect_has_no_way_back() -> None:
    ion = Factory("documented-2026").gateway()
    assert "receipt_id" not in ion.perform("receive", LOT, marker="k:before")
    assert "undo_receipt" not in ion.offers()
    with pytest.raises(IonUnsupported):
        ion.perform("undo_receipt", {"receipt_id": "1", "rows": []}, marker=MARKER)


def test_where_both_are_there_a_receipt_can_be_taken_back() -> None:
    ion = Factory("both").gateway()
    assert arrived(ion, LOT)["receipt_id"]
