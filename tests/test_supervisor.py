import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from kiosk.supervisor import Supervisor
from tests.fakes import Clock

_LONG_S = 5.0


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    supervisor = Supervisor()
    yield supervisor
    supervisor.stop()


def eventually(is_so: Callable[[], bool]) -> bool:
    end_s = time.monotonic() + _LONG_S
    while not is_so() and time.monotonic() < end_s:
        time.sleep(0.005)
    return is_so()


def test_every_loop_runs_in_a_thread_of_its_own_name(supervisor: Supervisor) -> None:
    names: set[str] = set()

    def step() -> None:
        names.add(threading.current_thread().name)
        supervisor.sleep(0.01)

    supervisor.add("station dock-1", step)
    supervisor.add("delivery", step)
    assert supervisor.health() == {"station dock-1": "ok", "delivery": "ok"}
    supervisor.start()
    assert eventually(lambda: names == {"station dock-1", "delivery"})
    assert supervisor.health() == {"station dock-1": "ok", "delivery": "ok"}


def test_a_failing_step_is_logged_and_runs_again_while_others_go_on(
    supervisor: Supervisor, caplog: pytest.LogCaptureFixture
) -> None:
    failures = iter([ValueError("first"), KeyError("second")])
    turns: list[float] = []
    others: list[float] = []
    recovered = threading.Event()

    def failing() -> None:
        turns.append(time.monotonic())
        error = next(failures, None)
        if error is not None:
            raise error
        recovered.set()
        supervisor.sleep(0.01)

    def healthy() -> None:
        others.append(time.monotonic())
        supervisor.sleep(0.01)

    supervisor.add("failing", failing)
    supervisor.add("healthy", healthy)
    with caplog.at_level(logging.ERROR):
        supervisor.start()
        assert eventually(lambda: supervisor.health()["failing"] == "failing")
        assert supervisor.health()["healthy"] == "ok"
        assert recovered.wait(_LONG_S)
        assert eventually(lambda: supervisor.health()["failing"] == "ok")
    assert turns[1] - turns[0] >= 0.2
    assert turns[2] - turns[1] >= 0.4
    assert len([at for at in others if at < turns[2]]) > 10
    told = [record for record in caplog.records if record.name == "kiosk.supervisor"]
    assert [record.getMessage() for record in told] == [
        "Loop failing failed 1 time(s); again in 0.2 s",
        "Loop failing failed 2 time(s); again in 0.4 s",
    ]
    assert all(record.exc_info for record in told)


def test_a_hung_loop_is_seen_and_one_that_ended_its_step_is_well_again() -> None:
    clock, release, entered = Clock(), threading.Event(), threading.Event()
    supervisor = Supervisor(hung_after_s=60.0, monotonic_s=clock.monotonic_s)

    def hanging() -> None:
        entered.set()
        release.wait(_LONG_S)
        supervisor.sleep(0.01)

    supervisor.add("hanging", hanging)
    supervisor.start()
    try:
        assert entered.wait(_LONG_S)
        clock.passed_s = 60.0
        assert supervisor.health() == {"hanging": "ok"}
        clock.passed_s = 60.1
        assert supervisor.health() == {"hanging": "hung"}
        release.set()
        assert eventually(lambda: supervisor.health() == {"hanging": "ok"})
    finally:
        release.set()
        supervisor.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_is_gone_is_seen_at_once(supervisor: Supervisor) -> None:
    def leaving() -> None:
        raise SystemExit

    supervisor.add("leaving", leaving)
    supervisor.start()
    assert eventually(lambda: supervisor.health() == {"leaving": "hung"})


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_is_gone_comes_back_and_a_living_one_stays(
    supervisor: Supervisor, caplog: pytest.LogCaptureFixture
) -> None:
    ways, threads = iter([SystemExit()]), set[int]()

    def leaving() -> None:
        if (way := next(ways, None)) is not None:
            raise way
        supervisor.sleep(0.01)

    def staying() -> None:
        threads.add(threading.get_ident())
        supervisor.sleep(0.01)

    supervisor.add("leaving", leaving)
    supervisor.add("staying", staying)
    supervisor.start()
    assert eventually(lambda: supervisor.health()["leaving"] == "hung")
    supervisor.revive()
    assert eventually(lambda: supervisor.health() == {"leaving": "ok", "staying": "ok"})
    assert "Loop leaving: its thread is gone; it gets another one" in caplog.text
    supervisor.revive()
    assert len(threads) == 1
    supervisor.tell_to_stop()
    supervisor.revive()


