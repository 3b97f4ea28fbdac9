from dataclasses import replace
from datetime import UTC
from decimal import Decimal

import pytest

from kiosk.flows.difference import difference
from kiosk.model import FieldKind, RunStep, StepField, Subject
from tests.flows.floor import DOCK, LOT, ORDER, RUN, STEPS, UNIT, with_line

TORQUE = StepField("f", "Torque", FieldKind.NUMBER, unit="N.m")
FILLED = replace(RUN, steps=(replace(STEPS[0], fields=(TORQUE,)), STEPS[1]))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (RUN, RUN, ""),
        (RUN, replace(RUN, title="Other"), ""),
        (FILLED, replace(FILLED, title="Other"), ""),
        (
            FILLED,
            replace(FILLED, steps=(replace(STEPS[0], fields=(replace(TORQUE, value=6.2),)), STEPS[1])),
            "Torque is 6.2 N.m, was empty",
        ),
        (
            replace(FILLED, steps=(replace(STEPS[0], fields=(replace(TORQUE, value=6.2),)), STEPS[1])),
            FILLED,
            "Torque is empty, was 6.2 N.m",
        ),
        (RUN, replace(RUN, steps=(*STEPS, RunStep("s3", "Pack", "TODO"))), "Pack is new"),
        (
            replace(RUN, steps=()),
            replace(RUN, steps=(), status="COMPLETE"),
            "it is complete, was to do",
        ),
        (LOT, replace(LOT, quantity=Decimal(95)), "there are 95, were 120"),
        (
            LOT,
            replace(LOT, location=DOCK, status="WIP"),
            "it is at WH-Receiving, was at Shelf 2; it is in work, was available",
        ),
        (UNIT, replace(UNIT, location=None), "it is nowhere, was at Shelf 2"),
        (ORDER, with_line(1, received=Decimal(9)), "BOLT-1: 9 received, were 4"),
        (ORDER, replace(ORDER, status="RECEIVED", lines=()), "it is received in full, was ordered"),
        (ORDER, RUN, ""),
        (DOCK, DOCK, ""),
    ],
)  # fmt: skip
def test_what_changed_is_said(before: Subject, after: Subject, words: str) -> None:
    assert difference(before, after, UTC) == words


def test_the_first_three_are_enough() -> None:
    many = replace(RUN, steps=tuple(RunStep(str(n), f"Step {n}", "TODO") for n in range(6)))
    done = replace(many, steps=tuple(replace(step, status="COMPLETE") for step in many.steps))
    assert difference(many, done, UTC) == (
        "Step 0 is complete, was to do; Step 1 is complete, was to do; Step 2 is complete, was to do"
        " and 3 more"
    )
