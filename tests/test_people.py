from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.errors import JournalError
from kiosk.model import BadgeHolder, Operator, Presence, Proof
from kiosk.people import People
from kiosk.settings import PeopleSettings
from tests.fakes.time_and_ids import START
from tests.people_world import ADA, BADGE, JONAS, Floor


@pytest.fixture
def floor() -> Floor:
    return Floor()


def test_nobody_is_signed_in_at_first(floor: Floor) -> None:
    assert (floor.people.at("dock-1"), floor.people.acted("dock-1")) == (None, None)
    floor.people.sign_out("dock-1")
    floor.people.watch()
    assert (floor.notes, floor.published) == ([], [])


def test_who_signs_in_is_there_and_in_the_audit(floor: Floor) -> None:
    floor.come(ADA)
    assert (floor.people.at("dock-1"), floor.people.at("floor-1")) == (ADA, None)
    details = {"operator": "ion/42", "name": "Ada Okafor", "way": "phone"}
    assert floor.notes == [("dock-1", "signed-in", details)]
    assert floor.published == ["dock-1"]


def test_signing_out_drops_the_token(floor: Floor) -> None:
    floor.come(ADA)
    floor.people.sign_out("dock-1")
    assert floor.people.at("dock-1") is None
    assert floor.ion.dropped == ["ion/42"]
    assert floor.notes[-1] == ("dock-1", "signed-out", {"operator": "ion/42", "why": "asked"})
    assert floor.published == ["dock-1", "dock-1"]


def test_the_next_person_takes_the_place_of_the_one_before(floor: Floor) -> None:
    floor.come(ADA)
    floor.come(JONAS)
    assert floor.people.at("dock-1") == JONAS
    assert floor.ion.dropped == ["ion/42"]


def test_who_is_at_two_stations_keeps_their_token_until_they_left_both(floor: Floor) -> None:
    floor.come(ADA)
    floor.come(ADA, "floor-1")
    floor.come(ADA)
    floor.people.sign_out("dock-1")
    assert floor.ion.dropped == []
    assert floor.people.at("floor-1") == ADA
    floor.people.sign_out("floor-1")
    assert floor.ion.dropped == ["ion/42"]


def test_who_does_nothing_for_five_minutes_is_signed_out(floor: Floor) -> None:
    floor.come(ADA)
    floor.clock.passed_s = 299
    assert floor.people.acted("dock-1") == Presence(ADA, Proof.GIVEN)
    floor.clock.passed_s = 299 + 299
    floor.people.watch()
    assert floor.people.at("dock-1") == ADA, "to look is not to act, and the last act was in time"
    floor.clock.passed_s = 299 + 300
    assert floor.people.at("dock-1") is None, "also before anybody watches"
    assert floor.people.acted("dock-1") is None
    floor.people.watch()
    assert floor.notes[-1] == ("dock-1", "signed-out", {"operator": "ion/42", "why": "idle"})
    assert floor.ion.dropped == ["ion/42"]


def test_nobody_stays_longer_than_a_shift() -> None:
    floor = Floor(times=PeopleSettings(idle_minutes=5, longest_hours=1))
    floor.come(ADA)
    while floor.clock.passed_s < 3590:
        floor.clock.passed_s += 200
        floor.people.acted("dock-1")
    floor.people.watch()
    assert floor.people.acted("dock-1") is None
    assert floor.notes[-1][2]["why"] == "time"


def test_who_has_lost_their_token_is_signed_out(floor: Floor) -> None:
    floor.come(ADA)
    floor.come(BADGE, "floor-1")
    floor.ion.held.clear()
    floor.people.watch()
    assert (floor.people.at("dock-1"), floor.people.at("floor-1")) == (None, BADGE)
    assert floor.notes[-1] == ("dock-1", "signed-out", {"operator": "ion/42", "why": "token"})


def test_tokens_are_looked_after_every_few_seconds(floor: Floor) -> None:
    floor.come(ADA)
    floor.people.watch()
    floor.ion.held.clear()
    floor.people.watch()
    assert floor.people.at("dock-1") == ADA
    floor.clock.passed_s += 5
    floor.people.watch()
    assert floor.people.at("dock-1") is None


def test_without_ion_s_sign_in_people_come_and_go_all_the_same() -> None:
    floor = Floor()
    people = People(floor.times, floor.note, floor.published.append, monotonic_s=floor.clock.monotonic_s)
    people.sign_in("dock-1", BADGE, "badge")
    people.watch()
    assert people.at("dock-1") == BADGE
    people.sign_out("dock-1")
    assert floor.events == [("dock-1", "signed-in"), ("dock-1", "signed-out")]


def test_a_sign_in_that_cannot_be_written_down_does_not_count(floor: Floor) -> None:
    floor.is_full = True
    with pytest.raises(JournalError):
        floor.come(ADA)
    assert floor.people.at("dock-1") is None
    assert floor.ion.dropped == ["ion/42"]


def test_a_sign_out_counts_even_so(floor: Floor, caplog: pytest.LogCaptureFixture) -> None:
    floor.come(ADA)
    floor.is_full = True
    floor.people.sign_out("dock-1")
    assert floor.people.at("dock-1") is None
    assert "signed-out {'operator': 'ion/42', 'why': 'asked'} is not in the audit" in caplog.text