class NoThread(threading.Thread):
    """A thread that the system does not give."""

    def start(self) -> None:
        raise RuntimeError("can't start new thread")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_where_no_thread_can_be_had_the_others_stay_and_it_is_tried_again(
    supervisor: Supervisor, caplog: pytest.LogCaptureFixture
) -> None:
    ways = iter([SystemExit()])

    def leaving() -> None:
        if (way := next(ways, None)) is not None:
            raise way
        supervisor.sleep(0.01)

    supervisor.add("leaving", leaving)
    supervisor.add("staying", lambda: supervisor.sleep(0.01))
    supervisor.start()
    assert eventually(lambda: supervisor.health()["leaving"] == "hung")
    supervisor.new_thread = NoThread
    supervisor.revive()
    assert supervisor.health() == {"leaving": "hung", "staying": "ok"}
    assert "Loop leaving: no other one could be started: can't start new thread" in caplog.text
    supervisor.new_thread = threading.Thread
    supervisor.revive()
    assert eventually(lambda: supervisor.health() == {"leaving": "ok", "staying": "ok"})


def test_stopping_is_prompt_while_a_loop_waits_after_a_failure(supervisor: Supervisor) -> None:
    failed, turns = threading.Event(), iter(range(1, 100))

    def failing() -> None:
        if next(turns) == 3:
            failed.set()
        raise ValueError("always")

    supervisor.add("failing", failing)
    supervisor.add("asleep", lambda: supervisor.sleep(3600))
    supervisor.start()
    assert failed.wait(_LONG_S)
    start_s = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - start_s < 0.5, "the third failure's pause is 0.8 s"
    assert supervisor.is_stopping
    assert not [thread for thread in threading.enumerate() if thread.name in {"failing", "asleep"}]


def test_waiting_ends_with_the_stop(supervisor: Supervisor) -> None:
    assert supervisor.wait(0.01) is False
    threading.Timer(0.05, supervisor.tell_to_stop).start()
    assert supervisor.wait(_LONG_S) is True


def test_stopping_twice_and_without_a_start_is_fine() -> None:
    supervisor = Supervisor()
    supervisor.add("never", lambda: None)
    supervisor.stop()
    supervisor.stop()
    assert supervisor.health() == {"never": "ok"}


def test_a_loop_that_comes_later_runs_at_once_and_one_that_is_dropped_ends(supervisor: Supervisor) -> None:
    turns: list[str] = []

    def step(name: str) -> Callable[[], None]:
        def one() -> None:
            turns.append(name)
            supervisor.sleep(0.01)

        return one

    supervisor.add("first", step("first"))
    supervisor.start()
    supervisor.add("later", step("later"))
    assert eventually(lambda: set(turns) == {"first", "later"})
    supervisor.drop("first")
    turns.clear()
    assert eventually(lambda: turns.count("later") > 2)
    assert "first" not in turns
    assert supervisor.health() == {"later": "ok"}
    assert "first" not in {thread.name for thread in threading.enumerate()}
    supervisor.drop("first")


def test_a_loop_is_dropped_while_it_waits_after_a_failure(supervisor: Supervisor) -> None:
    failed, turns = threading.Event(), iter(range(1, 100))

    def failing() -> None:
        if next(turns) == 4:
            failed.set()
        raise ValueError("always")

    supervisor.add("failing", failing)
    supervisor.start()
    assert failed.wait(_LONG_S)
    start_s = time.monotonic()
    supervisor.drop("failing")
    assert time.monotonic() - start_s < 1.0, "the fourth failure's pause is 1.6 s"
    assert supervisor.health() == {}


def test_a_loop_that_is_added_while_all_stop_never_starts(supervisor: Supervisor) -> None:
    supervisor.start()
    supervisor.tell_to_stop()
    supervisor.add("late", lambda: None)
    assert "late" not in {thread.name for thread in threading.enumerate()}
