"""Builds the Flask application out of its rooms."""

import hmac
import logging
from collections.abc import Callable, Iterable
from functools import partial
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from kiosk.errors import JournalError, OutOfScope
from kiosk.language import Language, language
from kiosk.web.actions import actions_blueprint
from kiosk.web.ambience import ambience_blueprint
from kiosk.web.api import api_blueprint
from kiosk.web.api_access import check_access
from kiosk.web.api_labels import labels_blueprint
from kiosk.web.api_queues import queues_blueprint
from kiosk.web.context import MOST_BODY_BYTES, Web, html_response
from kiosk.web.design_actions import design_actions_blueprint
from kiosk.web.design_keeping import design_keeping_blueprint
from kiosk.web.designs import designs_blueprint
from kiosk.web.doorway import check_doorway, doorway_blueprint
from kiosk.web.guards import CSRF_HEADER, CsrfTokens, check_host, is_at_port, protect
from kiosk.web.health import health_blueprint
from kiosk.web.languages import Languages
from kiosk.web.learning import learning_blueprint
from kiosk.web.live import live_blueprint
from kiosk.web.live_labels import live_labels_blueprint
from kiosk.web.office import office_blueprint
from kiosk.web.office_page import office_frame_blueprint
from kiosk.web.packing import packer
from kiosk.web.pages import pages_blueprint
from kiosk.web.parked import parked_blueprint
from kiosk.web.people import people_blueprint
from kiosk.web.phone import phone_blueprint
from kiosk.web.photo import photo_blueprint
from kiosk.web.photo_links import PhotoLinks
from kiosk.web.photos import photos_blueprint
from kiosk.web.pictures import pictures_blueprint
from kiosk.web.printers import printers_blueprint
from kiosk.web.problems import Problem, kept_headers, problem_response
from kiosk.web.reconciliation import reconciliation_blueprint
from kiosk.web.rooms import Rooms
from kiosk.web.scanners import scanners_blueprint
from kiosk.web.screens import Screens
from kiosk.web.settings import settings_blueprint
from kiosk.web.sheets import sheets_blueprint
from kiosk.web.shift import shift_blueprint
from kiosk.web.sign_in import sign_in_blueprint
from kiosk.web.visitors import reader_of
from kiosk.web.workstation import workstation_blueprint
from kiosk.words import N_

_STATIC = Path(__file__).parent / "static"
_log = logging.getLogger(__name__)
_TITLES = {
    401: N_("Sign in first"),
    403: N_("That is not allowed here"),
    404: N_("There is no such page"),
    409: N_("That has changed in the meantime"),
    413: N_("That is too large"),
    429: N_("The kiosk cannot do that now"),
    500: N_("Something went wrong"),
    503: N_("The kiosk cannot do that now"),
}
_NOT_UNDERSTOOD = N_("The kiosk did not understand that")
_GO_BACK = N_("Go back to the kiosk, and choose again.")
_NOT_TAKEN = N_("The kiosk cannot write its journal. Nothing was taken: do not go on, call a technician.")
_FAILED = N_("Something went wrong in the kiosk. It was noted.")


