"""The identity provider's addresses: as Keycloak has them, below a realm, with ``/auth`` before it or not."""

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from kiosk.simulator.endpoint import fail_before
from kiosk.simulator.faults import Faults
from kiosk.simulator.ion import Ion
from kiosk.simulator.sign_ins import DEVICE_GRANT, CodeRequest, SignIns
from kiosk.simulator.tokens import BadTokenError, TokenRequestError, Tokens
from kiosk.simulator.wire import hang_up

__all__ = ["REALMS", "realm_routes"]

REALMS: Final = ("api-keys", "people")
"""Keys and people; ION's own name of the second is not public. Either takes every grant."""

_PROTOCOL: Final = "/protocol/openid-connect"


def realm_routes(ion: Ion, tokens: Tokens, faults: Faults) -> Blueprint:
    """Return the addresses below ``/realms/<realm>``."""
    routes = Blueprint("realm", __name__)
    sign_ins = SignIns(ion.world, tokens)

    @routes.url_value_preprocessor
    def check_realm(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        if (values or {}).get("realm") not in REALMS:
            abort(HTTPStatus.NOT_FOUND, "Realm does not exist")

    @routes.errorhandler(TokenRequestError)
    def refused(error: TokenRequestError) -> Response:
        response = jsonify({"error": error.error, "error_description": error.description})
        response.status_code = HTTPStatus.BAD_REQUEST
        return response

    _add_token_routes(routes, ion, sign_ins, faults)
    _add_description_routes(routes, ion, tokens)
    _add_sign_in_pages(routes, ion, sign_ins)
    return routes


def _issuer(realm: str) -> str:
    """Return the realm's own address, as the caller reached it."""
    return f"{request.host_url}{request.path.lstrip('/').partition('realms/')[0]}realms/{realm}"


def _form() -> dict[str, str]:
    form = request.form.to_dict()
    if request.authorization is not None and request.authorization.type == "basic":
        form["client_id"] = request.authorization.username or ""
        form["client_secret"] = request.authorization.password or ""
    return form


def _add_token_routes(routes: Blueprint, ion: Ion, sign_ins: SignIns, faults: Faults) -> None:
    @routes.post(f"{_PROTOCOL}/token")
    def token(realm: str) -> Response:
        connection = request.environ["werkzeug.socket"]
        form = _form()
        if faults.offline:
            return hang_up(connection, reset=False)
        fault = faults.take(frozenset({"token"}))
        early = None if fault is None else fail_before(fault, connection)
        if early is not None:
            return early
        with ion.lock:
            return jsonify(sign_ins.issue(form, _issuer(realm)))

    @routes.post(f"{_PROTOCOL}/revoke")
    @routes.post(f"{_PROTOCOL}/logout", endpoint="logout")
    def revoke(realm: str) -> Response:  # noqa: ARG001  the address names it
        sign_ins.revoke(request.form.get("token") or request.form.get("refresh_token", "-"))
        return Response(status=HTTPStatus.OK)

    @routes.post(f"{_PROTOCOL}/auth/device")
    def device(realm: str) -> Response:
        with ion.lock:
            return jsonify(sign_ins.begin_device(_form().get("client_id", ""), f"{_issuer(realm)}/device"))


def _add_description_routes(routes: Blueprint, ion: Ion, tokens: Tokens) -> None:
    @routes.get("/.well-known/openid-configuration")
    def discovery(realm: str) -> Response:
        return jsonify(_discovery(_issuer(realm)))

    @routes.get(f"{_PROTOCOL}/certs")
    def certs(realm: str) -> Response:  # noqa: ARG001  the address names it
        # Tokens are signed with a secret, not with a key pair: there is nothing to publish.
        return jsonify({"keys": []})

    @routes.route(f"{_PROTOCOL}/userinfo", methods=["GET", "POST"])
    def userinfo(realm: str) -> Response:  # noqa: ARG001  the address names it
        with ion.lock:
            try:
                user = tokens.user_of(request.headers.get("Authorization"))
            except BadTokenError as exc:
                response = jsonify({"error": "invalid_token", "error_description": str(exc)})
                response.status_code = HTTPStatus.UNAUTHORIZED
                return response
        return jsonify({"sub": str(user.id), "name": user.name, "email": user.email})

    @routes.post(f"{_PROTOCOL}/token/introspect")
    def introspect(realm: str) -> Response:  # noqa: ARG001  the address names it
        with ion.lock:
            return jsonify(tokens.describe(request.form.get("token", "")))


def _discovery(issuer: str) -> dict[str, Any]:
    protocol = f"{issuer}{_PROTOCOL}"
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{protocol}/auth",
        "device_authorization_endpoint": f"{protocol}/auth/device",
        "token_endpoint": f"{protocol}/token",
        "introspection_endpoint": f"{protocol}/token/introspect",
        "userinfo_endpoint": f"{protocol}/userinfo",
        "end_session_endpoint": f"{protocol}/logout",
        "revocation_endpoint": f"{protocol}/revoke",
        "jwks_uri": f"{protocol}/certs",
        "grant_types_supported": [
            "authorization_code",
            "refresh_token",
            "client_credentials",
            DEVICE_GRANT,
        ],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["HS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": ["openid", "profile", "email"],
        "code_challenge_methods_supported": ["S256"],
    }


def _add_sign_in_pages(routes: Blueprint, ion: Ion, sign_ins: SignIns) -> None:
    @routes.route(f"{_PROTOCOL}/auth", methods=["GET", "POST"])
    def sign_in(realm: str) -> AnyResponse | tuple[str, int]:  # noqa: ARG001  the address names it
        asked = request.args
        client = sign_ins.client(asked.get("client_id", ""))
        uri = asked.get("redirect_uri", "")
        if client is None or not sign_ins.may_redirect(client, uri):
            what = "Client not found" if client is None else "Invalid parameter: redirect_uri"
            abort(HTTPStatus.BAD_REQUEST, what)
        state = {"state": asked["state"]} if "state" in asked else {}
        problem = _problem_with(asked.get("response_type"), asked.get("code_challenge_method"))
        if problem is not None or not asked.get("code_challenge"):
            description = problem or "Missing parameter: code_challenge"
            return _back(uri, {"error": "invalid_request", "error_description": description} | state)
        if request.method == "GET":
            return _sign_in_page(), HTTPStatus.OK
        with ion.lock:
            user = sign_ins.sign_in(request.form.get("username", ""), request.form.get("password", ""))
            if user is None:
                return _sign_in_page("Invalid username or password."), HTTPStatus.UNAUTHORIZED
            code = sign_ins.give_code(CodeRequest(client.client_id, uri, asked["code_challenge"]), user)
        return _back(uri, {"code": code} | state)

    @routes.route("/device", methods=["GET", "POST"])
    def enter_code(realm: str) -> tuple[str, int]:  # noqa: ARG001  the address names it
        user_code = request.values.get("user_code", "")
        if request.method == "GET":
            return _sign_in_page(user_code=user_code), HTTPStatus.OK
        with ion.lock:
            user = sign_ins.sign_in(request.form.get("username", ""), request.form.get("password", ""))
            if user is None:
                page = _sign_in_page("Invalid username or password.", user_code=user_code)
                return page, HTTPStatus.UNAUTHORIZED
            allowed = request.form.get("answer", "yes") == "yes"
            if not sign_ins.settle_device(user_code, user if allowed else None):
                return _sign_in_page("Invalid code.", user_code=user_code), HTTPStatus.BAD_REQUEST
        return _sign_in_page("Done. You can go back to your device.", done=True), HTTPStatus.OK


def _problem_with(response_type: str | None, method: str | None) -> str | None:
    if response_type != "code":
        return "Invalid parameter: response_type"
    return None if method == "S256" else "Invalid parameter: code_challenge_method must be S256"


def _back(uri: str, answer: dict[str, str]) -> AnyResponse:
    return redirect(f"{uri}{'&' if '?' in uri else '?'}{urlencode(answer)}")


def _sign_in_page(message: str = "", *, user_code: str | None = None, done: bool = False) -> str:
    return render_template("sign_in.html", message=message, user_code=user_code, done=done)
