import threading
from collections.abc import Callable

import pytest

from kiosk.ion.joined import Joined


class Asking:
    """Two threads that ask the same; the first is held until the second waits or has asked by itself."""

    def __init__(self) -> None:
        self.joined: Joined[str, int] = Joined()
        self.calls: list[str] = []
        self.is_asking, self.go_on = threading.Event(), threading.Event()
        self.answers: list[object] = []

    def slow(self) -> int:
        self.calls.append("slow")
        self.is_asking.set()
        assert self.go_on.wait(5)
        return 1

    def quick(self) -> int:
        self.calls.append("quick")
        return 2

    def start(self, key: str, make: Callable[[], int]) -> threading.Thread:
        def act() -> None:
            try:
                self.answers.append(self.joined.ask(key, make))
            except ValueError as error:
                self.answers.append(str(error))

        thread = threading.Thread(target=act)
        thread.start()
        return thread


def test_the_same_question_at_once_is_asked_once() -> None:
    asking = Asking()
    first = asking.start("a", asking.slow)
    assert asking.is_asking.wait(5)
    second = asking.start("a", asking.quick)
    while second.is_alive() and not asking.joined._under_way[0, "a"]._condition._waiters:  # type: ignore[attr-defined]
        second.join(0.001)
    asking.go_on.set()
    first.join(5)
    second.join(5)
    assert asking.calls == ["slow"]
    assert asking.answers == [1, 1]


def test_another_question_is_asked_by_itself() -> None:
    asking = Asking()
    first = asking.start("a", asking.slow)
    assert asking.is_asking.wait(5)
    assert asking.joined.ask("b", asking.quick) == 2
    asking.go_on.set()
    first.join(5)
    assert asking.calls == ["slow", "quick"]


def test_after_a_change_an_answer_under_way_is_not_joined() -> None:
    asking = Asking()
    first = asking.start("a", asking.slow)
    assert asking.is_asking.wait(5)
    asking.joined.changed()
    assert asking.joined.ask("a", asking.quick) == 2
    asking.go_on.set()
    first.join(5)
    assert asking.joined._under_way == {}


def test_a_failure_is_everybodys_and_not_kept() -> None:
    joined: Joined[str, int] = Joined()

    def fail() -> int:
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            joined.ask("a", fail)
    assert joined.ask("a", lambda: 5) == 5


def test_one_after_the_other_is_asked_each_time() -> None:
    joined: Joined[str, int] = Joined()
    numbers = iter((1, 2))
    assert [joined.ask("a", lambda: next(numbers)) for _ in range(2)] == [1, 2]
