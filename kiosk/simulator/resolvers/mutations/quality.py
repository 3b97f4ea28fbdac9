"""Mutations about issues, reviews and files."""

from collections.abc import Callable, Mapping
from typing import Final

from kiosk.simulator.resolvers.given import Given, Payload, columns, deleted
from kiosk.simulator.resolvers.mutations.catalogue import one_attribute
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rules import files, issues, reviews

__all__ = ["MUTATIONS"]

_ISSUE: Final = (
    "title",
    "dispositionType",
    "disposition",
    "causeCondition",
    "expectedCondition",
    "assignedToId",
    "buildRequirementIds",
    "attributes",
)


def _create_issue(request: Request, given: Given) -> Payload:
    return {
        "issue": issues.create_issue(request.desk, columns(given, *_ISSUE, "runStepId", "partInventoryId"))
    }


def _update_issue(request: Request, given: Given) -> Payload:
    issue = issues.update_issue(
        request.desk, given.get("id"), given.get("etag"), given.get("status"), columns(given, *_ISSUE)
    )
    return {"issue": issue}


def _target(given: Given) -> reviews.Target:
    return reviews.Target(
        procedure_id=given.get("procedureId"),
        issue_id=given.get("issueId"),
        purchase_order_id=given.get("purchaseOrderId"),
    )


def _review(request: Request, given: Given) -> Payload:
    review = reviews.create_review(request.desk, _target(given), given["status"], given.get("comment"))
    return {"review": review}


def _attach(request: Request, given: Given, *, is_asset: bool) -> Payload:
    file = files.attach(
        request.desk,
        files.NewFile(
            filename=given.get("filename"),
            entity_id=given.get("entityId"),
            s3_key=given.get("s3Key"),
            s3_etag=given.get("s3Etag"),
            validate=bool(given.get("validateUpload")),
            is_asset=is_asset,
        ),
    )
    if given.get("s3Key") is not None:
        return {"fileAttachment": file, "uploadUrl": None}
    lifetime = request.desk.switches.upload_lifetime_s
    url = request.signer.upload_url(file.s3_key, file.content_type, lifetime)
    return {"fileAttachment": file, "uploadUrl": url}


def _delete_file(request: Request, given: Given, *, is_asset: bool) -> Payload:
    file = files.delete_file(
        request.desk, given["fileAttachmentId"], given.get("entityId"), is_asset=is_asset
    )
    return {"fileAttachmentId": file.id, "entityId": file.entity_id}


MUTATIONS: Final[Mapping[str, Callable[[Request, Given], Payload]]] = {
    "createIssue": _create_issue,
    "updateIssue": _update_issue,
    "updateIssueAttribute": lambda request, given: one_attribute(
        request, given, request.world.issues, "Issue"
    ),
    "createReviewRequest": lambda request, given: {
        "reviewRequest": reviews.create_request(request.desk, _target(given), given["reviewerId"])
    },
    "deleteReviewRequest": deleted(reviews.delete_request),
    "createReview": _review,
    "createFileAttachment": lambda request, given: _attach(request, given, is_asset=False),
    "deleteFileAttachment": lambda request, given: _delete_file(request, given, is_asset=False),
    "createAsset": lambda request, given: _attach(request, given, is_asset=True),
    "deleteAsset": lambda request, given: _delete_file(request, given, is_asset=True),
}
