"""Issues, files, labels, barcode patterns, webhooks and rules of a seed file."""

import json
from collections.abc import Mapping
from datetime import datetime

from kiosk.simulator.rows import (
    BarcodePattern,
    BarcodeTemplate,
    DispositionType,
    FileAttachment,
    Issue,
    IssueStatus,
    Rule,
    WebhookReceiver,
    WebhookSubscription,
)
from kiosk.simulator.rules.files import content_type_of, store
from kiosk.simulator.seeding.names import Entry, attributes_of, find, find_part
from kiosk.simulator.world import World, entity_id

__all__ = [
    "plant_disposition_type",
    "plant_file",
    "plant_issue",
    "plant_pattern",
    "plant_rule",
    "plant_template",
    "plant_webhook",
]


def plant_disposition_type(world: World, entry: Entry) -> None:
    """Plant what may be decided about an issue."""
    row_id = world.disposition_types.new_id()
    effect = entry.get("effect")
    world.disposition_types.put(DispositionType(id=row_id, name=entry["name"], effect=effect))


def plant_issue(world: World, entry: Entry) -> None:
    """Plant an issue: on a step of a run (by its number in the run), on an inventory, or on both."""
    step_id, inventory_id = None, entry.get("inventory")
    if "run" in entry:
        run = world.runs[entry["run"]]
        step_id = world.run_steps.where("run_id", run.id)[entry["step"] - 1].id
        inventory_id = run.part_inventory_id if inventory_id is None else inventory_id
    world.issues.put(
        Issue(
            id=entry["id"],
            etag=world.new_hex(),
            status=IssueStatus(entry.get("status", "PENDING")),
            created=datetime.fromisoformat(entry["created"]),
            created_by_id=find(world.users, "email", entry["createdBy"]).id,
            title=entry["title"],
            run_step_id=step_id,
            part_inventory_id=inventory_id and world.part_inventories[inventory_id].id,
            disposition_type=entry.get("dispositionType"),
            disposition=entry.get("disposition"),
            cause_condition=entry.get("cause"),
            expected_condition=entry.get("expected"),
            build_requirement_ids=tuple(
                world.build_requirements[each].id for each in entry.get("excepts", ())
            ),
            attributes=attributes_of(world, entry),
        )
    )


def plant_file(world: World, entry: Entry) -> None:
    """Plant a file of text on a part."""
    part = find_part(world, entry["part"])
    key = f"parts/{part.id}/{entry['filename']}"
    content_type = content_type_of(entry["filename"])
    store(world, key, content_type, entry["text"].encode())
    world.file_attachments.put(
        FileAttachment(
            id=world.file_attachments.new_id(),
            etag=world.new_hex(),
            filename=entry["filename"],
            content_type=content_type,
            s3_key=key,
            entity_id=entity_id(part),
        )
    )


def plant_template(world: World, entry: Entry) -> None:
    """Plant a label; a list of lines is joined."""
    text = entry["template"]
    world.barcode_templates.put(
        BarcodeTemplate(
            id=entry["id"],
            etag=world.new_hex(),
            name=entry["name"],
            entity_type=entry["entityType"],
            template=text if isinstance(text, str) else "\n".join(text),
        )
    )


def plant_pattern(world: World, entry: Entry) -> None:
    """Plant how a barcode of another system is read."""
    by_json: Mapping[str, str] | None = entry.get("json")
    world.barcode_patterns.put(
        BarcodePattern(
            id=entry["id"],
            etag=world.new_hex(),
            entity_type=entry["entityType"],
            expression=entry.get("expression"),
            barcode_pattern_json=None if by_json is None else json.dumps(by_json),
        )
    )


def plant_webhook(world: World, entry: Entry) -> None:
    """Plant a receiver and what it is told."""
    receiver = world.webhook_receivers.put(
        WebhookReceiver(
            id=entry["id"],
            etag=world.new_hex(),
            name=entry["name"],
            webhook_uri=entry["uri"],
            description=entry.get("description"),
            shared_secret=entry.get("secret"),
            expected_response_code=entry.get("expects"),
        )
    )
    for resource, action in entry.get("tells", ()):
        world.webhook_subscriptions.put(
            WebhookSubscription(
                id=world.webhook_subscriptions.new_id(),
                etag=world.new_hex(),
                receiver_id=receiver.id,
                resource=resource,
                action=action,
            )
        )


def plant_rule(world: World, entry: Entry) -> None:
    """Plant an Action."""
    world.rules.put(
        Rule(
            id=entry["id"],
            etag=world.new_hex(),
            title=entry["title"],
            target=entry["target"],
            rule_type="VALIDATION",
            event_type=entry.get("event", "CREATE"),
            code=entry["code"],
            context=entry.get("context"),
            enabled=entry.get("enabled", True),
            error_state=entry.get("errorState", "BLOCK"),
        )
    )
