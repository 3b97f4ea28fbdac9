"""Every screen is worked by touch alone and by scanning alone: there is a test of each."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping

from kiosk.flows.screens import SCREENS
from tests import browser
from tests.browser.ways import Claim, Way

EXCEPT: Mapping[tuple[Way, str], str] = {
    (
        Way.SCAN,
        "home/pin",
    ): "A PIN is typed: as a barcode it would be no secret.",
}
"""What cannot be done in one way, and why."""


def claims() -> Iterator[Claim]:
    """Yield what the browser tests claim; each claim is put to the page of its test."""
    for module in pkgutil.iter_modules(browser.__path__, f"{browser.__name__}."):
        if not module.name.rpartition(".")[2].startswith("test_"):
            continue
        for test in vars(importlib.import_module(module.name)).values():
            marks = getattr(test, "pytestmark", ()) if callable(test) else ()
            yield from (mark.args[0] for mark in marks if mark.name == "by")


def test_every_screen_is_worked_by_touch_alone_and_by_scanning_alone() -> None:
    done = {(claim.way, screen) for claim in claims() for screen in claim.screens}
    wanted = {(way, screen) for way in Way for screen in SCREENS} - EXCEPT.keys()
    assert sorted(f"{screen} by {way.name.lower()}" for way, screen in wanted - done) == []
    assert done - wanted == set(), "there is no such screen, or it can be done after all"
    assert {screen for _, screen in EXCEPT} <= SCREENS
