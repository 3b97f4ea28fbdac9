"""How a photo comes in, whoever sends it: drawn anew, kept on disk, then handed to the question it is for."""

from werkzeug.exceptions import Conflict

from kiosk.ports import StationRoom, StationView
from kiosk.snapshot import snapshot
from kiosk.web.context import Web
from kiosk.web.photo_links import takes_photos

_TRIES = 5
"""Events that may come between a look at the screen and the press; each is one more look."""
_LEFT = "The screen has changed. This photo was not kept."


def keep_photo(web: Web, room: StationRoom, data: bytes, *, since: int, key: str | None) -> bool:
    """Keep a photo for the question that a station's screen has asked ``since`` that revision.

    Args:
        web: the rooms.
        room: the station.
        data: as it was sent.
        since: the question (see ``StationView.since``).
        key: the sender's idempotency key; the photo becomes part of it.

    Returns:
        Whether the question has it now; a question with enough photos takes no more, and its screen says so.

    Raises:
        PhotoRefused: it is no photo that can be kept.
        Conflict: the question is no longer asked; the photo belongs to nothing.
        JournalError: it could not be written, and is not kept.
    """
    _check(room.view(), since)
    digest = web.rooms.files.keep(snapshot(data))
    for _ in range(_TRIES):
        revision = _check(room.view(), since)
        if not room.press(
            "PHOTO", digest, revision=revision, key=f"{key} {digest}" if key else None
        ).is_stale:
            return digest in photos_of(room.view())
    raise Conflict(_LEFT)


def photos_of(view: StationView) -> tuple[str, ...]:
    """Return the digests of the photos that a station's question has."""
    photos = view.state.get("photos")
    return tuple(str(digest) for digest in photos) if isinstance(photos, list | tuple) else ()


def _check(view: StationView, since: int) -> int:
    if not takes_photos(view) or view.since != since:
        raise Conflict(_LEFT)
    return view.revision
