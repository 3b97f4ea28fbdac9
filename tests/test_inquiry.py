import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from kiosk.barcodes import IonPattern, Pattern, read
from kiosk.errors import IonUnreachable, JournalError
from kiosk.inquiry import Inquiry, Look, Looks, Query, TaughtPatterns
from kiosk.model import Answer, Asked, Inventory, Location, Part, Procedure, Question, Stock
from kiosk.resolve import Resolution
from tests.fakes import Clock, FakeIon

PART = Part("1", "PN-1")
STOCK = Stock(PART)
UNIT = Inventory("9", PART, Decimal(1), "AVAILABLE", serial="PN-1")
NUMBER, SERIAL = Question(Asked.PART_NUMBER, "PN-1"), Question(Asked.SERIAL, "PN-1")
TEXT = read(b"PN-1")
PROCEDURES = Question(Asked.RELEASED_PROCEDURES, "")


@dataclass(slots=True)
class Notes:
    """A memory that can be full."""

    known: dict[Question, Answer] = field(default_factory=dict)
    puts: list[tuple[Answer, ...]] = field(default_factory=list)
    is_full: bool = False

    def get(self, questions: Sequence[Question]) -> Mapping[Question, Answer]:
        return {question: self.known[question] for question in questions if question in self.known}

    def like(self, text: str, limit: int) -> Sequence[Answer]:
        found = [answer for question, answer in self.known.items() if text in question.value]
        return found[:limit]

    def put(self, given: Iterable[Answer]) -> None:
        if self.is_full:
            raise JournalError("Cannot write the journal. (SQLite says: database or disk is full)")
        answers = tuple(given)
        self.puts.append(answers)
        for answer in answers:
            self.known.pop(answer.question, None)
            if answer.subjects:
                self.known[answer.question] = answer


class World:
    def __init__(self) -> None:
        self.ion, self.notes, self.clock = FakeIon(), Notes(), Clock()
        self.inquiry = Inquiry(self.ion, self.notes, self.clock.now)


def test_a_fresh_answer_is_remembered_with_its_time() -> None:
    world = World()
    world.ion.teach(NUMBER, STOCK)
    world.ion.teach(SERIAL, UNIT)
    assert world.inquiry.remembered(TEXT) is None
    fresh = Resolution((STOCK, UNIT), world.clock.now())
    assert world.inquiry.fresh(TEXT) == fresh
    world.clock.passed_s = 60
    assert world.inquiry.remembered(TEXT) == fresh
    assert set(world.notes.known) == {NUMBER, SERIAL, Question(Asked.INVENTORY_ID, "9")}


def test_what_is_unknown_is_not_remembered_and_what_is_gone_is_forgotten() -> None:
    world = World()
    world.ion.teach(NUMBER, STOCK)
    world.inquiry.fresh(TEXT)
    world.ion.teach(NUMBER)
    gone = world.inquiry.fresh(TEXT)
    assert gone is not None
    assert gone.subjects == ()
    assert world.notes.known == {}
    world.inquiry.fresh(TEXT)
    assert len(world.notes.puts) == 2


def test_the_same_answer_is_not_written_every_time_but_its_age_stays_true() -> None:
    world = World()
    world.ion.teach(NUMBER, STOCK)
    for _ in range(10):
        world.inquiry.fresh(TEXT)
        world.clock.passed_s += 60
    assert [[answer.at for answer in put] for put in world.notes.puts] == [
        [replace(world.clock, passed_s=0.0).now()],
        [replace(world.clock, passed_s=300.0).now()],
    ]


def test_a_changed_answer_is_written_at_once() -> None:
    world = World()
    world.ion.teach(SERIAL, UNIT)
    world.inquiry.fresh(TEXT)
    world.ion.teach(SERIAL, replace(UNIT, quantity=Decimal(2)))
    world.inquiry.fresh(TEXT)
    assert world.notes.known[SERIAL].subjects == (replace(UNIT, quantity=Decimal(2)),)


def test_a_memory_that_is_full_does_not_take_the_answer_away() -> None:
    world = World()
    world.ion.teach(NUMBER, STOCK)
    world.notes.is_full = True
    fresh = world.inquiry.fresh(TEXT)
    assert fresh is not None
    assert fresh.subjects == (STOCK,)


def test_offline_only_the_memory_answers() -> None:
    world = World()
    world.ion.teach(NUMBER, STOCK)
    world.inquiry.fresh(TEXT)
    world.ion.go_offline()
    with pytest.raises(IonUnreachable):
        world.inquiry.fresh(TEXT)
    remembered = world.inquiry.remembered(TEXT)
    assert remembered is not None
    assert remembered.subjects == (STOCK,)


def test_the_first_of_one_question() -> None:
    world = World()
    question, dock = Question(Asked.LOCATION_NAME, "Dock"), Location("7", "Dock")
    assert world.inquiry.first(question) is None
    world.ion.teach(question, dock)
    assert world.inquiry.first(question, is_remembered=True) is None
    assert world.inquiry.first(question) == dock
    assert world.inquiry.first(question, is_remembered=True) == dock