def test_who_signs_in_anew_while_their_end_is_found_stays(floor: Floor) -> None:
    floor.come(ADA)
    (seen,) = floor.people._present.values()
    floor.clock.passed_s = 300
    floor.come(ADA)
    floor.people._sign_out_if("dock-1", seen, "idle")
    assert floor.people.at("dock-1") == ADA
    floor.come(JONAS)
    floor.people._sign_out_if("dock-1", seen, "idle")
    assert floor.people.at("dock-1") == JONAS


# People whom the kiosk itself knows.

MIA = BadgeHolder("1", "Mia", "7", has_pin=True)
OLU = BadgeHolder("2", "Olu", "8")


def test_a_badge_signs_in_and_proves_nothing(floor: Floor) -> None:
    floor.people.came("dock-1", MIA)
    assert floor.people.presence("dock-1") == Presence(MIA.operator, Proof.NONE, has_pin=True)
    assert floor.people.at("dock-1") == Operator("operator/1", "Mia")
    assert (floor.notes, floor.published) == ([], ["dock-1"]), "the scan's own transaction has told it"


def test_a_pin_is_fresh_for_two_minutes_and_given_for_as_long_as_they_stay(floor: Floor) -> None:
    floor.people.came("dock-1", MIA)
    floor.people.proved("dock-1", MIA.operator)
    assert floor.proved == ["dock-1"]
    floor.clock.passed_s = 120
    assert floor.people.acted("dock-1") == Presence(MIA.operator, Proof.FRESH, has_pin=True)
    floor.clock.passed_s = 121
    assert floor.people.acted("dock-1") == Presence(MIA.operator, Proof.GIVEN, has_pin=True)
    floor.people.came("dock-1", MIA)
    assert floor.people.presence("dock-1") == Presence(MIA.operator, Proof.GIVEN, has_pin=True)
    floor.people.came("dock-1", OLU)
    assert floor.people.presence("dock-1") == Presence(OLU.operator, Proof.NONE)
    floor.people.came("dock-1", MIA)
    assert floor.people.presence("dock-1") == Presence(MIA.operator, Proof.NONE, has_pin=True)


def test_a_pin_is_not_another_s(floor: Floor) -> None:
    floor.people.came("dock-1", OLU)
    floor.people.proved("dock-1", MIA.operator)
    floor.people.proved("floor-1", MIA.operator)
    assert floor.people.presence("dock-1") == Presence(OLU.operator, Proof.NONE)
    assert floor.proved == []


def test_to_scan_a_badge_again_does_not_put_the_end_of_the_shift_off() -> None:
    floor = Floor(times=PeopleSettings(idle_minutes=5, longest_hours=1))
    floor.people.came("dock-1", MIA)
    floor.people.proved("dock-1", MIA.operator)
    while floor.clock.passed_s < 3590:
        floor.clock.passed_s += 200
        floor.people.came("dock-1", MIA)
    presence = floor.people.presence("dock-1")
    assert presence is not None
    assert presence.proof is Proof.NONE, "after the hour their PIN is asked for anew"


def test_who_is_idle_is_told_to_the_station(floor: Floor) -> None:
    floor.people.came("dock-1", MIA)
    floor.people.proved("dock-1", MIA.operator)
    floor.clock.passed_s = 300
    floor.people.watch()
    assert floor.left == ["dock-1"]
    assert floor.people.acted("dock-1") is None
    floor.people.came("dock-1", MIA)
    assert floor.people.presence("dock-1") == Presence(MIA.operator, Proof.NONE, has_pin=True)


def test_signing_in_with_ion_counts_as_a_pin(floor: Floor) -> None:
    floor.come(ADA)
    assert floor.people.presence("dock-1") == Presence(ADA, Proof.FRESH)
    assert floor.proved == ["dock-1"]
    floor.clock.passed_s = 121
    assert floor.people.presence("dock-1") == Presence(ADA, Proof.GIVEN)


def test_who_is_disabled_or_expires_is_signed_out_within_seconds(floor: Floor) -> None:
    floor.holders.everybody = {"1": MIA, "2": replace(OLU, expires_at=START + timedelta(seconds=60))}
    floor.people.came("dock-1", MIA)
    floor.people.came("floor-1", OLU)
    floor.clock.passed_s = 10
    floor.people.watch()
    assert floor.left == []
    floor.holders.everybody["1"] = replace(MIA, is_disabled=True)
    floor.clock.passed_s = 20
    floor.people.watch()
    assert floor.left == ["dock-1"]
    floor.clock.passed_s = 60
    floor.people.watch()
    assert floor.left == ["dock-1", "floor-1"]
    assert floor.notes[-1] == ("floor-1", "signed-out", {"operator": "operator/2", "why": "not welcome"})


def test_a_journal_that_cannot_be_read_signs_nobody_out(
    floor: Floor, caplog: pytest.LogCaptureFixture
) -> None:
    floor.people.came("dock-1", MIA)
    floor.holders.is_broken = True
    floor.clock.passed_s = 10
    floor.people.watch()
    assert floor.people.at("dock-1") == MIA.operator
    assert "Whether operator/1 may stay signed in is not known" in caplog.text


def test_whose_badge_it_is(floor: Floor) -> None:
    floor.holders.everybody = {"1": MIA}
    assert floor.people.holder("7") == MIA
    floor.holders.everybody["2"] = OLU
    assert floor.people.signers() == {"mia"}, "who has no PIN can only be written down"
    assert floor.people.holder("9") is None
    people = People(floor.times, floor.note, floor.published.append)
    assert people.holder("7") is None
    assert people.signers() == frozenset()
