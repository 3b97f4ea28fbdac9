"""Templates to HTML: one render of each screen, shared by everyone who looks at it."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound

from kiosk.flows.paging import page_on, pages_of, rows_on
from kiosk.language import Language
from kiosk.ports import StationView
from kiosk.resources import templates_dir
from kiosk.web.fates import became, last_view
from kiosk.web.languages import Languages
from kiosk.web.rooms import Rooms
from kiosk.web.screen_view import screen_view
from kiosk.web.speech import made_visible, speech_of, teach
from kiosk.web.states import page_after, turned, turns_of
from kiosk.web.wording import LEVELS, reason_words, size, title_of, unbroken

_HERE = Path(__file__).parent
_LATELY_SHOWN = 12
"""As many as the tallest page has room for; a page shows as many as fit it."""
_UNKNOWN_SCREEN = "screens/_parts/missing.html"


@cache
def environment(templates: Path) -> Environment:
    """Return the template engine for pages and screens: strict, and everything is visible and escaped.

    One for each directory, since it keeps the templates that it translated into Python.

    Args:
        templates: the directory that holds ``screens/``.
    """
    engine = Environment(
        loader=FileSystemLoader([_HERE / "pages", templates, _HERE / "static" / "vendor" / "lucide"]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=made_visible,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    teach(engine)
    engine.globals["levels"] = LEVELS
    engine.filters.update(
        size=size,
        rows_on=rows_on,
        page_on=page_on,
        pages_of=pages_of,
        title_of=title_of,
        unbroken=unbroken,
        became=became,
        turned=turned,
        turns_of=turns_of,
        page_after=page_after,
        reason=reason_words,
    )
    return engine


@dataclass(slots=True)
class _Drawn:
    lock: threading.Lock = field(default_factory=threading.Lock)
    view: StationView | None = None
    language: str = ""
    html: str = ""


class Screens:
    """Draws screens and pages."""

    def __init__(
        self, rooms: Rooms, *, boot: str, languages: Languages | None = None, templates: Path | None = None
    ) -> None:
        self._rooms = rooms
        self._boot = boot
        self.languages = languages or Languages(rooms.stations, rooms.languages, lambda: None)
        self._engine = environment(templates or templates_dir())
        self._drawn = {name: _Drawn() for name in rooms.stations}
        self.renders = 0
        """How often a screen was drawn."""

    def fragment(self, view: StationView) -> str:
        """Return a station's frame as HTML; drawn once for all who ask while nothing changes."""
        spoken = self.spoken(view)
        drawn = self._drawn[view.station]
        with drawn.lock:
            if drawn.view != view or drawn.language != spoken:
                drawn.html = self._draw(view, spoken)
                drawn.view, drawn.language = view, spoken
            return drawn.html

    def lately(self, view: StationView) -> str:
        """Return what happened at a station last as HTML, which a wide page shows beside the frame.

        Raises:
            JournalError: it cannot be looked up.
        """
        found = self._rooms.lately(view.station, _LATELY_SHOWN) if self._rooms.lately else ()
        context = {"station": view.station, "rows": [last_view(past) for past in found]}
        return self.page("lately.html", context, spoken=self.spoken(view))

    def spoken(self, view: StationView) -> str:
        """Return the language that a station's frame is in."""
        return self.languages.of_station(view.station, view.operator)

    def page(self, name: str, context: Mapping[str, object], *, spoken: str | None = None) -> str:
        """Return one of the pages around the frame, in the language that is named, else the request's."""
        words = speech_of(self.languages.book(spoken or self.languages.of_request()))
        return self._engine.get_template(name).render({**words, **context})

    def said(self, english: str) -> str:
        """Return what the kiosk said in English in the language of the request."""
        return self.tongue().sentence(english)

    def tongue(self) -> Language:
        """Return the language of the request."""
        return self.languages.book(self.languages.of_request())

    def _draw(self, view: StationView, spoken: str) -> str:
        self.renders += 1
        try:
            template = self._engine.get_template(f"screens/{view.screen}.html")
        except TemplateNotFound:
            template = self._engine.get_template(_UNKNOWN_SCREEN)
        desk = self._rooms.sign_in
        has_ion = desk is not None and desk.is_open(view.station)
        tongue = self.languages.book(spoken)
        shown = screen_view(
            view,
            boot=self._boot,
            label=self._rooms.label_shown(view),
            has_pad=self._rooms.pad is not None,
            has_sign_in=has_ion,
            has_codes=self._rooms.draw is not None,
            can_sign_out=view.operator is not None and self._rooms.people is not None,
            spoken=tongue,
        )
        return template.render(speech_of(tongue), state=view.state, view=shown)
