from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import OperatorRefused
from kiosk.model import BadgeHolder, Operator, Pin, Role
from kiosk.operators import PinHasher, drawn_pin
from tests.fakes.time_and_ids import START
from tests.journal.opened import rows_of
from tests.operators.world import MIA_PIN, Office

LEAD = Operator("operator/id-lead", "Lea", Role.LEAD)
TECHNICIAN = Operator("operator/id-tech", "Theo", Role.TECHNICIAN)
OPERATOR = Operator("operator/id-op", "Olu")
MIA = BadgeHolder("", "Mia  Tanaka", "ab-7")


def told(office: Office) -> list[tuple[str, str]]:
    with rows_of(office.folder) as connection:
        return connection.execute("SELECT event, details FROM audit ORDER BY seq").fetchall()


def test_who_is_added_is_there_with_all_traits(office: Office) -> None:
    holder = office.register.add(MIA, 30, MIA_PIN, TECHNICIAN)
    expected = BadgeHolder(
        holder.id, "Mia Tanaka", "AB-7", expires_at=START + timedelta(days=30), has_pin=True
    )
    assert holder == expected
    assert office.register.everybody() == (expected,)
    assert office.register.named("Ab-7") == office.register.named(holder.id) == expected
    rest = f'"operator":"{holder.id}","role":"operator"}}'
    assert told(office)[-1] == (
        "operator-added",
        f'{{"badge":"AB-7","by":"{TECHNICIAN.id}","name":"Mia Tanaka",{rest}',
    )
    assert office.journal.first_break() is None


def test_they_survive_a_restart(office: Office) -> None:
    added = office.register.add(MIA, None, None, None)
    office.reopen()
    assert office.register.everybody() == (added,)
    assert not added.has_pin


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (BadgeHolder("", " ", "7"), "The name: expected 1 to 60 characters, got 0."),
        (BadgeHolder("", "x" * 61, "7"), "The name: expected 1 to 60 characters, got 61."),
        (BadgeHolder("", "Mia\u202e", "7"), "The name: expected 1 to 60 characters, got 4."),
        (BadgeHolder("", "Mia", "7 8"), "The badge: expected 1 to 64 letters, digits or any of . _ : -"),
        (BadgeHolder("", "Mia", ""), "The badge: expected 1 to 64 letters, digits or any of . _ : -"),
        (BadgeHolder("", "Mia", "x" * 65), "The badge: expected 1 to 64 letters, digits or any of . _ : -"),
        (BadgeHolder("", "Mia", "TAKEN"), "Badge 'TAKEN' is Person taken's."),
        (
            BadgeHolder("", "Mia", "7", language="?"),
            "The language: expected en, de, es, fr or none, got '?'.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_added(office: Office, wanted: BadgeHolder, why: str) -> None:
    office.come("taken")
    with pytest.raises(OperatorRefused) as refused:
        office.register.add(wanted, None, None, None)
    assert str(refused.value) == why
    assert len(office.register.everybody()) == 1


@pytest.mark.parametrize(
    "digits", ["000000", "123456", "987654", "890123", "121212", "123123", "112211", "55555555"]
)
def test_a_pin_that_anybody_would_guess_is_refused(office: Office, digits: str) -> None:
    pin = Pin.read(digits)
    assert pin is not None
    with pytest.raises(OperatorRefused, match="Choose another") as refused:
        office.register.add(MIA, None, pin, None)
    assert digits not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["", "12345", "1234567890123", "12345a", "\uff11\uff12\uff13\uff14\uff15\uff16", "271828\n", " 271828"],
)
def test_what_is_no_pin_is_none(text: str) -> None:
    assert Pin.read(text) is None


def test_a_pin_is_in_no_words_about_it() -> None:
    pin = Pin("271828")
    assert "271828" not in f"{pin} {pin!r} {[pin]}"


@given(st.integers(0, 999_999))
def test_pins_are_drawn_of_six_digits_and_none_is_plain(number: int) -> None:
    numbers = iter([0, 123456, number, 271828])
    pin = drawn_pin(lambda _below: next(numbers))
    assert Pin.read(pin.digits) == pin
    assert not pin.is_plain


def test_disabled_expired_and_renewed(office: Office) -> None:
    holder = office.come("7", days=30)
    now = office.clock.now()
    assert holder.is_welcome(now)
    assert not holder.is_welcome(now + timedelta(days=30))
    office.register.disable(holder, LEAD)
    assert not office.register.named("7").is_welcome(now)
    office.clock.passed_s = 40 * 86_400
    renewed = office.register.renew(office.register.named("7"), 10, LEAD)
    assert renewed == office.register.named("7")
    assert renewed.expires_at == START + timedelta(days=50)
    assert renewed.has_pin, "the PIN stays"


def test_another_badge_is_the_only_one(office: Office) -> None:
    holder = office.come("7")
    office.come("8")
    office.register.give_badge(holder, "b-9", LEAD)
    assert office.register.named("B-9").id == holder.id
    for gone in ("7", "nobody\x1b"):
        with pytest.raises(OperatorRefused, match="There is no operator with badge"):
            office.register.named(gone)
    with pytest.raises(OperatorRefused, match="is Person 8's"):
        office.register.give_badge(holder, "8", LEAD)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("by", [None, TECHNICIAN, LEAD, OPERATOR])
def test_a_lead_changes_operators_and_a_technician_everybody(
    office: Office, by: Operator | None, role: Role
) -> None:
    holder = office.come("7", role)
    may = by in {None, TECHNICIAN} or (by == LEAD and role is Role.OPERATOR)
    assert office.register.may_change(by, holder) is may
    before = told(office)
    for change in (
        lambda: office.register.add(BadgeHolder("", "New", "8", role), None, None, by),
        lambda: office.register.disable(holder, by),
        lambda: office.register.renew(holder, 1, by),
        lambda: office.register.give_badge(holder, "9", by),
        lambda: office.register.give_pin(holder, MIA_PIN, by),
        lambda: office.register.forgive(holder, by),
    ):
        if may:
            change()
        else:
            with pytest.raises(OperatorRefused, match=f"role {role.value} needs a technician"):
                change()
    assert (told(office) == before) is not may


def test_a_hash_fits_its_pin_alone_and_needs_the_pepper() -> None:
    hasher = PinHasher(b"pepper")
    hashed = hasher.hash(MIA_PIN)
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert len(hashed) <= 200
    assert hashed != hasher.hash(MIA_PIN), "every hash has a salt of its own"
    assert hasher.fits(MIA_PIN, hashed)
    assert not hasher.fits(Pin("271829"), hashed)
    assert not PinHasher(b"salt").fits(MIA_PIN, hashed)
    assert not hasher.fits(MIA_PIN, "no hash")
    assert not hasher.is_outdated(hashed)
    assert hasher.is_outdated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$GGQGTj2kjmE")
