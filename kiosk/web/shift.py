"""A lead's page of shifts: what was done hour by hour, as charts, as a table and as CSV; and its label."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, Forbidden, NotFound

from kiosk.errors import JournalError, LabelError, OperatorRefused
from kiosk.model import Level, Message, Shift, ShiftReport, Work
from kiosk.shift import ShiftDesk, figures
from kiosk.spreadsheet import csv_text
from kiosk.web.context import Web, html_response
from kiosk.web.guards import check_origin
from kiosk.web.office_page import office_page
from kiosk.web.visitors import let_in, remember, visitor_of
from kiosk.words import N_

COLUMNS: Final = ("day", "shift", "station", "hour", *(kind.value for kind in Work))
KINDS: Final[Mapping[Work, tuple[str, str, Level]]] = {
    Work.RECEIVED: (N_("Received"), "truck", Level.GOOD),
    Work.MOVED: (N_("Moved"), "arrow-left-right", Level.GOOD),
    Work.STARTED: (N_("Started"), "play", Level.WAIT),
    Work.COMPLETED: (N_("Completed"), "circle-check", Level.GOOD),
    Work.LABELS: (N_("Labels"), "tag", Level.WAIT),
    Work.PARKED: (N_("For a person"), "circle-question-mark", Level.ASK),
}
"""Each kind's word, icon and state."""
_WIDTH: Final = 240
_HEIGHT: Final = 72
_FIRST_DAY: Final = date(2000, 1, 1)
_LAST_DAY: Final = date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Bar:
    """An hour of a chart, in the units of its drawing."""

    x: float
    y: float
    width: float
    height: float
    at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Chart:
    """One kind of work over the hours of a shift."""

    word: str
    icon: str
    level: Level
    total: int
    most: int
    bars: Sequence[Bar]


def shift_blueprint(web: Web) -> Blueprint:
    """Return the routes of the page."""
    shift = Blueprint("shift", __name__)

    @shift.get("/shift")
    def page() -> Response:
        return office_page(web, "shift.html", _context(web), here="/shift")

    @shift.get("/shift.csv")
    def download() -> Response:
        desk = _desk(web)
        if not _is_let_in(web):
            raise Forbidden("The figures of a shift are for leads: sign in on the page first.")
        report = desk.report(_chosen(desk), _station(web, "of"))
        rows = ([row[name] for name in COLUMNS] for row in figures(report))
        response = Response(csv_text(COLUMNS, rows), mimetype="text/csv")
        name = f"shift-{report.shift.day.isoformat()}-{report.shift.number}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    @shift.post("/shift/sign-in")
    def sign_in() -> Response:
        _check(web)
        if web.rooms.office is None:
            raise NotFound("Nobody signs in here.")
        try:
            token = let_in(web.rooms.office)
        except OperatorRefused as error:
            return _panel(web, Message(Level.STOP, "{why}", {"why": str(error)}))
        response = html_response(web.screens.page("shift_panel.html", _context(web, is_let_in=True)))
        remember(web, response, token)
        return response

    @shift.post("/shift/label")
    def label() -> Response:
        _check(web)
        if not _is_let_in(web):
            raise Forbidden("Sign in first.")
        return _panel(web, _printed(web))

    return shift


def charts_of(report: ShiftReport) -> tuple[Chart, ...]:
    """Draw a chart for each kind of work: a bar an hour, as high as the fullest hour of that kind allows."""
    step = _WIDTH / max(1, len(report.hours))
    charts = []
    for kind, (word, icon, level) in KINDS.items():
        counts = [hour.counts.get(kind, 0) for hour in report.hours]
        most = max(counts, default=0)
        heights = [round(_HEIGHT * count / most, 2) if most else 0.0 for count in counts]
        bars = tuple(
            Bar(
                round(number * step + step * 0.1, 2),
                round(_HEIGHT - height, 2),
                round(step * 0.8, 2),
                height,
                hour.at,
                count,
            )
            for number, (hour, count, height) in enumerate(zip(report.hours, counts, heights, strict=True))
        )
        charts.append(Chart(word, icon, level, sum(counts), most, bars))
    return tuple(charts)


def _desk(web: Web) -> ShiftDesk:
    if web.rooms.shift is None:
        raise NotFound("This kiosk counts no shifts.")
    return web.rooms.shift


def _check(web: Web) -> None:
    check_origin(request)
    web.tokens.check(request)
    _desk(web)


def _is_let_in(web: Web) -> bool:
    """Return whether who asks is a lead, or nobody is asked for here."""
    return web.rooms.office is None or visitor_of(web) is not None


def _station(web: Web, name: str) -> str:
    """Return a station that the request names, empty where it names none."""
    given = request.values.get(name, "")
    return given if given in web.rooms.stations else ""


def _chosen(desk: ShiftDesk) -> Shift:
    """Return the shift that the request names; else the one that is on."""
    day_text, number = request.values.get("day", ""), request.values.get("shift", "")
    if not day_text:
        return desk.current()
    try:
        day = min(max(date.fromisoformat(day_text), _FIRST_DAY), _LAST_DAY)
    except ValueError:
        return desk.current()
    found = {str(shift.number): shift for shift in desk.shifts(day)}
    return found.get(number, found["0"])


def _printed(web: Web) -> Message:
    desk, station = _desk(web), _station(web, "of")
    key = request.form.get("key", "")
    if not station:
        return Message(Level.ASK, "Choose a station: the label comes out of its printer.")
    if not key.isalnum():
        raise BadRequest("A label needs the key of its page.")
    try:
        desk.print_label(station, _chosen(desk), key=f"shift-page/{key[:32]}")
    except LabelError as error:
        return Message(Level.STOP, "{why}", {"why": str(error)})
    except JournalError:
        return Message(Level.STOP, "Not printed: the kiosk cannot write its journal. Call a technician.")
    return Message(Level.GOOD, "The label of the shift is printed at {station}.", {"station": station})


def _panel(web: Web, said: Message) -> Response:
    return html_response(web.screens.page("shift_panel.html", _context(web, said)))


def _context(web: Web, said: Message | None = None, *, is_let_in: bool = False) -> dict[str, object]:
    """Return what the panel is drawn with; without a lead only the way in."""
    desk, here = _desk(web), _station(web, "station")
    context: dict[str, object] = {
        "station": here,
        "level": said.level.value if said else None,
        "said": said,
        "report": None,
    }
    if not (is_let_in or _is_let_in(web)):
        return context
    of = _station(web, "of") if "of" in request.values else here
    shift, today = _chosen(desk), desk.today()
    report = desk.report(shift, of)
    return {
        **context,
        "of": of,
        "stations": tuple(web.rooms.stations),
        "report": report,
        "shift": shift,
        "shifts": desk.shifts(shift.day),
        "begin": shift.begin.astimezone(desk.zone),
        "end": shift.end.astimezone(desk.zone),
        "earlier": shift.day - timedelta(days=1) if shift.day > _FIRST_DAY else None,
        "later": shift.day + timedelta(days=1) if shift.day < today else None,
        "charts": charts_of(report),
        "kinds": [(kind, word) for kind, (word, _, _) in KINDS.items()],
        "totals": report.totals,
        "height": _HEIGHT,
        "width": _WIDTH,
        "key": secrets.token_hex(16),
        "can_print": bool(of and web.rooms.labels.printer_of(of)),
    }
