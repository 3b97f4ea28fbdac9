"""Search: what is asked for a text, what is meant of the answers, and what is remembered of it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from kiosk.inquiry import Inquiry
from kiosk.journal import Journal
from kiosk.model import Answer, Asked, Inventory, Location, Order, Part, Question, Run, Stock
from kiosk.resolve.searching import search_found, search_questions
from tests.fakes import Clock, FakeIon
from tests.journal.opened import opened

PART = Part("1", "BRKT-1042", "A", "Bracket, 100%_wide")
STOCK = Stock(PART)
UNIT = Inventory("9", PART, Decimal(1), "AVAILABLE", serial="SN-1042")
ORDER = Order("3", "PO-1042", "ORDERED", "Bolts & Sons")
OTHER = Order("4", "PO-7", "ORDERED", "Nuts")
RUN = Run("1042", "Assemble", "TODO")
DOCK = Location("7", "WH-Receiving")
SEARCH = Question(Asked.SEARCH, "1042")
NOW = Clock().now()


@dataclass
class World:
    journal: Journal
    ion: FakeIon = field(default_factory=FakeIon)
    clock: Clock = field(default_factory=Clock)

    @property
    def inquiry(self) -> Inquiry:
        return Inquiry(self.ion, self.journal.answers, self.clock.now)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(opened(tmp_path)) as journal:
        world = World(journal)
        world.ion.teach(Question(Asked.PART_TEXT, "1042"), STOCK)
        world.ion.teach(Question(Asked.OPEN_ORDERS, ""), OTHER, ORDER)
        world.ion.teach(Question(Asked.OPEN_RUNS, ""), RUN)
        world.ion.teach(Question(Asked.LOCATIONS, ""), DOCK)
        yield world


def test_a_search_is_one_round_and_names_each_thing_once(world: World) -> None:
    answer = world.inquiry.answered(SEARCH)
    assert answer.subjects == (RUN, STOCK, ORDER)
    assert world.ion.asked == [search_questions("1042")]


def test_without_network_all_that_was_ever_seen_is_found(world: World) -> None:
    assert world.inquiry.recalled(SEARCH) is None
    world.journal.answers.put([Answer(Question(Asked.SERIAL, "SN-1042"), (UNIT,), world.clock.now())])
    world.clock.sleep(60)
    known = world.inquiry.recalled(Question(Asked.SEARCH, "n-104"))
    assert known is not None
    assert (known.subjects, known.at) == ((UNIT,), NOW)
    # The lists that were read ahead are looked through as well.
    world.inquiry.answered(Question(Asked.OPEN_ORDERS, ""))
    found = world.inquiry.recalled(SEARCH)
    assert found is not None
    assert set(found.subjects) == {UNIT, ORDER}


def test_signs_of_a_pattern_are_letters_like_others(world: World) -> None:
    world.journal.answers.put([Answer(Question(Asked.LOT, "100%_A"), (UNIT,), NOW)])
    assert [one.question.value for one in world.journal.answers.like("0%_", 5)] == ["100%_A"]
    assert world.journal.answers.like("0%A", 5) == []
    assert world.journal.answers.like("'; --", 5) == []


def test_what_is_named_so_exactly_comes_first_and_too_much_is_cut() -> None:
    orders = tuple(Order(str(number), f"PO-1{number:03}", "ORDERED") for number in range(60))
    exact = Order("99", "po-1", "ORDERED")
    found = search_found("PO-1", [Answer(SEARCH, (*orders, exact, *orders), NOW)])
    assert (found[0], len(found)) == (exact, 40)


def test_only_a_number_is_asked_for_as_the_id_of_a_run() -> None:
    assert Question(Asked.RUN_ID, "12") in search_questions("12")
    assert Question(Asked.RUN_ID, "٣") not in search_questions("٣")
    assert Question(Asked.RUN_ID, "A1") not in search_questions("A1")
