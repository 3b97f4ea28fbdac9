"""Connections that carry one request at a time, be it HTTP/1.1 or HTTP/2.

HTTP/2 would carry many at once, but a time-out of one then breaks the connection for all (httpcore ends every
stream of a connection on which reading failed), and one thread waits for another to read its answer. A scan
must not wait for a slow list, and a change must not be left in doubt because a question timed out.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

import httpx

__all__ = ["KEPT_ALIVE_S", "Lanes"]

KEPT_ALIVE_S: Final = 50.0
"""Below the 60 s after which the usual load balancers drop an idle connection."""


class Lanes(httpx.BaseTransport):
    """Hands each request to a transport of its own, one that has just done its work before a new one.

    Threads may share it. A transport on which anything went wrong, or whose answer was not read to its end,
    is closed and not used again.
    """

    def __init__(
        self,
        make: Callable[[], httpx.BaseTransport],
        *,
        kept: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; nothing is opened yet.

        Args:
            make: returns a transport with connections of its own.
            kept: how many wait for the next request; 0 opens a new one each time.
            monotonic: seconds, for the age of those that wait.
        """
        self._make = make
        self._kept = kept
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._waiting: deque[tuple[float, httpx.BaseTransport]] = deque()
        self._is_closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and return its answer, which keeps the lane until it is closed."""
        lane = self._take()
        try:
            response = lane.handle_request(request)
        except BaseException:
            lane.close()
            raise
        stream = response.stream
        if not isinstance(stream, httpx.SyncByteStream):
            raise TypeError(f"expected an answer to read at once, got {type(stream).__name__}")
        response.stream = _Lent(stream, lane, self._give_back)
        return response

    def close(self) -> None:
        """Close those that wait; the others close when their answer is read."""
        with self._lock:
            self._is_closed = True
            waiting = list(self._waiting)
            self._waiting.clear()
        for _, lane in waiting:
            lane.close()

    def _take(self) -> httpx.BaseTransport:
        oldest_s = self._monotonic() - KEPT_ALIVE_S
        stale = []
        with self._lock:
            while self._waiting and self._waiting[0][0] < oldest_s:
                stale.append(self._waiting.popleft()[1])
            lane = self._waiting.pop()[1] if self._waiting else None
        for each in stale:
            each.close()
        return lane or self._make()

    def _give_back(self, lane: httpx.BaseTransport) -> None:
        with self._lock:
            is_kept = not self._is_closed and len(self._waiting) < self._kept
            if is_kept:
                self._waiting.append((self._monotonic(), lane))
        if not is_kept:
            lane.close()


class _Lent(httpx.SyncByteStream):
    """An answer, and the lane that it comes on."""

    def __init__(
        self,
        inner: httpx.SyncByteStream,
        lane: httpx.BaseTransport,
        give_back: Callable[[httpx.BaseTransport], None],
    ) -> None:
        self._inner = inner
        self._lane: httpx.BaseTransport | None = lane
        self._give_back = give_back
        self._is_read = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self._inner
        self._is_read = True

    def close(self) -> None:
        lane, self._lane = self._lane, None
        if lane is None:
            return
        self._inner.close()
        if self._is_read:
            self._give_back(lane)
        else:
            lane.close()
