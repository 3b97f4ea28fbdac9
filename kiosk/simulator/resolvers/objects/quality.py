"""What the fields of issues, reviews, webhooks and rules read."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rows import Issue, Procedure, PurchaseOrder, ReviewRequest, ReviewStatus
from kiosk.simulator.world import entity_id, entity_of

__all__ = ["FIELDS", "reviewed_id"]


def reviewed_id(kind: type) -> Callable[[Any, Request], int | None]:
    """Return how to read the id of what a review is about, if it is of this kind."""

    def read(row: Any, request: Request) -> int | None:  # noqa: ANN401  a review or a request for one
        found: Any = entity_of(request.world, row.entity_id)
        fits = isinstance(found, kind)
        return int(found.id) if fits else None

    return read


def _request_status(row: ReviewRequest, request: Request) -> ReviewStatus:
    said = [
        review.status
        for review in request.world.reviews.where("entity_id", row.entity_id)
        if review.reviewer_id == row.reviewer_id and review.status is not ReviewStatus.PENDING
    ]
    return said[-1] if said else ReviewStatus.PENDING


_REVIEWED: Final[Mapping[str, Callable[[Any, Request], Any]]] = {
    "organizationId": lambda _row, request: request.world.organization.id,
    "procedureId": reviewed_id(Procedure),
    "issueId": reviewed_id(Issue),
    "purchaseOrderId": reviewed_id(PurchaseOrder),
    "reviewer": lambda row, request: request.world.users[row.reviewer_id],
}

FIELDS: Final[Mapping[str, Mapping[str, Callable[[Any, Request], Any]]]] = {
    "Issue": {
        "runStep": lambda issue, request: request.world.run_steps.get(issue.run_step_id),
        "partInventory": lambda issue, request: request.world.part_inventories.get(issue.part_inventory_id),
        "approvalRequests": lambda issue, request: request.world.review_requests.where(
            "entity_id", entity_id(issue)
        ),
        "approvals": lambda issue, request: [
            review
            for review in request.world.reviews.where("entity_id", entity_id(issue))
            if review.status is not ReviewStatus.PENDING
        ],
    },
    "ReviewRequest": {**_REVIEWED, "status": _request_status},
    "Review": _REVIEWED,
    "WebhookReceiver": {
        "subscriptions": lambda row, request: request.world.webhook_subscriptions.where("receiver_id", row.id)
    },
    "WebhookSubscription": {
        "receiver": lambda row, request: request.world.webhook_receivers[row.receiver_id]
    },
}
