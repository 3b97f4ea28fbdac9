"""Who must be there: nothing that needs a person, or a PIN, is done without; nothing is done twice for it."""

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kiosk.barcodes import read
from kiosk.flows.flow import Badge, Left, Pressed, Scanned, Signing
from kiosk.model import (
    Demand,
    FieldKind,
    JobState,
    Level,
    Operator,
    Proof,
    RunStep,
    StepField,
    Stock,
    Submit,
    Verdict,
)
from tests.flows.floor import BOLT, LOT, ORDER, RUN, UNIT, Floor, at_line
from tests.web.fakes import print_job

MIA, JONAS = Operator("operator/1", "Mia"), Operator("operator/2", "Jonas")
ASK, GOOD, STOP = Level.ASK, Level.GOOD, Level.STOP
SIGN = StepField("f1", "Inspector", FieldKind.SIGNOFF, is_required=True)
WORKED = replace(
    RUN,
    status="IN_PROGRESS",
    steps=(RunStep("s1", "Inspect", "IN_PROGRESS", 1), RunStep("s2", "Proof", "TODO", 2, upstream=("s1",))),
)
TO_SIGN = replace(RUN, steps=(RunStep("s1", "Inspect", "IN_PROGRESS", 1, fields=(SIGN,)),))


def floor_that_asks(**asks: str) -> Floor:
    floor = Floor()
    floor.place = replace(floor.place, asks={flow: Demand(demand) for flow, demand in asks.items()})
    return floor


def is_there(
    floor: Floor, operator: Operator | None, proof: Proof = Proof.NONE, *, has_pin: bool = True
) -> None:
    """Let somebody be signed in, as surely as that."""
    floor.place = replace(floor.place, operator=operator, proof=proof, has_pin=has_pin)


def badge(floor: Floor, operator: Operator, *, has_pin: bool = True) -> str:
    """Scan a person's badge."""
    if floor.place.operator != operator:
        is_there(floor, operator, has_pin=has_pin)
    floor.happens(Scanned(read(f"ION/OP/{operator.id[-1]}".encode()), badge=Badge.WELCOME))
    return floor.screen


def pin(floor: Floor) -> str:
    """Give the right PIN."""
    floor.place = replace(floor.place, proof=Proof.FRESH)
    return floor.press("UNLOCK")


def leave(floor: Floor) -> str:
    is_there(floor, None)
    floor.happens(Left())
    return floor.screen


def operations(floor: Floor) -> list[str]:
    return [each.operation for each in floor.submits]


# A flow that asks for a badge.


def test_a_flow_that_asks_nothing_is_open_to_anybody() -> None:
    floor = floor_that_asks(receive="badge", run="none")
    assert floor.scan("ION/RUN/77", WORKED) == "run/run"
    floor.press("COMPLETE")
    assert operations(floor) == ["set_step_status"]


def test_a_scan_waits_for_a_badge_and_goes_on_once() -> None:
    floor = floor_that_asks(run="badge")
    assert floor.scan("ION/RUN/77", WORKED) == "home/who"
    assert floor.said == (ASK, "Scan your badge. Then it goes on.")
    assert badge(floor, MIA) == "run/run"
    assert floor.press("COMPLETE") == "run/run"
    assert operations(floor) == ["set_step_status"]


def test_a_press_waits_for_a_badge_and_is_done_once() -> None:
    floor = floor_that_asks(run="badge")
    is_there(floor, MIA)
    floor.scan("ION/RUN/77", WORKED)
    is_there(floor, None)
    assert floor.press("COMPLETE") == "home/who"
    assert operations(floor) == []
    assert badge(floor, JONAS) == "run/run"
    assert operations(floor) == ["set_step_status"]
    badge(floor, JONAS)
    floor.press("UNLOCK")
    assert operations(floor) == ["set_step_status"]


