"""Reading ahead: what a kiosk knows on a day without network."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.barcodes import read
from kiosk.errors import IonError, IonUnreachable, IonUnsupported
from kiosk.inquiry import Inquiry
from kiosk.model import (
    Answer,
    Asked,
    Inventory,
    Location,
    Order,
    OrderLine,
    Part,
    Question,
    Run,
    RunStep,
    Subject,
)
from kiosk.provisions import Provisions
from tests.fakes import Clock, FakeIon
from tests.test_inquiry import Notes

PART = Part("1", "PN-1")
ORDER = Order("3", "PO-1", "ORDERED", lines=(OrderLine("4", PART, Decimal(10), Decimal(0)),))
DOCK, SHELF = Location("7", "Dock", "a" * 32), Location("8", "Shelf", "b" * 32)
UNIT = Inventory("9", PART, Decimal(1), "AVAILABLE", uid="c" * 32, serial="SN-1", lot="L-1", location=DOCK)
TWIN = replace(UNIT, id="10", uid="d" * 32, serial="SN-2")
HEADING = Run("12", "Assemble", "TODO", uid="e" * 32)
RUN = replace(HEADING, steps=(RunStep("s1", "Torque", "TODO", 1),))


class CountingIon(FakeIon):
    """Counts questions, those without an answer too."""

    tries = 0

    def ask(self, questions: Sequence[Question]) -> Mapping[Question, tuple[Subject, ...]]:
        self.tries += 1
        return super().ask(questions)


class World:
    def __init__(self, every_s: float = 600.0) -> None:
        self.ion, self.notes, self.clock, self.is_online = CountingIon(), Notes(), Clock(), True
        self.ion.teach(Question(Asked.OPEN_ORDERS, ""), ORDER)
        self.ion.teach(Question(Asked.LOCATIONS, ""), DOCK, SHELF)
        self.ion.teach(Question(Asked.OPEN_RUNS, ""), HEADING)
        self.ion.teach(Question(Asked.RUN_ID, "12"), RUN)
        self.ion.teach(Question(Asked.STOCK_AT, "7"), UNIT, TWIN)
        self.inquiry = Inquiry(self.ion, self.notes, self.clock.now)
        self.ahead = Provisions(
            self.inquiry,
            ["Dock"],
            every_s,
            is_online=lambda: self.is_online,
            sleep=self.clock.sleep,
            monotonic_s=self.clock.monotonic_s,
        )

    def run(self, for_s: float) -> None:
        end_s = self.clock.passed_s + for_s
        while self.clock.passed_s < end_s:
            self.ahead.step()

    def known(self, text: str) -> Sequence[Subject]:
        found = self.inquiry.remembered(read(text.encode()))
        return found.subjects if found else ()


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("PO-1", [ORDER]),
        ("ION/PO/3", [ORDER]),
        ("ION/RUN/12", [RUN]),
        ('{"uid":"' + "e" * 32 + '"}', [RUN]),
        ("Shelf", [SHELF]),
        ("ION/LOC/8", [SHELF]),
        ('{"uid":"' + "b" * 32 + '"}', [SHELF]),
        ('{"uid":"' + "c" * 32 + '"}', [UNIT]),
        ("ION/PI/10", [TWIN]),
        ("SN-2", [TWIN]),
        ("L-1", [UNIT, TWIN]),
    ],
)
def test_what_nobody_scanned_is_known_without_network(text: str, subjects: Sequence[Subject]) -> None:
    world = World()
    world.run(5)
    world.ion.go_offline()
    assert world.known(text) == tuple(subjects)


def test_lists_are_read_once_a_round_and_one_question_a_step() -> None:
    world = World()
    world.run(60)
    asked = [question for questions in world.ion.asked for question in questions]
    assert len(asked) == len(set(asked)) == 6
    assert all(len(questions) == 1 for questions in world.ion.asked)
    world.run(600)
    assert len(world.ion.asked) == 12


def test_a_round_begins_only_while_ion_answers_and_where_it_is_wanted() -> None:
    world = World()
    world.is_online = False
    world.run(60)
    assert world.ion.asked == []
    world.is_online = True
    world.run(5)
    assert len(world.ion.asked) == 6
    never = World(every_s=0)
    never.run(60)
    assert never.ion.asked == []


@pytest.mark.parametrize(("trouble", "asked"), [(IonUnreachable("gone"), 1), (IonUnsupported("not here"), 4)])
def test_what_cannot_be_read_ends_the_round_or_only_its_question(trouble: IonError, asked: int) -> None:
    world = World()
    world.ion.trouble = trouble
    world.run(30)
    assert world.ion.tries == asked
    world.run(60)
    assert world.ion.tries == asked * (2 if asked == 1 else 1)


def test_more_that_is_remembered_is_not_taken_back() -> None:
    world = World()
    elsewhere = replace(TWIN, id="11", location=SHELF)
    lot = Question(Asked.LOT, "L-1")
    world.notes.put([Answer(lot, (UNIT, TWIN, elsewhere), world.clock.now())])
    world.run(5)
    assert world.known("L-1") == (UNIT, TWIN, elsewhere)


def test_a_full_memory_stops_the_round_and_nothing_else() -> None:
    world = World()
    world.notes.is_full = True
    world.run(5)
    assert world.known("PO-1") == ()
    world.notes.is_full = False
    world.run(65)
    assert world.known("PO-1") == (ORDER,)
