"""Issues, and the reviews of procedures, issues and orders."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.simulator.rows.parts import Attribute
from kiosk.simulator.rows.work import RichText

__all__ = ["DispositionType", "Issue", "IssueStatus", "Review", "ReviewRequest", "ReviewStatus"]


class IssueStatus(StrEnum):
    """The stored state of an issue."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    IN_REVIEW = "IN_REVIEW"
    RESOLVED = "RESOLVED"


class ReviewStatus(StrEnum):
    """What a reviewer said; PENDING is a comment only."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionType:
    """What may be decided about an issue, and what that does to the inventory it is about."""

    id: int
    name: str
    effect: str | None = None
    """RELEASE_ON_RESOLVE: unavailable until then. PERMANENTLY_UNAVAILABLE. None: nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something that is not as it should be."""

    id: int
    etag: str
    status: IssueStatus
    created: datetime
    created_by_id: int
    title: str | None = None
    run_step_id: int | None = None
    part_inventory_id: int | None = None
    assigned_to_id: int | None = None
    disposition_type: str | None = None
    disposition: RichText = None
    cause_condition: RichText = None
    expected_condition: RichText = None
    build_requirement_ids: tuple[int, ...] = ()
    """The build requirements that need not be fulfilled because of it."""
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRequest:
    """Somebody is asked to review what has this entity row."""

    id: int
    etag: str
    entity_id: int
    reviewer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What somebody said about what has this entity row."""

    id: int
    etag: str
    entity_id: int
    reviewer_id: int
    status: ReviewStatus
    comment: str | None = None
