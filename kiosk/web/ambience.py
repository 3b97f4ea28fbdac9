"""What a person chose at a station's touchscreen: how light its page is, and how loud."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, NotFound

from kiosk.model import Ambience, Light, Volume
from kiosk.web.context import Web, station_of
from kiosk.web.guards import check_origin


def ambience_blueprint(web: Web) -> Blueprint:
    """Return the route that a page sends a choice to."""
    ambience = Blueprint("ambience", __name__)

    @ambience.post("/station/<name>/ambience")
    def choose(name: str) -> Response:
        """Keep ``light`` and ``volume``; the page has already turned to them."""
        check_origin(request)
        web.tokens.check(request)
        room = station_of(web, name)
        if web.rooms.ambiences is None:
            raise NotFound("This kiosk does not keep what is chosen.")
        try:
            chosen = Ambience(Light(request.form.get("light", "")), Volume(request.form.get("volume", "")))
        except ValueError:
            raise BadRequest("That is no light or volume of this page.") from None
        web.rooms.ambiences.choose(room.name, chosen)
        return Response(status=204)

    return ambience
