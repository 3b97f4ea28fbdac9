"""The whole way: sockets, sign-in, faults on the wire, and the simulator's own ledger as judge."""

import pytest

from kiosk.errors import IonBusy, IonError, IonUnknown, IonUnreachable
from kiosk.model import Asked, Json, Question, Run
from kiosk.ports import Absent, Found
from kiosk.simulator.schema import DIALECTS
from tests.ion.factory import FENCED, LATE, catalogue_of, know
from tests.ion.served import Place

MARKER = "k:dock-1:17:9f3c"
LOT: dict[str, Json] = {
    "order_id": "5001",
    "line_id": "7002",
    "part_id": "107",
    "quantity": "10",
    "lot": "LOT-2026-0200",
    "serials": [],
    "location_id": "4",
    "received_before": "0",
}
SERIALS: dict[str, Json] = {
    **LOT,
    "line_id": "7001",
    "part_id": "105",
    "quantity": "2",
    "lot": None,
    "serials": ["SN-900", "SN-901"],
}
MOVE: dict[str, Json] = {"inventory_id": "9002", "location_id": "4", "from_location_id": "2"}
QUESTIONS = [
    (Asked.INVENTORY_ID, "9002"),
    (Asked.PART_ID, "101"),
    (Asked.PART_NUMBER, "BRKT-001"),
    (Asked.SERIAL, "SN-000119"),
    (Asked.LOT, "LOT-2026-0117"),
    (Asked.ORDER_ID, "5001"),
    (Asked.ORDER_NUMBER, "PO-10482"),
    (Asked.RUN_ID, "1202"),
    (Asked.LOCATION_ID, "4"),
    (Asked.LOCATION_NAME, "WH-Receiving"),
]


every_dialect = pytest.mark.parametrize("place", DIALECTS, indirect=True)
classic = pytest.mark.parametrize("place", ["classic"], indirect=True)
documented = pytest.mark.parametrize("place", ["documented-2026"], indirect=True)


@every_dialect
@pytest.mark.parametrize(("by", "value"), QUESTIONS)
def test_every_question_has_its_answer(place: Place, by: Asked, value: str) -> None:
    question = Question(by, value)
    assert place.ion.ask([question])[question]


@pytest.mark.parametrize("place", ["classic", "both"], indirect=True)
def test_a_uid_has_its_answer(place: Place) -> None:
    world = place.server.ion.world
    for uid in (world.part_inventories[9002].uid, world.runs[1202].uid):
        question = Question(Asked.UID, uid)
        (subject,) = place.ion.ask([question])[question]
        assert getattr(subject, "uid", None) == uid


@every_dialect
@pytest.mark.parametrize("arguments", [LOT, SERIALS], ids=["lot", "serials"])
def test_receive(place: Place, arguments: dict[str, Json]) -> None:
    result = place.ion.perform("receive", arguments, marker=MARKER)
    line = result["line"]
    assert isinstance(line, dict)
    assert line["received"] == arguments["quantity"]
    assert isinstance(place.ion.find_effect("receive", arguments, marker=MARKER), Found)


@every_dialect
def test_move(place: Place) -> None:
    place.ion.perform("move", MOVE, marker=MARKER)
    assert len(place.effects()) == 1
    assert isinstance(place.ion.find_effect("move", MOVE, marker=MARKER), Found)


def start(place: Place) -> tuple[str, dict[str, Json]]:
    """Return the tenant's way to start run 1201."""
    if "set_step_status" in place.ion.offers():
        question = Question(Asked.RUN_ID, "1201")
        (run,) = place.ion.ask([question])[question]
        assert isinstance(run, Run)
        return "set_step_status", {
            "run_id": "1201",
            "step_id": run.steps[0].id,
            "status": "IN_PROGRESS",
            "from_status": "TODO",
        }
    return "set_run_status", {"run_id": "1201", "status": "IN_PROGRESS", "from_status": "PENDING"}


