"""Procedures, tables, labels and reviews: the documents of sections 8.10 and 8.12, the rules of 10.7."""

import pytest

from kiosk.simulator.schema import Dialect
from kiosk.simulator.switches import Switches
from tests.simulator.asking import Caller, rows

LIST = """query GetProcedures($filters: ProceduresInputFilters) { procedures(filters: $filters) {
  edges { node { id title } } } }"""
READ_INT = (
    """query GetProcedure($id: Int!) { procedure(id: $id) { id title steps { id title fields { id } } } }"""
)
READ_ID = """query GetProcedure($id: ID!) { procedure(id: $id) {
  id familyId title description type labels { value } attributes { key } status
  steps { id entityId title type position parentId upstreamStepIds content slateContent leadTime locationId
    locationSubtypeId assets { id } version isStandardStep isDerivedStep steps { id }
    datagridColumns { edges { node { id index header options type signoffRole { id name } } } }
    datagridRows { edges { node { id index required allowNotApplicable
      values { columnId type value fileAttachmentId } } } }
    fields { id name type display required options unit allowNotApplicable allowedIonType
      signoffRole { id name } validations { functionId fieldId } } } } }"""
CREATE = """mutation CreateProcedure($title: String!, $description: String, $exportControlled: Boolean,
    $type: Proceduretypeenum) {
  createProcedure(title: $title, description: $description, exportControlled: $exportControlled, type:
    $type) {
    procedure { id familyId } } }"""
UPDATE = """mutation UpdateProcedure($input: UpdateProcedureInput!) { updateProcedure(input: $input) {
  procedure { id title description status createdById } } }"""
REQUEST = """mutation CreateReviewRequest($input: ReviewRequestInput!) { createReviewRequest(input: $input) {
  reviewRequest { id reviewer { id } status entityId } } }"""
REVIEW = """mutation CreateReview($input: CreateReviewInput!) { createReview(input: $input) {
  review { id organizationId status entityId } } }"""
DELETE_REQUEST = """mutation DeleteReviewRequest($id: ID!, $etag: String!) {
  deleteReviewRequest(id: $id, etag: $etag) { id } }"""
REQUESTS = """query GetReviewRequests($filters: ReviewsInputFilters) { reviewRequests(filters: $filters) {
  edges { node { id procedureId reviewerId status } } } }"""
REVIEWS = """query GetReviews($filters: ReviewsInputFilters) { reviews(filters: $filters) {
  edges { node { id procedureId reviewerId comment status } } } }"""

both_dialects = pytest.mark.parametrize("dialect", ["classic", "both"])


@both_dialects
def test_procedures_are_read_as_published(dialect: Dialect) -> None:
    caller = Caller(dialect)
    assert rows(caller.ask(LIST, filters={"id": {"in": [12]}})) == [{"id": 12, "title": "Bracket Assembly"}]
    short = caller.ask(READ_INT, id=15)["procedure"]
    assert [len(step["fields"]) for step in short["steps"]] == [3, 3, 2]
    whole = caller.ask(READ_ID, id=15)["procedure"]
    assert (whole["labels"], whole["status"], whole["type"]) == (
        [{"value": "Receiving"}],
        "RELEASED",
        "INSPECTION",
    )
    measure = whole["steps"][1]
    assert measure["upstreamStepIds"] == [313]
    columns = [edge["node"] for edge in measure["datagridColumns"]["edges"]]
    assert [(each["header"], each["type"]) for each in columns] == [
        ("Cross section", "NUMBER"),
        ("Hardness", "SELECT"),
    ]
    first, second = (edge["node"] for edge in measure["datagridRows"]["edges"])
    assert (first["required"], second["allowNotApplicable"]) == (True, True)
    assert first["values"][0] == {"columnId": 1, "type": "NUMBER", "value": None, "fileAttachmentId": None}
    assert len(measure["fields"][0]["validations"]) == 2
    types = {field["type"] for step in whole["steps"] for field in step["fields"]}
    assert types == {
        "STRING",
        "NUMBER",
        "BOOLEAN",
        "SELECT",
        "MULTISELECT",
        "DATETIME",
        "FILE_ATTACHMENT",
        "SIGNOFF",
    }


def test_steps_are_read_by_themselves() -> None:
    caller = Caller()
    query = """query ($filters: StepsFilters, $sort: [StepSortEnum]) { steps(filters: $filters, sort: $sort) {
        edges { node { id title } } } }"""
    assert [
        each["id"]
        for each in rows(caller.ask(query, filters={"procedureId": {"eq": 12}}, sort=["POSITION_DESC"]))
    ] == [
        304,
        303,
        302,
        301,
    ]
    assert caller.ask("{ step(id: 307) { title parentId } }") == {
        "step": {"title": "Proof test", "parentId": 306}
    }
    assert caller.ask("{ step(id: 306) { steps { id } } }") == {"step": {"steps": [{"id": 307}, {"id": 308}]}}


