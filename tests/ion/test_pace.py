import pytest

from kiosk.errors import IonBusy
from kiosk.ion.pace import Pace


class Quiet:
    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept: list[float] = []
        self.pace = Pace(monotonic=lambda: self.now_s, sleep=self.sleep, jitter=lambda: 1.0)

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now_s += seconds


def test_nobody_waits_while_ion_answers() -> None:
    quiet = Quiet()
    assert quiet.pace.await_turn("Ask", patience_s=0.0) == 0.0
    assert quiet.slept == []


def test_rest_is_as_long_as_ion_asks_for() -> None:
    quiet = Quiet()
    quiet.pace.refused(IonBusy("busy", retry_after_s=2.0))
    assert quiet.pace.await_turn("Ask", patience_s=4.0) == pytest.approx(2.25)
    assert quiet.slept == [2.25]
    assert quiet.pace.await_turn("Ask", patience_s=4.0) == 0.0


def test_who_cannot_wait_that_long_is_told_how_long() -> None:
    quiet = Quiet()
    quiet.pace.refused(IonBusy("busy", retry_after_s=60.0))
    with pytest.raises(IonBusy, match="Ask: expected ION to take questions, but it asked for 60 s") as caught:
        quiet.pace.await_turn("Ask", patience_s=4.0)
    assert caught.value.retry_after_s == pytest.approx(60.25)
    assert quiet.slept == []


def test_without_a_wish_each_rest_is_twice_as_long() -> None:
    quiet = Quiet()
    for _ in range(7):
        quiet.pace.refused(IonBusy("busy"))
        quiet.pace.await_turn("Ask", patience_s=10.0)
    assert quiet.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    quiet.pace.answered()
    quiet.pace.refused(IonBusy("busy"))
    quiet.pace.await_turn("Ask", patience_s=10.0)
    assert quiet.slept[-1] == 0.5


def test_a_shorter_wish_does_not_cut_a_longer_one_short() -> None:
    quiet = Quiet()
    quiet.pace.refused(IonBusy("busy", retry_after_s=30.0))
    quiet.pace.refused(IonBusy("busy", retry_after_s=1.0))
    with pytest.raises(IonBusy):
        quiet.pace.await_turn("Ask", patience_s=4.0)
