"""Labels that ION draws: offered beside the designs, asked for through the outbox, printed as they came."""

from dataclasses import replace

import pytest

from kiosk.flows import awaited, on_delivered
from kiosk.flows.flow import Answered
from kiosk.flows.sequel import outcome_message
from kiosk.model import (
    Asked,
    Demand,
    Json,
    LabelTemplate,
    Level,
    Message,
    Operation,
    OperationState,
    Operator,
    Print,
    Proof,
    Question,
    Session,
    Subject,
    Submit,
)
from tests.flows.floor import LOT, RUN, SHELF, UNIT, Floor, operation_of

RACK = replace(SHELF, entity_id="3000004")
PLAIN, LARGE = LabelTemplate("12", "Rack", "LOCATIONS"), LabelTemplate("13", "Rack, large", "LOCATIONS")
ASKED: dict[str, Json] = {
    "entity_id": "3000004",
    "template_id": "13",
    "template": "Rack, large",
    "title": "Shelf 2",
    "code": '{"uid":"' + "0" * 31 + '4"}',
    "serial": "",
    "copies": 2,
}
RENDER = Submit("render_label", "label/location/4", "location/4", ASKED)
ZPL = "^XA^FO20,20^FDShelf 2^FS^XZ"


def at_label(
    subject: Subject = RACK, *, offers: frozenset[str] | None = frozenset({"render_label"})
) -> Floor:
    floor = Floor()
    floor.place = replace(floor.place, offers=offers, takes_zpl=True)
    floor.press("FLOW", "label")
    floor.scan("anything", subject)
    return floor


@pytest.mark.parametrize(
    ("subject", "word"),
    [
        (RACK, "LOCATIONS"),
        (replace(UNIT, entity_id="7"), "PARTS_INVENTORY"),
        (replace(RUN, entity_id="7"), "RUNS"),
    ],
)
def test_ion_is_asked_what_it_draws_of_the_thing(subject: Subject, word: str) -> None:
    assert awaited(at_label(subject).session) == Question(Asked.LABEL_TEMPLATES, word)


def test_it_is_not_asked_where_nothing_could_come_of_it() -> None:
    assert awaited(at_label(SHELF).session) is None
    for offers in (None, frozenset[str]()):
        assert awaited(at_label(offers=offers).session) is None
    floor = at_label()
    floor.place = replace(floor.place, takes_zpl=False)
    floor.scan("anything", replace(LOT, entity_id="7"))
    assert awaited(floor.session) is None


def test_a_label_that_ion_draws_comes_after_the_designs_and_is_asked_for() -> None:
    floor = at_label()
    said = floor.said
    floor.answers(PLAIN, LARGE)
    assert (floor.state["next"], floor.state["count"], floor.said) == ("ION: Rack", "3", said)
    floor.press("COPIES", "2")
    floor.press("NEXT")
    floor.press("NEXT")
    assert (floor.state["label"], floor.state["is_by_ion"]) == ("ion:13", True)
    floor.hears(RACK)
    assert floor.state["label"] == "ion:13"
    floor.scan("ION/CMD/PRINT")
    assert floor.effects == [RENDER]
    assert floor.said == (Level.WAIT, "Asking ION for the label Rack, large of Shelf 2.")
    assert floor.state["copies"] == "1"
    floor.press("CHOOSE", "1")
    assert (floor.state["label"], floor.state["is_by_ion"]) == ("location", False)


@pytest.mark.parametrize("is_offline", [True, False])
def test_without_an_answer_the_designs_are_there(is_offline: bool) -> None:
    floor = at_label()
    question = awaited(floor.session)
    assert question is not None
    floor.happens(Answered(question, is_offline=is_offline, error="" if is_offline else "No permission."))
    assert (floor.state["count"], floor.state["label"]) == ("1", "location")


def test_an_answer_to_an_earlier_question_is_left_alone() -> None:
    floor = at_label()
    floor.happens(Answered(Question(Asked.LABEL_TEMPLATES, "RUNS"), (PLAIN,)))
    assert floor.state["count"] == "1"


def drawn(zpl: Json = ZPL) -> Operation:
    return replace(operation_of(RENDER, state=OperationState.DONE), result={"changed": {"zpl": zpl}})


def test_what_ion_drew_is_printed_as_it_is() -> None:
    fields = {"title": "Shelf 2", "template": "Rack, large", "code": str(ASKED["code"])}
    assert on_delivered(drawn()) == (Print("ion:13", fields, "location/4", 2, zpl=ZPL),)
    serial = replace(drawn(), arguments={**ASKED, "serial": "SN-1"})
    (label,) = on_delivered(serial)
    assert isinstance(label, Print)
    assert label.fields == {**fields, "serialNumber": "SN-1"}
    for nothing in ("", None, 5):
        assert on_delivered(drawn(nothing)) == ()
    assert on_delivered(replace(drawn(), result={"changed": "nothing"})) == ()
    assert on_delivered(replace(drawn(), result=None)) == ()


@pytest.mark.parametrize(
    ("operation", "level", "said"),
    [
        (drawn(), Level.WAIT, "Printing the label Rack, large of Shelf 2."),
        (drawn(""), Level.STOP, "ION gave no label Rack, large of Shelf 2."),
        (
            replace(drawn(), error="No label: it is no ZPL"),
            Level.STOP,
            "ION drew the label Rack, large of Shelf 2. No label: it is no ZPL",
        ),
        (
            replace(drawn(), state=OperationState.REJECTED, error="No permission."),
            Level.STOP,
            "ION does not draw the label Rack, large of Shelf 2: No permission.",
        ),
        (
            replace(drawn(), state=OperationState.DISCARDED),
            Level.ASK,
            "The label Rack, large of Shelf 2: given up.",
        ),
        (
            replace(drawn(), state=OperationState.PARKED),
            Level.STOP,
            "ION did not answer about the label Rack, large of Shelf 2.",
        ),
    ],
)
def test_what_became_of_it_is_said(operation: Operation, level: Level, said: str) -> None:
    session = Session("s", "dock-1", "label", "label", message=Message(Level.WAIT, "Asking ION."))
    message = outcome_message(operation, session)
    assert message is not None
    assert (message.level, message.text) == (level, said)


def test_the_label_of_a_serial_is_signed_for_where_the_station_asks_for_a_pin() -> None:
    floor = at_label(replace(UNIT, entity_id="7"))
    floor.answers(replace(PLAIN, entity_type="PARTS_INVENTORY"))
    while not floor.state["is_by_ion"]:
        floor.press("NEXT")
    floor.place = replace(
        floor.place, asks={"label": Demand.PIN}, operator=Operator("operator/1", "Mia"), proof=Proof.GIVEN
    )
    assert floor.press("PRINT") == "home/pin"
    assert (floor.state["signs"], floor.effects) == ({"kind": "reprint", "title": "SN-1"}, [])
