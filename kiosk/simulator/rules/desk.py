"""Where a caller stands: the world, who acts and with which permissions; and checks every rule needs."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeVar

from kiosk.simulator.derived import is_engineer, permissions_of
from kiosk.simulator.refusals import ErrorCode, Refusal, not_found
from kiosk.simulator.rows import Location, User
from kiosk.simulator.switches import Switches
from kiosk.simulator.tables import HasId, Table
from kiosk.simulator.world import World, entity_of

__all__ = [
    "Desk",
    "check_engineer",
    "check_etag",
    "check_may",
    "check_positive",
    "invalid",
    "location_for_stock",
    "look_up",
    "look_up_entity",
    "permission_for",
]

Row = TypeVar("Row", bound=HasId)

_ID: Final = re.compile("[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Desk:
    """One caller at work."""

    world: World
    user: User
    permissions: frozenset[str]
    """Names of mutations in PascalCase: a person's own, or those that were frozen in an API key."""

    @classmethod
    def of(cls, world: World, user: User) -> "Desk":
        """Return the desk of somebody who acts with their own permissions."""
        return cls(world, user, frozenset(permissions_of(world, user)))

    @property
    def switches(self) -> Switches:
        """How the organisation is set."""
        return self.world.switches


def invalid(message: str) -> Refusal:
    """Return the refusal of a request that breaks a rule."""
    return Refusal(ErrorCode.VALIDATION, message)


def look_up(table: Table[Row], kind: str, row_id: str | int) -> Row:
    """Return the row an id from outside names, a number or its digits."""
    text = str(row_id)
    row = table.get(int(text)) if _ID.fullmatch(text) else None
    if row is None:
        raise not_found(kind, row_id)
    return row


def look_up_entity(world: World, entity: str | int) -> Any:  # noqa: ANN401  any kind of row
    """Return the object with this entity id, None where no object has it; what is no number is refused."""
    text = str(entity)
    if not _ID.fullmatch(text):
        raise not_found("Entity", entity)
    return entity_of(world, int(text))


def check_etag(kind: str, current: str, sent: str | None) -> None:
    """Refuse a change that was prepared on an older state."""
    if sent != current:
        raise Refusal(ErrorCode.CONCURRENCY, f"Etag does not match: {kind} was changed since it was read")


def permission_for(mutation: str) -> str:
    """Return the name of the permission that a mutation needs."""
    return mutation[0].upper() + mutation[1:].replace("ApiKey", "APIKey")


def check_may(desk: Desk, permission: str) -> None:
    """Refuse somebody who lacks a permission."""
    if permission not in desk.permissions:
        raise Refusal(
            ErrorCode.AUTHORIZATION,
            f"User does not have permission to update this resource: {permission} is missing",
        )


def check_engineer(desk: Desk, what: str) -> None:
    """Refuse somebody without an engineer's role where the switch asks for one."""
    if desk.switches.redlining_needs_engineer and not is_engineer(desk.world, desk.user):
        raise Refusal(
            ErrorCode.AUTHORIZATION,
            f"User does not have permission to update this resource: {what} needs the role engineer",
        )


def check_positive(quantity: Decimal) -> None:
    """Refuse a quantity that is nothing or less."""
    if quantity <= 0:
        raise invalid(f"Quantity must be greater than 0, got {quantity}")


def location_for_stock(desk: Desk, location_id: str | int) -> Location:
    """Return the location, which must be in use."""
    location = look_up(desk.world.locations, "Location", location_id)
    if location.status != "ACTIVE":
        raise invalid(f"Location {location.name!r} is archived")
    return location
