"""One-time ways in for phones: a token opens one question of one station, for photos and nothing else."""

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kiosk.ports import StationView

LASTS_S: Final = 600.0
MOST_PHOTOS: Final = 10


@dataclass(slots=True)
class PhotoLink:
    """What a token is good for."""

    id: str
    """The token's digest: names the link without opening it."""
    station: str
    session: str
    since: int
    """The question it belongs to (see ``StationView.since``)."""
    ends_s: float
    left: int = MOST_PHOTOS
    holder: str | None = None
    """The browser that sent the first photo; from then on no other one may."""


def takes_photos(view: StationView) -> bool:
    """Return whether a station's screen asks for photos."""
    return isinstance(view.state.get("photos"), list | tuple)


class PhotoLinks:
    """The ways in that are open: one a station at most, in memory only."""

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._lock = threading.Lock()
        self._links: dict[str, PhotoLink] = {}

    def give(self, view: StationView) -> str:
        """Return a new token for the question on a station's screen; the one before it ends."""
        token = secrets.token_urlsafe(32)
        link = PhotoLink(_id(token), view.station, view.session, view.since, self._monotonic_s() + LASTS_S)
        with self._lock:
            self._links = {id_: one for id_, one in self._links.items() if one.station != view.station}
            self._links[link.id] = link
        return token

    def find(self, token: str) -> PhotoLink | None:
        """Return what a token is good for, ``None`` where it never was, or is no more."""
        # Looked up by its digest, a token cannot be guessed letter by letter from the time that takes.
        with self._lock:
            link = self._links.get(_id(token))
            if link is not None and link.ends_s <= self._monotonic_s():
                del self._links[link.id]
                return None
        return link

    def is_open(self, link: PhotoLink, view: StationView, holder: str) -> bool:
        """Return whether its question is still on the screen, and this browser may send one more photo."""
        is_asked = takes_photos(view) and (link.session, link.since) == (view.session, view.since)
        if not is_asked:
            self.end(link)
        is_its_own = link.holder is None or hmac.compare_digest(link.holder, holder)
        return is_asked and is_its_own and link.left > 0

    def use(self, link: PhotoLink, holder: str) -> bool:
        """Count one photo against the link and bind it to the browser; return whether there was one left."""
        with self._lock:
            if link.left <= 0 or (link.holder is not None and not hmac.compare_digest(link.holder, holder)):
                return False
            link.holder = holder
            link.left -= 1
            return True

    def end(self, link: PhotoLink) -> None:
        """Close the way in; closing twice is fine."""
        with self._lock:
            self._links.pop(link.id, None)


def _id(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
