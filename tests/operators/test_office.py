"""OWASP ASVS 5.0, 7.2.3, 7.3, 7.4 and 8.3.1: who changes people, for how long, and who does not.

A secret that was stolen ends on the server (CVE-2022-2888), and a PIN is changed by a fresh PIN alone
(CVE-2024-51493, CVE-2024-23637).
"""

import pytest

from kiosk.errors import OperatorRefused
from kiosk.model import Operator, Pin, Role
from kiosk.operators import Office, Visitor
from kiosk.settings import PeopleSettings
from tests.operators.world import MIA_PIN
from tests.operators.world import Office as World

LEAD = Operator("operator/id-L1", "Person L1", Role.LEAD)


@pytest.fixture
def room(office: World) -> Office:
    office.come("L1", Role.LEAD)
    office.come("7")
    return opened(office)


def opened(office: World) -> Office:
    return Office(
        office.register,
        office.gate,
        PeopleSettings(),
        monotonic_s=office.clock.monotonic_s,
        note=office.journal.note,
    )


def test_badge_and_pin_of_a_lead_open_it(room: Office) -> None:
    token = room.sign_in(" ion/OP/l1 ", MIA_PIN.digits)
    assert room.visitor(token) == Visitor(LEAD, is_fresh=True)
    assert len(token) >= 22, "128 bits and more"
    assert token != room.sign_in("L1", MIA_PIN.digits)
    assert room.visitor("") is None
    assert room.visitor(token[:-1]) is None
    assert room.visitor("\udcff") is None
    assert token not in repr(room.__dict__), "only its hash is kept"


@pytest.mark.parametrize(
    ("badge", "pin", "words"),
    [
        ("L1", "000001", "That badge and that PIN do not go together."),
        ("L1", "", "That badge and that PIN do not go together."),
        ("99", MIA_PIN.digits, "That badge and that PIN do not go together."),
        ("x" * 999, MIA_PIN.digits, "That badge and that PIN do not go together."),
        ("7", MIA_PIN.digits, "Changing people needs a lead or a technician."),
    ],
)
def test_nobody_else_comes_in(room: Office, badge: str, pin: str, words: str) -> None:
    with pytest.raises(OperatorRefused) as refused:
        room.sign_in(badge, pin)
    assert str(refused.value) == words


def test_guessing_waits_here_too(room: Office, office: World) -> None:
    for _ in range(5):
        with pytest.raises(OperatorRefused):
            room.sign_in("L1", "000001")
    with pytest.raises(
        OperatorRefused, match=r"Too many wrong PINs\. Wait 1 s\. This one was not looked at\."
    ):
        room.sign_in("L1", MIA_PIN.digits)
    office.clock.passed_s += 1
    assert room.visitor(room.sign_in("L1", MIA_PIN.digits))


def test_after_two_minutes_the_pin_is_asked_for_again(room: Office, office: World) -> None:
    token = room.sign_in("L1", MIA_PIN.digits)
    office.clock.passed_s = 121
    assert room.visitor(token) == Visitor(LEAD, is_fresh=False)
    with pytest.raises(OperatorRefused):
        room.prove(token, "000001")
    assert room.visitor(token) == Visitor(LEAD, is_fresh=False)
    room.prove(token, MIA_PIN.digits)
    assert room.visitor(token) == Visitor(LEAD, is_fresh=True)


def test_a_visit_ends_when_idle_and_after_half_an_hour(room: Office, office: World) -> None:
    token = room.sign_in("L1", MIA_PIN.digits)
    office.clock.passed_s = 299
    assert room.visitor(token)
    office.clock.passed_s = 299 + 300
    assert room.visitor(token) is None
    with pytest.raises(OperatorRefused, match="signed out"):
        room.prove(token, MIA_PIN.digits)
    token = room.sign_in("L1", MIA_PIN.digits)
    for _ in range(9):
        office.clock.passed_s += 200
        still = room.visitor(token)
    assert still is None


def test_signing_out_ends_it_on_the_server(room: Office) -> None:
    token = room.sign_in("L1", MIA_PIN.digits)
    room.sign_out(token)
    room.sign_out(token)
    assert room.visitor(token) is None


def test_who_is_disabled_or_no_lead_any_more_is_out_at_once(room: Office, office: World) -> None:
    token = room.sign_in("L1", MIA_PIN.digits)
    office.register.disable(office.register.named("L1"), None)
    assert room.visitor(token) is None
    office.register.renew(office.register.named("L1"), None, None)
    assert room.visitor(token) is None, "and does not come back by itself"


def test_many_visits_push_out_the_oldest(room: Office) -> None:
    tokens = [room.sign_in("L1", MIA_PIN.digits) for _ in range(34)]
    assert [room.visitor(token) is not None for token in tokens] == [False, False, *[True] * 32]


def test_a_new_pin_counts_here_too(room: Office, office: World) -> None:
    office.register.give_pin(office.register.named("L1"), Pin("161803"), None)
    with pytest.raises(OperatorRefused):
        room.sign_in("L1", MIA_PIN.digits)
    assert room.visitor(room.sign_in("L1", "161803"))


def test_a_new_pin_ends_every_visit_that_began_with_the_old_one(room: Office, office: World) -> None:
    office.come("T1", Role.TECHNICIAN)
    stolen, other = room.sign_in("L1", MIA_PIN.digits), room.sign_in("T1", MIA_PIN.digits)
    office.register.give_pin(office.register.named("L1"), Pin("161803"), None)
    assert room.visitor(stolen) is None
    assert room.visitor(other) is not None
    assert room.visitor(room.sign_in("L1", "161803")) is not None


def test_a_new_pin_that_is_given_while_the_old_one_is_looked_at_lets_nobody_in(office: World) -> None:
    holder = office.come("L1", Role.LEAD)
    office.hasher.meanwhile = lambda: office.register.give_pin(holder, Pin("161803"), None)
    with pytest.raises(OperatorRefused):
        opened(office).sign_in("L1", MIA_PIN.digits)
