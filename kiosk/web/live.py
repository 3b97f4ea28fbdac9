"""The live stream: every page of a station has its newest screen pushed to it (server-sent events)."""

import logging
from collections.abc import Iterator

from flask import Blueprint, Response, request
from werkzeug.exceptions import ServiceUnavailable

from kiosk.errors import JournalError
from kiosk.ports import StationRoom, StationView
from kiosk.web.changes import Subscription, TooManyStreams
from kiosk.web.context import Web, station_of

_log = logging.getLogger(__name__)
RETRY_MS = 1000
RETRY_AFTER_S = 5
LULL_S = 0.03
"""What happened last is told when no screen came for so long: it holds up no answer to a scan."""


def live_blueprint(web: Web) -> Blueprint:
    """Return the routes of the live stream."""
    live = Blueprint("live", __name__)

    @live.get("/events/<station>")
    def events(station: str) -> Response:
        room = station_of(web, station)
        subscription = listening(web, station)
        # A page of an earlier start is sent the screen even if its number is the same, so that it notices.
        is_current_page = request.args.get("boot", web.boot) == web.boot
        last = request.headers.get("Last-Event-ID", "") if is_current_page else ""
        stream = _stream(web, room, subscription, last, is_wide="wide" in request.args)
        return streaming(stream, subscription)

    return live


def listening(web: Web, to: str) -> Subscription:
    """Return a place at what changes; ``streaming`` gives it back.

    Raises:
        ServiceUnavailable: no place is left.
    """
    try:
        return web.rooms.changes.subscribe(to)
    except TooManyStreams as error:
        raise ServiceUnavailable(
            "As many screens listen as this kiosk can serve.", retry_after=RETRY_AFTER_S
        ) from error


def streaming(stream: Iterator[bytes], subscription: Subscription) -> Response:
    """Return server-sent events as a response that nobody on the way keeps back."""
    response = Response(stream, mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-cache, no-store"
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(subscription.close)
    return response


def _stream(
    web: Web, room: StationRoom, subscription: Subscription, last: str, *, is_wide: bool
) -> Iterator[bytes]:
    """Yield each new screen, and to a wide page what happened last after it."""
    yield f"retry: {RETRY_MS}\n\n".encode()
    view = room.view()
    if str(view.revision) != last:
        yield event(view.revision, web.screens.fragment(view))
    shown, spoken = view, web.screens.spoken(view)
    lately, is_behind = "", is_wide
    while (is_new := subscription.wait(LULL_S if is_behind else web.rooms.changes.heartbeat_s)) is not None:
        if is_behind and not is_new:
            is_behind = False
            told = _lately(web, shown)
            if told is not None and told != lately:
                lately = told
                yield event(None, told, name="lately")
            continue
        is_behind = is_wide and is_new
        view = room.view() if is_new else shown
        if view == shown and web.screens.spoken(view) == spoken:
            # The comment keeps the connection; the event lets the page notice when it is gone.
            yield b": alive\nevent: alive\ndata:\n\n"
            continue
        yield event(view.revision, web.screens.fragment(view))
        shown, spoken = view, web.screens.spoken(view)


def _lately(web: Web, view: StationView) -> str | None:
    """Return what happened last, ``None`` where it cannot be looked up: the screens are sent all the same."""
    try:
        return web.screens.lately(view)
    except JournalError as error:
        _log.error("journal: %s", error)
        return None


def event(revision: int | None, html: str, *, name: str = "screen") -> bytes:
    """Return a screen as one server-sent event; a line of it never ends the event early."""
    lines = html.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    written = "".join(f"data: {line}\n" for line in lines)
    id_ = "" if revision is None else f"id: {revision}\n"
    return f"{id_}event: {name}\n{written}\n".encode("utf-8", "replace")
