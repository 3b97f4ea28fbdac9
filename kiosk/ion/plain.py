"""Plain operations by two tables: questions answered with ION's own objects, and changes of these.

For technicians, and for flows that are still to come. A new one is a row here and a document of its name.

A question's document holds a single query whose variables are the row's arguments.

A change's document holds the query ``Now``, which gives the object or the objects alike under ``now`` (or
under ``rows`` inside of it), and the mutation ``Change``, whose payload has what came of it under
``changed``. Variables have the names of the row's arguments, and ``etag``; an answer's field that has the
name of an argument is compared with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Final

from kiosk.ion.shapes import rows_of
from kiosk.ion.taking import Takes
from kiosk.ion.variables import Word

__all__ = ["COMPUTED_QUESTIONS", "PLAIN_CHANGES", "PLAIN_QUESTIONS", "Kind", "Now", "PlainQuestion", "Row"]

Now = Mapping[str, Any]
"""One object of ION's, as the document asks for it."""


@dataclass(frozen=True, slots=True)
class PlainQuestion:
    """One plain question."""

    takes: Takes = field(default_factory=dict)
    only: Callable[[Now], bool] | None = None
    """Which of the objects are meant, where the document cannot say it."""


PLAIN_QUESTIONS: Final[Mapping[str, PlainQuestion]] = {
    "who_am_i": PlainQuestion(),
    "serialized_units": PlainQuestion({"part_id": "id"}, only=lambda row: bool(row.get("serial"))),
    "stock_by_location": PlainQuestion({"part_id": "id"}),
    "procedure_with_steps": PlainQuestion({"procedure_id": "id"}),
    "review_requests": PlainQuestion({"procedure_id": "id"}),
    "reviews": PlainQuestion({"procedure_id": "id"}),
    "file": PlainQuestion({"file_id": "id"}),
    "files_of": PlainQuestion({"entity_id": "id"}),
    "unattached_files": PlainQuestion(only=lambda row: row.get("entity_id") is None),
    "label_templates": PlainQuestion({"entity_type": "word?"}),
    "barcode_patterns": PlainQuestion(),
    "webhook_receivers": PlainQuestion(),
    "webhook_subscriptions": PlainQuestion(),
    "abom": PlainQuestion({"inventory_id": "id"}),
    "kits": PlainQuestion({"status": "word?"}),
    "sessions_of": PlainQuestion({"run_step_id": "id"}),
}

COMPUTED_QUESTIONS: Final[Mapping[str, Takes]] = {
    "abom_tree": {"inventory_id": "id"},
    "compare_aboms": {"inventory_id": "id", "other_id": "id"},
}
"""Made of the answers to others, and without a document of their own."""


class Kind(Enum):
    """What becomes of a change that is looked for in vain: whether a late copy could still do harm."""

    EDIT = auto()
    """Changes one object with its etag: a late copy is refused. Without an etag nobody knows."""
    MEMBERSHIP = auto()
    """Puts one thing to another: a second copy changes nothing that matters."""
    CREATION = auto()
    """Makes something new, without a lock."""
    REMOVAL = auto()
    """Takes something away by its id: a second copy finds nothing."""
    RENDERING = auto()
    """Only gives an answer, and may be asked for again."""


@dataclass(frozen=True, slots=True)
class Row:
    """One plain change."""

    kind: Kind
    takes: Takes
    sets: Mapping[str, object] = field(default_factory=dict)
    """What the change itself says, by variable."""
    holds: Callable[[Mapping[str, object], Now], bool] | None = None
    """Whether it is done; else where every field named like an argument has its value."""
    picks: str = ""
    """The argument that names the object where ``Now`` gives several."""
    beside: frozenset[str] = frozenset()
    """What the kiosk keeps with it for itself, and never sends."""


def _is_upstream(values: Mapping[str, object], now: Now) -> bool:
    return str(values["upstream_step_id"]) in map(str, now.get("upstream") or ())


def _is_no_redline(values: Mapping[str, object], now: Now) -> bool:
    del values
    return str(now.get("status")).upper() != "REDLINE"


def _holds_inventory(values: Mapping[str, object], now: Now) -> bool:
    # Of a larger row a part is split off, which remembers the row that it comes from.
    return any(
        values["inventory_id"] in {str(row.get("id")), str(row.get("origin"))}
        for row in rows_of(now.get("inventories"))
        if isinstance(row, dict)
    )