def draft(caller: Caller) -> int:
    made: int = caller.ask(CREATE, title="Cable Test", description="d", type="BUILD")["createProcedure"][
        "procedure"
    ]["id"]
    return made


def etag_of(caller: Caller, procedure_id: int) -> str:
    return caller.world.procedures[procedure_id].etag


@both_dialects
def test_a_procedure_is_drawn_up_reviewed_and_run(dialect: Dialect) -> None:
    caller = Caller(dialect)
    procedure_id = draft(caller)
    first, second = (
        caller.do("createStep", "step { id position }", procedureId=procedure_id, title=title)["step"]
        for title in ("Measure", "Pack")
    )
    assert (first["position"], second["position"]) == (1, 2)
    edge = {"stepId": second["id"], "upstreamStepId": first["id"]}
    caller.do("createStepEdge", "stepEdge { id stepId upstreamStepId }", **edge)
    back = {"stepId": first["id"], "upstreamStepId": second["id"]}
    assert "cannot wait for itself" in caller.refusal("createStepEdge", "stepEdge { id }", **back)[1]
    field = {"stepId": first["id"], "name": "Resistance", "type": "NUMBER", "required": True, "unit": "ohm"}
    bounds = [{"function": "MIN", "value": "0.1"}, {"function": "MAX", "value": "0.4"}]
    caller.do(
        "createStepField", "stepField { id validations { function value } }", **field, validations=bounds
    )
    assert "already exists" in caller.refusal("createStepField", "stepField { id }", **field)[1]
    column = caller.do(
        "createDatagridColumn", "datagridColumn { id index }", stepId=first["id"], header="Pin", type="STRING"
    )
    row = caller.do("createDatagridRow", "datagridRow { id }", stepId=first["id"], required=True)
    cell = {"columnId": column["datagridColumn"]["id"], "rowId": row["datagridRow"]["id"], "value": "A1"}
    filled = caller.do("setDatagridValue", "datagridRow { values { value } }", **cell)
    assert filled == {"datagridRow": {"values": [{"value": "A1"}]}}
    updated = caller.ask(
        UPDATE, input={"id": procedure_id, "etag": etag_of(caller, procedure_id), "status": "in_review"}
    )["updateProcedure"]["procedure"]
    assert (updated["status"], updated["createdById"]) == ("IN_REVIEW", 40)
    assert (
        "only a DRAFT" in caller.refusal("createStep", "step { id }", procedureId=procedure_id, title="x")[1]
    )
    request = caller.ask(REQUEST, input={"procedureId": procedure_id, "reviewerId": 40})
    assert request["createReviewRequest"]["reviewRequest"]["status"] == "PENDING"
    given = {"procedureId": procedure_id, "comment": "Looks good"}
    comment = caller.ask(REVIEW, input=given | {"status": "pending"})["createReview"]["review"]
    assert (comment["organizationId"], comment["status"]) == (7, "PENDING")
    assert caller.world.procedures[procedure_id].status == "IN_REVIEW"
    caller.ask(REVIEW, input=given | {"status": "approved"})
    assert caller.world.procedures[procedure_id].status == "RELEASED"
    found = rows(caller.ask(REQUESTS, filters={"procedureId": {"eq": procedure_id}}))
    assert [(each["reviewerId"], each["status"]) for each in found] == [(40, "APPROVED")]
    said = rows(caller.ask(REVIEWS, filters={"procedureId": {"eq": procedure_id}}))
    assert [(each["comment"], each["status"]) for each in said] == [
        ("Looks good", "PENDING"),
        ("Looks good", "APPROVED"),
    ]
    run = caller.do(
        "createRun",
        """run { steps { fields { name inRange } datagridRows { edges { node { values { value } } } } } }""",
        procedureId=procedure_id,
    )["run"]
    assert run["steps"][0]["datagridRows"]["edges"][0]["node"]["values"] == [{"value": "A1"}]


