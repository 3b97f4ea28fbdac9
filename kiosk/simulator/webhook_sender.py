"""Sends what is to be told by webhook: signed, at least once, again while nobody says it arrived."""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from threading import Event, Thread
from typing import Final

import httpx

from kiosk.simulator.ion import Ion
from kiosk.simulator.rows import WebhookDelivery, WebhookReceiver

__all__ = ["SIGNATURE_HEADER", "WebhookSender", "signature_of"]

SIGNATURE_HEADER: Final = "x-ion-signature"

_TIMEOUT_S: Final = 10.0
_IDLE_S: Final = 3600.0


def signature_of(body: bytes, shared_secret: str) -> str:
    """Return the signature of a body: HMAC-SHA256 in hexadecimal.

    That there is an HMAC in this header is ION's; which one, and how it is written, is not public.
    """
    return hmac.new(shared_secret.encode(), body, sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class _Due:
    delivery: WebhookDelivery
    receiver: WebhookReceiver


class WebhookSender:
    """A thread that sends the deliveries of one ION."""

    def __init__(self, ion: Ion, *, transport: httpx.BaseTransport | None = None) -> None:
        self._ion = ion
        self._transport = transport
        self._wake = Event()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="ion-webhooks")

    def start(self) -> None:
        """Send from now on."""
        self._thread.start()

    def wake(self) -> None:
        """Look for something to send now."""
        self._wake.set()

    def stop(self) -> None:
        """Send nothing more; what was not sent is sent after the next start."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        if "_client" in self.__dict__:
            self._client.close()

    @cached_property
    def _client(self) -> httpx.Client:
        # Made when it is first needed: it reads the system's authorities, and few simulators have a receiver.
        return httpx.Client(transport=self._transport, timeout=_TIMEOUT_S, follow_redirects=False)

    def _run(self) -> None:
        while True:
            # First, or the wake of a stop that comes in between would be cleared away.
            self._wake.clear()
            if self._stopping.is_set():
                return
            wait_s = self.send_due(self._stopping.wait)
            self._wake.wait(wait_s)

    def send_due(self, wait: Callable[[float], object]) -> float:
        """Send everything that was not told yet, each after the pause its attempts ask for.

        Returns:
            How long nothing will be due, in seconds.
        """
        for due in self._due():
            attempts, switches = due.delivery.attempts, self._ion.switches
            if attempts:
                wait(switches.webhook_first_wait_s * 2 ** (attempts - 1))
            if self._stopping.is_set():
                return 0.0
            self._note(due.delivery.id, self._send(due), due.receiver)
        return 0.0 if self._due() else _IDLE_S

    def _due(self) -> list[_Due]:
        world = self._ion.world
        with self._ion.lock:
            return [
                _Due(delivery, receiver)
                for delivery in world.webhook_deliveries
                if not delivery.delivered
                and delivery.attempts < self._ion.switches.webhook_attempts
                and (receiver := world.webhook_receivers.get(delivery.receiver_id)) is not None
                and receiver.active
            ]

    def _send(self, due: _Due) -> int | None:
        body = json.dumps(due.delivery.payload).encode()
        headers = {"Content-Type": "application/json"}
        if due.receiver.shared_secret:
            headers[SIGNATURE_HEADER] = signature_of(body, due.receiver.shared_secret)
        try:
            return self._client.post(due.receiver.webhook_uri, content=body, headers=headers).status_code
        except (httpx.HTTPError, httpx.InvalidURL):
            return None

    def _note(self, delivery_id: int, code: int | None, receiver: WebhookReceiver) -> None:
        expected = receiver.expected_response_code
        is_good = code is not None and (200 <= code < 300 if expected is None else code == expected)  # noqa: PLR2004
        deliveries = self._ion.world.webhook_deliveries
        with self._ion.lock, self._ion.world.transaction():
            delivery = deliveries.get(delivery_id)
            if delivery is not None:
                deliveries.put(
                    replace(delivery, attempts=delivery.attempts + 1, response_code=code, delivered=is_good)
                )
