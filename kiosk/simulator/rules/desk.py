"""Where a caller stands: the world, who acts, how the organisation is set; and checks every rule needs."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from kiosk.simulator.refusals import ErrorCode, Refusal, not_found
from kiosk.simulator.rows import Location, User
from kiosk.simulator.switches import Switches
from kiosk.simulator.tables import HasId, Table
from kiosk.simulator.world import World

__all__ = ["Desk", "check_etag", "check_may", "check_positive", "invalid", "location_for_stock", "look_up"]

Row = TypeVar("Row", bound=HasId)

_ID: Final = re.compile("[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Desk:
    """One caller at work."""

    world: World
    user: User
    switches: Switches


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


def check_etag(kind: str, current: str, sent: str) -> None:
    """Refuse a change that was prepared on an older state."""
    if sent != current:
        raise Refusal(ErrorCode.CONCURRENCY, f"Etag does not match: {kind} was changed since it was read")


def check_may(user: User, mutation: str) -> None:
    """Refuse a mutation the user has no permission for; permissions are mutation names in PascalCase."""
    permission = mutation[0].upper() + mutation[1:]
    if permission not in user.permissions:
        raise Refusal(
            ErrorCode.AUTHORIZATION,
            f"User does not have permission to update this resource: {permission} is missing",
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
