"""Issues: filed on a step or an inventory, looked into, disposed of, resolved."""

from dataclasses import replace
from typing import Any, Final

from kiosk.simulator.rows import Issue, IssueStatus, Review, ReviewStatus
from kiosk.simulator.rules.attributes import with_attributes
from kiosk.simulator.rules.desk import Desk, check_etag, invalid, look_up
from kiosk.simulator.world import World, entity_id

__all__ = ["create_issue", "update_issue"]

Id = str | int

_PENDING, _IN_PROGRESS = IssueStatus.PENDING, IssueStatus.IN_PROGRESS
_ORDER: Final = (_PENDING, _IN_PROGRESS, IssueStatus.IN_REVIEW, IssueStatus.RESOLVED)
_FROZEN: Final = ("title", "disposition_type", "cause_condition", "expected_condition")
"""What stays as it is after the first approval or rejection in PENDING."""


def create_issue(desk: Desk, columns: dict[str, Any]) -> Issue:
    """File an issue; ``columns`` by their names in ``Issue``.

    One on a run step is about the run's inventory too.
    """
    world, new = desk.world, _looked_up(desk, columns)
    if new.get("run_step_id") is None and new.get("part_inventory_id") is None:
        raise invalid("An issue needs a runStepId or a partInventoryId")
    if new.get("part_inventory_id") is None:
        run_id = world.run_steps[new["run_step_id"]].run_id
        new["part_inventory_id"] = world.runs[run_id].part_inventory_id
    attributes = with_attributes(desk, (), new.pop("attributes", ()))
    return world.issues.put(
        Issue(
            id=world.issues.new_id(),
            etag=world.new_hex(),
            status=_PENDING,
            created=world.clock(),
            created_by_id=desk.user.id,
            attributes=attributes,
            **new,
        )
    )


def update_issue(
    desk: Desk, issue_id: Id | None, etag: str | None, status: str | None, columns: dict[str, Any]
) -> Issue:
    """Change an issue, or move it one state on or any number back."""
    world = desk.world
    if issue_id is None or etag is None:
        raise invalid("updateIssue needs id and etag")
    issue = look_up(world.issues, "Issue", issue_id)
    check_etag("the issue", issue.etag, etag)
    new = _looked_up(desk, columns)
    if issue.status is _PENDING and _said(world, issue):
        changed = [name for name in _FROZEN if name in new and new[name] != getattr(issue, name)]
        if changed:
            raise invalid(
                f"Issue {issue.id} is under approval: {', '.join(changed)} can no longer be changed"
            )
    if "attributes" in new:
        new["attributes"] = with_attributes(desk, issue.attributes, new["attributes"])
    sends_back = issue.status is _IN_PROGRESS and _changes_disposition_type(issue, new)
    after = replace(issue, **new)
    if sends_back:
        after = replace(after, status=_PENDING)
    if status is not None:
        after = _move(desk, after, issue.status, IssueStatus(status))
    return world.issues.put(replace(after, etag=world.new_hex()))


def _changes_disposition_type(issue: Issue, new: dict[str, Any]) -> bool:
    return (
        issue.disposition_type is not None
        and new.get("disposition_type", issue.disposition_type) != issue.disposition_type
    )


def _move(desk: Desk, issue: Issue, before: IssueStatus, status: IssueStatus) -> Issue:
    if _ORDER.index(status) > _ORDER.index(before) + 1:
        raise invalid(f"Issue {issue.id} cannot go from {before} to {status}")
    if status is IssueStatus.RESOLVED and before is not IssueStatus.RESOLVED:
        _check_can_be_resolved(desk, issue)
    return replace(issue, status=status)


def _check_can_be_resolved(desk: Desk, issue: Issue) -> None:
    world = desk.world
    if not issue.disposition_type:
        raise invalid(f"Issue {issue.id} cannot be resolved: it has no disposition type")
    latest = {review.reviewer_id: review.status for review in _said(world, issue)}
    approved = {user_id for user_id, said in latest.items() if said is ReviewStatus.APPROVED}
    asked = {request.reviewer_id for request in world.review_requests.where("entity_id", entity_id(issue))}
    if asked - approved:
        names = ", ".join(world.users[user_id].name for user_id in sorted(asked - approved))
        raise invalid(f"Issue {issue.id} cannot be resolved: the approval of {names} is missing")
    if len(approved) < desk.switches.issue_approvals_needed:
        needed = desk.switches.issue_approvals_needed
        raise invalid(f"Issue {issue.id} cannot be resolved: it has {len(approved)} approvals of {needed}")


def _said(world: World, issue: Issue) -> list[Review]:
    """Return approvals and rejections, the latest last."""
    reviews = world.reviews.where("entity_id", entity_id(issue))
    return [review for review in reviews if review.status is not ReviewStatus.PENDING]


def _looked_up(desk: Desk, columns: dict[str, Any]) -> dict[str, Any]:
    world, new = desk.world, dict(columns)
    tables: dict[str, tuple[Any, str]] = {
        "run_step_id": (world.run_steps, "RunStep"),
        "part_inventory_id": (world.part_inventories, "PartInventory"),
        "assigned_to_id": (world.users, "User"),
    }
    for name, (table, kind) in tables.items():
        if new.get(name) is not None:
            new[name] = look_up(table, kind, new[name]).id
    if new.get("build_requirement_ids") is not None:
        found = [
            look_up(world.build_requirements, "BuildRequirement", each)
            for each in new["build_requirement_ids"]
        ]
        new["build_requirement_ids"] = tuple(each.id for each in found)
    return new
