"""The pages for people: the data with its barcodes, and a page to query it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, abort, jsonify, render_template, request

from kiosk.simulator.barcodes import scan_pad
from kiosk.simulator.data_view import view
from kiosk.simulator.ion import Ion
from kiosk.simulator.tokens import TokenRequestError, Tokens

__all__ = ["page_routes"]

_MAX_BARCODE: Final = 200


def page_routes(ion: Ion, tokens: Tokens, draw: Callable[[str], bytes] | None) -> Blueprint:
    """Return ``/``, ``/barcode.png`` and ``/graphiql``.

    Args:
        ion: Whose data is shown.
        tokens: Who makes the token that the query page has filled in.
        draw: Makes the PNG of a barcode text.
    """
    routes = Blueprint("pages", __name__)

    @routes.get("/")
    def page() -> str:
        with ion.lock:
            data: dict[str, Any] = view(ion.world, ion.dialect)
            items = scan_pad(ion.world, ion.dialect)
            name, effects = ion.world.organization.name, len(ion.world.ledger)
        groups = {item.group: [each for each in items if each.group == item.group] for item in items}
        return render_template(
            "world.html",
            name=name,
            dialect=ion.dialect,
            data=data,
            groups=groups,
            effects=effects,
            pictures=draw,
        )

    @routes.get("/barcode.png")
    def barcode() -> Response:
        text = request.args.get("text", "")
        if draw is None or not 0 < len(text) <= _MAX_BARCODE:
            abort(HTTPStatus.NOT_FOUND)
        return Response(draw(text), content_type="image/png")

    @routes.get("/graphiql")
    def graphiql() -> str:
        return render_template("graphiql.html", name=ion.world.organization.name, dialect=ion.dialect)

    @routes.post("/graphiql/token")
    def token() -> Response:
        """Give the page a token of the first key, so that nobody has to look for one."""
        with ion.lock:
            keys = [key for key in ion.world.api_clients if key.enabled]
            if not keys:
                abort(HTTPStatus.NOT_FOUND, "There is no API key to act with")
            form = {
                "grant_type": "client_credentials",
                "client_id": keys[0].client_id,
                "client_secret": keys[0].client_secret,
            }
            try:
                return jsonify(tokens.issue(form))
            except TokenRequestError as exc:
                abort(HTTPStatus.CONFLICT, exc.description)

    return routes
