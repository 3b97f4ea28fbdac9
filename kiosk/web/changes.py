"""Who waits for a station's screen to change, and how they are told.

What waits for a client is never a list of events but one fact: *there is something newer than what you
have*. The newest screen replaces all the ones before it, so a slow client costs nothing and misses nothing.
"""

import threading
from typing import Self

PRINTERS = "/printers"
"""What the page of printers listens to; no station can be called so."""
MOST_STREAMS = 16
"""Streams that are held open at once; each takes a thread of the server."""


HEARTBEAT_S = 5.0
"""A client that went away is noticed at the next write, and holds a thread until then."""


class TooManyStreams(Exception):
    """As many clients listen as the server has threads for."""


class Changes:
    """Passes on that a station has a new screen."""

    def __init__(self, *, most_streams: int = MOST_STREAMS, heartbeat_s: float = HEARTBEAT_S) -> None:
        self.most_streams = most_streams
        self.heartbeat_s = heartbeat_s
        self._changed = threading.Condition()
        self._counts: dict[str, int] = {}
        self._streams = 0
        self._is_stopped = False

    @property
    def streams(self) -> int:
        """Return how many clients listen now."""
        return self._streams

    @property
    def is_stopped(self) -> bool:
        """Return whether the kiosk is shutting down."""
        return self._is_stopped

    def publish(self, station: str) -> None:
        """Tell everyone who listens to this station that its screen changed; returns at once."""
        with self._changed:
            self._counts[station] = self._counts.get(station, 0) + 1
            self._changed.notify_all()

    def stop(self) -> None:
        """End all streams, and refuse new ones."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    def subscribe(self, station: str) -> "Subscription":
        """Listen to a station; the subscription must be closed.

        Raises:
            TooManyStreams: no thread is left to serve another stream, or the kiosk is stopping.
        """
        with self._changed:
            if self._is_stopped or self._streams >= self.most_streams:
                raise TooManyStreams(
                    f"Cannot listen to station {station!r}: expected fewer than {self.most_streams} streams, "
                    f"got {self._streams}" + (" and the kiosk is stopping." if self._is_stopped else ".")
                )
            self._streams += 1
            return Subscription(self, station)

    def _wait(self, station: str, seen: int, timeout_s: float) -> int | None:
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_stopped or self._counts.get(station, 0) != seen, timeout=timeout_s
            )
            return None if self._is_stopped else self._counts.get(station, 0)

    def _leave(self) -> None:
        with self._changed:
            self._streams -= 1


class Subscription:
    """One client's place at a station; made by ``Changes.subscribe``."""

    def __init__(self, changes: Changes, station: str) -> None:
        self._changes = changes
        self._station = station
        self._seen = changes._counts.get(station, 0)  # noqa: SLF001 - two halves of one idea
        self._is_open = True

    def wait(self, timeout_s: float) -> bool | None:
        """Wait for a change since the last call.

        Returns:
            True for a change, False where nothing happened in time, ``None`` where the kiosk is stopping.
        """
        count = self._changes._wait(self._station, self._seen, timeout_s)  # noqa: SLF001 - see above
        if count is None:
            return None
        is_new = count != self._seen
        self._seen = count
        return is_new

    def close(self) -> None:
        """Stop listening; closing twice is fine."""
        if self._is_open:
            self._is_open = False
            self._changes._leave()  # noqa: SLF001 - see above

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
