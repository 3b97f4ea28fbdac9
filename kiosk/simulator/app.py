"""The simulator's web application: ION's two addresses, and those by which one looks behind it."""

from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from kiosk.simulator import saved
from kiosk.simulator.barcodes import scan_pad
from kiosk.simulator.data_view import view
from kiosk.simulator.endpoint import GraphqlEndpoint, fail_before
from kiosk.simulator.faults import Faults, read_faults
from kiosk.simulator.ion import Ion
from kiosk.simulator.schema.values import iso
from kiosk.simulator.tokens import TokenRequestError, Tokens
from kiosk.simulator.wire import hang_up

__all__ = ["create_app"]

_TOKEN_PATH = "/realms/api-keys/protocol/openid-connect/token"  # noqa: S105  an address
_MAX_BODY = 4 * 1024 * 1024
_MAX_BARCODE = 200


def create_app(  # noqa: PLR0913  every one is an option of its own
    ion: Ion,
    *,
    token_lifetime_s: float = 300.0,
    save_path: Path | None = None,
    draw: Callable[[str], bytes] | None = None,
    faults: Faults | None = None,
    wait: Callable[[float], object],
) -> Flask:
    """Return the application; ``POST /reset`` brings the world back to what it is now.

    Args:
        ion: The ION to serve.
        token_lifetime_s: How long a token is good for.
        save_path: Where ``POST /save`` writes.
        draw: Makes the PNG of a barcode text for the page; without it the page shows the text alone.
        faults: What goes wrong to begin with.
        wait: Waits that many seconds, less if the server stops.
    """
    app = Flask("kiosk.simulator", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY
    tokens = Tokens(ion.world, lifetime_s=token_lifetime_s)
    faults = faults or Faults()
    endpoint = GraphqlEndpoint(ion, tokens, faults, wait=wait)

    @app.post("/graphql")
    def graphql() -> Response:
        return endpoint.respond(request)

    app.register_error_handler(HTTPException, _http_error)
    _add_token_routes(app, ion, tokens, faults)
    _add_fault_routes(app, endpoint, faults)
    _add_world_routes(app, ion, endpoint, save_path)
    _add_page(app, ion, draw)
    return app


def _http_error(error: HTTPException) -> tuple[Response, int]:
    return jsonify(
        {"errors": [{"message": error.description}]}
    ), error.code or HTTPStatus.INTERNAL_SERVER_ERROR


def _add_token_routes(app: Flask, ion: Ion, tokens: Tokens, faults: Faults) -> None:
    @app.post(_TOKEN_PATH)
    @app.post(f"/auth{_TOKEN_PATH}")
    def token() -> Response:
        connection = request.environ["werkzeug.socket"]
        form = request.form.to_dict()
        if request.authorization is not None and request.authorization.type == "basic":
            form["client_id"] = request.authorization.username or ""
            form["client_secret"] = request.authorization.password or ""
        if faults.offline:
            return hang_up(connection, reset=False)
        fault = faults.take(frozenset({"token"}))
        early = None if fault is None else fail_before(fault, connection)
        if early is not None:
            return early
        try:
            with ion.lock:
                return jsonify(tokens.issue(form))
        except TokenRequestError as exc:
            response = jsonify({"error": exc.error, "error_description": exc.description})
            response.status_code = HTTPStatus.BAD_REQUEST
            return response


def _add_fault_routes(app: Flask, endpoint: GraphqlEndpoint, faults: Faults) -> None:
    @app.get("/faults")
    def show_faults() -> Response:
        return jsonify({"offline": faults.offline, "waiting": [asdict(fault) for fault in faults.waiting]})

    @app.post("/faults")
    def add_faults() -> Response:
        try:
            new, offline = read_faults(request.get_json(force=True))
        except ValueError as exc:
            abort(HTTPStatus.BAD_REQUEST, str(exc))
        faults.add(new)
        if offline is not None:
            faults.go_offline(offline=offline)
        return show_faults()

    @app.delete("/faults")
    def clear_faults() -> Response:
        faults.clear()
        endpoint.forget_held()
        return show_faults()

    @app.post("/faults/release")
    def release() -> Response:
        return jsonify({"released": endpoint.release()})


def _add_world_routes(app: Flask, ion: Ion, endpoint: GraphqlEndpoint, save_path: Path | None) -> None:
    with ion.lock:
        beginning = saved.dump(ion.world)

    @app.get("/ledger")
    def ledger() -> Response:
        with ion.lock:
            return jsonify([asdict(effect) | {"at": iso(effect.at)} for effect in ion.world.ledger])

    @app.get("/data")
    def data() -> Response:
        with ion.lock:
            return jsonify(view(ion.world, ion.dialect))

    @app.post("/reset")
    def reset() -> tuple[str, HTTPStatus]:
        with ion.lock:
            saved.fill(ion.world, beginning)
            endpoint.forget_held()
        return "", HTTPStatus.NO_CONTENT

    @app.post("/save")
    def save() -> Response:
        if save_path is None:
            abort(HTTPStatus.CONFLICT, "There is no file to save to: the simulator was started without one")
        with ion.lock:
            saved.save(ion.world, save_path)
        return jsonify({"saved": save_path.name})


def _add_page(app: Flask, ion: Ion, draw: Callable[[str], bytes] | None) -> None:
    @app.get("/")
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

    @app.get("/barcode.png")
    def barcode() -> Response:
        text = request.args.get("text", "")
        if draw is None or not 0 < len(text) <= _MAX_BARCODE:
            abort(HTTPStatus.NOT_FOUND)
        return Response(draw(text), content_type="image/png")