def create_app(
    rooms: Rooms, *, templates: Path | None = None, book: Callable[[str], Language] | None = None
) -> Flask:
    """Return the web application.

    Args:
        rooms: everything it works with.
        templates: the directory that holds ``screens/``, where it is not the installed one.
        book: gives a language by its tag, where it is not the usual one.
    """
    boot = hmac.new(rooms.secret, b"boot", sha256).hexdigest()[:12]
    book = book or partial(language, hours=rooms.hours)
    languages = Languages(rooms.stations, rooms.languages, lambda: reader_of(rooms), book=book)
    web = Web(
        rooms=rooms,
        screens=Screens(rooms, boot=boot, languages=languages, templates=templates),
        tokens=CsrfTokens(rooms.secret),
        boot=boot,
        assets=_assets_digest(_STATIC.rglob("*")),
    )
    app = Flask("kiosk.web", static_folder=str(_STATIC), template_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BODY_BYTES, MAX_FORM_MEMORY_SIZE=MOST_BODY_BYTES, PROPAGATE_EXCEPTIONS=False
    )
    app.extensions["kiosk"] = web
    app.before_request(
        lambda: check_host(request, rooms.allowed_hosts, is_any_address_allowed=rooms.is_any_address_allowed)
    )
    app.before_request(lambda: check_doorway(web))
    app.before_request(lambda: check_access(web))
    pack = packer()
    app.after_request(lambda response: pack(request, response))
    app.after_request(_cached_right)
    app.after_request(
        lambda response: protect(response, request.path, is_over_tls=is_at_port(request, rooms.remote_port))
    )
    links = PhotoLinks()
    for blueprint in (
        doorway_blueprint(web),
        pages_blueprint(web),
        actions_blueprint(web),
        ambience_blueprint(web),
        photo_blueprint(web),
        photos_blueprint(web, links),
        phone_blueprint(web, links),
        sign_in_blueprint(web),
        people_blueprint(web),
        office_frame_blueprint(web),
        office_blueprint(web),
        live_blueprint(web),
        live_labels_blueprint(web),
        pictures_blueprint(web),
        sheets_blueprint(web),
        scanners_blueprint(web),
        learning_blueprint(web),
        printers_blueprint(web),
        reconciliation_blueprint(web),
        parked_blueprint(web),
        shift_blueprint(web),
        settings_blueprint(web),
        designs_blueprint(web),
        design_actions_blueprint(web),
        workstation_blueprint(web),
        design_keeping_blueprint(web),
        api_blueprint(web),
        labels_blueprint(web),
        queues_blueprint(web),
        health_blueprint(web),
    ):
        app.register_blueprint(blueprint)
    _answer_errors(app, web)
    return app


def _answer_errors(app: Flask, web: Web) -> None:
    @app.errorhandler(HTTPException)
    def on_http_error(error: HTTPException) -> Response:
        return _error_response(web, error)

    @app.errorhandler(OutOfScope)
    def on_narrow_key(error: OutOfScope) -> Response:
        return _error_response(web, Problem(403, "Not in the key's scope", str(error), scope=error.scope))

    @app.errorhandler(JournalError)
    def on_journal_error(error: JournalError) -> Response:
        _log.error("journal: %s", error)
        return _error_response(web, ServiceUnavailable(_NOT_TAKEN, retry_after=5))

    @app.errorhandler(Exception)
    def on_failure(error: Exception) -> Response:
        _log.error("request to %s failed", request.endpoint, exc_info=error)
        return _error_response(web, InternalServerError(_FAILED))


def _error_response(web: Web, error: HTTPException) -> Response:
    """Say what went wrong in the form the asker reads; never with what was sent."""
    if request.path.startswith("/api/"):
        return problem_response(error)
    status = error.code or 500
    if request.headers.get("HX-Request") == "true":
        response = Response(web.screens.said(_in_words(error)[1]), status, mimetype="text/plain")
        if status == 403 and CSRF_HEADER in request.headers:  # noqa: PLR2004 - Forbidden
            response.headers["HX-Refresh"] = "true"
    else:
        title, text = _in_words(error)
        context = {"status": status, "title": title, "text": text, "assets": web.assets}
        response = html_response(web.screens.page("error.html", context), status)
    response.headers.update(kept_headers(error))
    return response


def _in_words(error: HTTPException) -> tuple[str, str]:
    """Return what to say of an error, as a title and as a sentence; a library's own words are no person's."""
    ours = error.description if error.description != type(error).description else None
    return _TITLES.get(error.code or 500, _NOT_UNDERSTOOD), _GO_BACK if ours is None else ours


def _cached_right(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code in {200, 206, 304}:
        is_named_by_content = "v" in request.args
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if is_named_by_content else "no-cache"
        )
    return response


def _assets_digest(paths: Iterable[Path]) -> str:
    digest = sha256()
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
