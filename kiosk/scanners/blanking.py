"""Counts a code once that a scanner sends again and again while the trigger is held."""


class Blanking:
    """Knows the payloads of the last moments; one scanner's only."""

    def __init__(self, within_s: float) -> None:
        self._within_s = within_s
        self._seen_at_s: dict[bytes, float] = {}

    def is_repeat(self, scan: bytes, now_s: float) -> bool:
        """Return whether ``scan`` came within the time before; a burst is one scan however long it lasts.

        Args:
            scan: the payload.
            now_s: seconds on a monotonic clock.
        """
        if not self._within_s:
            return False
        self._seen_at_s = {
            seen: at_s for seen, at_s in self._seen_at_s.items() if now_s - at_s < self._within_s
        }
        is_repeat = scan in self._seen_at_s
        self._seen_at_s[scan] = now_s
        return is_repeat
