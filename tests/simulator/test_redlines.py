"""Redlines: the documents of section 8.13, and the rules of 10.2."""

import pytest

from kiosk.simulator.schema import Dialect
from kiosk.simulator.switches import Switches
from tests.simulator.asking import Caller, Json

STEP = """mutation UpdateRunStep($input: UpdateRunStepInput!) { updateRunStep(input: $input) { runStep {
  id status title _etag content redlines { diff id } } } }"""
CREATE = """mutation CreateRunStep($input: CreateRunStepInput!) { createRunStep(input: $input) {
  step { id title content createdById status _etag } } }"""
EDGE = """mutation CreateRunStepEdge($input: CreateStepEdgeInput!) { createRunStepEdge(input: $input) {
  stepEdge { id stepId upstreamStepId } } }"""
DELETE_EDGE = """mutation DeleteRunStepDAG($id: ID!, $etag: String!) { deleteRunStepEdge(id: $id, etag:
    $etag) { id } }"""
CANCEL = """mutation CancelRunStepRedline($id: ID!, $etag: String!) { cancelRunStepRedline(id: $id, etag:
    $etag) {
  runStep { id status title content } } }"""

both_dialects = pytest.mark.parametrize("dialect", ["classic", "both"])


def steps(caller: Caller, run_id: int) -> list[Json]:
    query = f"""{{ run(id: {run_id}) {{ status steps {{ id _etag status title upstreamStepIds
    upstreamEdges {{ id _etag }} }} }} }}"""
    found: list[Json] = caller.ask(query)["run"]["steps"]
    return found


def change(caller: Caller, step_id: int, **changes: object) -> Json:
    etag = caller.world.run_steps[step_id].etag
    return caller.ask(STEP, input={"id": step_id, "etag": etag, **changes})["updateRunStep"]["runStep"]


@both_dialects
def test_a_step_is_inserted_as_published(dialect: Dialect) -> None:
    caller = Caller(dialect)
    kit, rings, *_ = steps(caller, 1201)
    change(caller, rings["id"], status="redline")
    new = caller.ask(
        CREATE, input={"title": "step created in redline", "content": "new step content", "runId": 1201}
    )["createRunStep"]["step"]
    assert (new["status"], new["createdById"], new["content"]) == ("REDLINE", 40, "new step content")
    assert caller.world.runs[1201].started_at is None
    edge = caller.ask(EDGE, input={"stepId": new["id"], "upstreamStepId": kit["id"]})["createRunStepEdge"][
        "stepEdge"
    ]
    assert (edge["stepId"], edge["upstreamStepId"]) == (new["id"], kit["id"])
    caller.ask(EDGE, input={"stepId": rings["id"], "upstreamStepId": new["id"]})
    (old,) = [each for each in steps(caller, 1201)[1]["upstreamEdges"] if each["id"] != edge["id"]][:1]
    assert caller.ask(DELETE_EDGE, id=old["id"], etag=old["_etag"]) == {
        "deleteRunStepEdge": {"id": old["id"]}
    }
    assert steps(caller, 1201)[1]["upstreamStepIds"] == [new["id"]]
    for step_id in (new["id"], rings["id"]):
        assert change(caller, step_id, status="todo")["status"] == "TODO"
    assert [step["status"] for step in steps(caller, 1201)] == ["TODO"] * 5
    (diff,) = steps_of_diff(caller, new["id"])
    assert diff == "+step created in redline\n+new step content"


def steps_of_diff(caller: Caller, step_id: int) -> list[str]:
    query = f"{{ runStep(id: {step_id}) {{ redlines {{ diff }} }} }}"
    return [each["diff"] for each in caller.ask(query)["runStep"]["redlines"]]


@both_dialects
def test_a_redline_is_canceled_unless_edges_changed(dialect: Dialect) -> None:
    caller = Caller(dialect)
    kit, rings, torque, _ = steps(caller, 1201)
    change(caller, torque["id"], status="REDLINE")
    change(caller, torque["id"], title="Torque twice", content="Other")
    caller.do(
        "createRunStepField",
        "runStepField { id }",
        runStepId=torque["id"],
        name="Second torque",
        type="NUMBER",
    )
    edge = caller.ask(EDGE, input={"stepId": torque["id"], "upstreamStepId": kit["id"]})["createRunStepEdge"][
        "stepEdge"
    ]
    etag = caller.world.run_steps[torque["id"]].etag
    refused = caller.answer(CANCEL, id=torque["id"], etag=etag)
    assert "edges were added or removed" in refused.body["errors"][0]["message"]
    caller.ask(DELETE_EDGE, id=edge["id"], etag=caller.world.run_step_edges[edge["id"]].etag)
    back = caller.ask(CANCEL, id=torque["id"], etag=etag)["cancelRunStepRedline"]["runStep"]
    assert (back["title"], back["status"]) == ("Torque fasteners", "TODO")
    names = [field.name for field in caller.world.run_step_fields.where("run_step_id", torque["id"])]
    assert "Second torque" not in names
    assert [step["status"] for step in steps(caller, 1201)] == ["TODO"] * 4
    assert rings["status"] == "TODO"


