"""The simulator's web application: ION's addresses, and those by which one looks behind it."""

from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException

from kiosk.simulator import saved
from kiosk.simulator.data_view import view
from kiosk.simulator.endpoint import GraphqlEndpoint
from kiosk.simulator.faults import Faults, read_faults
from kiosk.simulator.ion import Ion
from kiosk.simulator.pages import page_routes
from kiosk.simulator.realm_routes import realm_routes
from kiosk.simulator.schema.values import iso
from kiosk.simulator.storage import storage_routes
from kiosk.simulator.switches import change_switches
from kiosk.simulator.tokens import Tokens

__all__ = ["create_app"]

_MAX_BODY = 4 * 1024 * 1024


def create_app(  # noqa: PLR0913  every one is an option of its own
    ion: Ion,
    *,
    save_path: Path | None = None,
    draw: Callable[[str], bytes] | None = None,
    faults: Faults | None = None,
    wait: Callable[[float], object],
    tell: Callable[[], object] = lambda: None,
) -> Flask:
    """Return the application; ``POST /reset`` brings the world back to what it is now.

    Args:
        ion: The ION to serve.
        save_path: Where ``POST /save`` writes.
        draw: Makes the PNG of a barcode text for the page; without it the page shows the text alone.
        faults: What goes wrong to begin with.
        wait: Waits that many seconds, less if the server stops.
        tell: Is called when there may be something to tell by webhook.
    """
    app = Flask("kiosk.simulator", static_folder="static", static_url_path="/assets")
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY
    tokens = Tokens(ion.world)
    faults = faults or Faults()
    endpoint = GraphqlEndpoint(ion, tokens, faults, wait=wait, tell=tell)

    @app.route("/graphql", methods=["GET", "POST"], strict_slashes=False)
    @app.route("/graphql/", methods=["GET", "POST"])
    def graphql() -> Response:
        return endpoint.respond(request)

    app.register_error_handler(HTTPException, _http_error)
    realms = realm_routes(ion, tokens, faults)
    app.register_blueprint(realms, url_prefix="/realms/<realm>")
    app.register_blueprint(realms, url_prefix="/auth/realms/<realm>", name="auth")
    app.register_blueprint(storage_routes(ion, faults, wait), url_prefix="/storage")
    app.register_blueprint(page_routes(ion, tokens, draw))
    _add_fault_routes(app, endpoint, faults)
    _add_world_routes(app, ion, endpoint, save_path)
    _add_switch_routes(app, ion)
    return app


def _http_error(error: HTTPException) -> tuple[Response, int]:
    return jsonify(
        {"errors": [{"message": error.description}]}
    ), error.code or HTTPStatus.INTERNAL_SERVER_ERROR


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
        beginning, switches = saved.dump(ion.world), ion.switches

    @app.get("/ledger")
    def ledger() -> Response:
        with ion.lock:
            return jsonify([_line(asdict(effect)) | {"at": iso(effect.at)} for effect in ion.world.ledger])

    @app.get("/data")
    def data() -> Response:
        with ion.lock:
            return jsonify(view(ion.world, ion.dialect))

    @app.post("/reset")
    def reset() -> tuple[str, HTTPStatus]:
        sent = request.get_json(force=True, silent=True) if request.get_data() else {}
        try:
            changed = change_switches(switches, (sent or {}).get("switches", {}))
        except (ValueError, AttributeError) as exc:
            abort(HTTPStatus.BAD_REQUEST, str(exc))
        with ion.lock:
            saved.fill(ion.world, beginning)
            ion.switches = changed
            endpoint.forget_held()
        return "", HTTPStatus.NO_CONTENT

    @app.post("/save")
    def save() -> Response:
        if save_path is None:
            abort(HTTPStatus.CONFLICT, "There is no file to save to: the simulator was started without one")
        with ion.lock:
            saved.save(ion.world, save_path)
        return jsonify({"saved": save_path.name})


def _line(effect: dict[str, object]) -> dict[str, object]:
    return {"userId" if name == "user_id" else name: value for name, value in effect.items()}


def _add_switch_routes(app: Flask, ion: Ion) -> None:
    @app.get("/switches")
    def show_switches() -> Response:
        return jsonify(asdict(ion.switches))

    @app.post("/switches")
    def set_switches() -> Response:
        try:
            with ion.lock:
                ion.switches = change_switches(ion.switches, request.get_json(force=True))
        except ValueError as exc:
            abort(HTTPStatus.BAD_REQUEST, str(exc))
        return show_switches()
