"""Webhooks: who is told of what, and the list of what is to be told."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlsplit

from kiosk.simulator.rows import WebhookDelivery, WebhookReceiver, WebhookSubscription
from kiosk.simulator.rules.desk import Desk, check_etag, invalid, look_up
from kiosk.simulator.schema.values import iso, number
from kiosk.simulator.world import Change, World

__all__ = [
    "create_receiver",
    "create_subscription",
    "delete_receiver",
    "delete_subscription",
    "tell_of_changes",
    "update_receiver",
]

Id = str | int

_RESOURCES: Final[Mapping[str, str]] = {
    "runs": "RUN",
    "run_steps": "RUN_STEP",
    "run_step_fields": "RUN_STEP_FIELD",
    "parts": "PART",
    "part_inventories": "PART_INVENTORY",
    "purchase_orders": "PURCHASE_ORDER",
    "purchase_order_lines": "PURCHASE_ORDER_LINE",
    "receipts": "RECEIPT",
    "receipt_items": "RECEIPT_ITEM",
    "issues": "ISSUE",
    "locations": "LOCATION",
    "procedures": "PROCEDURE",
    "part_kits": "PART_KIT",
    "sessions": "SESSION",
}
_PLURALS: Final = {"PARTS_INVENTORY": "PART_INVENTORY"}


def create_receiver(desk: Desk, name: str, uri: str, columns: dict[str, Any]) -> WebhookReceiver:
    """Add an address to tell things to; ``columns`` by their names in ``WebhookReceiver``."""
    _check_uri(uri)
    world = desk.world
    new = WebhookReceiver(
        id=world.webhook_receivers.new_id(), etag=world.new_hex(), name=name, webhook_uri=uri, **columns
    )
    return world.webhook_receivers.put(new)


def update_receiver(desk: Desk, receiver_id: Id, etag: str, columns: dict[str, Any]) -> WebhookReceiver:
    """Change an address."""
    receiver = look_up(desk.world.webhook_receivers, "WebhookReceiver", receiver_id)
    check_etag("the webhook receiver", receiver.etag, etag)
    if "webhook_uri" in columns:
        _check_uri(columns["webhook_uri"])
    return desk.world.webhook_receivers.put(replace(receiver, etag=desk.world.new_hex(), **columns))


def _check_uri(uri: str) -> None:
    parts = urlsplit(uri)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise invalid(f"webhookUri must be an address with http or https, got {uri!r}")


def delete_receiver(desk: Desk, receiver_id: Id, etag: str) -> int:
    """Forget an address and what it was subscribed to."""
    world = desk.world
    receiver = look_up(world.webhook_receivers, "WebhookReceiver", receiver_id)
    check_etag("the webhook receiver", receiver.etag, etag)
    for subscription in world.webhook_subscriptions.where("receiver_id", receiver.id):
        world.webhook_subscriptions.remove(subscription.id)
    world.webhook_receivers.remove(receiver.id)
    return receiver.id


def create_subscription(desk: Desk, receiver_id: Id, resource: str, action: str) -> WebhookSubscription:
    """Let a receiver be told of one kind of change to one kind of object."""
    world = desk.world
    receiver = look_up(world.webhook_receivers, "WebhookReceiver", receiver_id)
    return world.webhook_subscriptions.put(
        WebhookSubscription(
            id=world.webhook_subscriptions.new_id(),
            etag=world.new_hex(),
            receiver_id=receiver.id,
            resource=resource,
            action=action,
        )
    )


def delete_subscription(desk: Desk, subscription_id: Id, etag: str) -> int:
    """Tell a receiver no more of it."""
    subscription = look_up(desk.world.webhook_subscriptions, "WebhookSubscription", subscription_id)
    check_etag("the webhook subscription", subscription.etag, etag)
    desk.world.webhook_subscriptions.remove(subscription.id)
    return subscription.id


def tell_of_changes(world: World, changes: list[Change]) -> None:
    """Note for every subscription what the open transaction changed, as a trigger of the database would."""
    receivers = {receiver.id for receiver in world.webhook_receivers if receiver.active}
    for subscription in world.webhook_subscriptions:
        if subscription.receiver_id not in receivers:
            continue
        for change in changes:
            resource = _RESOURCES.get(change.table)
            if resource == _singular(subscription.resource) and _action(change) == subscription.action:
                _note(world, subscription, change)


def _note(world: World, subscription: WebhookSubscription, change: Change) -> None:
    delivery_id = world.webhook_deliveries.new_id()
    payload = {
        "id": delivery_id,
        "resource": subscription.resource,
        "action": subscription.action,
        "resourceId": change.row_id,
        "organizationId": world.organization.id,
        "occurredAt": iso(world.clock()),
        "data": None if change.after is None else _plain(change.after),
        "previous": None if change.before is None else _plain(change.before),
    }
    world.webhook_deliveries.put(
        WebhookDelivery(
            id=delivery_id,
            receiver_id=subscription.receiver_id,
            subscription_id=subscription.id,
            resource=subscription.resource,
            action=subscription.action,
            resource_id=change.row_id,
            payload=payload,
            created=world.clock(),
        )
    )


def _singular(resource: str) -> str:
    name = _PLURALS.get(resource, resource)
    return name if name in _RESOURCES.values() else name.removesuffix("S")


def _action(change: Change) -> str:
    if change.before is None:
        return "CREATE"
    return "DELETE" if change.after is None else "UPDATE"


def _plain(row: Any) -> Any:  # noqa: ANN401  a row or a value in it, to JSON in ION's names
    if is_dataclass(row):
        return {_name(each.name): _plain(getattr(row, each.name)) for each in fields(row)}
    if isinstance(row, tuple | list):
        return [_plain(each) for each in row]
    values: dict[type, Callable[[Any], object]] = {Decimal: number, datetime: iso}
    return values[type(row)](row) if type(row) in values else row


def _name(column: str) -> str:
    first, *rest = column.split("_")
    return {"etag": "_etag", "created": "_created"}.get(column) or first + "".join(map(str.capitalize, rest))
