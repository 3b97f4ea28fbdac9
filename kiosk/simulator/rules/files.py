"""Files: registered by their entity, with their bytes in the storage or still to come."""

import mimetypes
from dataclasses import dataclass, replace
from hashlib import md5
from typing import Final

from kiosk.simulator import rows
from kiosk.simulator.refusals import not_found
from kiosk.simulator.rows import FileAttachment, StoredObject
from kiosk.simulator.rules.desk import Desk, check_engineer, check_may, invalid, look_up, look_up_entity
from kiosk.simulator.world import World

__all__ = ["NewFile", "attach", "content_type_of", "delete_file", "md5_of", "object_at", "store"]

Id = str | int

_UPDATE: Final[dict[type, str]] = {
    rows.Part: "UpdatePart",
    rows.PartInventory: "UpdatePartInventory",
    rows.Location: "UpdateLocation",
    rows.Procedure: "UpdateProcedure",
    rows.Step: "UpdateStep",
    rows.Run: "UpdateRun",
    rows.RunStep: "UpdateRunStep",
    rows.RunStepField: "UpdateRunStepFieldValue",
    rows.PartKit: "UpdatePartKit",
    rows.Issue: "UpdateIssue",
    rows.PurchaseOrder: "UpdatePurchaseOrder",
    rows.Receipt: "UpdateReceipt",
}
"""What somebody must be allowed who attaches a file to one of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file to register; with ``s3_key`` its bytes are said to be in the storage already."""

    filename: str | None
    entity_id: Id | None
    s3_key: str | None = None
    s3_etag: str | None = None
    validate: bool = False
    is_asset: bool = False


def content_type_of(filename: str) -> str:
    """Return the type a file's name speaks for."""
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"


def md5_of(content: bytes) -> str:
    """Return the etag that the storage gives these bytes."""
    return md5(content, usedforsecurity=False).hexdigest()


def object_at(world: World, s3_key: str) -> StoredObject | None:
    """Return what lies in the storage under a key."""
    return next(iter(world.objects.where("s3_key", s3_key)), None)


def store(world: World, s3_key: str, content_type: str, content: bytes) -> StoredObject:
    """Put bytes under a key, in place of what was there."""
    before = object_at(world, s3_key)
    return world.objects.put(
        StoredObject(
            id=world.objects.new_id() if before is None else before.id,
            s3_key=s3_key,
            s3_etag=md5_of(content),
            content_type=content_type,
            content=content,
        )
    )


def attach(desk: Desk, new: NewFile) -> FileAttachment:
    """Register a file.

    An entity id that nothing has is taken as it is: the file is there, and nobody sees it.
    """
    world = desk.world
    target = None if new.entity_id is None else look_up_entity(world, new.entity_id)
    if target is not None:
        check_may(desk, _UPDATE[type(target)])
    if new.is_asset:
        _check_asset(desk, target)
    if new.validate:
        _check_upload(world, new.s3_key, new.s3_etag)
    filename = (new.filename or "").strip() or (new.s3_key or "untitled").rsplit("/", 1)[-1]
    file = FileAttachment(
        id=world.file_attachments.new_id(),
        etag=world.new_hex(),
        filename=filename,
        content_type=content_type_of(filename if new.s3_key is None else new.s3_key),
        s3_key=new.s3_key or f"attachments/{world.new_hex()}/{filename}",
        entity_id=None if new.entity_id is None else int(new.entity_id),
        is_asset=new.is_asset,
    )
    return world.file_attachments.put(file)


def _check_asset(desk: Desk, target: object) -> None:
    check_engineer(desk, "an asset")
    in_redline = isinstance(target, rows.RunStep) and target.status is rows.StepStatus.REDLINE
    if target is not None and not isinstance(target, rows.Step) and not in_redline:
        raise invalid("An asset belongs to a procedure's step, or to a run step in REDLINE")


def _check_upload(world: World, s3_key: str | None, s3_etag: str | None) -> None:
    stored = None if s3_key is None else object_at(world, s3_key)
    if stored is None:
        raise invalid(f"Upload {s3_key!r} could not be validated: there is no such object")
    if stored.s3_etag != (s3_etag or "").strip('"'):
        raise invalid(f"Upload {s3_key!r} could not be validated: its etag is not {s3_etag!r}")


def delete_file(desk: Desk, file_id: Id, entity: Id | None, *, is_asset: bool) -> FileAttachment:
    """Delete a file, and return what it was; the entity must be the one it is attached to."""
    world = desk.world
    file = look_up(world.file_attachments, "FileAttachment", file_id)
    if file.is_asset is not is_asset or (entity is not None and str(entity) != str(file.entity_id)):
        raise not_found("FileAttachment", file_id)
    if is_asset:
        check_engineer(desk, "an asset")
    world.file_attachments.remove(file.id)
    for part in world.parts:
        if part.thumbnail_id == file.id:
            world.parts.put(replace(part, etag=world.new_hex(), thumbnail_id=None))
    stored = object_at(world, file.s3_key)
    if stored is not None and not world.file_attachments.where("s3_key", file.s3_key):
        world.objects.remove(stored.id)
    return file
