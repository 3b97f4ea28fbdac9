"""What an organisation sets up: labels, barcode patterns, webhooks, rules."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

__all__ = [
    "BarcodeLabel",
    "BarcodePattern",
    "BarcodeTemplate",
    "Rule",
    "WebhookDelivery",
    "WebhookReceiver",
    "WebhookSubscription",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BarcodeTemplate:
    """A label in ZPL, with placeholders for one kind of entity."""

    id: int
    etag: str
    name: str
    entity_type: str
    template: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarcodeLabel:
    """A label as it was rendered."""

    id: int
    entity_id: int
    template_id: int
    barcode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarcodePattern:
    """How a barcode of another system is read; one of expression and JSON is set."""

    id: int
    etag: str
    entity_type: str
    expression: str | None = None
    barcode_pattern_json: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReceiver:
    """Where to tell what happened."""

    id: int
    etag: str
    name: str
    webhook_uri: str
    description: str | None = None
    shared_secret: str | None = None
    expected_response_code: int | None = None
    """None: any from 200 to 299."""
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSubscription:
    """What to tell a receiver."""

    id: int
    etag: str
    receiver_id: int
    resource: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDelivery:
    """One thing to tell one receiver, and how far that got."""

    id: int
    receiver_id: int
    subscription_id: int
    resource: str
    action: str
    resource_id: int
    payload: dict[str, Any]
    created: datetime
    attempts: int = 0
    response_code: int | None = None
    delivered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An ION Action: code that may refuse a change."""

    id: int
    etag: str
    title: str
    target: str
    rule_type: str
    event_type: str
    code: str
    context: str | None = None
    enabled: bool = True
    error_state: str = "BLOCK"
