"""The page of printers: each one's queue, live, and what a person does about it."""

import secrets
from collections.abc import Iterator, Mapping

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import BadRequest, NotFound

from kiosk.flows.reprint import REPRINT_REASONS, VOID_REASONS, is_serialized
from kiosk.model import Level, Message
from kiosk.ports import Asker, PrintRoom
from kiosk.web.api_queues import print_room
from kiosk.web.changes import PRINTERS, Subscription
from kiosk.web.context import Web, html_response
from kiosk.web.guards import check_origin
from kiosk.web.live import RETRY_MS, event, listening, streaming
from kiosk.web.office_page import known_station, office_page
from kiosk.web.printer_acts import Wish, done
from kiosk.web.printer_view import label_row, progress_words, queue_sections
from kiosk.web.reconciliation import account_context
from kiosk.web.visitors import visitor_of
from kiosk.web.wording import REASONS


def printers_blueprint(web: Web) -> Blueprint:
    """Return the routes of the page of printers."""
    printers = Blueprint("printers", __name__)

    @printers.get("/printers")
    def page() -> Response:
        return office_page(web, "printers.html", _list_context(print_room(web)), here="/printers")

    @printers.get("/printers/events")
    def events() -> Response:
        print_room(web)
        subscription = listening(web, PRINTERS)
        return streaming(_stream(web, subscription, web.screens.languages.of_request()), subscription)

    @printers.get("/printers/ask")
    def ask() -> Response:
        if request.args.get("act") == "leave":
            return html_response("")
        room = print_room(web)
        return html_response(
            web.screens.page("printer_ask.html", _question(room, asker_at(web, known_station(web) or "")))
        )

    @printers.post("/printers/act")
    def act() -> Response:
        check_origin(request)
        web.tokens.check(request)
        room, form = print_room(web), request.form
        wish = Wish(*(form.get(name, "") for name in ("name", "to", "reason", "note", "key")))
        station = known_station(web) or ""
        said = pin_given(web, station, asker_at(web, station)) or done(
            room, form.get("act", ""), wish, asker_at(web, station)
        )
        if said is None:
            raise BadRequest("That is no button of this page.")
        context = {**_said(said), **_list_context(room), "accounts": None}
        if form.get("first"):
            days = account_context(web, form.get("first", ""), form.get("last", ""))
            context |= {"accounts": True, **days}
        return html_response(web.screens.page("printer_said.html", context))

    return printers


def asker_at(web: Web, station: str) -> Asker:
    """Return who asks on a page: who is signed in at its station, else in this browser."""
    asker = print_room(web).asker(station)
    visitor = None if asker.id else g.get("visitor") or visitor_of(web)
    if visitor is None:
        return asker
    operator = visitor.operator
    return Asker(operator.name, operator.role.value, operator.id, is_proved=visitor.is_fresh)


def _list_context(room: PrintRoom) -> Mapping[str, object]:
    return {"queues": queue_sections(room.queues())}


def _said(message: Message) -> dict[str, object]:
    return {"level": message.level.value, "said": message.text}


def pin_given(web: Web, station: str, asker: Asker) -> Message | None:
    """Take a PIN that came with an answer; return what is wrong with it, ``None`` where nothing is."""
    pin = request.form.get("pin", "")
    if not pin or not asker.id or web.rooms.people is None:
        return None
    reply = web.rooms.people.give_pin(station, asker.id, pin)
    return None if reply.is_right else Message(Level.STOP, "{words}", {"words": reply.words})


def _question(room: PrintRoom, asker: Asker) -> Mapping[str, object]:
    """Return what the question before an act is drawn with."""
    act, name = request.args.get("act", ""), request.args.get("name", "")
    context: dict[str, object] = {"act": act, "name": name, "key": secrets.token_hex(16)}
    match act:
        case "cancel" if (batch := room.batch(name)) is not None:
            return {**context, "progress": progress_words(batch.tally)}
        case "take-over":
            queue = next((one for one in room.queues() if one.printer.name == name), None)
            if queue is not None and request.args.get("to") in queue.takers:
                return {**context, "to": request.args["to"], "waiting": queue.waiting}
        case "reprint" | "void" if (job := room.job(name)) is not None:
            reasons = REPRINT_REASONS if act == "reprint" else VOID_REASONS
            words = [(one.value, REASONS[one]) for one in reasons]
            needs_pin = is_serialized(job) and asker.has_pin and not asker.is_proved
            return {**context, "label": label_row(job), "reasons": words, "needs_pin": needs_pin}
    raise NotFound("There is nothing to ask about. The page loads again.")


def _stream(web: Web, subscription: Subscription, spoken: str) -> Iterator[bytes]:
    """Send the queues whenever they changed."""
    yield f"retry: {RETRY_MS}\n\n".encode()
    number, shown, html = 0, "", ""
    is_new: bool | None = True
    while is_new is not None:
        if is_new:
            context = _list_context(print_room(web))
            html = web.screens.page("printer_list.html", context, spoken=spoken)
        if html != shown:
            number += 1
            yield event(number, html, name="queues")
        else:
            yield b": alive\n\n"
        shown = html
        is_new = subscription.wait(web.rooms.changes.heartbeat_s)
