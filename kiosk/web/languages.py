"""The language of a page: chosen at the station, else that of who is there, else the settings'."""

import threading
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Request, has_request_context, request
from werkzeug.datastructures import LanguageAccept

from kiosk.language import Language, language
from kiosk.model import Operator
from kiosk.ports import StationRoom
from kiosk.words import ENGLISH, LANGUAGES, spoken

_STATION_PAGE: Final = "/station/"


class Languages:
    """Knows the language of every station and of every request.

    Args:
        stations: the stations by name.
        settings: each station's own language, where it has one.
        visitor: who is signed in on the office's pages, in the browser that asks.
        book: gives a language by its tag.
    """

    def __init__(
        self,
        stations: Mapping[str, StationRoom],
        settings: Mapping[str, str],
        visitor: Callable[[], Operator | None],
        *,
        book: Callable[[str], Language] = language,
    ) -> None:
        self.book = book
        self._stations = stations
        self._settings = settings
        self._visitor = visitor
        self._lock = threading.Lock()
        self._chosen: dict[str, tuple[str, str]] = {}

    def of_station(self, station: str, operator: Operator | None) -> str:
        """Return the language of a station's screen while that person is signed in there, or nobody is."""
        who = operator.id if operator else ""
        with self._lock:
            chosen_by, chosen = self._chosen.get(station, ("", ""))
            if chosen and chosen_by != who:
                del self._chosen[station]
                chosen = ""
        own = spoken(operator.language) if operator else ""
        return chosen or own or self._settings.get(station, ENGLISH)

    def choose(self, station: str, operator: Operator | None, tag: str) -> None:
        """Let a station speak another language for as long as the same person is there.

        Raises:
            ValueError: it speaks no such language.
        """
        if tag not in LANGUAGES:
            raise ValueError(f"language {tag!r}: expected one of {', '.join(LANGUAGES)}")
        with self._lock:
            self._chosen[station] = (operator.id if operator else "", tag)

    def of_request(self) -> str:
        """Return the language of the page that is asked for now.

        A station's own pages speak as its screen does. All others: that of who is signed in in this browser;
        else of the station the page was opened from; else what the browser asks for and is spoken here.
        """
        if not has_request_context():
            return ENGLISH
        room = self._stations.get(station_asked(request))
        if room is None or not request.path.startswith(_STATION_PAGE):
            visitor = self._visitor()
            own = spoken(visitor.language) if visitor else ""
            if own:
                return own
        return self._screen_s(room) if room else preferred(request.accept_languages)

    def _screen_s(self, room: StationRoom) -> str:
        try:
            operator = room.view().operator
        except Exception:  # noqa: BLE001 - the page that says what failed is drawn all the same
            operator = None
        return self.of_station(room.name, operator)


def preferred(accepted: LanguageAccept) -> str:
    """Return the language that a browser would like best among those spoken here."""
    return next((tag for asked, _ in accepted if (tag := spoken(asked))), ENGLISH)


def station_asked(asked: Request) -> str:
    """Return the name of the station that a request, or the page it comes from, is about; else nothing."""
    given = asked.view_args or {}
    named = given.get("station") or (given.get("name") if asked.path.startswith(_STATION_PAGE) else "")
    if named:
        return str(named)
    if asked.args.get("station"):
        return asked.args["station"]
    try:
        page = urlsplit(asked.headers.get("HX-Current-URL") or asked.headers.get("Referer") or "")
    except ValueError:
        return ""
    if page.path.startswith(_STATION_PAGE):
        return unquote(page.path.removeprefix(_STATION_PAGE).partition("/")[0])
    return parse_qs(page.query).get("station", [""])[0]