@every_dialect
def test_a_run_is_started(place: Place) -> None:
    operation, arguments = start(place)
    result = place.ion.perform(operation, arguments, marker=MARKER)
    run = result["run"]
    assert isinstance(run, dict)
    assert run["status"] == "IN_PROGRESS"
    assert len(place.effects()) == 1


@pytest.mark.parametrize("place", ["both"], indirect=True)
def test_a_run_as_a_whole(place: Place) -> None:
    arguments: dict[str, Json] = {"run_id": "1201", "status": "IN_PROGRESS", "from_status": "TODO"}
    place.ion.perform("set_run_status", arguments, marker=MARKER)
    assert place.effects() == ["updateRun"]


# What a fault on the wire is called, and whether ION had executed by then.
FAULTS: list[tuple[str, dict[str, Json], type[IonError], bool]] = [
    ("refuse", {}, IonUnknown, False),
    ("reset_before", {}, IonUnknown, False),
    ("reset_after", {}, IonUnknown, True),
    ("status_before", {"status": 503}, IonUnknown, False),
    ("status_after", {"status": 502}, IonUnknown, True),
    ("truncate", {}, IonUnknown, True),
    ("html", {}, IonUnknown, False),
    ("rate_limit", {"seconds": 3}, IonBusy, False),
    ("errors_and_data", {}, IonUnknown, True),
]
fault_table = pytest.mark.parametrize(
    ("kind", "more", "expected", "was_executed"), FAULTS, ids=[f"{row[0]}-{row[1]}" for row in FAULTS]
)


def settle(place: Place, operation: str, arguments: dict[str, Json]) -> None:
    """Do what the delivery does after a doubtful end."""
    if place.ion.find_effect(operation, arguments, marker=MARKER) in (FENCED, Absent()):
        place.ion.perform(operation, arguments, marker=MARKER)
    assert isinstance(place.ion.find_effect(operation, arguments, marker=MARKER), Found)


@classic
@fault_table
def test_a_receipt_happens_once(
    place: Place, kind: str, more: dict[str, Json], expected: type[IonError], was_executed: bool
) -> None:
    place.fault(kind, "addItemsToReceipt", **more)
    with pytest.raises(IonError) as caught:
        place.ion.perform("receive", LOT, marker=MARKER)
    assert type(caught.value) is expected
    assert place.effects().count("addItemsToReceipt") <= was_executed
    settle(place, "receive", LOT)
    assert place.effects().count("addItemsToReceipt") == 1


@documented
@fault_table
def test_serials_happen_once(
    place: Place, kind: str, more: dict[str, Json], expected: type[IonError], was_executed: bool
) -> None:
    place.fault(kind, "receivePurchaseOrderLine", after=1, **more)
    with pytest.raises(IonError) as caught:
        place.ion.perform("receive", SERIALS, marker=MARKER)
    assert (
        type(caught.value) is IonUnknown
    )  # the first serial stands, so even "busy" is no longer "not executed"
    assert isinstance(caught.value.__cause__, expected) or expected is IonUnknown
    assert len(place.effects()) <= 1 + was_executed
    settle(place, "receive", SERIALS)
    assert place.effects() == ["receivePurchaseOrderLine"] * 2


@pytest.mark.parametrize("place", ["classic", "documented-2026"], indirect=True)
@fault_table
def test_a_start_happens_once(
    place: Place, kind: str, more: dict[str, Json], expected: type[IonError], was_executed: bool
) -> None:
    operation, arguments = start(place)
    place.fault(kind, "updateRunStep" if operation == "set_step_status" else "updateRun", **more)
    with pytest.raises(IonError) as caught:
        place.ion.perform(operation, arguments, marker=MARKER)
    assert type(caught.value) is expected
    assert len(place.effects()) <= was_executed
    settle(place, operation, arguments)
    assert len(place.effects()) == 1


@classic
@fault_table
def test_a_move_happens_once(
    place: Place, kind: str, more: dict[str, Json], expected: type[IonError], was_executed: bool
) -> None:
    place.fault(kind, "updatePartInventory", **more)
    with pytest.raises(IonError) as caught:
        place.ion.perform("move", MOVE, marker=MARKER)
    assert type(caught.value) is expected
    settle(place, "move", MOVE)
    assert place.effects() == ["updatePartInventory"]
    del was_executed


