"""Reviews: asked for, given, and what follows from the last approval."""

from dataclasses import dataclass, replace
from typing import Any

from kiosk.simulator.derived import OrderStatus, order_status
from kiosk.simulator.rows import (
    Approval,
    Issue,
    LineStatus,
    Procedure,
    ProcedureStatus,
    PurchaseOrder,
    Review,
    ReviewRequest,
    ReviewStatus,
)
from kiosk.simulator.rules.desk import Desk, check_etag, invalid, look_up
from kiosk.simulator.world import entity_id

__all__ = ["Target", "create_request", "create_review", "delete_request"]

Id = str | int

Reviewed = Procedure | Issue | PurchaseOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be reviewed; exactly one of them."""

    procedure_id: Id | None = None
    issue_id: Id | None = None
    purchase_order_id: Id | None = None

    def look_up(self, desk: Desk) -> Reviewed:
        """Return the object."""
        given = [
            each for each in (self.procedure_id, self.issue_id, self.purchase_order_id) if each is not None
        ]
        if len(given) != 1:
            raise invalid("Exactly one of procedureId, issueId and purchaseOrderId must be named")
        world = desk.world
        if self.procedure_id is not None:
            return look_up(world.procedures, "Procedure", self.procedure_id)
        if self.issue_id is not None:
            return look_up(world.issues, "Issue", self.issue_id)
        return look_up(world.purchase_orders, "PurchaseOrder", given[0])


def create_request(desk: Desk, target: Target, reviewer_id: Id) -> ReviewRequest:
    """Ask somebody for a review."""
    world, row = desk.world, target.look_up(desk)
    reviewer = look_up(world.users, "User", reviewer_id)
    if isinstance(row, Procedure) and row.status not in (ProcedureStatus.DRAFT, ProcedureStatus.IN_REVIEW):
        raise invalid(f"Procedure {row.title!r} is {row.status}: nobody can be asked to review it")
    requests = world.review_requests.where("entity_id", entity_id(row))
    if any(each.reviewer_id == reviewer.id for each in requests):
        raise invalid(f"{reviewer.name} has been asked already")
    if isinstance(row, PurchaseOrder):
        asked = (*row.approval_requests, Approval(id=_next_id(row), reviewer_id=reviewer.id))
        world.purchase_orders.put(replace(row, etag=world.new_hex(), approval_requests=asked))
    return world.review_requests.put(
        ReviewRequest(
            id=world.review_requests.new_id(),
            etag=world.new_hex(),
            entity_id=entity_id(row),
            reviewer_id=reviewer.id,
        )
    )


def delete_request(desk: Desk, request_id: Id, etag: str) -> int:
    """Take back what somebody was asked for."""
    request = look_up(desk.world.review_requests, "ReviewRequest", request_id)
    check_etag("the review request", request.etag, etag)
    desk.world.review_requests.remove(request.id)
    return request.id


def create_review(desk: Desk, target: Target, status: str, comment: str | None) -> Review:
    """Approve, reject or comment as the caller; the last approval that was missing lets the object go on."""
    world, row = desk.world, target.look_up(desk)
    said = ReviewStatus(status)
    if said is not ReviewStatus.PENDING:
        _check_open(row)
    review = world.reviews.put(
        Review(
            id=world.reviews.new_id(),
            etag=world.new_hex(),
            entity_id=entity_id(row),
            reviewer_id=desk.user.id,
            status=said,
            comment=comment,
        )
    )
    if said is ReviewStatus.APPROVED:
        _let_go_on(desk, row)
    return review


def _check_open(row: Reviewed) -> None:
    if isinstance(row, Procedure) and row.status is not ProcedureStatus.IN_REVIEW:
        raise invalid(f"Procedure {row.title!r} is {row.status}; only one IN_REVIEW is approved or rejected")


def _let_go_on(desk: Desk, row: Reviewed) -> None:
    world = desk.world
    reviews = world.reviews.where("entity_id", entity_id(row))
    latest = {each.reviewer_id: each.status for each in reviews if each.status is not ReviewStatus.PENDING}
    approved = {user_id for user_id, said in latest.items() if said is ReviewStatus.APPROVED}
    asked = {each.reviewer_id for each in world.review_requests.where("entity_id", entity_id(row))}
    everybody = not asked - approved and ReviewStatus.REJECTED not in latest.values()
    if isinstance(row, Procedure):
        if everybody and len(approved) >= desk.switches.procedure_approvals_needed:
            world.procedures.put(replace(row, etag=world.new_hex(), status=ProcedureStatus.RELEASED))
    elif isinstance(row, PurchaseOrder):
        given: Any = (*row.approvals, Approval(id=_next_id(row), reviewer_id=desk.user.id))
        world.purchase_orders.put(replace(row, etag=world.new_hex(), approvals=given))
        if everybody and order_status(world, row) is OrderStatus.IN_REVIEW:
            for line in world.purchase_order_lines.where("purchase_order_id", row.id):
                if line.status is LineStatus.REQUESTED:
                    world.purchase_order_lines.put(
                        replace(line, etag=world.new_hex(), status=LineStatus.APPROVED)
                    )


def _next_id(order: PurchaseOrder) -> int:
    return max((each.id for each in (*order.approvals, *order.approval_requests)), default=0) + 1
