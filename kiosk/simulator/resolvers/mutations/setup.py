"""Mutations about what an organisation sets up: labels, barcode patterns, webhooks, rules."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from kiosk.simulator.resolvers.given import Given, Payload, columns, deleted
from kiosk.simulator.resolvers.objects import read_path
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rules import actions, patterns, templates, webhooks

__all__ = ["MUTATIONS"]

_RECEIVER: Final = ("description", "sharedSecret", "expectedResponseCode")
_RULE: Final = ("title", "target", "ruleType", "eventType", "enabled", "context", "code", "errorState")


def _label(request: Request, given: Given) -> Payload:
    def value_of(row: Any, path: str) -> object:  # noqa: ANN401  any row
        return read_path(row, path, request)

    label = templates.create_label(request.desk, given["entityId"], given["templateId"], value_of)
    return {"barcodeLabel": label}


def _create_template(request: Request, given: Given) -> Payload:
    template = templates.create_template(request.desk, given["name"], given["entityType"], given["template"])
    return {"barcodeTemplate": template}


def _update_template(request: Request, given: Given) -> Payload:
    template = templates.update_template(
        request.desk, given["id"], given["etag"], given.get("name"), given.get("template")
    )
    return {"barcodeTemplate": template}


def _create_pattern(request: Request, given: Given) -> Payload:
    pattern = patterns.create_pattern(
        request.desk, given["entityType"], given.get("expression"), given.get("barcodePatternJson")
    )
    return {"barcodePattern": pattern}


def _update_pattern(request: Request, given: Given) -> Payload:
    pattern = patterns.update_pattern(
        request.desk, given["id"], given["etag"], given.get("expression"), given.get("barcodePatternJson")
    )
    return {"barcodePattern": pattern}


def _create_receiver(request: Request, given: Given) -> Payload:
    new = columns(given, *_RECEIVER)
    return {
        "webhookReceiver": webhooks.create_receiver(request.desk, given["name"], given["webhookUri"], new)
    }


def _update_receiver(request: Request, given: Given) -> Payload:
    changes = columns(given, *_RECEIVER, "name", "webhookUri", "active")
    for name in ("name", "webhook_uri", "active"):
        if changes.get(name, "") is None:
            del changes[name]
    receiver = webhooks.update_receiver(request.desk, given["id"], given["etag"], changes)
    return {"webhookReceiver": receiver}


def _subscribe(request: Request, given: Given) -> Payload:
    subscription = webhooks.create_subscription(
        request.desk, given["receiverId"], given["resource"], given["action"]
    )
    return {"webhookSubscription": subscription}


MUTATIONS: Final[Mapping[str, Callable[[Request, Given], Payload]]] = {
    "createBarcodeLabel": _label,
    "createBarcodeTemplate": _create_template,
    "updateBarcodeTemplate": _update_template,
    "deleteBarcodeTemplate": deleted(templates.delete_template),
    "createBarcodePattern": _create_pattern,
    "updateBarcodePattern": _update_pattern,
    "deleteBarcodePattern": deleted(patterns.delete_pattern),
    "createWebhookReceiver": _create_receiver,
    "updateWebhookReceiver": _update_receiver,
    "deleteWebhookReceiver": deleted(webhooks.delete_receiver),
    "createWebhookSubscription": _subscribe,
    "deleteWebhookSubscription": deleted(webhooks.delete_subscription),
    "createRule": lambda request, given: {"rule": actions.create_rule(request.desk, columns(given, *_RULE))},
    "updateRule": lambda request, given: {
        "rule": actions.update_rule(request.desk, given["id"], given["etag"], columns(given, *_RULE))
    },
    "deleteRule": deleted(actions.delete_rule),
}