def test_a_new_step_that_is_given_up_is_canceled() -> None:
    caller = Caller()
    new = caller.ask(CREATE, input={"title": "x", "runId": 1201})["createRunStep"]["step"]
    done = caller.ask(CANCEL, id=new["id"], etag=new["_etag"])["cancelRunStepRedline"]["runStep"]
    assert done["status"] == "CANCELED"


def test_fields_are_added_and_changed_in_redline_and_seen_afterwards() -> None:
    caller = Caller()
    _, rings, *_ = steps(caller, 1201)
    change(caller, rings["id"], status="REDLINE")
    field = caller.world.run_step_fields.where("run_step_id", rings["id"])[0]
    etag = caller.do(
        "updateRunStepFieldValue", "runStepField { _etag }", id=field.id, etag=field.etag, value="L-1"
    )
    given = {"id": field.id, "etag": etag["runStepField"]["_etag"], "name": "Batch", "required": False}
    changed = caller.do("updateRunStepField", "runStepField { name required value }", **given)["runStepField"]
    assert changed == {"name": "Batch", "required": False, "value": "L-1"}
    change(caller, rings["id"], status="TODO")
    assert steps_of_diff(caller, rings["id"]) == ["-[field] O-ring lot\n+[field] Batch"]
    late = caller.refusal(
        "updateRunStepField",
        "runStepField { id }",
        id=field.id,
        etag=caller.world.run_step_fields[field.id].etag,
        name="x",
    )
    assert "only in REDLINE" in late[1]


@pytest.mark.parametrize(
    ("step", "upstream", "message"),
    [
        (0, 3, "cannot wait for itself"),
        (2, 1, "already exists"),
        (1, 1, "cannot wait for itself"),
        (3, 2, "already exists"),
    ],
)
def test_edges_that_cannot_be_are_refused(step: int, upstream: int, message: str) -> None:
    caller = Caller()
    found = steps(caller, 1201)
    change(caller, found[0]["id"], status="REDLINE")
    given = {"stepId": found[step]["id"], "upstreamStepId": found[upstream]["id"]}
    assert message in caller.refusal("createRunStepEdge", "stepEdge { id }", **given)[1]


def test_edges_are_changed_at_a_redline_only() -> None:
    caller = Caller()
    found = steps(caller, 1201)
    given = {"stepId": found[3]["id"], "upstreamStepId": found[0]["id"]}
    assert "only at a step in REDLINE" in caller.refusal("createRunStepEdge", "stepEdge { id }", **given)[1]


def test_redlines_need_an_engineer_unless_switched_off() -> None:
    caller = Caller()
    ada = Caller(world=caller.world, user_id=42)
    step = steps(caller, 1201)[0]
    code, message = ada.refusal(
        "updateRunStep", "runStep { id }", id=step["id"], etag=step["_etag"], status="REDLINE"
    )
    assert (code, "needs the role engineer" in message) == ("AUTHORIZATION_ERROR", True)
    free = Caller(world=caller.world, user_id=42, switches=Switches(redlining_needs_engineer=False))
    assert change(free, step["id"], status="REDLINE")["status"] == "REDLINE"


def test_another_procedures_step_is_copied_in_and_steps_are_reordered() -> None:
    caller = Caller()
    copy = caller.do("copyStepToRun", "step { id status position fields { name } }", stepId=313, runId=1201)[
        "step"
    ]
    assert (copy["status"], copy["position"], len(copy["fields"])) == ("REDLINE", 5, 3)
    ids = [step["id"] for step in steps(caller, 1201)]
    given = {"runId": 1201, "runStepIds": [ids[-1], *ids[:-1]]}
    run = caller.do("reorderRunSteps", "run { steps { id } }", **given)["run"]
    assert [step["id"] for step in run["steps"]] == given["runStepIds"]
    assert (
        "every step of the run once"
        in caller.refusal("reorderRunSteps", "run { id }", runId=1201, runStepIds=ids[1:])[1]
    )
