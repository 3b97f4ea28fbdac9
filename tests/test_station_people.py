"""Badges and PINs at a station: what was scanned waits for who did it, over restarts, and happens once."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.errors import JournalError
from kiosk.model import Asked, BadgeHolder, FieldKind, Proof, Question, RunStep, StepField
from tests.fakes.time_and_ids import START
from tests.journal.opened import opened, rows_of
from tests.station_world import RUN, SETTINGS, World, warmed

MIA, OLU = BadgeHolder("1", "Mia", "7"), BadgeHolder("2", "Olu", "8")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    settings = SETTINGS.model_copy(update={"asks": {"run": "pin", "receive": "badge"}})
    with closing(opened(tmp_path)) as journal:
        made = World(tmp_path, journal, settings=settings)
        made.people.employ(MIA)
        made.people.employ(OLU)
        yield made
        made.pool.shutdown()


def prove(world: World) -> None:
    world.people.proofs["dock-1"] = Proof.FRESH
    world.press("UNLOCK")


def told(world: World, event: str) -> list[str]:
    with rows_of(world.folder) as connection:
        query = "SELECT details FROM audit WHERE event = ? ORDER BY seq"
        return [details for (details,) in connection.execute(query, (event,))]


def test_a_scan_that_waits_for_a_badge_goes_on_with_the_fresh_answer(world: World) -> None:
    world.scan_and_look("ION/PO/3")
    assert world.view.screen == "home/who"
    world.scan("ION/OP/7")
    assert world.view.screen == "receive/order"
    assert world.people.signed_in == {"dock-1": MIA.operator}
    assert told(world, "signed-in") == ['{"name":"Mia","operator":"operator/1","way":"badge"}']


def test_a_badge_is_in_the_audit_with_its_scan_or_not_at_all(world: World) -> None:
    with world.full_disk(), pytest.raises(JournalError):
        world.scan("ION/OP/7")
    assert world.people.signed_in == {}
    world.scan("ION/OP/7")
    assert world.people.signed_in == {"dock-1": MIA.operator}


def test_what_is_signed_is_done_once_in_the_name_of_who_signed(world: World) -> None:
    warmed(world, "ION/RUN/12")
    world.people.signed_in["dock-1"] = MIA.operator
    world.people.proofs["dock-1"] = Proof.GIVEN
    world.scan("ION/RUN/12")
    world.press("START")
    world.press("COMPLETE", key="double-tap")
    assert world.view.screen == "home/pin"
    assert world.press("COMPLETE", key="double-tap").is_repeat
    prove(world)
    prove(world)
    made = [(each.arguments["status"], each.actor) for each in world.operations()]
    assert made == [("IN_PROGRESS", MIA.operator), ("COMPLETE", MIA.operator)]
    (signed,) = [details for details in told(world, "event") if "signed" in details]
    assert '"actor":"operator/1"' in signed
    assert '"signed":{"kind":"complete","title":"Torque"}' in signed


def test_what_waits_for_a_pin_waits_over_a_restart_for_whoever_comes(world: World) -> None:
    warmed(world, "ION/RUN/12")
    world.scan("ION/OP/7")
    assert world.view.screen == "home/pin"
    prove(world)
    world.scan("ION/RUN/12")
    world.press("START")
    world.people.signed_in.clear()
    world.ids = "2"
    world.station = world.hired()
    assert world.view.screen == "home/who", "a restart signs everybody out, and locks what they were at"
    world.scan("ION/OP/8")
    assert world.view.screen == "home/pin"
    prove(world)
    assert world.view.screen == "run/run"
    assert [each.arguments["status"] for each in world.operations()] == ["IN_PROGRESS"]


def test_a_badge_goes_on_with_what_it_leads_to(world: World) -> None:
    """The stock that was scanned names a run that has to be looked up, in the name of who just came."""
    world.settings = world.settings.model_copy(update={"asks": {"run": "badge"}})
    world.station = world.hired()
    warmed(world, "ION/RUN/12")
    world.scan("ION/RUN/12")
    assert world.view.screen == "home/who"
    world.scan("ION/OP/7")
    assert world.view.screen == "run/run"
    world.press("START")
    assert [each.actor for each in world.operations()] == [MIA.operator]


def test_who_leaves_locks_the_screen(world: World) -> None:
    warmed(world, "ION/PO/3")
    world.scan("ION/OP/7")
    prove(world)
    world.scan("ION/PO/3")
    world.people.signed_in.clear()
    world.station.left()
    world.station.step()
    assert (world.view.screen, world.message) == ("home/who", "ask: Locked. Scan your badge to go on.")
    world.scan("ION/OP/8")
    assert world.view.screen == "receive/order"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_disabled": True}, "stop: This badge signs nobody in any more. Ask a lead."),
        ({"expires_at": START}, "stop: This badge has expired. Ask a lead to renew it."),
        ({"badge": "99"}, "stop: Nobody here has this badge. Ask a lead."),
    ],
)
def test_a_badge_that_is_not_welcome_signs_nobody_in(
    world: World, changes: dict[str, object], words: str
) -> None:
    world.people.holders = {}
    world.people.employ(replace(MIA, **changes))  # type: ignore[arg-type]  # each is a trait of a holder
    world.scan("ION/OP/7")
    assert (world.message, world.people.signed_in) == (words, {})


def test_one_who_expires_tomorrow_is_welcome_today(world: World) -> None:
    world.people.employ(replace(MIA, expires_at=START + timedelta(days=1)))
    world.scan("ION/OP/7")
    assert world.people.signed_in == {"dock-1": MIA.operator}


def test_where_nobody_is_asked_for_a_strange_badge_is_a_barcode_like_any_other(world: World) -> None:
    world.settings = SETTINGS
    world.station = world.hired()
    world.scan("ION/OP/99")
    assert world.view.screen == "home/unknown"
    world.scan("ION/OP/7")
    assert (world.message, world.people.signed_in) == ("good: Mia is signed in.", {"dock-1": MIA.operator})


def test_a_step_is_signed_off_in_the_name_of_who_has_a_pin_by_their_badge_alone(world: World) -> None:
    world.settings = SETTINGS
    world.station = world.hired()
    world.ion.offered = (world.ion.offered or frozenset()) | {"set_field_value"}
    sign = StepField("f1", "Inspector", FieldKind.SIGNOFF, is_required=True)
    step = RunStep("s1", "Torque", "IN_PROGRESS", 1, fields=(sign,))
    world.ion.teach(Question(Asked.RUN_ID, "12"), replace(RUN, status="IN_PROGRESS", steps=(step,)))
    warmed(world, "ION/RUN/12")
    world.scan("ION/RUN/12")
    world.press("ENTER")
    world.scan("mia")
    assert world.message == "stop: mia signs with badge and PIN. Scan the badge."
    world.scan("ION/OP/7")
    world.press("CONFIRM")
    assert (world.view.screen, world.operations()) == ("home/pin", [])
    prove(world)
    assert [each.arguments["value"] for each in world.operations()] == ["Mia"]