@classic
def test_an_answer_that_comes_too_late_is_found(place: Place) -> None:
    hasty = place.connect(write_timeout_s=0.3)
    know(hasty, "classic")
    place.fault("delay", "updatePartInventory", seconds=0.6)
    with pytest.raises(IonUnknown, match="ReadTimeout"):
        hasty.perform("move", MOVE, marker=MARKER)
    hasty.close()
    settle(place, "move", MOVE)
    assert place.effects() == ["updatePartInventory"]


@every_dialect
def test_the_schema_is_read_over_the_wire(place: Place) -> None:
    ion = place.connect()
    assert ion.choices() == tuple(catalogue_of(place.server.ion.dialect).choices.values())
    ion.close()


@documented
def test_a_lot_whose_request_is_lost_may_arrive_late(place: Place) -> None:
    place.fault("reset_before", "receivePurchaseOrderLine")
    with pytest.raises(IonUnknown):
        place.ion.perform("receive", LOT, marker=MARKER)
    assert place.ion.find_effect("receive", LOT, marker=MARKER) == LATE
    assert place.effects() == []


@classic
def test_a_held_copy_of_a_receipt_dies_of_its_etag(place: Place) -> None:
    place.fault("hold_and_release", "addItemsToReceipt")
    with pytest.raises(IonUnknown):
        place.ion.perform("receive", LOT, marker=MARKER)
    settle(place, "receive", LOT)
    place.ion.ask([Question(Asked.ORDER_ID, "5001")])
    assert place.effects().count("addItemsToReceipt") == 1


@documented
def test_a_held_copy_of_a_serial_is_refused(place: Place) -> None:
    place.fault("hold_and_release", "receivePurchaseOrderLine")
    with pytest.raises(IonUnknown):
        place.ion.perform("receive", SERIALS, marker=MARKER)
    settle(place, "receive", SERIALS)
    assert place.effects() == ["receivePurchaseOrderLine"] * 2


@classic
def test_a_dead_token_is_renewed_in_the_middle_of_a_change(place: Place) -> None:
    place.fault("expire_token", "addItemsToReceipt")
    place.ion.perform("receive", LOT, marker=MARKER)
    assert place.effects() == ["createReceipt", "addItemsToReceipt"]


@classic
@pytest.mark.parametrize("kind", ["reset_before", "status_before", "html", "refuse"])
def test_a_broken_sign_in_leaves_no_change_in_doubt(place: Place, kind: str) -> None:
    ion = place.connect()
    know(ion, "classic")
    place.fault(kind, "token", times=2)
    with pytest.raises(IonUnreachable):
        ion.perform("move", MOVE, marker=MARKER)
    assert place.effects() == []
    ion.close()


@every_dialect
def test_a_question_bears_what_can_be_repeated(place: Place) -> None:
    question = Question(Asked.RUN_ID, "1202")
    for kind in ("reset_before", "refuse", "truncate"):
        place.fault(kind, "run")
        assert len(place.ion.ask([question])[question]) == 1
    for kind in ("html", "status_after"):
        place.fault(kind, "run")
        with pytest.raises(IonUnreachable):
            place.ion.ask([question])


@classic
def test_busy_says_how_long(place: Place) -> None:
    place.fault("rate_limit", "updatePartInventory", seconds=7)
    with pytest.raises(IonBusy) as caught:
        place.ion.perform("move", MOVE, marker=MARKER)
    assert caught.value.retry_after_s == 7.0


@pytest.mark.parametrize("place", ["classic"], indirect=True)
def test_a_wrong_secret_is_for_a_technician(place: Place) -> None:
    ion = place.connect(client_secret="wrong-secret")
    with pytest.raises(IonError, match="Sign in as 'kiosk'") as caught:
        ion.offers()
    assert type(caught.value).__name__ == "IonAuthFailed"
    assert "wrong-secret" not in str(caught.value)
    ion.close()