def test_a_question_waits_too() -> None:
    floor = floor_that_asks(run="badge")
    floor.scan("X", WORKED, replace(WORKED, id="78", title="Other"))
    assert floor.screen == "home/choose"
    assert floor.press("CHOOSE", "2") == "home/who"
    assert badge(floor, MIA) == "run/run"
    assert floor.state["run"]["id"] == "78"


def test_giving_up_leads_back_and_forgets_the_event() -> None:
    floor = floor_that_asks(run="badge")
    floor.scan("ION/RUN/77", WORKED)
    assert floor.press("CANCEL") == "home/idle"
    assert badge(floor, MIA) == "home/idle"
    assert floor.said == (GOOD, "Mia is signed in.")


def test_another_scan_takes_the_place_of_what_waited() -> None:
    floor = floor_that_asks(run="badge", receive="badge")
    floor.scan("ION/RUN/77", WORKED)
    assert floor.scan("PO-7", ORDER) == "home/who"
    assert badge(floor, MIA) == "receive/order"


def test_what_asks_nobody_can_be_done_meanwhile() -> None:
    floor = floor_that_asks(run="badge")
    floor.scan("ION/RUN/77", WORKED)
    assert floor.scan("SN-1", UNIT) == "lookup/inventory"


@pytest.mark.parametrize(
    "verb", ["CONFIRM", "COMPLETE", "START", "NEXT", "CHOOSE", "PRINTED", "UNLOCK", "PRINT"]
)
def test_a_question_about_a_person_is_answered_by_nothing_else(verb: str) -> None:
    floor = floor_that_asks(run="badge")
    floor.scan("ION/RUN/77", WORKED)
    assert floor.press(verb) == "home/who"
    assert floor.effects == []
    assert badge(floor, MIA) == "run/run", "what waited still waits"


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (Badge.UNKNOWN, "Nobody here has this badge. Ask a lead."),
        (Badge.DISABLED, "This badge signs nobody in any more. Ask a lead."),
        (Badge.EXPIRED, "This badge has expired. Ask a lead to renew it."),
    ],
)
def test_a_badge_that_is_refused_says_why_and_changes_nothing(refused: Badge, words: str) -> None:
    floor = floor_that_asks(run="badge")
    floor.scan("ION/RUN/77", WORKED)
    floor.happens(Scanned(read(b"ION/OP/9"), badge=refused))
    assert (floor.screen, floor.said) == ("home/who", (STOP, words))
    assert badge(floor, MIA) == "run/run"


# A lock that keeps what is under way.


def test_who_leaves_leaves_the_screen_locked_and_the_work_kept() -> None:
    floor = at_line(BOLT)
    floor.scan("LOT-1")
    before = floor.state
    floor.place = replace(floor.place, asks={"receive": Demand.BADGE})
    assert leave(floor) == "home/who"
    assert floor.said == (ASK, "Locked. Scan your badge to go on.")
    for verb in ("CANCEL", "CONFIRM", "HOME"):
        assert floor.press(verb) == "home/who", "nobody throws away what another one entered"
    assert badge(floor, JONAS) == "receive/line"
    assert floor.state == before


def test_a_station_that_asks_nothing_is_never_locked() -> None:
    floor = at_line(BOLT)
    before = (floor.screen, floor.state, floor.said)
    leave(floor)
    assert (floor.screen, floor.state, floor.said) == before


def test_where_nothing_is_entered_home_is_open_to_anybody() -> None:
    floor = floor_that_asks(run="badge")
    is_there(floor, MIA)
    floor.scan("ION/RUN/77", WORKED)
    leave(floor)
    assert floor.press("HOME") == "home/idle"


def test_what_waited_for_a_pin_is_forgotten_when_the_person_leaves() -> None:
    floor = floor_that_asks(run="pin")
    is_there(floor, MIA, Proof.GIVEN)
    floor.scan("ION/RUN/77", WORKED)
    floor.press("COMPLETE")
    assert leave(floor) == "home/who"
    badge(floor, JONAS)
    assert pin(floor) == "run/run"
    assert operations(floor) == []


# A flow that asks for a PIN.


