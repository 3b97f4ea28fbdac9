"""Deciding about work whose flow asks for a PIN: badge and PIN on the page itself, told to the room."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kiosk.model import Operator, Role
from kiosk.operators import Office
from kiosk.settings import PeopleSettings
from kiosk.web import create_app
from tests.fakes.parked import FakeParked, piece
from tests.operators.world import MIA_PIN
from tests.operators.world import Office as People
from tests.web.fakes import world

LEAD = Operator("operator/id-L1", "Person L1", Role.LEAD)


class Desk:
    """The page of parked work in a browser, and the people who may sign in."""

    def __init__(self, people: People, parked: FakeParked) -> None:
        self.people, self.parked = people, parked
        room = Office(
            people.register,
            people.gate,
            PeopleSettings(),
            monotonic_s=people.clock.monotonic_s,
            note=people.journal.note,
        )
        rooms = replace(world().rooms, office=room, parked=parked)
        self.client: FlaskClient = create_app(rooms).test_client()
        found = re.search(r'"X-CSRF-Token": "([0-9a-f]+)"', self.shown("/parked"))
        assert found is not None
        self.headers = {"X-CSRF-Token": found[1]}

    def shown(self, path: str = "/parked/list") -> str:
        return self.client.get(path).get_data(as_text=True)

    def post(self, path: str, **form: str) -> str:
        return self.client.post(f"/parked/{path}", data=form, headers=self.headers).get_data(as_text=True)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    people = People(tmp_path)
    people.come("L1", Role.LEAD)
    people.come("7")
    yield Desk(people, FakeParked([piece("o1", is_guarded=True)]))
    people.journal.close()


def test_who_decides_is_told_to_the_room_while_their_pin_is_fresh(desk: Desk) -> None:
    assert "Sign in to decide" in desk.shown()
    assert "Person L1 decides." in desk.post("sign-in", badge="L1", pin=MIA_PIN.digits)
    assert "Person L1 decides." in desk.shown()
    desk.post("o1", choice="give-up", why="counted twice")
    assert desk.parked.deciders == [LEAD]


def test_an_old_pin_is_nobody_s(desk: Desk) -> None:
    desk.post("sign-in", badge="L1", pin=MIA_PIN.digits)
    desk.people.clock.passed_s = 121
    assert "Sign in to decide" in desk.shown()
    desk.post("o1", choice="give-up", why="counted twice")
    assert desk.parked.deciders == [None]


@pytest.mark.parametrize(("badge", "pin"), [("L1", "828182"), ("7", MIA_PIN.digits), ("", "")])
def test_nobody_else_signs_in(desk: Desk, badge: str, pin: str) -> None:
    shown = desk.post("sign-in", badge=badge, pin=pin)
    assert "decides." not in shown
    assert not pin or pin not in shown
    desk.post("o1", choice="give-up", why="counted twice")
    assert desk.parked.deciders == [None]


def test_what_asks_for_nothing_shows_no_way_in(desk: Desk) -> None:
    desk.parked.pieces = [piece("o2")]
    assert "Sign in to decide" not in desk.shown()


def test_a_page_of_another_site_signs_nobody_in(desk: Desk) -> None:
    answer = desk.client.post("/parked/sign-in", data={"badge": "L1", "pin": MIA_PIN.digits})
    assert answer.status_code == 403
