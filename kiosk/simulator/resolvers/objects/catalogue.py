"""What the fields of people, parts and files read."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from kiosk.simulator.derived import roles_of
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rows import FileAttachment, MBomItem, Part, PermissionGroup, Role, Run, User
from kiosk.simulator.rules.files import object_at
from kiosk.simulator.world import entity_id

__all__ = ["FIELDS", "attached_to"]

_LEGACY_MBOM: Final = "abomItems"


def attached_to(row: Any, request: Request, *, assets: bool) -> list[FileAttachment]:  # noqa: ANN401  any entity
    """Return an entity's files: collected during the work, or defined by an engineer."""
    files = request.world.file_attachments.where("entity_id", entity_id(row))
    return [file for file in files if file.is_asset is assets]


def _permissions(user: User, request: Request) -> list[PermissionGroup]:
    """Return what a user may do; the caller's own are those of the token that was sent."""
    groups = request.world.permission_groups
    if user.id == request.desk.user.id:
        return [group for group in groups if group.name in request.desk.permissions]
    ids = {*user.permission_group_ids}.union(
        *(role.permission_group_ids for role in roles_of(request.world, user))
    )
    return [group for group in groups if group.id in ids]


def _groups_of_role(role: Role, request: Request) -> list[PermissionGroup]:
    return [request.world.permission_groups[each] for each in role.permission_group_ids]


def _part_quantity(part: Part, request: Request) -> Decimal:
    rows = request.world.part_inventories.where("part_id", part.id)
    return sum((row.quantity for row in rows), Decimal(0))


def _runs_of_part(part: Part, request: Request) -> list[Run]:
    rows = request.world.part_inventories.where("part_id", part.id)
    return [run for row in rows for run in request.world.runs.where("part_inventory_id", row.id)]


def _mbom(part: Part, request: Request) -> list[MBomItem]:
    return request.world.mbom_items.where("parent_part_id", part.id)


def _legacy_mbom(part: Part, request: Request) -> list[dict[str, Any]]:
    return [
        {
            "id": item.id,
            "_etag": item.etag,
            "quantity": item.quantity,
            "partInventoryId": None,
            "part": request.world.parts[item.part_id],
        }
        for item in _mbom(part, request)
    ]


def _designators(item: MBomItem, _request: Request) -> list[dict[str, Any]]:
    return [
        {"id": item.id * 1000 + number, "value": value}
        for number, value in enumerate(item.reference_designators, start=1)
    ]


def _url(file: FileAttachment, _request: Request) -> str:
    return f"https://{file.s3_bucket}.s3.amazonaws.com/{file.s3_key}"


def _download_url(file: FileAttachment, request: Request) -> str | None:
    if object_at(request.world, file.s3_key) is None:
        return None
    return request.signer.download_url(file.s3_key, request.desk.switches.download_lifetime_s)


FIELDS: Final[Mapping[str, Mapping[str, Callable[[Any, Request], Any]]]] = {
    "User": {
        "organization": lambda _user, request: request.world.organization,
        "organizationId": lambda _user, request: request.world.organization.id,
        "roles": lambda user, request: roles_of(request.world, user),
        "permissionGroups": _permissions,
    },
    "Role": {"permissionGroups": _groups_of_role},
    "Team": {
        "roles": lambda team, request: [request.world.roles[each] for each in team.role_ids],
        "users": lambda team, request: [request.world.users[each] for each in team.user_ids],
    },
    "ApiKey": {"createdById": lambda key, _request: key.user_id},
    "FileAttachment": {
        "url": _url,
        "downloadUrl": _download_url,
        "integrationId": lambda _file, _request: None,
        "integrationFetchUrl": lambda _file, _request: None,
    },
    "Part": {
        "quantity": _part_quantity,
        "unitOfMeasure": lambda part, request: request.world.units.get(part.unit_of_measure_id),
        "partsInventory": lambda part, request: request.world.part_inventories.where("part_id", part.id),
        "runs": _runs_of_part,
        "mbom": _mbom,
        _LEGACY_MBOM: _legacy_mbom,
        "partSubtypes": lambda part, request: [
            request.world.part_subtypes[each] for each in part.subtype_ids
        ],
        "thumbnail": lambda part, request: request.world.file_attachments.get(part.thumbnail_id),
    },
    "MBomItem": {
        "part": lambda item, request: request.world.parts[item.part_id],
        "referenceDesignators": _designators,
    },
}