def test_badge_and_pin_and_then_the_scan_goes_on() -> None:
    floor = floor_that_asks(run="pin")
    assert floor.scan("ION/RUN/77", WORKED) == "home/who"
    assert badge(floor, MIA) == "home/pin"
    assert floor.said == (ASK, "Mia: enter your PIN.")
    assert (floor.state["who"], floor.state["person"]) == ("operator/1", "Mia")
    assert floor.press("UNLOCK") == "home/pin", "pressing it is no PIN"
    assert pin(floor) == "run/run"


def test_a_badge_asks_for_the_pin_at_once_where_any_flow_will() -> None:
    floor = floor_that_asks(run="pin")
    assert badge(floor, MIA) == "home/pin"
    assert pin(floor) == "home/idle"
    assert floor.said == (GOOD, "Mia is signed in.")


def test_another_badge_switches_while_a_pin_is_asked() -> None:
    floor = floor_that_asks(run="pin")
    floor.scan("ION/RUN/77", WORKED)
    badge(floor, MIA)
    assert badge(floor, JONAS) == "home/pin"
    assert (floor.state["person"], floor.said) == ("Jonas", (ASK, "Jonas: enter your PIN."))
    assert pin(floor) == "run/run"


def test_who_has_no_pin_is_told() -> None:
    floor = floor_that_asks(run="pin")
    floor.scan("ION/RUN/77", WORKED)
    assert badge(floor, MIA, has_pin=False) == "home/pin"
    assert floor.said == (STOP, "Mia has no PIN here. Ask a lead for one, or sign in with ION again.")


# Signing.


def test_completing_asks_again_once_the_pin_is_old_and_is_done_once() -> None:
    floor = floor_that_asks(run="pin")
    is_there(floor, MIA, Proof.GIVEN)
    floor.scan("ION/RUN/77", WORKED)
    assert floor.press("COMPLETE") == "home/pin"
    assert floor.said == (ASK, "Mia: sign with your PIN.")
    assert floor.state["signs"] == {"kind": "complete", "title": "Inspect"}
    assert floor.press("COMPLETE") == "home/pin"
    assert pin(floor) == "run/run"
    floor.press("UNLOCK")
    assert operations(floor) == ["set_step_status"]


def test_a_fresh_pin_is_not_asked_for_again() -> None:
    floor = floor_that_asks(run="pin")
    is_there(floor, MIA, Proof.FRESH)
    floor.scan("ION/RUN/77", WORKED)
    assert floor.press("COMPLETE") == "run/run"
    assert operations(floor) == ["set_step_status"]


def test_starting_is_not_signing() -> None:
    floor = floor_that_asks(run="pin")
    is_there(floor, MIA, Proof.GIVEN)
    floor.scan("ION/RUN/77", RUN)
    assert floor.press("START") == "run/run"
    assert operations(floor) == ["set_step_status"]


def test_going_back_from_signing_changes_nothing() -> None:
    floor = floor_that_asks(run="pin")
    is_there(floor, MIA, Proof.GIVEN)
    floor.scan("ION/RUN/77", WORKED)
    floor.press("COMPLETE")
    assert floor.press("CANCEL") == "run/run"
    pin(floor)
    assert operations(floor) == []


