"""The organisation's rules (ION Actions): set up, and asked before a change is kept."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, Final

from kiosk.simulator.action_code import ActionError, ActionRefusal, check_code, run_code
from kiosk.simulator.rows import Rule
from kiosk.simulator.rules.desk import Desk, check_etag, invalid, look_up
from kiosk.simulator.world import Change

__all__ = ["ask_rules", "create_rule", "delete_rule", "update_rule"]

Id = str | int

AnswerQuery = Callable[[str, int], Mapping[str, Any]]
"""Answers a rule's ``context`` for the object with this id; raises ``ValueError`` where it cannot."""

_TABLES: Final[Mapping[str, str]] = {
    "PURCHASEORDERLINE": "purchase_order_lines",
    "RECEIPTITEM": "receipt_items",
    "PARTINVENTORY": "part_inventories",
    "RUN": "runs",
    "ISSUE": "issues",
    "PROCEDURE": "procedures",
}
_CHANGED_AS: Final = {
    "purchase_order_lines": "purchase_order_lines",
    "receipt_items": "receipt_items",
    "part_inventories": "parts_inventory",
    "runs": "runs",
    "issues": "issues",
    "procedures": "procedures",
}
"""What ``context['changes']`` calls a table; ION's own names are not public."""


def create_rule(desk: Desk, columns: dict[str, Any]) -> Rule:
    """Add a rule; ``columns`` by their names in ``Rule``."""
    _check(columns["code"])
    world = desk.world
    given = {name: value for name, value in columns.items() if value is not None}
    return world.rules.put(Rule(id=world.rules.new_id(), etag=world.new_hex(), **given))


def update_rule(desk: Desk, rule_id: Id, etag: str, columns: dict[str, Any]) -> Rule:
    """Change a rule, or switch it on or off."""
    rule = look_up(desk.world.rules, "Rule", rule_id)
    check_etag("the rule", rule.etag, etag)
    if columns.get("code") is not None:
        _check(columns["code"])
    given = {name: value for name, value in columns.items() if value is not None}
    return desk.world.rules.put(replace(rule, etag=desk.world.new_hex(), **given))


def delete_rule(desk: Desk, rule_id: Id, etag: str) -> int:
    """Remove a rule."""
    rule = look_up(desk.world.rules, "Rule", rule_id)
    check_etag("the rule", rule.etag, etag)
    desk.world.rules.remove(rule.id)
    return rule.id


def _check(code: str) -> None:
    try:
        check_code(code)
    except ActionError as exc:
        raise invalid(f"The rule's code cannot be read: {exc}") from exc


def ask_rules(desk: Desk, answer: AnswerQuery) -> None:
    """Refuse what the open transaction changed if a rule says so."""
    enabled = [rule for rule in desk.world.rules if rule.enabled]
    if not enabled:
        return
    changes = desk.world.changes()
    for rule in enabled:
        for change in changes:
            if change.table == _TABLES[rule.target] and _event(change) == rule.event_type:
                _ask(rule, change, answer)


def _event(change: Change) -> str:
    if change.before is None:
        return "CREATE"
    return "DELETE" if change.after is None else "UPDATE"


def _ask(rule: Rule, change: Change, answer: AnswerQuery) -> None:
    try:
        context = dict(answer(rule.context, change.row_id)) if rule.context else {}
        run_code(rule.code, context | {"changes": {_CHANGED_AS[change.table]: _columns(change)}})
    except ActionRefusal as exc:
        raise invalid(str(exc) or f"Rule {rule.title!r} refused the change") from exc
    except (ActionError, ValueError) as exc:
        if rule.error_state == "BLOCK":
            raise invalid(f"Rule {rule.title!r} could not be run: {exc}") from exc


def _columns(change: Change) -> dict[str, Any]:
    """Return old and new value of each column that changed, as the database has them: in lower case."""
    found: dict[str, Any] = {}
    for each in fields(change.after):
        new = getattr(change.after, each.name)
        old = None if change.before is None else getattr(change.before, each.name)
        if old != new:
            found[each.name] = {"old": _stored(old), "new": _stored(new)}
    return found


def _stored(value: Any) -> Any:  # noqa: ANN401  any value of a column
    return str(value).lower() if hasattr(value, "name") else value
