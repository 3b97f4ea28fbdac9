"""PINs, as a station's page hands them in: in the body of a request, and never anywhere else."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from kiosk.web.context import Web, html_response, station_of
from kiosk.web.guards import check_origin


def people_blueprint(web: Web) -> Blueprint:
    """Return the route of the PIN's keypad: it answers the new frame, or why there is none."""
    people = Blueprint("people", __name__)

    @people.post("/station/<name>/pin")
    def pin(name: str) -> Response:
        check_origin(request)
        web.tokens.check(request)
        room = station_of(web, name)
        if web.rooms.people is None:
            raise NotFound("Nobody is asked for a PIN here.")
        reply = web.rooms.people.give_pin(name, request.form.get("who", ""), request.form.get("pin", ""))
        if not reply.is_right:
            return html_response(web.screens.page("pin_answer.html", {"reply": reply}))
        response = html_response(web.screens.fragment(room.view()))
        response.headers["HX-Retarget"] = "#frame"
        return response

    return people
