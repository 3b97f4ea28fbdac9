"""Issues: the documents of section 8.12, and the rules of 10.7."""

import pytest

from kiosk.simulator.schema import Dialect
from kiosk.simulator.switches import Switches
from tests.simulator.asking import Caller, Json, rows

LIST = """query GetIssues($filters: IssueInputFilters, $sort: [IssueSortEnum]) { issues(sort: $sort,
    filters: $filters) {
  edges { node { id dispositionType causeCondition expectedCondition _etag title status disposition
    runStep { id status title } } } } }"""
CREATE = """mutation CreateIssue($input: CreateIssueInput!) { createIssue(input: $input) { issue {
  id dispositionType causeCondition expectedCondition disposition status _etag title
  runStep { id status title } } } }"""
UPDATE = """mutation UpdateIssue($input: UpdateIssueInput!) { updateIssue(input: $input) { issue {
  id dispositionType causeCondition expectedCondition disposition status _etag title
  runStep { id status title } } } }"""
ATTRIBUTE = """mutation UpdateIssueAttribute($input: UpdateIssueAttributeInput!) {
  updateIssueAttribute(input: $input) { issueAttribute { Etag key value } } }"""
SINGLE = """query ($id: ID!) { issue(id: $id) { id status disposition expectedCondition causeCondition
    attributes { key value } } }"""

both_dialects = pytest.mark.parametrize("dialect", ["classic", "both"])


@both_dialects
def test_an_issue_is_filed_and_found_as_published(dialect: Dialect) -> None:
    caller = Caller(dialect)
    step = caller.world.run_steps.where("run_id", 1201)[0]
    given = {"runStepId": step.id, "dispositionType": "repair", "title": "Part instance needs fixing"}
    made = caller.ask(CREATE, input=given)["createIssue"]["issue"]
    assert (made["status"], made["dispositionType"], made["runStep"]["id"]) == ("PENDING", "repair", step.id)
    assert caller.world.issues[made["id"]].part_inventory_id == 9007
    found = rows(caller.ask(LIST, filters={"runStepId": {"eq": step.id}}, sort=["ID_DESC"]))
    assert [issue["id"] for issue in found] == [made["id"]]
    assert rows(caller.ask(LIST, filters={"dispositionType": {"eq": "REPAIR"}})) == found
    assert rows(caller.ask(LIST, filters={"status": {"eq": "in_progress"}}))[0]["id"] == 1
    published = {
        "disposition": "Rewire circuit",
        "causeCondition": "5V across the resistor",
        "expectedCondition": "3V across the resistor",
    }
    code, message = caller.refusal("updateIssue", "issue { id }", **published)
    assert (code, "needs id and etag" in message) == ("VALIDATION_ERROR", True)
    done = caller.ask(UPDATE, input=published | {"id": made["id"], "etag": made["_etag"]})["updateIssue"][
        "issue"
    ]
    assert {name: done[name] for name in published} == published


@both_dialects
def test_an_issue_on_an_inventory_takes_rich_text(dialect: Dialect) -> None:
    caller = Caller(dialect)
    text = [{"children": [{"type": "p", "children": [{"text": "Scratched"}]}]}]
    made = caller.ask(CREATE, input={"partInventoryId": 9010, "causeCondition": text})["createIssue"]["issue"]
    assert (made["causeCondition"], made["runStep"]) == (text, None)
    assert caller.ask(SINGLE, id=made["id"])["issue"]["causeCondition"] == text


def test_an_issue_needs_something_to_be_about() -> None:
    code, message = Caller().refusal("createIssue", "issue { id }", title="Hm")
    assert (code, "needs a runStepId or a partInventoryId" in message) == ("VALIDATION_ERROR", True)
    assert Caller().refusal("createIssue", "issue { id }", runStepId=999)[0] == "NOT_FOUND_ERROR"


@both_dialects
def test_attributes_of_an_issue_as_published(dialect: Dialect) -> None:
    caller = Caller(dialect)
    given = {"issueId": 1, "key": "Root cause", "value": "Training"}
    first = caller.ask(ATTRIBUTE, input=given)["updateIssueAttribute"]["issueAttribute"]
    second = caller.ask(ATTRIBUTE, input=given | {"value": "Tool", "etag": first["Etag"]})
    assert second["updateIssueAttribute"]["issueAttribute"]["value"] == "Tool"
    assert caller.ask(SINGLE, id=1)["issue"]["attributes"] == [{"key": "Root cause", "value": "Tool"}]


def change(caller: Caller, issue_id: int, **changes: object) -> Json:
    etag = caller.world.issues[issue_id].etag
    return caller.ask(UPDATE, input={"id": issue_id, "etag": etag, **changes})["updateIssue"]["issue"]


