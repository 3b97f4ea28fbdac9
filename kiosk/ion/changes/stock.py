"""Changes of inventory: moved, recounted, scrapped, made, built in and taken out."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from kiosk.errors import IonError, IonRejected, IonUnsupported
from kiosk.ion.arguments import Adjust, CreateInventory, Install, Move, MovePart, Uninstall
from kiosk.ion.changes.base import Creation, Edit
from kiosk.ion.documents import Call
from kiosk.ion.mapping import read
from kiosk.ion.shapes import rows_of
from kiosk.ion.variables import Word, plain
from kiosk.ion.wording import quoted
from kiosk.model import Inventory, Location, Submit
from kiosk.ports import Absent, Finding, Found
from kiosk.words import listed, told

__all__ = [
    "AdjustedInventory",
    "InstalledInventory",
    "InstalledItem",
    "MovedInventory",
    "MovedPart",
    "NewInventory",
    "UninstalledInventory",
]

A = TypeVar("A", Move, MovePart, Adjust, Install, Uninstall)


class _OfInventory(Edit[A, Inventory]):
    reads: ClassVar[str] = "InventoryOf"
    kind: ClassVar[type[Inventory]] = Inventory
    result_name: ClassVar[str] = "inventory"


class MovedInventory(_OfInventory[Move]):
    """``move``: by an update with the etag, or by a transfer, which has none."""

    takes: ClassVar[type[Move]] = Move
    moves_etag: ClassVar[bool] = True

    def _is_fenced(self) -> bool:
        return "MoveWithEtag" in self._calls

    def _read(self) -> Inventory:
        return self._only({"inventory": self._arguments.inventory_id})

    def _holds(self, now: Inventory) -> bool:
        return now.location is not None and now.location.id == self._arguments.location_id

    def _is_as_seen(self, now: Inventory) -> bool:
        return (now.location.id if now.location else None) == self._arguments.from_location_id

    def _send(self, before: Inventory) -> Inventory:
        values: dict[str, object] = {"inventory": before.id, "location": self._arguments.location_id}
        if self._is_fenced():
            call = self._calls["MoveWithEtag"]
            values |= {"etag": before.etag}
        else:
            call = self._calls["Transfer"]
            values |= {"kind": Word("transfer"), "quantity": before.quantity}
        changed = self._tenant.change(call, values, "changed")
        return read(Inventory, changed, tried=call.name, is_mutation=True)

    def _facts(self, now: Inventory) -> str:
        seen = self._arguments.from_location_id
        return told(
            "Move inventory {id} to location id {place}: expected it at {seen}, got {there}",
            id=quoted(now.id),
            place=quoted(self._arguments.location_id),
            seen=told("location id {id}", id=quoted(seen)) if seen else told("no location"),
            there=_place(now.location),
        )


class MovedPart(_OfInventory[MovePart]):
    """``move_part``: by a transfer of less than there is, which has no etag.

    No public page says that such a transfer splits the row; where it moved all of it, a person decides.
    """

    takes: ClassVar[type[MovePart]] = MovePart
    moves_etag: ClassVar[bool] = True
    is_absolute: ClassVar[bool] = False

    def _is_fenced(self) -> bool:
        return False

    def _read(self) -> Inventory:
        return self._only({"inventory": self._arguments.inventory_id})

    def _stays_there(self, now: Inventory) -> bool:
        return (now.location.id if now.location else None) == self._arguments.from_location_id

    def _holds(self, now: Inventory) -> bool:
        left = self._arguments.from_quantity - self._arguments.quantity
        return now.quantity == left and self._stays_there(now)

    def _is_as_seen(self, now: Inventory) -> bool:
        return now.quantity == self._arguments.from_quantity and self._stays_there(now)

    def _send(self, before: Inventory) -> Inventory:
        call = self._calls["TransferPart"]
        values: dict[str, object] = {
            "inventory": before.id,
            "kind": Word("transfer"),
            "quantity": self._arguments.quantity,
            "location": self._arguments.location_id,
        }
        self._tenant.change(call, values, "changed")
        # Whether ION answers with what stays or with what went, no public page says.
        return _read_again(self, before)

    def _facts(self, now: Inventory) -> str:
        wanted = self._arguments
        return told(
            "Move {quantity} of inventory {id} to location id {place}: "
            "expected {quantity2} at location id {seen}, got {quantity3} at {there}",
            quantity=plain(wanted.quantity),
            id=quoted(now.id),
            place=quoted(wanted.location_id),
            quantity2=plain(wanted.from_quantity),
            seen=quoted(wanted.from_location_id or ""),
            quantity3=plain(now.quantity),
            there=_place(now.location),
        )


class AdjustedInventory(_OfInventory[Adjust]):
    """``adjust``: by an update with the etag, or by an adjustment, which has none.

    A recount is done where the quantity is the counted one. Scrapping takes off, so that a quantity that is
    already lower is only taken for ours once this very operation was in doubt.
    """

    takes: ClassVar[type[Adjust]] = Adjust
    moves_etag: ClassVar[bool] = True

    @property
    def is_absolute(self) -> bool:  # type: ignore[override]
        """Return whether the target says all."""
        return self._arguments.kind == "recount"

    def _is_fenced(self) -> bool:
        return "Adjust" not in self._calls

    def _read(self) -> Inventory:
        return self._only({"inventory": self._arguments.inventory_id})

    def _holds(self, now: Inventory) -> bool:
        if self._arguments.kind == "recount":
            return now.quantity == self._arguments.quantity
        is_all = self._arguments.quantity == self._arguments.from_quantity
        # A row of which everything is scrapped may keep its quantity, by ION's rules of its status.
        return now.quantity == self._left or (is_all and now.status == "SCRAPPED")

    def _is_as_seen(self, now: Inventory) -> bool:
        return now.quantity == self._arguments.from_quantity

    def _send(self, before: Inventory) -> Inventory:
        call, values = self._call()
        values |= {"inventory": before.id}
        if self._is_fenced():
            values |= {"etag": before.etag}
        changed = self._tenant.change(call, values, "changed", may_miss=frozenset({"reason"}))
        return read(Inventory, changed, tried=call.name, is_mutation=True)

    def _call(self) -> tuple[Any, dict[str, object]]:
        wanted = self._arguments
        values: dict[str, object] = {"quantity": wanted.quantity, "reason": wanted.reason or None}
        if "Adjust" in self._calls:
            return self._calls["Adjust"], {**values, "kind": Word(wanted.kind)}
        if wanted.kind == "recount":
            return self._calls["Recount"], values
        if "Scrap" not in self._calls:
            raise IonUnsupported(told("Scrap: expected an input for it in this tenant's ION, got none."))
        return self._calls["Scrap"], values

    @property
    def _left(self) -> Decimal:
        return self._arguments.from_quantity - self._arguments.quantity

    def _facts(self, now: Inventory) -> str:
        wanted = self._arguments
        return told(
            "Recount inventory {id} to {quantity}: expected a quantity of {quantity2}, got {quantity3}"
            if wanted.kind == "recount"
            else "Scrap {quantity} of inventory {id}: expected a quantity of {quantity2}, got {quantity3}",
            quantity=plain(wanted.quantity),
            id=quoted(now.id),
            quantity2=plain(wanted.from_quantity),
            quantity3=plain(now.quantity),
        )


class NewInventory(Creation[CreateInventory, Inventory]):
    """``create_inventory``: a serial that exists is refused, which is the fence; a lot has none."""

    takes: ClassVar[type[CreateInventory]] = CreateInventory
    reads: ClassVar[str] = "RowsLike"
    makes: ClassVar[str] = "CreateInventory"
    kind: ClassVar[type[Inventory]] = Inventory
    result_name: ClassVar[str] = "inventory"

    def _is_fenced(self) -> bool:
        return self._arguments.serial is not None

    def _in_the_way(self, there: Mapping[str, Inventory]) -> list[Inventory]:
        serial = self._arguments.serial
        if serial is None:
            return super()._in_the_way(there)
        return [row for row in there.values() if row.serial == serial]

    def _check(self, there: tuple[Inventory, ...]) -> None:
        serial = self._arguments.serial
        if serial is not None and any(row.serial == serial for row in there):
            raise IonRejected(
                told(
                    "{facts}: expected a new serial, got one that already exists for this part",
                    facts=self._facts(),
                ),
                code="VALIDATION_ERROR",
            )

    def _like(self) -> Mapping[str, object]:
        wanted = self._arguments
        return {"part": wanted.part_id, "serial": wanted.serial, "lot": wanted.lot}

    def _is_like(self, row: Inventory) -> bool:
        wanted = self._arguments
        return (
            row.part.id == wanted.part_id
            and row.serial == wanted.serial
            and row.lot == wanted.lot
            and row.quantity == wanted.quantity
            and (row.location.id if row.location else None) == wanted.location_id
        )

    def _values(self) -> Mapping[str, object]:
        wanted = self._arguments
        return {
            "part": wanted.part_id,
            "quantity": wanted.quantity,
            "lot": wanted.lot,
            "serial": wanted.serial,
            "location": wanted.location_id,
        }

    def _undo(self, row: Inventory) -> Submit | None:
        etag = self._raw[row.id].get("etag")
        if not self._can("delete_inventory") or not self._is_like(row) or not isinstance(etag, str):
            return None  # what differs by now is in use
        return Submit("delete_inventory", row.key, row.key, {"inventory_id": row.id, "etag": etag})

    def _facts(self) -> str:
        wanted = self._arguments
        named = [
            *([told("lot {lot}", lot=quoted(wanted.lot))] if wanted.lot else []),
            *([told("serial {serial}", serial=quoted(wanted.serial))] if wanted.serial else []),
        ]
        part = quoted(wanted.part_id)
        made = told("Create {quantity} of part {part}", quantity=plain(wanted.quantity), part=part)
        return listed((made, *named), between=", ")

    def _named(self, row: Inventory) -> str:
        return told(
            "inventory {id}: {quantity} at {place}",
            id=row.id,
            quantity=plain(row.quantity),
            place=_place(row.location),
        )


class InstalledInventory(_OfInventory[Install]):
    """``install``: one installation for each requirement and inventory.

    A unit with a serial can be built in only once, which is the fence; of a quantity a late copy could be
    installed a second time.
    """

    takes: ClassVar[type[Install]] = Install

    @classmethod
    def fits(cls, calls: Mapping[str, Call]) -> bool:
        """Return whether installing is a creation of its own here."""
        return "Install" in calls

    def find_effect(self) -> Finding:
        """Look for the installation."""
        finding = super().find_effect()
        if isinstance(finding, Found) or self._is_serialized():
            return finding
        return Absent(late_s=self._errand.request_life_s)

    def _read(self) -> Inventory:
        return self._only({"inventory": self._arguments.parent_id})

    def _installed(self) -> dict[str, Any] | None:
        for requirement in _rows(self._row, "requirements"):
            if str(requirement.get("id")) != self._arguments.requirement_id:
                continue
            for installation in _rows(requirement, "installations"):
                inventory = installation.get("inventory")
                # Of a larger row a part is split off, which remembers the row that it comes from.
                ids = [inventory.get("id"), inventory.get("origin")] if isinstance(inventory, dict) else []
                if self._arguments.inventory_id in map(str, ids):
                    return installation
        return None

    def _is_serialized(self) -> bool:
        call = self._calls["InstalledOf"]
        rows = self._tenant.rows(call, {"inventory": self._arguments.inventory_id})
        found = [row for each in rows.values() for row in each if row is not None]
        return bool(found) and read(Inventory, found[0], tried=call.name).serial is not None

    def _holds(self, now: Inventory) -> bool:
        del now
        return self._installed() is not None

    def _send(self, before: Inventory) -> Inventory:
        self._tenant.change(
            self._calls["Install"],
            {
                "requirement": self._arguments.requirement_id,
                "installed": self._arguments.inventory_id,
                "quantity": self._arguments.quantity,
            },
            "changed",
        )
        return _read_again(self, before)

    def _facts(self, now: Inventory) -> str:
        return told(
            "Install inventory {id} in {parent} for requirement {requirement}: expected it there, got none",
            id=quoted(self._arguments.inventory_id),
            parent=quoted(now.serial or now.id),
            requirement=quoted(self._arguments.requirement_id),
        )


class InstalledItem(_OfInventory[Install]):
    """``install`` the legacy way: an item of the aBOM gets its inventory, all of its quantity at once."""

    takes: ClassVar[type[Install]] = Install

    def _read(self) -> Inventory:
        return self._only({"inventory": self._arguments.parent_id})

    @property
    def _item(self) -> dict[str, Any]:
        """Return the item as it was read.

        Raises:
            IonRejected: the aBOM has no such item.
        """
        wanted = self._arguments.requirement_id
        for item in _rows(self._row, "items"):
            if str(item.get("id")) == wanted:
                return item
        raise IonRejected(
            told(
                "Install inventory {id}: expected item {item} in the aBOM of {parent}, got none of that id",
                id=quoted(self._arguments.inventory_id),
                item=quoted(wanted),
                parent=quoted(self._arguments.parent_id),
            ),
            code="NOT_FOUND_ERROR",
        )

    def _holds(self, now: Inventory) -> bool:
        del now
        inventory = self._item.get("inventory")
        # Of a larger row a part is split off, which remembers the row that it comes from.
        origin = inventory.get("origin") if isinstance(inventory, dict) else None
        return self._arguments.inventory_id in {str(self._item.get("installed")), str(origin)}

    def _is_as_seen(self, now: Inventory) -> bool:
        del now
        return self._item.get("installed") is None

    def _send(self, before: Inventory) -> Inventory:
        item = self._item
        if Decimal(str(item.get("quantity"))) != self._arguments.quantity:
            raise IonRejected(
                told(
                    "{facts}: expected all {quantity} that it takes, got {quantity2}",
                    facts=self._facts(before),
                    quantity=item.get("quantity"),
                    quantity2=plain(self._arguments.quantity),
                ),
                code="VALIDATION_ERROR",
            )
        self._tenant.change(
            self._calls["InstallItem"],
            {
                "item": self._arguments.requirement_id,
                "etag": item.get("etag"),
                "quantity": self._arguments.quantity,
                "installed": self._arguments.inventory_id,
            },
            "changed",
        )
        return _read_again(self, before)

    def _facts(self, now: Inventory) -> str:
        wanted, holds = self._arguments, self._item.get("installed")
        return told(
            "Install inventory {id} in {parent} as item {item}, which holds {holds}",
            id=quoted(wanted.inventory_id),
            parent=quoted(now.serial or now.id),
            item=quoted(wanted.requirement_id),
            holds=holds or told("nothing"),
        )


class UninstalledInventory(_OfInventory[Uninstall]):
    """``uninstall``: by the installation's id, so that a second copy finds nothing."""

    takes: ClassVar[type[Uninstall]] = Uninstall

    def _read(self) -> Inventory:
        return self._only({"inventory": self._arguments.parent_id})

    def _holds(self, now: Inventory) -> bool:
        del now
        installations = [
            str(installation.get("id"))
            for requirement in _rows(self._row, "requirements")
            for installation in _rows(requirement, "installations")
        ]
        return self._arguments.installation_id not in installations

    def _send(self, before: Inventory) -> Inventory:
        call = self._calls["Uninstall"]
        done = self._tenant.change(call, {"installation": self._arguments.installation_id}, "changed")
        if done is False:
            raise IonRejected(
                told("{facts}: ION answered that it did not", facts=self._facts(before)),
                code="VALIDATION_ERROR",
            )
        return _read_again(self, before)

    def _facts(self, now: Inventory) -> str:
        return told(
            "Uninstall {id} from {parent}: expected it gone, got it still there",
            id=quoted(self._arguments.installation_id),
            parent=quoted(now.serial or now.id),
        )


def _read_again(
    change: MovedPart | InstalledInventory | InstalledItem | UninstalledInventory, otherwise: Inventory
) -> Inventory:
    """Return the row as it is now, or as it was where it cannot be read now: the change was made."""
    try:
        return change._read()  # noqa: SLF001  of the same family
    except IonError:
        return replace(otherwise, etag=None)


def _rows(parent: object, name: str) -> list[dict[str, Any]]:
    value = parent.get(name) if isinstance(parent, dict) else None
    return [row for row in rows_of(value) if isinstance(row, dict)]


def _place(location: Location | None) -> str:
    if location is None:
        return told("no location")
    return told("{name} (id {id})", name=quoted(location.name), id=quoted(location.id))
