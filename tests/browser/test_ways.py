"""Everything can be done by touch alone and by scanning alone: there is a test of each."""

import importlib
import pkgutil
from collections.abc import Iterator

from kiosk.flows.lookup_screen import STEPS
from kiosk.flows.over import PAGES
from kiosk.flows.registry import FLOWS
from tests import browser
from tests.browser.ways import Claim, Way

JOBS = {*FLOWS, *(f"lookup/{step}" for step in STEPS.values()), *(f"home/{page}" for page in PAGES)}
"""The flows, each kind of thing that can be looked up, and the pages that lie over them all."""


def claims() -> Iterator[Claim]:
    """Yield what the browser tests claim; each claim is put to the page of its test."""
    for module in pkgutil.iter_modules(browser.__path__, f"{browser.__name__}."):
        if not module.name.rpartition(".")[2].startswith("test_"):
            continue
        for test in vars(importlib.import_module(module.name)).values():
            marks = getattr(test, "pytestmark", ()) if callable(test) else ()
            yield from (mark.args[0] for mark in marks if mark.name == "by")


def test_every_flow_is_done_by_touch_alone_and_by_scanning_alone() -> None:
    done = {
        (claim.way, done) for claim in claims() for job in claim.jobs for done in (job, job.partition("/")[0])
    }
    wanted = {(way, job) for way in Way for job in JOBS}
    assert sorted(f"{job} by {way.name.lower()}" for way, job in wanted - done) == []
