"""The language of a page: chosen at the station, else that of who is there, else the settings'."""

import threading
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Request, g, has_request_context, request
from werkzeug.datastructures import LanguageAccept

from kiosk.language import Language, language
from kiosk.model import Operator
from kiosk.ports import StationRoom
from kiosk.words import ENGLISH, LANGUAGES, spoken

_STATION_PAGE: Final = "/station/"
CHOICE_COOKIE: Final = "kiosk_language"
"""The language that was chosen on the office's pages, and for whom: it ends when somebody else is there."""


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

        A station's own pages speak as its screen does. All others: as who is there chose on them; else as who
        is signed in in this browser is spoken to; else as the station does that the page was opened from;
        else what the browser asks for and is spoken here.
        """
        if not has_request_context():
            return ENGLISH
        room = self._room_asked()
        if room is not None and request.path.startswith(_STATION_PAGE):
            return self.of_station(room.name, _operator_at(room))
        visitor, chosen = self._visitor(), request.cookies.get(CHOICE_COOKIE, "")
        if chosen:
            tag, _, chosen_by = chosen.partition(".")
            if tag in LANGUAGES and chosen_by == known_by(self.reader()):
                return tag
        own = spoken(visitor.language) if visitor else ""
        if own or room is None:
            return own or preferred(request.accept_languages)
        return self.of_station(room.name, _operator_at(room))

    def reader(self) -> Operator | None:
        """Return who reads the page that is asked for now: signed in in this browser, else at its station."""
        room = self._room_asked()
        return self._visitor() or (_operator_at(room) if room else None)

    def _room_asked(self) -> StationRoom | None:
        """Return the station that the request is about; who is there is nothing to a stranger at the door."""
        return None if g.get("is_stranger") else self._stations.get(station_asked(request))


def known_by(operator: Operator | None) -> str:
    """Return what a choice knows a person by, without telling who it is."""
    return sha256(operator.id.encode()).hexdigest()[:16] if operator else ""


def _operator_at(room: StationRoom) -> Operator | None:
    try:
        return room.view().operator
    except Exception:  # noqa: BLE001 - the page that says what failed is drawn all the same
        return None


def of_nobody(asked: Request, settings: Mapping[str, str], otherwise: str) -> str:
    """Return the language of a page where nobody can be known: its station's; else as was chosen there.

    Else what the browser asks for and is spoken here.

    Args:
        asked: the request.
        settings: the language of each station.
        otherwise: the language where the browser asks for none that is spoken here.
    """
    chosen = asked.cookies.get(CHOICE_COOKIE, "").partition(".")[0]
    station = settings.get(station_asked(asked), "")
    return station or (chosen if chosen in LANGUAGES else preferred(asked.accept_languages, otherwise))


def preferred(accepted: LanguageAccept, otherwise: str = ENGLISH) -> str:
    """Return the language that a browser would like best among those spoken here."""
    return next((tag for asked, _ in accepted if (tag := spoken(asked))), otherwise)


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
