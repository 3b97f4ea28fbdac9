"""Label templates, and the labels made of them."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from kiosk.simulator import rows
from kiosk.simulator.refusals import not_found
from kiosk.simulator.rows import BarcodeLabel, BarcodeTemplate
from kiosk.simulator.rules.desk import Desk, check_etag, invalid, look_up, look_up_entity

__all__ = ["create_label", "create_template", "delete_template", "update_template"]

Id = str | int

_KINDS: Final[dict[type, str]] = {
    rows.PartInventory: "PARTS_INVENTORY",
    rows.Part: "PARTS",
    rows.Location: "LOCATIONS",
    rows.Run: "RUNS",
    rows.PartKit: "KITS",
    rows.PurchaseOrder: "PURCHASE_ORDERS",
}
_PLACEHOLDER: Final = re.compile(r"\$\{([^}]*)\}")
_FIELD: Final = re.compile(r"\^FD(.*?)\^FS", re.DOTALL)
_HEX_MARK: Final = "_"
_SPECIAL: Final = re.compile(r"[\^~_\x00-\x1f\x7f]")


def create_template(desk: Desk, name: str, entity_type: str, template: str) -> BarcodeTemplate:
    """Add a label in ZPL for one kind of entity."""
    _check(template)
    templates = desk.world.barcode_templates
    return templates.put(
        BarcodeTemplate(
            id=templates.new_id(),
            etag=desk.world.new_hex(),
            name=name,
            entity_type=entity_type,
            template=template,
        )
    )


def update_template(
    desk: Desk, template_id: Id, etag: str, name: str | None, text: str | None
) -> BarcodeTemplate:
    """Change a label."""
    template = look_up(desk.world.barcode_templates, "BarcodeTemplate", template_id)
    check_etag("the barcode template", template.etag, etag)
    if text is not None:
        _check(text)
    return desk.world.barcode_templates.put(
        replace(
            template,
            etag=desk.world.new_hex(),
            name=template.name if name is None else name,
            template=template.template if text is None else text,
        )
    )


def delete_template(desk: Desk, template_id: Id, etag: str) -> int:
    """Remove a label."""
    template = look_up(desk.world.barcode_templates, "BarcodeTemplate", template_id)
    check_etag("the barcode template", template.etag, etag)
    desk.world.barcode_templates.remove(template.id)
    return template.id


def _check(template: str) -> None:
    if not (template.strip().startswith("^XA") and template.strip().endswith("^XZ")):
        raise invalid("A barcode template must be ZPL from ^XA to ^XZ")


def create_label(
    desk: Desk, entity: Id, template_id: Id, value_of: Callable[[Any, str], object]
) -> BarcodeLabel:
    """Render the label of an entity.

    Args:
        desk: Who asks.
        entity: The id of the entity row.
        template_id: Which label.
        value_of: Reads what a placeholder names of an object, such as ``part.partNumber``; raises
            ``LookupError`` where it has no such thing.
    """
    world = desk.world
    row = look_up_entity(world, entity)
    if row is None:
        raise not_found("Entity", entity)
    template = look_up(world.barcode_templates, "BarcodeTemplate", template_id)
    kind = _KINDS.get(type(row), "OTHER")
    if template.entity_type != kind:
        raise invalid(f"Template {template.name!r} is for {template.entity_type}, not for {kind}")

    def text_of(path: str) -> str:
        try:
            value = value_of(row, path.strip())
        except LookupError as exc:
            raise invalid(f"Template {template.name!r} has an unknown placeholder {path!r}") from exc
        return "" if value is None else str(value)

    return world.barcode_labels.put(
        BarcodeLabel(
            id=world.barcode_labels.new_id(),
            entity_id=int(entity),
            template_id=template.id,
            barcode=_render(template.template, text_of),
        )
    )


def _render(template: str, text_of: Callable[[str], str]) -> str:
    """Fill a template in; what would be a command of ZPL inside a value is written in hexadecimal."""

    def field(match: re.Match[str]) -> str:
        texts = [text_of(name) for name in _PLACEHOLDER.findall(match[1])]
        if not any(_SPECIAL.search(text) for text in texts if text != _HEX_MARK):
            return f"^FD{_filled(match[1], text_of)}^FS"
        pieces = _PLACEHOLDER.split(match[1])
        # Between the placeholders stands text of the template, and every second piece is a name.
        whole = "".join(text_of(piece) if index % 2 else piece for index, piece in enumerate(pieces))
        return f"^FH{_HEX_MARK}^FD{_SPECIAL.sub(_hexadecimal, whole)}^FS"

    return _filled(_FIELD.sub(field, template), text_of)


def _hexadecimal(match: re.Match[str]) -> str:
    return f"{_HEX_MARK}{ord(match[0]):02X}"


def _filled(text: str, text_of: Callable[[str], str]) -> str:
    return _PLACEHOLDER.sub(lambda match: text_of(match[1]), text)
