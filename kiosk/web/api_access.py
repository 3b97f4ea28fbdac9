"""Which program asks, and whether it may: API keys, and what each is for."""

import math
import re
from dataclasses import dataclass

from flask import g, request

from kiosk.errors import AccessRefused, TooOften
from kiosk.model import ApiKey, PrintJob, Role, Scope
from kiosk.ports import Asker, PrintRoom
from kiosk.web.context import Web
from kiosk.web.guards import CSRF_HEADER, is_from_here
from kiosk.web.problems import Problem
from kiosk.web.visitors import visitor_of

_API = ("/api/v1/", "/events/jobs/", "/events/batches/")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BEARER = re.compile(r"Bearer +([!-~]+) *", re.IGNORECASE)
_WANTED = {"WWW-Authenticate": 'Bearer realm="ion-kiosk"'}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks something of the API."""

    key: ApiKey | None = None
    """``None`` where none was sent, and none was needed."""

    @property
    def scope(self) -> Scope | None:
        """Return what the caller may ask for, ``None`` for everything."""
        return self.key.scope if self.key else None

    @property
    def by(self) -> str:
        """Return who it is, as the journal writes it."""
        return f"key {self.key.name}" if self.key else ""

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
        if self.key is None:
            return room.asker("")
        if self.key.scope.reprints:
            return Asker(self.by, Role.TECHNICIAN.value, self.client, is_proved=True)
        return Asker(self.by, room.asker("").role)


def check_access(web: Web) -> None:
    """Let a request to the API in, or not.

    From another machine every request needs a key, on this one a POST where the settings say so; the kiosk's
    own pages show their anti-forgery token instead, and who is signed in in their browser may read.

    Raises:
        Problem: 401 where a key is missing or not good, 429 where it is used too often.
    """
    g.caller = Caller()
    keys = web.rooms.keys
    if keys is None or not request.path.startswith(_API):
        return
    is_counted = request.method not in _SAFE
    sent = request.headers.get("Authorization")
    if sent is None:
        is_needed = (is_counted and web.rooms.are_keys_needed) or not is_from_here(request)
        is_reader = not is_counted and visitor_of(web) is not None
        if is_needed and not is_reader and not _is_own_page(web):
            raise Problem(
                401,
                "API key needed",
                "Expected the header Authorization: Bearer with a key of `kiosk key add`, got none.",
                headers=_WANTED,
            )
        return
    match = _BEARER.fullmatch(sent)
    try:
        g.caller = Caller(keys.admit(match[1] if match else "", is_counted=is_counted))
    except AccessRefused as error:
        raise Problem(401, "API key refused", str(error), headers=_WANTED) from error
    except TooOften as error:
        wait_s = max(1, math.ceil(error.retry_after_s))
        raise Problem(429, "Too often", str(error), headers={"Retry-After": str(wait_s)}) from error


def caller() -> Caller:
    """Return who asks; ``check_access`` has let them in."""
    asking: Caller = g.caller
    return asking


def _is_own_page(web: Web) -> bool:
    return CSRF_HEADER in request.headers and web.tokens.is_good(request)
