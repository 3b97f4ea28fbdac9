"""OWASP ASVS 5.0, 6.1.1 and 6.3.1: guessing is slowed down, and nobody can lock another person out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import JournalError
from kiosk.model import Pin
from kiosk.operators import PinGate, Verdict
from kiosk.operators.gate import LONGEST_WAIT_S, THE_DOOR
from tests.journal.opened import rows_of
from tests.operators.world import MIA_PIN, WRONG, Office

HOUR_S = 3600.0
NEW_PIN = Pin("314159")


def guess(office: Office, badge: str, station: str = "dock-1") -> Verdict:
    return office.gate.judge(f"id-{badge}", station, WRONG).verdict


def enter(office: Office, badge: str, station: str = "dock-1") -> Verdict:
    return office.gate.judge(f"id-{badge}", station, MIA_PIN).verdict


def fail(office: Office, badge: str, times: int, station: str = "dock-1") -> None:
    """Give so many wrong PINs, each as soon as it is looked at."""
    for _ in range(times):
        office.clock.passed_s += office.gate.wait_s(f"id-{badge}", station)
        assert guess(office, badge, station) is Verdict.WRONG


def test_the_right_pin_is_right_and_a_wrong_one_is_not(office: Office) -> None:
    office.come("7")
    assert enter(office, "7") is Verdict.RIGHT
    assert guess(office, "7") is Verdict.WRONG
    assert enter(office, "7") is Verdict.RIGHT


def test_who_has_no_pin_gives_none(office: Office) -> None:
    office.come("7", pin=None)
    assert enter(office, "7") is Verdict.NONE_SET
    assert enter(office, "8") is Verdict.NONE_SET, "nor has somebody who is not there"
    assert office.hasher.compared == 0


def test_waits_begin_after_five_and_double_to_five_minutes(office: Office) -> None:
    office.come("7")
    waits = []
    for _ in range(16):
        fail(office, "7", 1)
        waits.append(office.gate.wait_s("id-7", "dock-1"))
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


@pytest.mark.parametrize(("people", "stations"), [(1, 1), (40, 1), (1, 12), (39, 12)])
def test_of_a_thousand_guesses_thirty_at_most_are_looked_at_in_the_first_hour(
    office: Office, people: int, stations: int
) -> None:
    for number in range(people):
        office.come(str(number))
    for number in range(1000):
        guess(office, str(number % people), f"station-{number % stations}")
        office.clock.passed_s += HOUR_S / 1000
    assert 20 <= office.hasher.compared <= 30


def test_who_was_right_here_has_no_more_guesses_than_others(office: Office) -> None:
    office.come("7")
    enter(office, "7")
    before = office.hasher.compared
    for _ in range(1000):
        guess(office, "7")
        office.clock.passed_s += HOUR_S / 1000
    assert 20 <= office.hasher.compared - before <= 30


def test_too_soon_is_not_looked_at_and_does_not_count(office: Office) -> None:
    office.come("7")
    fail(office, "7", 8)
    before = office.hasher.compared
    answer = office.gate.judge("id-7", "dock-1", MIA_PIN)
    assert (answer.verdict, answer.wait_s) == (Verdict.TOO_SOON, 8)
    assert office.hasher.compared == before
    office.clock.passed_s += 8
    assert enter(office, "7") is Verdict.RIGHT, "nobody is ever locked out"


def test_waits_go_on_after_a_restart(office: Office) -> None:
    office.come("7")
    fail(office, "7", 12)
    office.clock.passed_s += 28
    office.reopen()
    assert office.gate.wait_s("id-7", "dock-1") == 100
    office.clock.passed_s += 100
    assert enter(office, "7") is Verdict.RIGHT


@contextmanager
def started_at(office: Office, offset: timedelta) -> Iterator[PinGate]:
    """Give a gate as it is after a start at which the wall clock is wrong by so much."""
    yield PinGate(
        office.journal.operators,
        office.hasher,
        clock=lambda: office.clock.now() + offset,
        monotonic_s=office.clock.monotonic_s,
    )


@pytest.mark.parametrize("years", [-56, -1, 1, 10])
def test_a_clock_that_is_wrong_lengthens_no_wait(office: Office, years: int) -> None:
    office.come("7")
    fail(office, "7", 20)
    with started_at(office, timedelta(days=365 * years)) as gate:
        assert gate.wait_s("id-7", "dock-1") <= LONGEST_WAIT_S
        office.clock.passed_s += LONGEST_WAIT_S
        assert gate.wait_s("id-7", "dock-1") == 0


def test_a_clock_that_is_set_while_it_runs_shortens_none(office: Office) -> None:
    office.come("7")
    offset = timedelta()
    gate = PinGate(
        office.journal.operators,
        office.hasher,
        clock=lambda: office.clock.now() + offset,
        monotonic_s=office.clock.monotonic_s,
    )
    office.gate = gate
    fail(office, "7", 20)
    assert gate.wait_s("id-7", "dock-1") == LONGEST_WAIT_S
    offset = timedelta(minutes=30)
    assert gate.wait_s("id-7", "dock-1") == LONGEST_WAIT_S


def test_a_prankster_elsewhere_or_with_other_badges_does_not_keep_a_person_from_their_work(
    office: Office,
) -> None:
    for badge in ("7", "8", "9"):
        office.come(badge)
    assert enter(office, "7") is Verdict.RIGHT
    fail(office, "7", 20, "floor-9")
    assert office.gate.wait_s("id-7", "floor-9") > 0
    assert office.gate.wait_s("id-7", "dock-1") == 0
    fail(office, "8", 20)
    fail(office, "9", 20)
    assert office.gate.wait_s("id-7", "dock-1") == 0
    assert enter(office, "7") is Verdict.RIGHT
    assert office.gate.wait_s("id-8", "dock-1") > 0, "but the others wait"


def test_a_prankster_of_the_night_keeps_nobody_from_their_work_in_the_morning(office: Office) -> None:
    office.come("7")
    office.come("8")
    enter(office, "7")
    office.clock.passed_s += 60 * HOUR_S
    fail(office, "7", 20, "floor-9")
    fail(office, "7", 20, THE_DOOR)
    fail(office, "8", 20)
    assert enter(office, "7") is Verdict.RIGHT


def test_after_two_weeks_a_person_counts_as_anybody(office: Office) -> None:
    office.come("7")
    office.come("8")
    enter(office, "7")
    office.clock.passed_s += 14 * 24 * HOUR_S
    fail(office, "8", 20)
    assert office.gate.wait_s("id-7", "dock-1") > 0


def test_who_guesses_at_the_door_for_others_holds_up_nobody_at_the_kiosk(office: Office) -> None:
    for badge in ("7", "8"):
        office.come(badge)
    fail(office, "8", 20, THE_DOOR)
    assert office.gate.wait_s("id-7", "dock-1") == 0
    assert office.gate.wait_s("id-7", THE_DOOR) > 0
    fail(office, "8", 6)
    assert office.gate.wait_s("id-7", "floor-9") > 0, "but who does so at the kiosk holds up who is new"


def test_a_right_pin_of_one_s_own_clears_nothing_of_others(office: Office) -> None:
    office.come("7")
    office.come("8")
    fail(office, "8", 12)
    waits_s = office.gate.wait_s("id-8", "dock-1")
    office.clock.passed_s += waits_s
    assert enter(office, "7") is Verdict.RIGHT
    assert guess(office, "8") is Verdict.WRONG
    assert office.gate.wait_s("id-8", "dock-1") == 2 * waits_s


def test_an_hour_without_a_wrong_pin_ends_all_waits(office: Office) -> None:
    office.come("7")
    fail(office, "7", 20)
    office.clock.passed_s += HOUR_S
    assert guess(office, "7") is Verdict.WRONG
    # The count goes on where it stood, since only its age was forgotten.
    assert office.gate.wait_s("id-7", "dock-1") == LONGEST_WAIT_S


def test_a_lead_ends_the_waits_at_once(office: Office) -> None:
    holder = office.come("7")
    fail(office, "7", 20)
    office.register.forgive(holder, None)
    assert enter(office, "7") is Verdict.RIGHT


def test_a_lead_ends_the_waits_of_a_newcomer_that_others_led_to(office: Office) -> None:
    newcomer = office.come("7")
    for badge in ("8", "9"):
        office.come(badge)
    fail(office, "8", 20)
    assert office.gate.wait_s("id-7", "dock-1") > 0
    for _ in range(2):
        office.register.forgive(newcomer, None)
        assert office.gate.wait_s("id-7", "dock-1") == 0
    assert office.gate.wait_s("id-9", "dock-1") > 0, "for nobody else"
    fail(office, "7", 6, "floor-9")
    assert office.gate.wait_s("id-7", "dock-1") > 0, "and their own count anew"
    office.register.forgive(newcomer, None)
    office.clock.passed_s += HOUR_S
    fail(office, "8", 1)
    assert office.gate.wait_s("id-7", "dock-1") > 0, "after an hour they wait as everybody does"


def test_a_new_pin_begins_anew(office: Office) -> None:
    holder = office.come("7")
    fail(office, "7", 20)
    office.register.give_pin(holder, MIA_PIN, None)
    assert enter(office, "7") is Verdict.RIGHT


def test_what_cannot_be_counted_is_not_looked_at(office: Office) -> None:
    office.come("7")
    with rows_of(office.folder) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        with pytest.raises(JournalError):
            guess(office, "7")
        connection.execute("DROP TRIGGER full")
    assert office.hasher.compared == 0
    assert office.gate.wait_s("id-7", "dock-1") == 0


def test_power_lost_while_a_pin_is_looked_at_forgets_no_guess(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.come("7")

    def cut(_pin: object, _hashed: str) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(office.hasher, "fits", cut)
    for _ in range(6):
        office.clock.passed_s += office.gate.wait_s("id-7", "dock-1")
        with pytest.raises(KeyboardInterrupt):
            guess(office, "7")
    office.reopen()
    assert office.gate.wait_s("id-7", "dock-1") == 2


def test_a_hash_of_earlier_parameters_is_renewed_by_the_right_pin(office: Office) -> None:
    office.come("7")
    with rows_of(office.folder) as connection:
        connection.execute("UPDATE operators SET pin_hash = 'old ' || pin_hash")
    assert guess(office, "7") is Verdict.WRONG
    assert (office.journal.operators.pin_hash("id-7") or "").startswith("old ")
    assert enter(office, "7") is Verdict.RIGHT
    assert office.journal.operators.pin_hash("id-7") == "quick 828172"


@pytest.mark.parametrize("kept", ["", "old "])
def test_a_pin_that_was_changed_while_it_was_looked_at_is_theirs_no_more(office: Office, kept: str) -> None:
    holder = office.come("7")
    with rows_of(office.folder) as connection:
        connection.execute("UPDATE operators SET pin_hash = ? || pin_hash", (kept,))
    office.hasher.meanwhile = lambda: office.register.give_pin(holder, NEW_PIN, None)
    assert enter(office, "7") is Verdict.WRONG
    office.hasher.meanwhile = bool
    assert office.journal.operators.pin_hash("id-7") == office.hasher.hash(NEW_PIN)
    assert office.gate.judge("id-7", "dock-1", NEW_PIN).verdict is Verdict.RIGHT


def test_no_pin_is_in_the_journal(office: Office, tmp_path: Path) -> None:
    office.come("7")
    fail(office, "7", 3)
    enter(office, "7")
    with rows_of(tmp_path) as connection:
        written = "\n".join(connection.iterdump())
    assert "271828" not in written
    assert "000001" not in written
    assert office.journal.first_break() is None


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(st.sampled_from(["7", "8"]), st.sampled_from(["a", "b"]), st.booleans(), st.floats(0, 400))
    )
)
def test_whatever_is_tried_no_wait_is_longer_than_five_minutes(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, bool, float]]
) -> None:
    office = Office(tmp_path_factory.mktemp("office"))
    office.come("7")
    office.come("8")
    for badge, station, is_right, pause_s in steps:
        answer = office.gate.judge(f"id-{badge}", station, MIA_PIN if is_right else WRONG)
        assert 0 <= answer.wait_s <= LONGEST_WAIT_S
        assert answer.verdict is not (Verdict.WRONG if is_right else Verdict.RIGHT)
        office.clock.passed_s += pause_s
    office.clock.passed_s += LONGEST_WAIT_S
    assert enter(office, "7") is Verdict.RIGHT
    office.journal.close()
