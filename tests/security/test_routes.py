"""The route table, walked: who shows neither token nor key changes nothing, and what answers keep to."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.routing import Rule

from kiosk.web import create_app
from tests.web.fakes import World, print_job, world
from tests.web.print_samples import busy
from tests.web.test_api_access import FakeKeys
from tests.web.test_guards import ANSWERS

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN = frozenset({"phone.take"})
"""Its link is the key: 128 random bits, for one question and some minutes."""


@pytest.fixture
def kiosk() -> World:
    kiosk = world(has_sign_in=True)
    busy(kiosk.prints)
    kiosk.jobs.add(print_job(1))
    return kiosk


@pytest.fixture
def app(kiosk: World) -> Flask:
    return create_app(replace(kiosk.rooms, keys=FakeKeys(), are_keys_needed=True))


def path_of(rule: Rule) -> str:
    """Return a path that the rule takes: a station, a job and a label that there are."""
    known = {"station": "dock-1", "job": f"{1:032x}", "name": "part"}
    return re.sub(
        r"<(?:\w+:)?(\w+)>", lambda found: known.get(found[1].removesuffix("_id"), "none"), rule.rule
    )


def test_every_unsafe_route_refuses_who_shows_nothing(app: Flask, kiosk: World) -> None:
    client = app.test_client()
    unsafe = [
        (method, rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - SAFE
        if rule.endpoint not in OPEN
    ]
    assert len(unsafe) > 30
    for method, rule in unsafe:
        for form in ({"data": {"verb": "HOME", "text": "A"}}, {"json": {"station": "dock-1", "text": "A"}}):
            answer = client.open(path_of(rule), method=method, **form)  # type: ignore[arg-type]
            assert answer.status_code in {401, 403}, (method, rule.rule, answer.status_code)
    assert (kiosk.station.presses, kiosk.station.scans, kiosk.service.orders, kiosk.prints.acts) == (
        [],
        [],
        [],
        [],
    )


def test_no_answer_is_for_other_sites(app: Flask) -> None:
    client = app.test_client()
    asking = {"Origin": "https://evil.example", "Access-Control-Request-Private-Network": "true"}
    for method, path, _ in ANSWERS:
        for sent in (method, "OPTIONS"):
            with client.open(path, method=sent, headers=asking) as answer:
                allowed = [name for name in answer.headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118 - headers can repeat
                assert allowed == [], path


def test_what_sets_a_cookie_is_kept_nowhere(app: Flask) -> None:
    client = app.test_client()
    setting = 0
    for method, path, _ in ANSWERS:
        client.delete_cookie("kiosk_csrf")
        with client.open(path, method=method) as answer:
            if "Set-Cookie" in answer.headers:
                setting += 1
                assert answer.headers["Cache-Control"] == "no-store", path
    assert setting > 0
