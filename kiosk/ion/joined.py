"""Lets threads that ask the same at the same time share one request."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

__all__ = ["Joined"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Joined(Generic[K, V]):
    """Answers under way, by what was asked. No lock is held while anybody asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[tuple[int, K], Future[V]] = {}
        self._changes = 0

    def ask(self, key: K, make: Callable[[], V]) -> V:
        """Return what ``make`` gives, or what it gives to another thread that asked the same just before.

        Raises:
            Exception: whatever ``make`` raises, for every thread that waits for it.
        """
        with self._lock:
            place = (self._changes, key)
            waiting = self._under_way.get(place)
            if waiting is None:
                own: Future[V] = Future()
                self._under_way[place] = own
        if waiting is not None:
            return waiting.result()
        try:
            answer = make()
        except BaseException as error:
            own.set_exception(error)
            raise
        else:
            own.set_result(answer)
            return answer
        finally:
            with self._lock:
                del self._under_way[place]

    def changed(self) -> None:
        """Say that something was changed: an answer that is under way may be of before, and is not joined."""
        with self._lock:
            self._changes += 1
