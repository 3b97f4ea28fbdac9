"""The simulator's query page, offline, with a token filled in."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from kiosk.simulator.schema import Dialect
from kiosk.simulator.seed import seed_world
from kiosk.simulator.server import IonServer
from kiosk.simulator.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(params=["both", "documented-2026"])
def server(request: pytest.FixtureRequest) -> Iterator[IonServer]:
    dialect: Dialect = request.param
    with IonServer(seed_world(World()), dialect=dialect) as running:
        yield running


def test_a_query_is_answered_with_the_token_that_is_filled_in(server: IonServer, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    elsewhere: list[str] = []
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((server.base_url, "data:")) else elsewhere.append(request.url)
        ),
    )
    page.goto(f"{server.base_url}/graphiql")
    expect(page.get_by_text('"Bearer ')).to_be_visible()
    page.get_by_role("button", name="Execute query").click()
    expect(page.locator(".result-window")).to_contain_text("Halyard Propulsion")
    page.get_by_role("button", name="Show Documentation Explorer").click()
    expect(page.get_by_text("A GraphQL schema provides a root type")).to_be_visible()
    # Every token that is out grows old: the page gets itself another one.
    now = server.ion.world.clock
    server.ion.world.clock = lambda: now() + timedelta(hours=1)
    page.get_by_role("button", name="Execute query").click()
    expect(page.locator(".result-window")).to_contain_text("Halyard Propulsion")
    expect(page.locator(".result-window")).not_to_contain_text("expired")
    page.close()
    assert (elsewhere, errors) == ([], [])
