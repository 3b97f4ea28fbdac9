"""The one page of a kiosk that may not work: what happened, who must act, and that nothing is taken."""

from collections.abc import Mapping
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import ServiceUnavailable

from kiosk.language import language
from kiosk.model import Json
from kiosk.resources import templates_dir
from kiosk.web.context import html_response
from kiosk.web.guards import check_host, protect
from kiosk.web.languages import of_nobody
from kiosk.web.problems import json_response, problem_response
from kiosk.web.screens import environment
from kiosk.web.speech import speech_of

_STATIC = Path(__file__).parent / "static"
_TITLE = "Out of order"
_ADVICE = "Do not scan: nothing is taken. Call a technician."
_RETRY_S = 5
_METHODS = ("GET", "POST", "PUT", "DELETE")


def create_standstill_app(  # noqa: PLR0913  every one is an option of its own
    words: str,
    *,
    version: str,
    allowed_hosts: frozenset[str],
    is_any_address_allowed: bool = False,
    languages: Mapping[str, str],
    otherwise: str,
    hours: str = "",
) -> Flask:
    """Return an application that answers every address with 503 and the reason; its page looks again.

    Args:
        words: what happened, for the technician.
        version: the kiosk's.
        allowed_hosts: see ``Rooms``.
        is_any_address_allowed: see ``Rooms``.
        languages: see ``Rooms``.
        otherwise: the language where neither a station nor the browser names one.
        hours: see ``Rooms``.
    """
    app = Flask("kiosk.web", static_folder=str(_STATIC), template_folder=None)
    context = {"title": _TITLE, "advice": _ADVICE, "text": words, "assets": version}
    page = environment(templates_dir()).get_template("standstill.html")
    app.before_request(
        lambda: check_host(request, allowed_hosts, is_any_address_allowed=is_any_address_allowed)
    )
    app.after_request(lambda response: protect(response, request.path))

    @app.get("/healthz")
    def healthz() -> Response:
        journal: Json = {"is_ready": False, "text": words}
        body: Json = {"status": "failing", "version": version, "journal": journal, "stations": {}}
        return json_response(body, status=503)

    @app.route("/", defaults={"path": ""}, methods=_METHODS)
    @app.route("/station/<name>", defaults={"path": "station"}, methods=_METHODS)
    @app.route("/<path:path>", methods=_METHODS)
    def anything(path: str, name: str = "") -> Response:
        del name  # ``of_nobody`` finds it
        refusal = ServiceUnavailable(f"{_ADVICE} {words}", retry_after=_RETRY_S)
        if path.startswith("api/"):
            return problem_response(refusal)
        spoken = language(of_nobody(request, languages, otherwise), hours)
        response = html_response(page.render({**speech_of(spoken), **context}), 503)
        response.headers["Retry-After"] = str(_RETRY_S)
        return response

    return app