def test_a_screens_question_is_answered_and_recalled() -> None:
    world = World()
    assert world.inquiry.recalled(PROCEDURES) is None
    world.ion.teach(PROCEDURES, Procedure("12", "Bracket Assembly", "RELEASED"))
    fresh = world.inquiry.answered(PROCEDURES)
    assert fresh.subjects == (Procedure("12", "Bracket Assembly", "RELEASED"),)
    assert world.inquiry.recalled(PROCEDURES) == fresh
    world.ion.go_offline()
    with pytest.raises(IonUnreachable):
        world.inquiry.answered(PROCEDURES)


def test_what_changed_is_known_by_its_other_names_too() -> None:
    world = World()
    uid, by_id = Question(Asked.UID, "c" * 32), Question(Asked.INVENTORY_ID, "9")
    before = replace(UNIT, uid="c" * 32, location=Location("7", "Dock"))
    world.ion.teach(uid, before)
    world.inquiry.answered(uid)
    moved = replace(before, location=Location("8", "Shelf"))
    world.ion.teach(by_id, moved)
    world.inquiry.answered(by_id)
    assert [world.notes.known[question].subjects for question in (uid, by_id)] == [(moved,), (moved,)]


def test_what_a_person_waits_for_goes_first() -> None:
    looks = Looks()
    looks.refresh(read(b"old"))
    looks.refresh(read(b"older"))
    looks.want(Look(read(b"one")))
    looks.want(Query(PROCEDURES))
    looks.want(Look(read(b"two")))
    assert [looks.next(0) for _ in range(6)] == [
        Look(read(b"one")),
        Query(PROCEDURES),
        Look(read(b"two")),
        Look(read(b"old"), is_refresh=True),
        Look(read(b"older"), is_refresh=True),
        None,
    ]


def test_refreshes_are_asked_once_each_and_do_not_pile_up() -> None:
    looks = Looks()
    for number in range(100):
        looks.refresh(read(f"PN-{number % 50}".encode()))
    found = []
    while isinstance(look := looks.next(0), Look):
        found.append(look.readings.text)
    assert found == [f"PN-{number}" for number in range(34, 50)]


def test_a_question_wakes_who_waits() -> None:
    looks, found = Looks(), []
    thread = threading.Thread(target=lambda: found.append(looks.next(5)))
    thread.start()
    looks.want(Look(TEXT))
    thread.join(5)
    assert found == [Look(TEXT)]


SERIALS = Pattern("7", "PARTS_INVENTORY", "(?P<serialNumber>SN-.*)")


@dataclass(slots=True)
class PatternNotes:
    """A memory of patterns that can be full."""

    kept: list[tuple[Pattern, ...]] = field(default_factory=lambda: [()])
    is_full: bool = False

    def get(self) -> tuple[Pattern, ...]:
        return self.kept[-1]

    def put(self, patterns: Sequence[Pattern]) -> None:
        if self.is_full:
            raise JournalError("Cannot write the journal. (SQLite says: database or disk is full)")
        self.kept.append(tuple(patterns))


def test_a_barcode_is_read_by_the_tenants_patterns_too() -> None:
    known = [SERIALS]
    inquiry = Inquiry(FakeIon(), Notes(), Clock().now, lambda: known)
    taught = IonPattern("7", {"serialNumber": "SN-1"}, "PARTS_INVENTORY")
    assert inquiry.read(b"]d1SN-1") == read(b"]d1SN-1", None, known)
    assert inquiry.read(b"SN-1", "]d1").readings[0] == taught
    known.clear()
    assert inquiry.read(b"SN-1") == read(b"SN-1") == World().inquiry.read(b"SN-1")


def test_patterns_are_read_at_once_and_now_and_then_again() -> None:
    clock, broken = Clock(), Pattern("8", "RUNS")
    answers: list[tuple[Pattern, ...] | IonUnreachable] = [
        IonUnreachable("Cannot reach ION."),
        (SERIALS, broken),
        (SERIALS, broken),
        IonUnreachable("Cannot reach ION."),
        (),
    ]
    times: list[float] = []

    def source() -> tuple[Pattern, ...]:
        times.append(clock.monotonic_s())
        answer = answers.pop(0)
        if isinstance(answer, IonUnreachable):
            raise answer
        return answer

    notes = PatternNotes()
    patterns = TaughtPatterns(source, notes, clock.sleep, clock.monotonic_s)
    start, known = clock.monotonic_s(), [patterns.known()]
    while answers:
        patterns.step()
        if known[-1] != patterns.known():
            known.append(patterns.known())
    assert [time - start for time in times] == [0, 5, 605, 1205, 1210]
    assert known == [(), (SERIALS, broken), ()]
    assert notes.kept == known


def test_patterns_are_known_from_the_start_before_without_asking() -> None:
    def offline() -> tuple[Pattern, ...]:
        raise IonUnreachable("Cannot reach ION.")

    clock, notes = Clock(), PatternNotes([(SERIALS,)])
    patterns = TaughtPatterns(offline, notes, clock.sleep, clock.monotonic_s)
    assert patterns.known() == (SERIALS,)
    patterns.step()
    assert patterns.known() == (SERIALS,)
    assert notes.kept == [(SERIALS,)]


def test_a_memory_that_is_full_does_not_take_the_patterns_away() -> None:
    clock, notes = Clock(), PatternNotes(is_full=True)
    patterns = TaughtPatterns(lambda: (SERIALS,), notes, clock.sleep, clock.monotonic_s)
    patterns.step()
    assert patterns.known() == (SERIALS,)
    assert notes.kept == [()]
