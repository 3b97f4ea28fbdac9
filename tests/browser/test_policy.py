"""``systemd/chromium-policy.json`` in Debian's Chromium: every word is known, and the kiosk alone is shown.

The file is laid over ``/etc/chromium`` for the browser that is tried, and for no other: that needs root.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from kiosk.web import WebServer, create_app, serve
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.checkout import ROOT
from tests.web.fakes import world

SYSTEMS_OWN = Path("/etc/chromium")
DRIVEN = "DeveloperToolsAvailability"
BLOCKED = "ERR_BLOCKED_BY_ADMINISTRATOR"


def can_lay_over() -> bool:
    """Return whether a folder can be laid over another one here."""
    return (
        os.geteuid() == 0
        and SYSTEMS_OWN.is_dir()
        and subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode == 0
    )


pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not can_lay_over(), reason="NOT RUN: a policy is laid over by root alone, with unshare"
    ),
]


@pytest.fixture
def server() -> Iterator[WebServer]:
    started = serve(create_app(world().rooms), "127.0.0.1", 0)
    yield started
    started.stop()


@contextmanager
def ruled(browser: Browser, folder: Path, port: int, *without: str) -> Iterator[BrowserContext]:
    """Give a browser under the policy, for a port, without some of its words."""
    text = (ROOT / "systemd/chromium-policy.json").read_text(encoding="utf-8").replace("8080", str(port))
    # Under it the browser cannot be driven, which the touchscreen's own test shows.
    policy = {name: told for name, told in json.loads(text).items() if name not in {*without, DRIVEN}}
    shutil.copytree(SYSTEMS_OWN, folder / "etc", symlinks=True)
    managed = folder / "etc/policies/managed"
    managed.mkdir(parents=True, exist_ok=True)
    (managed / "ion-kiosk.json").write_text(json.dumps(policy), encoding="utf-8")
    starter = folder / "chromium"
    over = f'mount --bind {folder}/etc {SYSTEMS_OWN} && exec {CHROMIUM} "$@"'
    starter.write_text(f"#!/bin/sh\nexec unshare --mount sh -c '{over}' sh \"$@\"\n", encoding="utf-8")
    starter.chmod(0o755)
    # The driver of the other tests' browser: two of them do not run in one process.
    started = browser.browser_type.launch_persistent_context(
        folder / "profile", executable_path=starter, args=ARGUMENTS
    )
    yield started
    started.close()


def fault_of(page: Page, address: str) -> str:
    try:
        page.goto(address)
    except Error as error:
        return str(error)
    return f"opened: {page.content()[:200]}"


def test_nothing_but_the_kiosk_opens(browser: Browser, tmp_path: Path, server: WebServer) -> None:
    with ruled(browser, tmp_path, server.port) as shown:
        allowed = shown.new_page().goto(f"http://127.0.0.1:{server.port}/labels/part")
        assert allowed is not None
        assert allowed.ok
        for address in (
            f"http://127.0.0.2:{server.port}/",
            f"http://localhost:{server.port}/",
            "https://192.0.2.1/",
            "file:///etc/passwd",
            "chrome://settings/",
            "chrome://flags/",
            "chrome://policy/",
            "data:text/html,<p>out</p>",
            f"view-source:http://127.0.0.1:{server.port}/",
        ):
            assert BLOCKED in fault_of(shown.new_page(), address), address
        other = shown.new_page()
        other.goto("chrome://newtab/")
        assert other.url == f"http://127.0.0.1:{server.port}/", "a new tab is the kiosk again"


def test_the_browser_knows_every_word_of_it(browser: Browser, tmp_path: Path, server: WebServer) -> None:
    told = json.loads((ROOT / "systemd/chromium-policy.json").read_text(encoding="utf-8"))
    with ruled(browser, tmp_path, server.port, "URLBlocklist", "URLAllowlist") as ruling:
        page = ruling.new_page()
        page.goto("chrome://policy/")
        page.locator("policy-row").first.wait_for()
        rows = page.locator("policy-row .policy.row").all_inner_texts()
        shown = {row.split("\n")[0].strip(): row for row in rows}
        wanted = set(told) - {"URLBlocklist", "URLAllowlist", DRIVEN}
        assert wanted - set(shown) == set()
        # What a newer Chromium calls deprecated holds there all the same, and alone in an older one.
        states = {name: shown[name].rstrip().rpartition("\n")[2] for name in wanted}
        assert {name: state for name, state in states.items() if state not in {"OK", "Deprecated"}} == {}
