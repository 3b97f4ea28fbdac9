"""By touch alone, by scanning alone: what a test of the floor's work claims, and what its page says of that.

A test claims with ``@by(Way.SCAN, "receive/order", "home/search")`` that it does steps of the flows, each to
its end, in one way of input and in no other. The page notes which screens it showed and what a person did on
it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pytest
from playwright.sync_api import Page

NOTES = """
const none = '{"screens": [], "pointerdown": 0, "keydown": 0}';
const notes = JSON.parse(sessionStorage.getItem("notes") ?? none);
function kept() { sessionStorage.setItem("notes", JSON.stringify(notes)); }
function look() {
  const shown = document.querySelector(".screen")?.dataset.screen;
  if (!shown || notes.screens.includes(shown)) return;
  notes.screens.push(shown);
  kept();
}
const seen = { childList: true, subtree: true, attributeFilter: ["data-screen"] };
new MutationObserver(look).observe(document, seen);
for (const kind of ["pointerdown", "keydown"]) {
  addEventListener(kind, (event) => {
    if (!event.isTrusted || event.target.closest?.("#pin")) return;
    notes[kind] += 1;
    kept();
  }, { capture: true });
}
window.forget = () => {
  Object.assign(notes, JSON.parse(none));
  kept();
  look();
};
"""
"""Notes the screens that a page shows, its touches and its keys, from one page of a tab to the next.

A PIN is typed, whatever the rest is done by: as a barcode it would be no secret.
"""


class Way(StrEnum):
    """A way of input that does for everything; its value is what a page must not have heard of meanwhile."""

    TOUCH = "keydown"
    SCAN = "pointerdown"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a test does by one way of input."""

    way: Way
    screens: tuple[str, ...]
    """Each as ``<flow>/<step>``."""


def by(way: Way, *screens: str) -> pytest.MarkDecorator:
    """Say of a test what it does by one way of input alone; its page is asked whether that is so."""
    return pytest.mark.by(Claim(way, screens))


def claim_of(request: pytest.FixtureRequest) -> Claim | None:
    """Return what the test that runs claims, ``None`` where that is nothing."""
    mark = request.node.get_closest_marker("by")
    return mark.args[0] if mark else None


def is_kept(claim: Claim, page: Page) -> None:
    """Fail where a test did not do what it claims, or did it in another way too."""
    notes: Mapping[str, object] = page.evaluate("JSON.parse(sessionStorage.getItem('notes'))")
    assert notes[claim.way.value] == 0, f"{claim.way.name} alone, and a page heard of a {claim.way.value}"
    screens = notes["screens"]
    assert isinstance(screens, list)
    assert set(claim.screens) - set(screens) == set(), f"claimed, and not among {sorted(screens)}"