def refused(caller: Caller, issue_id: int, **changes: object) -> str:
    etag = caller.world.issues[issue_id].etag
    code, message = caller.refusal("updateIssue", "issue { id }", id=issue_id, etag=etag, **changes)
    assert code == "VALIDATION_ERROR"
    return message


def test_an_issue_goes_on_step_by_step_and_back_at_will() -> None:
    caller = Caller()
    new = caller.do("createIssue", "issue { id }", partInventoryId=9010, title="x")["issue"]["id"]
    assert "cannot go from PENDING to IN_REVIEW" in refused(caller, new, status="IN_REVIEW")
    for status in ("in_progress", "in_review"):
        assert change(caller, new, status=status)["status"] == status.upper()
    assert "has no disposition type" in refused(caller, new, status="RESOLVED")
    assert change(caller, new, status="RESOLVED", dispositionType="use_as_is")["status"] == "RESOLVED"
    assert change(caller, new, status="PENDING")["status"] == "PENDING"


def test_another_disposition_type_sends_an_issue_back() -> None:
    caller = Caller()
    assert change(caller, 1, disposition="Restripe")["status"] == "IN_PROGRESS"
    assert change(caller, 1, dispositionType="scrap")["status"] == "PENDING"


def test_who_was_asked_must_approve_and_freezes_what_was_said() -> None:
    caller = Caller(switches=Switches(issue_approvals_needed=2))
    ada = Caller(world=caller.world, user_id=42, switches=caller.switches)
    request = caller.do(
        "createReviewRequest", "reviewRequest { id issueId entityId }", issueId=2, reviewerId=42
    )
    assert request["reviewRequest"]["issueId"] == 2
    ada.do("createReview", "review { id }", issueId=2, status="APPROVED")
    assert "under approval: title" in refused(caller, 2, title="Other")
    for status in ("IN_PROGRESS", "IN_REVIEW"):
        change(caller, 2, status=status)
    assert "has 1 approvals of 2" in refused(caller, 2, status="RESOLVED")
    caller.do("createReview", "review { id }", issueId=2, status="APPROVED")
    assert change(caller, 2, status="RESOLVED")["status"] == "RESOLVED"
    shown = caller.ask("{ issue(id: 2) { approvalRequests { status } approvals { reviewerId } } }")["issue"]
    assert shown == {
        "approvalRequests": [{"status": "APPROVED"}],
        "approvals": [{"reviewerId": 42}, {"reviewerId": 40}],
    }


def test_a_missing_approval_holds_an_issue() -> None:
    caller = Caller()
    caller.do("createReviewRequest", "reviewRequest { id }", issueId=1, reviewerId=42)
    change(caller, 1, status="IN_REVIEW")
    assert "the approval of Ada Okafor is missing" in refused(caller, 1, status="RESOLVED")


@pytest.mark.parametrize(
    ("disposition", "before", "after"),
    [
        ("use_as_is", "AVAILABLE", "AVAILABLE"),
        ("Rework", "UNAVAILABLE", "AVAILABLE"),
        ("scrap", "UNAVAILABLE", "UNAVAILABLE"),
        ("something else", "AVAILABLE", "AVAILABLE"),
    ],
)
def test_a_disposition_holds_the_inventory(disposition: str, before: str, after: str) -> None:
    caller = Caller()
    given = {"partInventoryId": 9010, "title": "x", "dispositionType": disposition}
    new = caller.do("createIssue", "issue { id }", **given)["issue"]["id"]
    query = "{ partInventory(id: 9010) { status } }"
    assert caller.ask(query)["partInventory"]["status"] == before
    for status in ("IN_PROGRESS", "IN_REVIEW", "RESOLVED"):
        change(caller, new, status=status)
    assert caller.ask(query)["partInventory"]["status"] == after


def test_an_order_is_approved_by_who_was_asked() -> None:
    caller = Caller()
    etag = caller.world.purchase_orders[5004].etag
    caller.do("updatePurchaseOrder", "purchaseOrder { id }", id=5004, etag=etag, status="IN_REVIEW")
    caller.do("createReviewRequest", "reviewRequest { id }", purchaseOrderId=5004, reviewerId=40)
    caller.do("createReview", "review { purchaseOrderId }", purchaseOrderId=5004, status="APPROVED")
    order = caller.ask(
        "{ purchaseOrder(id: 5004) { status approvals { reviewer { id } } approvalRequests { id } } }"
    )
    assert order["purchaseOrder"] == {
        "status": "APPROVED",
        "approvals": [{"reviewer": {"id": 40}}],
        "approvalRequests": [{"id": 1}],
    }
    both = {"procedureId": 16, "issueId": 1, "status": "PENDING"}
    assert "Exactly one of" in caller.refusal("createReview", "review { id }", **both)[1]
