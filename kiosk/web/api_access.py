"""Which program asks, and whether it may: API keys, and what each is for."""

import math
import re
from dataclasses import dataclass

from flask import g, request

from kiosk.errors import AccessRefused, TooOften
from kiosk.model import ApiKey, PrintJob, Role, Scope
from kiosk.operators import Visitor
from kiosk.ports import Asker, PrintRoom
from kiosk.web.context import Web
from kiosk.web.guards import CSRF_HEADER, is_at_port, is_from_here
from kiosk.web.problems import Problem

API = "/api/"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BEARER = re.compile(r"Bearer +([!-~]+) *", re.IGNORECASE)
WANTED = 'Bearer realm="ion-kiosk"'


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks something of the API."""

    key: ApiKey | None = None
    """``None`` where none was sent, and none was needed."""
    visitor: Visitor | None = None
    """The person at another machine's browser."""

    @property
    def scope(self) -> Scope | None:
        """Return what the caller may ask for, ``None`` for everything."""
        return self.key.scope if self.key else None

    @property
    def by(self) -> str:
        """Return who it is, as the journal writes it."""
        if self.key is not None:
            return f"key {self.key.name}"
        return self.visitor.operator.name if self.visitor else ""

    @property
    def client(self) -> str:
        """Return whose idempotency keys it sends."""
        return f"key/{self.key.id}" if self.key else "api"

    def check(self, *, printer: str | None = None, station: str | None = None) -> None:
        """Refuse a printer or a station that the key is not for.

        Raises:
            OutOfScope: it is not.
        """
        if self.key is not None:
            self.key.scope.check(printer=printer, station=station)

    def check_job(self, job: PrintJob | None) -> None:
        """Refuse a job of a label or printer that the key is not for.

        Raises:
            OutOfScope: it is not.
        """
        if self.key is not None and job is not None:
            self.key.scope.check(label=job.label, printer=job.printer)

    def asker(self, room: PrintRoom) -> Asker:
        """Return the caller as somebody who wants something of labels."""
        if self.visitor is not None and self.key is None:
            return Asker(self.by, self.visitor.operator.role)
        if self.key is None:
            return room.asker("")
        if self.key.scope.reprints:
            return Asker(self.by, Role.TECHNICIAN.value, self.client, is_proved=True)
        return Asker(self.by, room.asker("").role)


def check_access(web: Web) -> None:
    """Let a request to the API in, or not.

    A POST needs a key where the settings say so, and always from another machine; the kiosk's own pages show
    their anti-forgery token instead.

    Raises:
        Problem: 401 where a key is missing or not good, 429 where it is used too often.
    """
    g.caller = Caller(visitor=g.get("visitor"))
    keys = web.rooms.keys
    if keys is None or not request.path.startswith(API):
        return
    is_counted = request.method not in _SAFE
    sent = request.headers.get("Authorization")
    if sent is None:
        if is_counted and (web.rooms.are_keys_needed or is_remote(web)) and not _is_own_page(web):
            raise Problem(
                401,
                "API key needed",
                "Expected the header Authorization: Bearer with a key of `kiosk key add`, got none.",
                headers={"WWW-Authenticate": WANTED},
            )
        return
    match = _BEARER.fullmatch(sent)
    try:
        g.caller = Caller(keys.admit(match[1] if match else "", is_counted=is_counted))
    except AccessRefused as error:
        raise Problem(401, "API key refused", str(error), headers={"WWW-Authenticate": WANTED}) from error
    except TooOften as error:
        wait_s = max(1, math.ceil(error.retry_after_s))
        raise Problem(429, "Too often", str(error), headers={"Retry-After": str(wait_s)}) from error


def is_remote(web: Web) -> bool:
    """Return whether another machine asks.

    What comes in at the port for the proxy is from another machine, whatever its headers say: a proxy that
    was set up without them must not make everybody look near.
    """
    return is_at_port(request, web.rooms.remote_port) or not is_from_here(request)


def caller() -> Caller:
    """Return who asks; ``check_access`` has let them in."""
    asking: Caller = g.caller
    return asking


def _is_own_page(web: Web) -> bool:
    return CSRF_HEADER in request.headers and web.tokens.is_good(request)