def _lacks_inventory(values: Mapping[str, object], now: Now) -> bool:
    return not _holds_inventory(values, now)


_ID: Final = "id"
PLAIN_CHANGES: Final[Mapping[str, Row]] = {
    # A redline is started by the step's status REDLINE and finished by TODO: ``set_step_status``.
    "edit_redline": Row(Kind.EDIT, {"run_step_id": _ID, "title": "text?", "content": "text?"}),
    "add_redline_step": Row(Kind.CREATION, {"run_id": _ID, "title": "text", "content": "text?"}),
    "add_step_edge": Row(Kind.MEMBERSHIP, {"run_step_id": _ID, "upstream_step_id": _ID}, holds=_is_upstream),
    "remove_step_edge": Row(Kind.REMOVAL, {"run_step_id": _ID, "edge_id": _ID}, picks="edge_id"),
    "cancel_redline": Row(Kind.EDIT, {"run_step_id": _ID}, holds=_is_no_redline),
    "archive_run": Row(Kind.EDIT, {"run_id": _ID}, sets={"archived": True}),
    "create_kit": Row(
        Kind.CREATION, {"run_id": "id?", "assigned_to_id": "id?", "delivery_location_id": "id?"}
    ),
    "create_kit_for_run": Row(Kind.CREATION, {"run_id": _ID, "delivery_location_id": "id?"}),
    "add_kit_item": Row(Kind.CREATION, {"kit_id": _ID, "part_id": _ID, "quantity": "amount"}),
    "set_kit_status": Row(Kind.EDIT, {"kit_id": _ID, "status": "word"}),
    "issue_to_kit": Row(
        Kind.EDIT,
        {"kit_id": _ID, "kit_item_id": _ID, "inventory_id": _ID, "quantity": "amount?"},
        holds=_holds_inventory,
        picks="kit_item_id",
    ),
    "take_from_kit": Row(
        Kind.MEMBERSHIP,
        {"kit_id": _ID, "kit_item_id": _ID, "inventory_id": _ID},
        holds=_lacks_inventory,
        picks="kit_item_id",
    ),
    "submit_procedure": Row(Kind.EDIT, {"procedure_id": _ID}, sets={"status": Word("IN_REVIEW")}),
    "request_review": Row(Kind.CREATION, {"procedure_id": _ID, "reviewer_id": _ID}),
    "withdraw_review_request": Row(
        Kind.REMOVAL, {"procedure_id": _ID, "review_request_id": _ID}, picks="review_request_id"
    ),
    "add_review": Row(Kind.CREATION, {"procedure_id": _ID, "status": "word", "comment": "text?"}),
    "delete_file": Row(Kind.REMOVAL, {"file_id": _ID, "entity_id": "id?"}, picks="file_id"),
    "delete_asset": Row(Kind.REMOVAL, {"file_id": _ID, "entity_id": "id?"}, picks="file_id"),
    "delete_inventory": Row(Kind.REMOVAL, {"inventory_id": _ID, "etag": "text?"}, picks="inventory_id"),
    "delete_receipt": Row(Kind.REMOVAL, {"receipt_id": _ID, "etag": "text?"}, picks="receipt_id"),
    "render_label": Row(
        Kind.RENDERING,
        {"entity_id": _ID, "template_id": _ID},
        beside=frozenset({"template", "title", "code", "serial", "copies"}),
    ),
    "teach_pattern": Row(Kind.CREATION, {"entity_type": "word", "expression": "text?", "json_map": "text?"}),
    "create_webhook_receiver": Row(
        Kind.CREATION,
        {
            "name": "text",
            "uri": "address",
            "description": "text?",
            "secret": "text?",
            "expected_code": "number?",
        },
    ),
    "delete_webhook_receiver": Row(Kind.REMOVAL, {"receiver_id": _ID}, picks="receiver_id"),
    "subscribe_webhook": Row(Kind.CREATION, {"receiver_id": _ID, "resource": "word", "action": "word"}),
    "delete_webhook_subscription": Row(Kind.REMOVAL, {"subscription_id": _ID}, picks="subscription_id"),
}
