"""Changes of issues: a problem reported, said more about, resolved."""

from collections.abc import Mapping
from typing import ClassVar

from kiosk.ion.arguments import CreateIssue, UpdateIssue
from kiosk.ion.changes.base import Creation, Edit
from kiosk.ion.mapping import read
from kiosk.ion.variables import Raw, Word
from kiosk.ion.wording import quoted
from kiosk.model import Issue
from kiosk.words import told

__all__ = ["ChangedIssue", "NewIssue"]


class NewIssue(Creation[CreateIssue, Issue]):
    """``create_issue``: on a run's step, an inventory or both."""

    takes: ClassVar[type[CreateIssue]] = CreateIssue
    reads: ClassVar[str] = "IssuesLike"
    makes: ClassVar[str] = "CreateIssue"
    kind: ClassVar[type[Issue]] = Issue
    result_name: ClassVar[str] = "issue"

    def _like(self) -> Mapping[str, object]:
        return {"step": self._arguments.run_step_id, "inventory": self._arguments.inventory_id}

    def _is_like(self, row: Issue) -> bool:
        wanted = self._arguments
        return (
            row.title == wanted.title
            and wanted.run_step_id in {None, row.run_step_id}
            and wanted.inventory_id in {None, row.inventory_id}
            and (wanted.cause or "") == row.cause
        )

    def _values(self) -> Mapping[str, object]:
        wanted = self._arguments
        is_placed = wanted.run_step_id is not None or wanted.inventory_id is not None
        return {
            "title": wanted.title,
            # A step says which run it is of; only an issue of a whole run has to name it.
            "run": None if is_placed else wanted.run_id,
            "step": wanted.run_step_id,
            "inventory": wanted.inventory_id,
            "disposition_type": wanted.disposition_type or None,
            "cause": Raw(wanted.cause) if wanted.cause else None,
            "expected": Raw(wanted.expected) if wanted.expected else None,
        }

    def _facts(self) -> str:
        wanted = self._arguments
        about = wanted.run_step_id or wanted.inventory_id or wanted.run_id or ""
        return told(
            "Create issue {title} on step {about}"
            if wanted.run_step_id
            else "Create issue {title} on inventory {about}"
            if wanted.inventory_id
            else "Create issue {title} on run {about}",
            title=quoted(wanted.title),
            about=quoted(about),
        )

    def _named(self, row: Issue) -> str:
        return told("issue {id} {title} in {status}", id=row.id, title=quoted(row.title), status=row.status)


class ChangedIssue(Edit[UpdateIssue, Issue]):
    """``update_issue``: says what changes, with the etag where this tenant takes one."""

    takes: ClassVar[type[UpdateIssue]] = UpdateIssue
    moves_etag: ClassVar[bool] = True
    reads: ClassVar[str] = "IssueOf"
    kind: ClassVar[type[Issue]] = Issue
    result_name: ClassVar[str] = "issue"

    def _is_fenced(self) -> bool:
        return "etag" in self._calls["ChangeIssue"].variables

    def _read(self) -> Issue:
        return self._only({"issue": self._arguments.issue_id})

    def _holds(self, now: Issue) -> bool:
        return all(getattr(now, name) == value for name, value in self._wanted().items())

    def _wanted(self) -> dict[str, str]:
        """Return what changes; all of it is set and none of it counted, so that it may be set again."""
        names = ("title", "status", "disposition_type", "disposition", "cause", "expected")
        values = {name: getattr(self._arguments, name) for name in names}
        return {name: value for name, value in values.items() if value is not None}

    def _send(self, before: Issue) -> Issue:
        call = self._calls["ChangeIssue"]
        wanted = self._wanted()
        values: dict[str, object] = {
            name: Raw(value) if name in {"disposition", "cause", "expected"} else value
            for name, value in wanted.items()
        }
        if "status" in wanted:
            values["status"] = Word(wanted["status"])
        if self._is_fenced():
            values["etag"] = before.etag
        changed = self._tenant.change(call, {"issue": before.id, **values}, "changed")
        return read(Issue, changed, tried=call.name, is_mutation=True)

    def _facts(self, now: Issue) -> str:
        wanted = ", ".join(f"{name} {quoted(value, length=60)}" for name, value in self._wanted().items())
        there = ", ".join(f"{name} {quoted(getattr(now, name), length=60)}" for name in self._wanted())
        return told(
            "Change issue {id}: expected {wanted}, got {there}", id=quoted(now.id), wanted=wanted, there=there
        )
