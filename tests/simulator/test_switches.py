"""The switches, and what they switch that no other room's tests look at."""

import json
from dataclasses import asdict
from datetime import timedelta

import pytest

from kiosk.simulator.server import IonServer
from kiosk.simulator.switches import Switches, change_switches, read_switch
from tests.simulator.asking import Caller, Clock, Wire, seeded

RUN = "{ run(id: 1201) { id status partInventory { id } } }"


def test_switches_are_set_over_http_and_reset(wire: Wire) -> None:
    assert wire.send("GET", "/switches").json == asdict(Switches())
    reply = wire.send("POST", "/switches", json.dumps({"enum_case": "lower", "token_lifetime_s": 5}))
    assert (reply.json["enum_case"], reply.json["token_lifetime_s"]) == ("lower", 5)
    assert wire.graphql(RUN).json["data"]["run"]["status"] == "todo"
    assert wire.sign_in().graphql(RUN).status == 200
    wire.send("POST", "/reset", json.dumps({"switches": {"id_type": "ID"}}))
    assert wire.graphql(RUN).json["data"]["run"] == {
        "id": "1201",
        "status": "TODO",
        "partInventory": {"id": "9007"},
    }
    wire.send("POST", "/reset")
    assert wire.send("GET", "/switches").json == asdict(Switches())


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"fly": true}', "there is no switch 'fly'"),
        ('{"enum_case": "camel"}', "must be 'upper' or 'lower' or None"),
        ('{"read_lag_s": -1}', "must be a number from 0"),
        ('{"read_lag_s": "1"}', "must be a number from 0"),
        ('{"webhook_attempts": 1.5}', "must be a number from 0"),
        ('{"allow_over_receipt": 1}', "must be true or false"),
        ("[]", "must be an object"),
    ],
)
def test_a_switch_that_cannot_be_is_said_and_changes_nothing(wire: Wire, body: str, message: str) -> None:
    reply = wire.send("POST", "/switches", body)
    assert (reply.status, message in reply.json["errors"][0]["message"]) == (400, True), reply.json
    reset = wire.send("POST", "/reset", f'{{"switches": {body}}}')
    assert reset.status == 400
    assert wire.send("GET", "/switches").json == asdict(Switches())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("partially_received=false", False),
        ("read_lag_s=1.5", 1.5),
        ("read_lag_s=2", 2),
        ("issue_approvals_needed=2", 2),
        ("enum_case=lower", "lower"),
        ("enum_case=none", None),
        ("serials_unique_in=organization", "organization"),
    ],
)
def test_a_switch_is_read_from_a_command_line(text: str, value: object) -> None:
    name, read = read_switch(text)
    assert (name, read) == (text.partition("=")[0], value)
    assert getattr(change_switches(Switches(), {name: read}), name) == value


@pytest.mark.parametrize("text", ["fly=1", "enum_case=x", "read_lag_s", "partially_received=", "=1"])
def test_what_is_no_switch_on_a_command_line_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"switch"):
        read_switch(text)


@pytest.mark.parametrize(
    ("id_type", "expected", "given"), [("ID", "1201", "1201"), ("Int", 1201, 1201), (None, 1201, "1201")]
)
def test_ids_are_of_one_type_in_and_out(id_type: str | None, expected: object, given: object) -> None:
    switches = change_switches(Switches(), {"id_type": id_type})
    for dialect in ("classic", "documented-2026", "both"):
        caller = Caller(dialect, switches=switches)
        kind = "Int!" if dialect == "documented-2026" and id_type is None else f"{id_type or 'ID'}!"
        value = int(str(given)) if kind == "Int!" else given
        answer = caller.ask(f"query ($id: {kind}) {{ run(id: $id) {{ id procedure {{ id }} }} }}", id=value)
        assert answer["run"]["id"] == expected
        assert type(answer["run"]["procedure"]["id"]) is type(expected)


def started(caller: Caller) -> str:
    status: str = caller.ask(RUN)["run"]["status"]
    return status


def start(caller: Caller) -> None:
    step = caller.world.run_steps.where("run_id", 1201)[0]
    caller.do("updateRunStep", "runStep { id }", id=step.id, etag=step.etag, status="IN_PROGRESS")