def test_more_than_expected_a_count_and_a_serial_s_label_are_signed() -> None:
    floor = floor_that_asks(receive="pin", adjust="pin", lookup="pin")
    is_there(floor, MIA, Proof.GIVEN)
    floor.scan("PO-7", ORDER)
    floor.scan("BOLT-1", Stock(BOLT))
    floor.press("QUANTITY", "99")
    floor.scan("LOT-1")
    floor.press("CONFIRM")
    assert floor.press("CONFIRM") == "home/pin"
    assert floor.state["signs"] == {"kind": "over", "title": "BOLT-1"}
    outcome = floor.happens(Pressed("UNLOCK"))
    assert outcome.signed is None
    floor.place = replace(floor.place, proof=Proof.FRESH)
    assert floor.happens(Pressed("UNLOCK")).signed == Signing("over", "BOLT-1")
    assert floor.screen == "receive/order"
    assert operations(floor) == ["receive"]
    is_there(floor, MIA, Proof.GIVEN)
    floor.scan("SN-1", UNIT)
    assert floor.press("PRINT") == "home/pin"
    assert floor.state["signs"] == {"kind": "reprint", "title": "SN-1"}
    floor.press("BACK")
    floor.scan("LOT-A", LOT)
    assert floor.press("PRINT") == "lookup/inventory", "a lot has many labels"
    floor.press("RECOUNT")
    floor.press("QUANTITY", "7")
    floor.press("CHOOSE", "reason/1")
    assert floor.press("CONFIRM") == "home/pin"
    assert floor.state["signs"] == {"kind": "quantity", "title": "LOT-A"}
    pin(floor)
    assert operations(floor) == ["receive", "adjust"]


def test_what_was_expected_is_received_without_a_signature() -> None:
    floor = floor_that_asks(receive="pin")
    is_there(floor, MIA, Proof.GIVEN)
    floor.scan("PO-7", ORDER)
    floor.scan("BOLT-1", Stock(BOLT))
    floor.scan("LOT-1")
    assert floor.press("CONFIRM") == "receive/order"


def test_printing_a_serial_s_label_again_for_want_of_the_first_is_signed() -> None:
    floor = floor_that_asks(run="pin")
    is_there(floor, MIA, Proof.GIVEN)
    floor.scan("ION/RUN/77", WORKED)
    job = print_job(1, JobState.UNKNOWN)
    floor.place = replace(floor.place, doubtful=(job,))
    assert floor.press("PRINTED", "NO") == "home/pin"
    assert pin(floor) == "run/run"
    assert floor.effects == [Verdict(job.id, came_out=False)]
    is_there(floor, MIA, Proof.GIVEN)
    assert floor.press("PRINTED", "YES") == "run/run"


# The sign-off of a step's field.


def signed_off(floor: Floor) -> list[object]:
    return [each.arguments["value"] for each in floor.submits if each.arguments["type"] == "SIGNOFF"]


def test_a_sign_off_by_badge_needs_the_pin_even_where_nothing_is_asked() -> None:
    floor = Floor()
    floor.scan("ION/RUN/77", TO_SIGN)
    floor.press("ENTER")
    assert badge(floor, MIA) == "run/field"
    assert floor.said == (ASK, "Sign Inspector as Mia? Confirm.")
    assert floor.press("CONFIRM") == "home/pin"
    assert floor.state["signs"] == {"kind": "signoff", "title": "Inspector"}
    assert signed_off(floor) == []
    assert pin(floor) == "run/run"
    assert signed_off(floor) == ["Mia"]


def test_where_nothing_is_asked_a_name_can_still_be_typed() -> None:
    floor = Floor()
    is_there(floor, MIA)
    floor.scan("ION/RUN/77", TO_SIGN)
    floor.press("ENTER")
    floor.scan("A. Visitor")
    assert floor.press("CONFIRM") == "run/run"
    assert signed_off(floor) == ["A. Visitor"]


@pytest.mark.parametrize("name", ["Mia", "MIA", "mia"])
@pytest.mark.parametrize("who", [None, JONAS])
def test_nobody_signs_in_the_name_of_who_has_a_pin(name: str, who: Operator | None) -> None:
    floor = Floor()
    floor.place = replace(floor.place, signers=frozenset({"mia", "jonas"}))
    is_there(floor, who)
    floor.scan("ION/RUN/77", TO_SIGN)
    floor.press("ENTER")
    floor.scan(name)
    assert floor.said == (STOP, f"{name} signs with badge and PIN. Scan the badge.")
    floor.press("CONFIRM")
    assert signed_off(floor) == []


