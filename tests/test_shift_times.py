"""When shifts and their hours begin, on ordinary days and when the clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.model.shifts import Shift, hours_of, shift_at, shifts_of, whole_day

BERLIN = ZoneInfo("Europe/Berlin")
THREE = (time(6), time(14), time(22))


def _clock(shift: Shift, zone: ZoneInfo = BERLIN) -> list[str]:
    return [f"{hour:%H:%M%z}" for hour in hours_of(shift, zone)]


def test_three_shifts_a_day() -> None:
    found = shifts_of(date(2026, 11, 26), THREE, BERLIN)
    assert [(one.number, one.name, one.begin, one.end) for one in found] == [
        (1, "Shift 1", datetime(2026, 11, 26, 5, tzinfo=UTC), datetime(2026, 11, 26, 13, tzinfo=UTC)),
        (2, "Shift 2", datetime(2026, 11, 26, 13, tzinfo=UTC), datetime(2026, 11, 26, 21, tzinfo=UTC)),
        (3, "Shift 3", datetime(2026, 11, 26, 21, tzinfo=UTC), datetime(2026, 11, 27, 5, tzinfo=UTC)),
    ]
    whole = whole_day(date(2026, 11, 26), THREE, BERLIN)
    assert (whole.begin, whole.end, whole.name) == (found[0].begin, found[-1].end, "Whole day")


def test_without_shifts_a_day_is_one() -> None:
    (day,) = shifts_of(date(2026, 11, 26), (), BERLIN)
    assert (day.number, day.end - day.begin) == (0, timedelta(hours=24))
    assert whole_day(date(2026, 11, 26), (), BERLIN) == day


@pytest.mark.parametrize(
    ("now", "day", "number"),
    [
        ("2026-11-26T04:59:59+00:00", date(2026, 11, 25), 3),
        ("2026-11-26T05:00:00+00:00", date(2026, 11, 26), 1),
        ("2026-11-26T22:59:00+00:00", date(2026, 11, 26), 3),
        ("2026-11-27T00:30:00+00:00", date(2026, 11, 26), 3),
    ],
)
def test_the_shift_that_is_on(now: str, day: date, number: int) -> None:
    found = shift_at(datetime.fromisoformat(now), THREE, BERLIN)
    assert (found.day, found.number) == (day, number)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23), (date(2026, 11, 26), 24)]
)
def test_a_day_has_as_many_hours_as_it_has(day: date, hours: int) -> None:
    whole = whole_day(day, (), BERLIN)
    found = hours_of(whole, BERLIN)
    assert len(found) == hours
    moments = [hour.astimezone(UTC) for hour in found]
    assert moments == [whole.begin + timedelta(hours=number) for number in range(hours)]


def test_the_hour_that_comes_twice_is_two() -> None:
    night = shifts_of(date(2026, 10, 24), THREE, BERLIN)[2]
    assert night.end - night.begin == timedelta(hours=9)
    assert _clock(night)[3:7] == ["01:00+0200", "02:00+0200", "02:00+0100", "03:00+0100"]


def test_a_shift_may_begin_at_any_minute() -> None:
    first, second = shifts_of(date(2026, 11, 26), (time(6, 30), time(14, 30)), BERLIN)
    assert _clock(first)[0] == "06:00+0100"
    assert _clock(first)[-1] == "14:00+0100", "the last half hour belongs to it"
    assert _clock(second)[0] == "14:00+0100"


def test_hours_are_those_of_the_wall_where_zones_are_odd() -> None:
    nepal = ZoneInfo("Asia/Kathmandu")
    day = whole_day(date(2026, 11, 26), (), nepal)
    assert day.begin == datetime(2026, 11, 25, 18, 15, tzinfo=UTC)
    assert _clock(day, nepal)[:2] == ["00:00+0545", "01:00+0545"]


def test_the_machines_own_zone_will_do() -> None:
    day = whole_day(date(2026, 11, 26), (), None)
    assert hours_of(day, None)[0].astimezone(UTC) == day.begin
    assert shift_at(day.begin, (), None) == day
