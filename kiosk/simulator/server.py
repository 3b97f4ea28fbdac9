"""The simulated ION on a port."""

import socket
from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

from kiosk.simulator.app import create_app
from kiosk.simulator.faults import Faults
from kiosk.simulator.ion import Ion
from kiosk.simulator.schema import Dialect
from kiosk.simulator.switches import Switches
from kiosk.simulator.webhook_sender import WebhookSender
from kiosk.simulator.wire import LingerlessServer
from kiosk.simulator.world import World

__all__ = ["IonServer"]

_POLL_S = 0.05
_ANY_ADDRESS = ("", str(IPv4Address(0)), str(IPv6Address(0)))


class IonServer:
    """Serves one world until it is stopped; also a context manager."""

    def __init__(  # noqa: PLR0913  every one is an option of its own
        self,
        world: World,
        *,
        dialect: Dialect = "both",
        switches: Switches | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        token_lifetime_s: float | None = None,
        save_path: Path | None = None,
        draw: Callable[[str], bytes] | None = None,
        faults: Faults | None = None,
    ) -> None:
        """Open the port; nobody is answered before ``start``.

        Args:
            world: What to serve; ``POST /reset`` brings it back to what it is now.
            dialect: Which of ION's documented schemas to offer.
            switches: How the organisation is set; by itself as the world is.
            host: The address to listen on.
            port: 0 for any free one.
            token_lifetime_s: How long a token is good for, whatever the switches say.
            save_path: Where ``POST /save`` writes.
            draw: Makes the PNG of a barcode text for the page.
            faults: What goes wrong to begin with.

        Raises:
            OSError: The address cannot be listened on.
        """
        switches = switches or world.switches
        if token_lifetime_s is not None:
            switches = replace(switches, token_lifetime_s=token_lifetime_s)
        self.ion = Ion(world, dialect=dialect, switches=switches)
        self._stopping = Event()
        self._sender = WebhookSender(self.ion)
        app = create_app(
            self.ion,
            save_path=save_path,
            draw=draw,
            faults=faults,
            wait=self._stopping.wait,
            tell=self._sender.wake,
        )
        with socket.create_server((host, port)) as listener:
            self._server = LingerlessServer(listener, app)
        self._host = "127.0.0.1" if host in _ANY_ADDRESS else host
        self._thread = Thread(target=self._server.serve_forever, args=(_POLL_S,), name="ion-simulator")

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.port

    @property
    def base_url(self) -> str:
        """The address of the page; the other addresses stand below it."""
        return f"http://{self._host}:{self.port}"

    @property
    def url(self) -> str:
        """The address for GraphQL."""
        return f"{self.base_url}/graphql"

    @property
    def token_url(self) -> str:
        """The address that gives out tokens."""
        return f"{self.base_url}/realms/api-keys/protocol/openid-connect/token"

    def start(self) -> None:
        """Answer from now on, in a thread of its own."""
        self._sender.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop answering, end what is still open, and free the port."""
        self._stopping.set()
        self._sender.stop()
        if self._thread.is_alive():
            self._server.shutdown()
            self._server.drop_connections()
            self._thread.join()
        else:
            self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