def test_another_badge_does_not_sign_what_waits_for_the_first_one_s_pin() -> None:
    floor = Floor()
    floor.place = replace(floor.place, signers=frozenset({"mia", "jonas"}))
    floor.scan("ION/RUN/77", TO_SIGN)
    floor.press("ENTER")
    badge(floor, MIA)
    assert floor.press("CONFIRM") == "home/pin"
    assert badge(floor, JONAS) == "run/field"
    assert floor.said == (STOP, "Mia signs with badge and PIN. Scan the badge.")
    assert signed_off(floor) == []
    floor.press("CONFIRM")
    assert floor.said == (ASK, "Sign Inspector as Jonas? Confirm.")
    assert floor.press("CONFIRM") == "home/pin"
    assert pin(floor) == "run/run"
    assert signed_off(floor) == ["Jonas"]


@pytest.mark.parametrize("demand", ["badge", "pin"])
def test_where_a_person_is_asked_for_they_sign_in_no_other_name(demand: str) -> None:
    floor = floor_that_asks(run=demand)
    is_there(floor, MIA, Proof.GIVEN)
    floor.scan("ION/RUN/77", TO_SIGN)
    floor.press("ENTER")
    floor.scan("Jonas")
    assert floor.said == (STOP, "You sign as Mia. Another person scans their own badge.")
    floor.press("CONFIRM")
    floor.press("CONFIRM")
    pin(floor)
    assert signed_off(floor) == ["Mia"]


# Whatever happens in whatever order.


class AskingFloor(RuleBasedStateMachine):
    """At a station that asks for PINs no one signs without a fresh one, and nobody without being there."""

    @initialize(demand=st.sampled_from(["badge", "pin"]))
    def open(self, demand: str) -> None:
        self.floor = floor_that_asks(run=demand, receive=demand, adjust=demand, lookup="badge")
        self.seen = 0

    @rule(
        thing=st.sampled_from(
            [("ION/RUN/77", WORKED), ("ION/RUN/77", TO_SIGN), ("PO-7", ORDER), ("SN-1", UNIT), ("LOT-A", LOT)]
        )
    )
    def scan(self, thing: tuple[str, object]) -> None:
        self.floor.scan(thing[0], thing[1])  # type: ignore[arg-type]  # each is a subject

    @rule(
        verb=st.sampled_from(
            [
                ("COMPLETE", None), ("START", None), ("CONFIRM", None), ("CANCEL", None), ("HOME", None),
                ("PRINT", None), ("RECOUNT", None), ("QUANTITY", "7"), ("QUANTITY", "99"), ("ENTER", None),
                ("CHOOSE", "1"), ("CHOOSE", "reason/1"), ("UNLOCK", None), ("FLOW", "run"),
                ("FLOW", "adjust"),
            ]
        )
    )  # fmt: skip
    def press(self, verb: tuple[str, str | None]) -> None:
        self.floor.press(*verb)

    @rule(operator=st.sampled_from([MIA, JONAS]), has_pin=st.booleans())
    def badge(self, operator: Operator, has_pin: bool) -> None:
        badge(self.floor, operator, has_pin=has_pin)

    @rule()
    def pin(self) -> None:
        if self.floor.place.operator is not None and self.floor.place.has_pin:
            pin(self.floor)

    @rule()
    def time_passes(self) -> None:
        self.floor.place = replace(self.floor.place, proof=min(self.floor.place.proof, Proof.GIVEN))

    @rule()
    def leave(self) -> None:
        leave(self.floor)

    @invariant()
    def nothing_is_done_without_a_person(self) -> None:
        floor = self.floor
        fresh, self.seen = floor.effects[self.seen :], len(floor.effects)
        place = floor.place
        assert not fresh or place.operator is not None
        for effect in fresh:
            is_signing = isinstance(effect, Submit) and (
                effect.operation == "adjust" or effect.arguments.get("status") == "COMPLETE"
            )
            if is_signing and place.demand("run") is Demand.PIN:
                assert place.proof is Proof.FRESH
        if floor.screen == "run/run":
            assert place.operator is not None, "a locked screen shows nothing"


TestAnyOrder = AskingFloor.TestCase
TestAnyOrder.settings = settings(max_examples=40, stateful_step_count=30)
