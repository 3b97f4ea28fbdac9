"""A fake kiosk, its application, and clients for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.web import WebServer, create_app, serve
from kiosk.web.guards import CSRF_COOKIE, CSRF_HEADER, CsrfTokens
from tests.web.fakes import SECRET, World, world
from tests.web.print_samples import busy

Serve = Callable[[World], WebServer]


@pytest.fixture
def kiosk() -> World:
    kiosk = world(has_sign_in=True)
    busy(kiosk.prints)
    return kiosk


@pytest.fixture
def app(kiosk: World) -> Flask:
    return create_app(kiosk.rooms)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@dataclass
class Page:
    """A browser that loaded a station's page: it has the cookie and the token."""

    client: FlaskClient
    headers: dict[str, str]


@pytest.fixture
def page(client: FlaskClient) -> Page:
    return page_of(client)


def page_of(client: FlaskClient) -> Page:
    client.get("/station/dock-1")
    cookie = client.get_cookie(CSRF_COOKIE)
    assert cookie is not None
    return Page(client, {CSRF_HEADER: CsrfTokens(SECRET).token(cookie.value), "HX-Request": "true"})


@dataclass
class Standing:
    """A kiosk whose application is composed once for all tests of a module, which takes 50 ms.

    For tests that show a screen of theirs, or do what must change nothing: the next finds what they leave.
    """

    kiosk: World
    app: Flask

    @property
    def client(self) -> FlaskClient:
        """A browser that was not here before."""
        return self.app.test_client()

    @property
    def page(self) -> Page:
        """A browser that has a page of this kiosk open."""
        return page_of(self.client)


@pytest.fixture(scope="module")
def standing() -> Standing:
    kiosk = world(has_sign_in=True)
    busy(kiosk.prints)
    return Standing(kiosk, create_app(kiosk.rooms))


@pytest.fixture
def serving() -> Iterator[Serve]:
    servers: list[WebServer] = []

    def start(kiosk: World) -> WebServer:
        servers.append(
            serve(create_app(kiosk.rooms), "127.0.0.1", 0, threads=kiosk.rooms.changes.most_streams + 4)
        )
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
