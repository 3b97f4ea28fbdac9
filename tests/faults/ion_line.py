"""The way to a simulated ION in this process, on which the next change meets what a test chose for it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

import httpx

from tests.ion.factory import Factory

__all__ = ["FATES", "IonLine"]

FATES = (
    "refused",
    "lost",
    "answer lost",
    "late answer",
    "gateway's page after",
    "gateway's page before",
    "captive portal",
    "cut short",
    "error beside data",
    "held",
    "token refused",
    "killed before",
    "killed after",
)
"""What can become of a change on its way to ION."""
BEHIND_A_LOCK = ("twice", "again later")
"""What can become of it too where ION itself refuses a second copy, by etag or since a serial exists."""
_LOCKED = frozenset({"addItemsToReceipt", "updatePartInventory", "updateRunStep"})
_PORTAL = "<!doctype html><title>Guest Wi-Fi</title>"


@dataclass
class IonLine(httpx.BaseTransport):
    """Takes every request to a ``Factory``; questions pass as long as the network is there."""

    factory: Factory
    die: Callable[[], NoReturn]
    """Ends the kiosk at once."""
    now_s: Callable[[], float]
    request_life_s: float
    is_down: bool = False
    fate: str = "good"
    _held: list[tuple[float, httpx.Request]] = field(default_factory=list)
    """Copies that are still under way, and when each was sent."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, or not."""
        self._drop_the_dead()
        if self.is_down:
            raise httpx.ConnectError("[Errno 113] No route to host", request=request)
        changes = self._changes(request)
        if not changes or self.fate == "good":
            return self._answer(request)
        fate, self.fate = self.fate, "good"
        if fate in BEHIND_A_LOCK and not (self._is_locked and changes <= _LOCKED):
            fate = "answer lost"
        return self._before(fate, request) or self._after(fate, request)

    def arrive(self) -> None:
        """Let the copies that are still under way reach ION now."""
        self._drop_the_dead()
        held, self._held = self._held, []
        for _, request in held:
            self._answer(request)

    @property
    def is_something_late(self) -> bool:
        """Return whether a copy of a change may still reach ION."""
        self._drop_the_dead()
        return bool(self._held)

    @property
    def _is_locked(self) -> bool:
        return self.factory.ion.dialect == "classic"

    def _before(self, fate: str, request: httpx.Request) -> httpx.Response | None:
        """Do what happens to a request that does not reach ION, or not now."""
        match fate:
            case "refused":
                raise httpx.ConnectError("[Errno 111] Connection refused", request=request)
            case "lost":
                raise httpx.ReadTimeout("no answer", request=request)
            case "held":
                self._held.append((self.now_s(), request))
                raise httpx.ReadTimeout("no answer", request=request)
            case "gateway's page before":
                return httpx.Response(503, html="<h1>503 Service Unavailable</h1>")
            case "captive portal":
                return httpx.Response(200, html=_PORTAL)
            case "token refused":
                return httpx.Response(401, json={"errors": [{"message": "Unauthorized"}]})
            case "killed before":
                self.die()
        return None

    def _after(self, fate: str, request: httpx.Request) -> httpx.Response:
        """Let ION do it, and let something become of the answer."""
        answer = self._answer(request)
        match fate:
            case "answer lost":
                raise httpx.ReadError("[Errno 104] Connection reset by peer", request=request)
            case "late answer":
                raise httpx.ReadTimeout("no answer in time", request=request)
            case "gateway's page after":
                return httpx.Response(502, html="<h1>502 Bad Gateway</h1>")
            case "cut short":
                half = answer.read()[: len(answer.content) // 2]
                return httpx.Response(200, content=half, headers={"Content-Type": "application/json"})
            case "error beside data":
                body = {**json.loads(answer.read()), "errors": [{"message": "Something went wrong"}]}
                return httpx.Response(200, json=body)
            case "twice":
                self._answer(request)
            case "again later":
                self._held.append((self.now_s(), request))
            case "killed after":
                self.die()
        return answer

    def _answer(self, request: httpx.Request) -> httpx.Response:
        return self.factory.transport.handle_request(request)

    def _changes(self, request: httpx.Request) -> frozenset[str]:
        if not request.url.path.endswith("graphql"):
            return frozenset()
        return self.factory.changes_in(request)

    def _drop_the_dead(self) -> None:
        """Forget copies older than a request can live, where nothing but that stops them."""
        if not self._is_locked:
            oldest_s = self.now_s() - self.request_life_s
            self._held = [(at, request) for at, request in self._held if at > oldest_s]
