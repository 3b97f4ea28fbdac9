"""The page of a workstation: find a part or a run, see its label, print it, see what becomes of it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound, UnprocessableEntity

from kiosk.errors import IonError, KeyReused, OrderRefused
from kiosk.flows.reprint import REPRINT_REASONS
from kiosk.model import Level, PreparedLabel
from kiosk.ports import Labelled, LabelOrder, LabelWish, Search
from kiosk.web.api_queues import print_room
from kiosk.web.context import Web, html_response
from kiosk.web.guards import check_origin
from kiosk.web.office_page import known_station, office_page
from kiosk.web.printer_acts import Wish
from kiosk.web.printer_view import label_row, progress_words
from kiosk.web.printers import asker_at, pin_given
from kiosk.web.wording import LEVELS, REASONS

CHOICE_COOKIE = "kiosk_print"
"""The printer and the copies that a person chose last, in their own browser."""
_A_YEAR_S = 365 * 24 * 3600
_MOST_COPIES = 999
_MOST_CODE = 4096
_ROWS_SHOWN = 6
_KEPT = "private, max-age=86400, immutable"
_CHANGED = "ION says something else of it now. Look at the label again, then print it."
_PRINTED_BEFORE = "This was printed before. Look at the label again, then print it."
_NO_COPIES = f"Copies: a number from 1 to {_MOST_COPIES}."


@dataclass(frozen=True, slots=True)
class _Choice:
    """What is on the page: a thing, the label for it, the printer and how often."""

    code: str
    label: str
    printer: str
    copies: str

    @property
    def wish(self) -> LabelWish:
        """Return it as the label service takes it."""
        return LabelWish(
            self.label, subject=self.code, printer=self.printer, copies=_number(self.copies) or 1
        )


def workstation_blueprint(web: Web) -> Blueprint:
    """Return the routes of the page; each but the page itself answers a part of it."""
    page = Blueprint("workstation", __name__)

    @page.get("/print")
    def whole() -> Response:
        text = request.args.get("q", "")[:_MOST_CODE]
        return office_page(web, "print.html", {"text": text, **_found_context(web, text)}, here="/print")

    @page.get("/print/found")
    def found() -> Response:
        return html_response(
            web.screens.page("print_found.html", _found_context(web, request.args.get("q", "")[:_MOST_CODE]))
        )

    @page.get("/print/label")
    def label() -> Response:
        return _label_panel(web, _choice(web, request.args))

    @page.get("/print/label.png")
    def picture() -> Response:
        try:
            prepared = web.rooms.service.prepare(_choice(web, request.args).wish)
        except (OrderRefused, IonError) as error:
            raise UnprocessableEntity("This label cannot be made.") from error
        response = Response(prepared.png, mimetype="image/png")
        if request.args.get("v") == _seen(prepared):
            response.headers["Cache-Control"] = _KEPT
        return response

    @page.post("/print")
    def print_it() -> Response:
        check_origin(request)
        web.tokens.check(request)
        return _printed(web, _choice(web, request.form))

    @page.get("/print/batches/<batch_id>")
    def batch(batch_id: str) -> Response:
        return html_response(web.screens.page("print_done.html", _batch_context(web, batch_id)))

    return page


def _found_context(web: Web, text: str) -> Mapping[str, object]:
    search = web.rooms.service.search(text) if text.strip() else Search(())
    return {
        "search": search,
        "asked": text.strip(),
        "as_of": search.as_of.isoformat() if search.as_of else "",
    }


def _choice(web: Web, given: Mapping[str, str]) -> _Choice:
    """Return what was chosen; what was not is as it was last time, else as it is at the station."""
    printers = web.rooms.service.printers()
    printer, _, copies = request.cookies.get(CHOICE_COOKIE, "").partition("|")
    station = known_station(web)
    own = web.rooms.labels.printer_of(station) if station else ""
    wanted = (given.get("printer", ""), printer, own, *printers)
    return _Choice(
        given.get("code", "")[:_MOST_CODE],
        given.get("label", "")[:64],
        next((name for name in wanted if name in printers), ""),
        given.get("copies") or (copies if _number(copies) else "1"),
    )


def _label_panel(web: Web, choice: _Choice, said: str = "") -> Response:
    """Return the panel in which a label is seen and printed; ION is asked about it anew."""
    search = web.rooms.service.search(choice.code)
    thing = next((one for one in search.found if one.code == choice.code), None)
    if thing is None:
        words = search.trouble or "ION does not know it any more. Search again."
        return html_response(web.screens.page("print_label.html", {"thing": None, "said": words}))
    return html_response(
        web.screens.page("print_label.html", _panel_context(web, choice, thing, search, said))
    )


def _panel_context(
    web: Web, choice: _Choice, thing: Labelled, search: Search, said: str
) -> Mapping[str, object]:
    service = web.rooms.service
    label = choice.label if choice.label in thing.designs else thing.designs[0] if thing.designs else ""
    wish = LabelWish(label, subject=choice.code, printer=choice.printer)
    seen, again = "", None
    try:
        seen, again = _seen(service.prepare(wish)), service.latest(wish)
    except (OrderRefused, IonError) as error:
        said = said or str(error)
    return {
        "thing": thing,
        "designs": [(name, service.title(name)) for name in thing.designs],
        "printers": [
            (queue.printer.name, queue.printer.is_ready, queue.printer.text)
            for queue in sorted(print_room(web).queues(), key=lambda queue: queue.printer.name)
            if queue.printer.name in service.printers()
        ],
        "label": label,
        "printer": choice.printer,
        "copies": choice.copies,
        "seen": seen,
        "again": again.created_at.isoformat() if again else "",
        "reasons": [(one.value, REASONS[one]) for one in REPRINT_REASONS],
        "needs_pin": again is not None and _needs_pin(web),
        "key": secrets.token_hex(16),
        "said": said,
        "trouble": search.trouble,
        "as_of": search.as_of.isoformat() if search.as_of and search.is_remembered else "",
        "most_copies": _MOST_COPIES,
    }


def _needs_pin(web: Web) -> bool:
    asker = asker_at(web, known_station(web) or "")
    return asker.has_pin and not asker.is_proved


def _printed(web: Web, choice: _Choice) -> Response:
    """Print what the person saw, once for one press, and say what becomes of it."""
    service, form = web.rooms.service, request.form
    if _number(choice.copies) is None:
        return _label_panel(web, choice, _NO_COPIES)
    station = known_station(web) or ""
    refused = pin_given(web, station, asker_at(web, station))
    if refused is not None:
        return _label_panel(web, choice, refused.text)
    asker = asker_at(web, station)
    order = LabelOrder(
        [choice.wish],
        key=form.get("key", "")[:64] or None,
        client="page",
        by=asker.name,
        is_as_shown=True,
        asker=asker,
        why=Wish("", reason=form["reason"], note=form.get("note", "")).why if form.get("reason") else None,
    )
    try:
        # The picture is of a single copy, where copies say which they are.
        if _seen(service.prepare(replace(choice.wish, copies=1))) != form.get("seen"):
            return _label_panel(web, choice, _CHANGED)
        ordered = service.order(order)
    except KeyReused:
        return _label_panel(web, choice, _PRINTED_BEFORE)
    except (OrderRefused, IonError) as error:
        return _label_panel(web, choice, str(error))
    response = html_response(web.screens.page("print_done.html", _batch_context(web, ordered.batch.id)))
    response.headers["HX-Retarget"] = "#done"
    # Every press has a key of its own: what is pressed again is another print.
    response.headers["HX-Trigger"] = "printed"
    response.set_cookie(
        CHOICE_COOKIE,
        f"{choice.printer}|{choice.copies}",
        max_age=_A_YEAR_S,
        httponly=True,
        samesite="Strict",
        path="/print",
    )
    return response


def _batch_context(web: Web, batch_id: str) -> Mapping[str, object]:
    """Return what became of a batch so far.

    Raises:
        NotFound: there is none.
    """
    batch = print_room(web).batch(batch_id)
    if batch is None:
        raise NotFound("There is no batch of that id.")
    tally, jobs = batch.tally, web.rooms.service.jobs(batch_id)
    if not tally.is_done:
        level, word = Level.WAIT, "On its way"
    elif tally.confirmed == tally.issued:
        level, word = Level.GOOD, "Printed"
    elif tally.doubtful or tally.voided:
        level, word = Level.ASK, "Look at the printer"
    else:
        level, word = Level.WAIT, "Sent. Nobody has said yet that it came out"
    rows = [label_row(job) for job in jobs]
    return {
        "batch": batch,
        "level": level.value,
        "icon": LEVELS[level][1],
        "word": word,
        "progress": progress_words(tally),
        "title": rows[0].title if rows else "",
        "printer": rows[0].printer if rows else "",
        "rows": rows[:_ROWS_SHOWN],
        "more": max(0, len(rows) - _ROWS_SHOWN),
    }


def _seen(prepared: PreparedLabel) -> str:
    """Return what names the very dots that a picture shows."""
    return sha256(prepared.payload).hexdigest()[:32]


def _number(copies: str) -> int | None:
    is_number = copies.isascii() and copies.isdecimal() and len(copies) <= len(str(_MOST_COPIES))
    return int(copies) if is_number and int(copies) >= 1 else None