def test_one_missing_or_refusing_reviewer_holds_a_procedure() -> None:
    caller = Caller()
    ada = Caller(world=caller.world, user_id=42)
    caller.ask(UPDATE, input={"id": 16, "etag": etag_of(caller, 16), "status": "IN_REVIEW"})
    ids = [
        caller.ask(REQUEST, input={"procedureId": 16, "reviewerId": user_id})["createReviewRequest"][
            "reviewRequest"
        ]["id"]
        for user_id in (40, 42)
    ]
    assert (
        "asked already"
        in caller.refusal("createReviewRequest", "reviewRequest { id }", procedureId=16, reviewerId=42)[1]
    )
    caller.ask(REVIEW, input={"procedureId": 16, "status": "APPROVED"})
    assert caller.world.procedures[16].status == "IN_REVIEW"
    ada.ask(REVIEW, input={"procedureId": 16, "status": "REJECTED", "comment": "Pull force?"})
    assert caller.world.procedures[16].status == "IN_REVIEW"
    assert (
        "lacks approvals"
        in caller.refusal(
            "updateProcedure", "procedure { id }", id=16, etag=etag_of(caller, 16), status="RELEASED"
        )[1]
    )
    etag = caller.world.review_requests[ids[1]].etag
    assert caller.ask(DELETE_REQUEST, id=ids[1], etag=etag) == {"deleteReviewRequest": {"id": ids[1]}}
    ada.ask(REVIEW, input={"procedureId": 16, "status": "APPROVED"})
    assert caller.world.procedures[16].status == "RELEASED"
    late = caller.refusal("createReview", "review { id }", procedureId=16, status="APPROVED")
    assert "only one IN_REVIEW" in late[1]


def test_without_approvals_a_procedure_is_released_by_hand() -> None:
    caller = Caller(switches=Switches(procedure_approvals_needed=0))
    for status in ("IN_REVIEW", "RELEASED", "ARCHIVED"):
        caller.ask(UPDATE, input={"id": 16, "etag": etag_of(caller, 16), "status": status})
    given = {"id": 16, "etag": etag_of(caller, 16), "status": "DRAFT"}
    assert "cannot go from ARCHIVED" in caller.refusal("updateProcedure", "procedure { id }", **given)[1]


def test_a_released_procedure_is_revised_as_a_whole() -> None:
    caller = Caller()
    new = caller.do("createProcedureRevision", "procedure { id familyId status }", procedureId=15)[
        "procedure"
    ]
    assert (new["familyId"], new["status"]) == (15, "DRAFT")
    whole = caller.ask(READ_ID, id=new["id"])["procedure"]
    old = caller.ask(READ_ID, id=15)["procedure"]
    assert [step["title"] for step in whole["steps"]] == [step["title"] for step in old["steps"]]
    assert whole["labels"] == [{"value": "Receiving"}]
    assert whole["steps"][1]["upstreamStepIds"] == [whole["steps"][0]["id"]]
    assert whole["steps"][1]["version"] == 2
    assert len(whole["steps"][1]["datagridRows"]["edges"]) == 2
    assert (
        "only a RELEASED one"
        in caller.refusal("createProcedureRevision", "procedure { id }", procedureId=16)[1]
    )


def test_steps_are_edited_copied_and_deleted_in_a_draft() -> None:
    caller = Caller()
    step = caller.world.steps[317]
    rich = [{"children": [{"text": "Pull test 100 N."}]}]
    changed = caller.do(
        "updateStep", "step { slateContent leadTime }", id=317, etag=step.etag, slateContent=rich, leadTime=60
    )
    assert changed["step"] == {"slateContent": rich, "leadTime": 60}
    copy = caller.do("copyStep", "step { id _etag title position fields { name } }", id=317)["step"]
    assert (copy["position"], copy["fields"]) == (3, [{"name": "Pull force"}])
    answer = caller.delete("deleteStep", copy["id"], copy["_etag"])
    assert answer.body["data"] == {"deleteStep": {"id": copy["id"]}}
    assert caller.world.step_fields.where("step_id", copy["id"]) == []
    (edge,) = caller.world.step_edges.where("step_id", 317)
    assert caller.delete("deleteStepEdge", edge.id, edge.etag).body["data"] == {
        "deleteStepEdge": {"id": edge.id}
    }
    released = caller.world.steps[301]
    assert (
        "only a DRAFT"
        in caller.refusal("updateStep", "step { id }", id=301, etag=released.etag, title="x")[1]
    )


def test_labels_belong_to_a_family() -> None:
    caller = Caller()
    label = caller.do("createLabel", "label { id value }", value="Harness")["label"]
    given = {"labelId": label["id"], "familyId": 16}
    assert caller.do("addLabelToProcedureFamily", "labelId familyId", **given) == given
    query = """query ($filters: LabelsInputFilters) { labels(filters: $filters) { edges { node { id value
    } } } }"""
    assert rows(caller.ask(query, filters={"value": {"ilike": "har%"}})) == [label]
    assert caller.ask("{ procedure(id: 16) { labels { value } } }") == {
        "procedure": {"labels": [{"value": "Harness"}]}
    }
