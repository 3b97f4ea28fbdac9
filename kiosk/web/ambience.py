"""What a person chose at a station's touchscreen: how light its page is, how loud, and read from where."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, NotFound

from kiosk.model import Ambience, Distance, Light, Volume
from kiosk.web.context import Web, station_of
from kiosk.web.guards import check_origin


def ambience_blueprint(web: Web) -> Blueprint:
    """Return the route that a page sends a choice to."""
    ambience = Blueprint("ambience", __name__)

    @ambience.post("/station/<name>/ambience")
    def choose(name: str) -> Response:
        """Keep ``light``, ``volume`` and ``distance``; the page has already turned to them."""
        check_origin(request)
        web.tokens.check(request)
        room = station_of(web, name)
        if web.rooms.ambiences is None:
            raise NotFound("This kiosk does not keep what is chosen.")
        light, volume, distance = (request.form.get(name, "") for name in ("light", "volume", "distance"))
        try:
            chosen = Ambience(Light(light), Volume(volume), Distance(distance))
        except ValueError:
            raise BadRequest("That is no light, volume or distance of this page.") from None
        web.rooms.ambiences.choose(room.name, chosen)
        return Response(status=204)

    return ambience
