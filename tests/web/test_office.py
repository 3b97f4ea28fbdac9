"""The page of operators: protected by a sign-in of its own, by role, and by the token of its forms."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kiosk.model import Role
from kiosk.operators import Office
from kiosk.settings import PeopleSettings
from kiosk.web import create_app
from kiosk.web.office_changes import CHANGES
from kiosk.web.visitors import COOKIE
from tests.operators.world import MIA_PIN
from tests.operators.world import Office as People
from tests.web.fakes import World, world

PIN, OTHER = MIA_PIN.digits, "161803"


@dataclass
class Desk:
    people: People
    kiosk: World
    client: FlaskClient
    headers: dict[str, str]

    def post(self, path: str, **form: str) -> tuple[int, str]:
        answer = self.client.post(f"/operators/{path}", data=form, headers=self.headers)
        return answer.status_code, answer.get_data(as_text=True)

    def shown(self, query: str = "") -> str:
        return self.client.get(f"/operators{query}").get_data(as_text=True)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    people = People(tmp_path)
    for badge, role in (("T1", Role.TECHNICIAN), ("L1", Role.LEAD), ("7", Role.OPERATOR)):
        people.come(badge, role)
    kiosk = world()
    room = Office(
        people.register,
        people.gate,
        PeopleSettings(),
        monotonic_s=people.clock.monotonic_s,
        note=people.journal.note,
    )
    client = create_app(replace(kiosk.rooms, office=room)).test_client()
    token = re.search(r'"X-CSRF-Token": "([0-9a-f]+)"', client.get("/operators").get_data(as_text=True))
    assert token is not None
    yield Desk(people, kiosk, client, {"X-CSRF-Token": token[1], "HX-Request": "true"})
    people.journal.close()


SignIn = Callable[..., None]


def signed_in(desk: Desk, badge: str = "L1") -> None:
    status, shown = desk.post("sign-in", badge=badge, pin=PIN)
    assert (status, f"Person {badge}, " in shown) == (200, True)


def test_nobody_is_named_to_who_is_not_signed_in(desk: Desk) -> None:
    for shown in (desk.shown(), desk.shown("/panel?id=id-7"), desk.shown("/panel?new")):
        assert "Badge and PIN of a lead or technician" in shown
        assert "Person" not in shown


def test_a_lead_signs_in_and_out(desk: Desk) -> None:
    signed_in(desk)
    cookie = desk.client.get_cookie(COOKIE)
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Strict", "/")
    for name in ("Person T1", "Person L1", "Person 7"):
        assert name in desk.shown()
    _, shown = desk.post("sign-out")
    assert "Person" not in shown
    desk.client.set_cookie(COOKIE, cookie.value)
    assert "Person" not in desk.shown(), "the server has ended it"


def test_a_wrong_pin_is_told_and_shown_nowhere(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    _, shown = desk.post("sign-in", badge="L1", pin="828182")
    assert "That badge and that PIN do not go together." in shown
    assert "828182" not in shown + caplog.text
    assert desk.client.get_cookie(COOKIE) is None


@pytest.mark.parametrize("name", CHANGES)
def test_no_change_without_signing_in(desk: Desk, name: str) -> None:
    before = desk.people.register.everybody()
    status, shown = desk.post(
        f"change/{name}", id="id-7", days="1", pin=OTHER, again=OTHER, badge="8", name="X"
    )
    assert (status, shown) == (403, "Sign in first.")
    assert desk.people.register.everybody() == before


@pytest.mark.parametrize("name", CHANGES)
def test_no_change_without_the_page_s_token(desk: Desk, name: str) -> None:
    signed_in(desk)
    before = desk.people.register.everybody()
    for headers in ({}, {"X-CSRF-Token": "0" * 64}, {**desk.headers, "Sec-Fetch-Site": "cross-site"}):
        answer = desk.client.post(f"/operators/change/{name}", data={"id": "id-7"}, headers=headers)
        assert answer.status_code == 403
    assert desk.people.register.everybody() == before


@pytest.mark.parametrize("name", [name for name in CHANGES if name != "add"])
def test_a_lead_changes_no_lead_and_no_technician(desk: Desk, name: str) -> None:
    signed_in(desk)
    before = desk.people.register.everybody()
    for holder in ("id-T1", "id-L1"):
        _, shown = desk.post(f"change/{name}", id=holder, days="1", pin=OTHER, again=OTHER, station="dock-1")
        assert "needs a technician" in shown
    assert desk.people.register.everybody() == before
    assert desk.kiosk.service.orders == []
    assert "id-T1" not in desk.shown("/panel?id=id-T1")


def test_a_lead_adds_an_operator_and_no_lead(desk: Desk) -> None:
    signed_in(desk)
    form = {"name": "Jonas <b>", "badge": "j-8", "days": "30", "pin": OTHER, "again": OTHER}
    _, shown = desk.post("change/add", role="lead", **form)
    assert "Changing a person with the role lead needs a technician." in shown
    _, shown = desk.post("change/add", role="operator", **form)
    assert "Jonas &lt;b&gt; can sign in with badge J-8." in shown
    assert OTHER not in shown
    added = desk.people.register.named("J-8")
    assert (added.role, added.has_pin) == (Role.OPERATOR, True)


def test_a_technician_adds_anybody(desk: Desk) -> None:
    signed_in(desk, "T1")
    desk.post("change/add", role="technician", name="Theo", badge="t2", days="0")
    added = desk.people.register.named("T2")
    assert (added.role, added.has_pin, added.expires_at) == (Role.TECHNICIAN, False, None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"role": "boss"}, "The role: expected operator, lead or technician."),
        ({"days": "soon"}, "The days: expected a number from 0 to 9999; 0 means for ever."),
        ({"pin": "123"}, "The PIN: expected 6 to 12 digits."),
        ({"again": "999999"}, "The two PINs are not the same. Enter the new one twice."),
        ({"pin": "123456", "again": "123456"}, "That PIN is among the first that anybody would guess."),
        ({"badge": "7"}, "Badge &#39;7&#39; is Person 7&#39;s."),
        ({"name": ""}, "The name: expected 1 to 60 characters, got 0."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_added(desk: Desk, changes: dict[str, str], words: str) -> None:
    signed_in(desk)
    form = {"name": "J", "badge": "8", "role": "operator", "days": "30", "pin": OTHER, "again": OTHER}
    _, shown = desk.post("change/add", **{**form, **changes})
    assert words in shown
    assert "Somebody new" in shown, "the form is still there"
    assert len(desk.people.register.everybody()) == 3


def test_disable_renew_new_pin_and_forgive(desk: Desk) -> None:
    signed_in(desk)
    assert "Person 7 cannot sign in any more." in desk.post("change/disable", id="id-7")[1]
    assert desk.people.register.named("7").is_disabled
    assert "Person 7 can sign in." in desk.post("change/renew", id="id-7", days="9")[1]
    assert not desk.people.register.named("7").is_disabled
    shown = desk.post("change/pin", id="id-7", pin=OTHER, again=OTHER)[1]
    assert "Person 7 has a new PIN." in shown
    assert OTHER not in shown
    assert desk.people.journal.operators.pin_hash("id-7") == f"quick {OTHER[::-1]}"
    assert "Person 7 need not wait any more." in desk.post("change/forgive", id="id-7")[1]
    assert "There is no such person any more." in desk.post("change/forgive", id="none")[1]
    assert desk.post("change/rename", id="id-7")[0] == 404


def test_the_badge_is_printed_at_the_station_the_page_was_opened_from(desk: Desk) -> None:
    signed_in(desk)
    assert "There is no printer here." in desk.post("change/badge", id="id-7")[1]
    assert "on its way to the printer" in desk.post("change/badge", id="id-7", station="dock-1")[1]
    (order,) = desk.kiosk.service.orders
    (wish,) = order.wishes
    assert wish.fields is not None
    assert (wish.label, wish.fields["code"], wish.station) == ("badge", "ION/OP/7", "dock-1")
    assert (order.client, order.by) == ("office", "Person L1")


def test_an_old_pin_is_asked_for_again_before_a_change(desk: Desk) -> None:
    signed_in(desk)
    desk.people.clock.passed_s = 121
    assert "Enter your PIN again" in desk.post("change/disable", id="id-7")[1]
    assert not desk.people.register.named("7").is_disabled
    assert "do not go together" in desk.post("prove", pin="828182")[1]
    assert "Your PIN again" not in desk.post("prove", pin=PIN)[1]
    desk.post("change/disable", id="id-7")
    assert desk.people.register.named("7").is_disabled


def test_a_journal_that_is_full_changes_nothing_and_says_so(desk: Desk) -> None:
    signed_in(desk)
    with desk.people.journal.clerk.store.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    assert "Nothing was changed: call a technician." in desk.post("change/disable", id="id-7")[1]
    assert not desk.people.register.named("7").is_disabled


def test_where_there_is_no_register_there_is_no_page() -> None:
    client = create_app(replace(world().rooms, office=None)).test_client()
    assert client.get("/operators").status_code == 404
    assert client.get("/operators/panel").status_code == 404
