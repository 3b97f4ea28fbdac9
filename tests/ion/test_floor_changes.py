"""Every change that flows make, in the dialects that have it, with the answer or the request lost."""

import pytest

from kiosk.errors import IonRejected, IonUnknown, IonUnreachable
from kiosk.ports import Absent, Found
from kiosk.simulator.schema import Dialect
from tests.ion.factory import (
    LATE,
    Mishap,
    gateway_page,
    hold,
    lose_the_answer,
    lose_the_request,
    refuse_the_connection,
)
from tests.ion.floor_cases import CASES, MARKER, Bench, Case

ALL = [
    pytest.param(case, dialect, id=f"{name}-{dialect}")
    for name, case in CASES.items()
    for dialect in case.dialects
]
every_case = pytest.mark.parametrize(("case", "dialect"), ALL)
every_fenced_case = pytest.mark.parametrize(
    ("case", "dialect"),
    [each for each in ALL if each.values[0].is_fenced],  # type: ignore[union-attr]
)


@every_case
def test_it_is_made_once_and_found(case: Case, dialect: Dialect) -> None:
    bench = Bench(case, dialect)
    result = bench.perform()
    assert bench.is_done(result), result
    assert bench.effects == [case.mutation]
    assert bench.sent == [case.mutation]
    assert case.operation in bench.ion.offers()


@every_case
@pytest.mark.parametrize("mishap", [lose_the_answer, gateway_page])
def test_an_effect_without_an_answer_is_found(case: Case, dialect: Dialect, mishap: Mishap) -> None:
    bench = Bench(case, dialect)
    bench.factory.once(case.mutation, mishap)
    with pytest.raises(IonUnknown):
        bench.perform()
    found = bench.find()
    assert isinstance(found, Found), found
    assert bench.is_done(found.result)
    assert bench.effects == [case.mutation]
    assert bench.sent == [case.mutation]


@every_case
def test_a_lost_request_is_sent_again_only_where_a_late_copy_could_do_no_harm(
    case: Case, dialect: Dialect
) -> None:
    bench = Bench(case, dialect)
    bench.factory.once(case.mutation, lose_the_request)
    with pytest.raises(IonUnknown):
        bench.perform()
    finding = bench.find()
    if not case.is_fenced:
        assert finding == LATE
        return
    assert finding == Absent()
    assert bench.is_done(bench.perform())
    assert bench.effects == [case.mutation]


@every_fenced_case
def test_a_late_copy_is_refused_or_is_our_own(case: Case, dialect: Dialect) -> None:
    bench = Bench(case, dialect)
    bench.factory.once(case.mutation, hold)
    with pytest.raises(IonUnknown):
        bench.perform()
    assert bench.find() == Absent()
    bench.factory.release()
    assert bench.is_done(bench.perform())
    assert bench.effects == [case.mutation]


@every_fenced_case
def test_a_held_copy_that_arrives_after_the_second_send_changes_nothing(case: Case, dialect: Dialect) -> None:
    bench = Bench(case, dialect)
    bench.factory.once(case.mutation, hold)
    with pytest.raises(IonUnknown):
        bench.perform()
    assert bench.find() == Absent()
    bench.perform()
    bench.factory.release()
    assert bench.effects == [case.mutation]


@every_case
def test_a_refused_connection_is_proved_not_executed(case: Case, dialect: Dialect) -> None:
    bench = Bench(case, dialect)
    bench.factory.once(case.mutation, refuse_the_connection)
    with pytest.raises(IonUnreachable):
        bench.perform()
    assert bench.effects == []


@every_case
def test_arguments_that_are_not_complete_are_refused(case: Case, dialect: Dialect) -> None:
    bench = Bench(case, dialect)
    posted = len(bench.factory.posted)
    for act in (bench.ion.perform, bench.ion.find_effect):
        with pytest.raises(IonRejected, match="expected complete arguments"):
            act(case.operation, {"title": 5}, marker=MARKER)
    assert len(bench.factory.posted) == posted
