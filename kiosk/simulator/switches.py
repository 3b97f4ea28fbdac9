"""What nobody outside knows about ION, or what differs between organisations: one switch each."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Switches"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """The defaults are the safer reading of ION's public pages."""

    serials_unique_in: Literal["part", "organization"] = "part"
    """Most pages: per part; one page: within the organisation."""
    allow_over_receipt: bool = False
    allow_any_step_transition: bool = False
    """ION's full diagram is not public; off, only the stated transitions and those they need are made."""
    run_completes_steps: bool = True
    """``updateRun`` to complete finishes the open steps itself; off, it refuses while a step is open."""
    adding_checks_receipt_etag: bool = True
    adding_changes_receipt_etag: bool = True
    receiving_changes_line_etag: bool = True
    errors_as_http_status: bool = False
    """Answer GraphQL errors with 403, 404, 409 or 422 instead of 200; the body is the same."""
