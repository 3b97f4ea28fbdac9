"""A whole kiosk learns keyboard scanners: all cases in a process of their own, among fake devices.

``test_learn_device.py`` starts them; by hand: ``umockdev-wrapper pytest``.
"""

import contextlib
import html
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kiosk.at_work import running
from kiosk.compose import assembled
from kiosk.settings import (
    IonSettings,
    JournalSettings,
    ScannerSettings,
    Settings,
    StationSettings,
    WebSettings,
)
from tests import plain_http
from tests.scanners.fake_devices import Bed, FakeKeyboard, Model
from tests.scanners.strokes import ENTER, tap, typed

LONG_S = 15.0
PERSON = Model("Logitech Keyboard", "046d", "c31c", "", "usb-0000:01:00.0-1.4/input0")
TWIN = Model(serial="HON2", phys="usb-0000:01:00.0-1.2/input0")


class Browser:
    """A person at the page of scanners."""

    def __init__(self, port: int) -> None:
        self.client = plain_http.Client(base_url=f"http://127.0.0.1:{port}", timeout=LONG_S)
        page = self.client.get("/scanners").text
        (token,) = re.findall(r"X-CSRF-Token[^0-9a-f]*([0-9a-f]{64})", html.unescape(page))
        self.client.headers.update({"X-CSRF-Token": token, "HX-Request": "true"})

    def learn(self, station: str) -> str:
        """Ask for a code, and return it once everything that is plugged in is listened to."""
        panel = self.client.post("/scanners/learn", data={"station": station}).text
        (code,) = re.findall(r">(ION/CMD/LEARN/[^<]+)<", panel)
        wait_for(lambda: "Listening" in self.panel() and "<li class" in self.panel())
        # The pump of each keyboard needs a moment to start.
        time.sleep(0.3)
        return str(code)

    def panel(self) -> str:
        return self.client.get("/scanners/learn").text

    def station(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"/api/v1/stations/{name}").json()
        return found

    def ready(self, station: str) -> list[str]:
        return [one["name"] for one in self.station(station)["scanners"] if one["is_ready"]]


def wait_for(is_so: Callable[[], object]) -> None:
    end_s = time.monotonic() + LONG_S
    while not is_so():
        assert time.monotonic() < end_s
        time.sleep(0.02)


def types(keyboard: FakeKeyboard, text: str) -> None:
    keyboard.keys([*typed(text), *tap(ENTER)])


@contextlib.contextmanager
def kiosk(folder: Path, *scanners: ScannerSettings) -> Iterator[Browser]:
    settings = Settings(
        ion=IonSettings(
            url="http://127.0.0.1:9/graphql",
            token_url="http://127.0.0.1:9/token",
            client_id="kiosk",
            client_secret="none",  # type: ignore[arg-type]  # pydantic hides it
        ),
        journal=JournalSettings(url=f"sqlite:///{folder}/kiosk.db", allow_volatile=True),
        web=WebSettings(port=0),
        stations=(StationSettings(name="dock-1"), StationSettings(name="floor-1")),
        scanners=scanners,
    )
    with assembled(settings) as made, running(made) as server:
        browser = Browser(server.port)
        with contextlib.closing(browser.client):
            yield browser


def hears(browser: Browser, station: str, keyboard: FakeKeyboard, text: str) -> None:
    """Scan something that nobody knows, and wait until the station says so."""
    types(keyboard, text)
    wait_for(lambda: text in str(browser.station(station)))


def test_a_scanner_is_learned_heard_at_once_and_after_a_restart(tmp_path: Path) -> None:
    bed = Bed()
    bed.plug(3, PERSON)
    gun = bed.plug(7, Model())
    with kiosk(tmp_path) as browser:
        code = browser.learn("floor-1")
        types(gun, code)
        wait_for(lambda: browser.ready("floor-1") == ["floor-1-scanner"])
        time.sleep(0.3)
        hears(browser, "floor-1", gun, "PO-FIRST")
        assert "PO-FIRST" not in str(browser.station("dock-1"))
        listed = browser.client.get("/scanners/list").text
        assert "Honeywell Scanning 1950g (0c2e:0b61, serial HON1), added here" in listed
    with kiosk(tmp_path) as browser:
        wait_for(lambda: browser.ready("floor-1") == ["floor-1-scanner"])
        time.sleep(0.3)
        hears(browser, "floor-1", gun, "PO-SECOND")
        browser.client.post("/scanners/forget", data={"name": "floor-1-scanner"}).raise_for_status()
        assert browser.station("floor-1")["scanners"] == []
    with kiosk(tmp_path) as browser:
        assert browser.station("floor-1")["scanners"] == []


def test_twins_are_bound_to_two_stations(tmp_path: Path) -> None:
    bed = Bed()
    guns = {"dock-1": bed.plug(7, Model()), "floor-1": bed.plug(8, TWIN)}
    with kiosk(tmp_path) as browser:
        for station, gun in guns.items():
            types(gun, browser.learn(station))
            wait_for(lambda station=station: browser.ready(station))  # type: ignore[misc]  # mypy infers no default
        time.sleep(0.3)
        for station, gun in guns.items():
            hears(browser, station, gun, f"PO-{station}")


def test_the_settings_come_first(tmp_path: Path) -> None:
    bed = Bed()
    gun = bed.plug(7, Model())
    with kiosk(tmp_path) as browser:
        types(gun, browser.learn("floor-1"))
        wait_for(lambda: browser.ready("floor-1") == ["floor-1-scanner"])
    named = ScannerSettings(name="dock-gun", station="dock-1", kind="keyboard", port="0c2e:0b61")
    with kiosk(tmp_path, named) as browser:
        wait_for(lambda: browser.ready("dock-1") == ["dock-gun"])
        time.sleep(0.3)
        hears(browser, "dock-1", gun, "PO-DOCK")
        (yielding,) = browser.station("floor-1")["scanners"]
        assert yielding["text"] == (
            "The settings file has this device as scanner 'dock-gun', which comes first. Remove this one."
        )