def test_reads_lag_behind_changes_and_never_go_back() -> None:
    clock = Clock()
    caller = Caller(world=seeded(clock), switches=Switches(read_lag_s=5))
    clock.forward(60)
    start(caller)
    assert started(caller) == "TODO"
    clock.forward(4)
    assert started(caller) == "TODO"
    # A mutation reads what is, and answers it.
    step = caller.world.run_steps.where("run_id", 1201)[0]
    assert step.status == "IN_PROGRESS"
    clock.forward(1)
    assert started(caller) == "IN_PROGRESS"


def test_the_past_is_seen_as_it_was() -> None:
    clock = Clock()
    world = seeded(clock)
    clock.forward(1)
    before = world.clock()
    with world.transaction():
        world.runs.remove(1206)
        world.locations.put(world.locations[4])
    clock.forward(1)
    with world.transaction():
        world.runs.remove(1205)
    assert [run.id for run in world.runs] == [1201, 1202, 1203, 1204]
    assert [run.id for run in world.before_last_change().runs] == [1201, 1202, 1203, 1204, 1205]
    past = world.as_of(before - timedelta(seconds=0.5))
    assert [run.id for run in past.runs] == [1201, 1202, 1203, 1204, 1205, 1206]
    assert past.runs.where("part_inventory_id", 9010)[0].id == 1206
    assert past.parts is world.parts
    assert world.as_of(world.clock()) is world


def test_stale_reads_are_a_fault(wire: Wire) -> None:
    start_by_wire(wire)
    wire.fault(kind="stale_reads", times=1)
    assert wire.graphql(RUN).json["data"]["run"]["status"] == "TODO"
    assert wire.graphql(RUN).json["data"]["run"]["status"] == "IN_PROGRESS"
    wire.fault(kind="stale_reads", operation="run")
    archive(wire)
    assert [fault["kind"] for fault in wire.send("GET", "/faults").json["waiting"]] == ["stale_reads"]
    assert wire.graphql("{ run(id: 1201) { archived } }").json["data"]["run"] == {"archived": False}
    assert wire.graphql("{ run(id: 1201) { archived } }").json["data"]["run"] == {"archived": True}


def start_by_wire(wire: Wire) -> None:
    step = wire.data()["runs"][0]["steps"][0]
    document = "mutation ($input: UpdateRunStepInput!) { updateRunStep(input: $input) { runStep { id } } }"
    given = {"id": step["id"], "etag": step["_etag"], "status": "IN_PROGRESS"}
    assert "errors" not in wire.graphql(document, input=given).json


def archive(wire: Wire) -> None:
    etag = wire.data()["runs"][0]["_etag"]
    document = "mutation ($input: ArchiveRunInput!) { archiveRun(input: $input) { run { id } } }"
    assert "errors" not in wire.graphql(document, input={"id": 1201, "etag": etag, "archived": True}).json


def test_a_body_can_come_slowly(clock: Clock) -> None:
    with IonServer(seeded(clock)) as server:
        wire = Wire(server).sign_in()
        wire.fault(kind="slow_body", seconds=0.02)
        reply = wire.graphql(RUN)
        assert (reply.status, reply.json["data"]["run"]["id"]) == (200, 1201)
        assert int(reply.headers["Content-Length"]) == len(reply.body)


@pytest.mark.parametrize(
    ("order", "inventory_id", "status"),
    [
        ("docs", 9016, "UNAVAILABLE"),
        ("docs", 9013, "KITTED"),
        ("manual", 9013, "KITTED"),
        ("manual", 9007, "WIP"),
    ],
)
def test_the_order_of_status_rules_is_a_switch(order: str, inventory_id: int, status: str) -> None:
    caller = Caller(switches=change_switches(Switches(), {"inventory_status_order": order}))
    query = f"{{ partInventory(id: {inventory_id}) {{ status }} }}"
    assert caller.ask(query)["partInventory"]["status"] == status


def test_a_kitted_row_on_a_run_is_told_apart_by_the_order() -> None:
    for order, status in [("docs", "WIP"), ("manual", "KITTED")]:
        caller = Caller(switches=change_switches(Switches(), {"inventory_status_order": order}))
        caller.do("createRun", "run { id }", procedureId=13, partInventoryId=9013)
        assert caller.ask("{ partInventory(id: 9013) { status } }") == {"partInventory": {"status": status}}
