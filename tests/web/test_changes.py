import threading
import time

import pytest

from kiosk.web import Changes, TooManyStreams


def test_a_change_is_told_once_to_everyone_who_listens() -> None:
    changes = Changes()
    with changes.subscribe("a") as first, changes.subscribe("a") as second, changes.subscribe("b") as other:
        changes.publish("a")
        assert [first.wait(0), first.wait(0)] == [True, False]
        assert [second.wait(0), second.wait(0)] == [True, False]
        assert other.wait(0) is False


def test_many_changes_are_one_for_who_did_not_look() -> None:
    changes = Changes()
    with changes.subscribe("a") as slow:
        for _ in range(10_000):
            changes.publish("a")
        assert [slow.wait(0), slow.wait(0)] == [True, False]


def test_what_was_before_is_not_told() -> None:
    changes = Changes()
    changes.publish("a")
    with changes.subscribe("a") as late:
        assert late.wait(0) is False


def test_a_change_wakes_who_waits() -> None:
    changes = Changes()
    with changes.subscribe("a") as waiting:
        timer = threading.Timer(0.02, changes.publish, ["a"])
        timer.start()
        started = time.monotonic()
        assert waiting.wait(10) is True
        timer.join()
    assert time.monotonic() - started < 5


def test_a_stop_ends_every_wait_and_refuses_new_ones() -> None:
    changes = Changes()
    with changes.subscribe("a") as waiting:
        timer = threading.Timer(0.02, changes.stop)
        timer.start()
        assert waiting.wait(10) is None
        assert waiting.wait(10) is None
        timer.join()
    assert changes.is_stopped
    with pytest.raises(TooManyStreams, match=r"station 'a'.* got 0 and the kiosk is stopping"):
        changes.subscribe("a")


def test_there_is_a_most_and_who_leaves_makes_room() -> None:
    changes = Changes(most_streams=2)
    first, second = changes.subscribe("a"), changes.subscribe("b")
    with pytest.raises(
        TooManyStreams, match="Cannot listen to station 'a': expected fewer than 2 streams, got 2"
    ):
        changes.subscribe("a")
    first.close()
    first.close()
    assert changes.streams == 1
    changes.subscribe("a").close()
    second.close()
    assert changes.streams == 0


def test_the_last_change_is_never_missed() -> None:
    changes = Changes()
    shown = latest = 0
    with changes.subscribe("a") as waiting:

        def publish() -> None:
            nonlocal latest
            for _ in range(500):
                latest += 1
                changes.publish("a")

        thread = threading.Thread(target=publish)
        thread.start()
        while shown < 500 and waiting.wait(5):
            shown = latest
        thread.join()
    assert shown == 500
