"""What a label on goods says, whoever wrote it: supplier labels, GS1, and what a tenant has taught ION."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kiosk.barcodes import Digikey1d, Gs1, IonPattern, Iso15434, Lcsc, Reading, Readings, Tme

PART_NUMBERS = ("customer_part_number", "manufacturer_part_number", "supplier_part_number")
"""The fields that name a part, in the order in which they are believed: the customer's number is our own."""

_AIS = {
    "400": "customer_po",
    "241": "customer_part_number",
    "240": "manufacturer_part_number",
    "30": "quantity",
    "37": "quantity",
    "10": "lot",
    "21": "serial",
}
"""GS1 application identifiers that mean one thing only. A GTIN (01) is nobody's part number in ION."""
_TAUGHT = {
    "part_partNumber": "customer_part_number",
    "partNumber": "customer_part_number",
    "quantity": "quantity",
    "lotNumber": "lot",
    "serialNumber": "serial",
}
_NAMING = frozenset({*PART_NUMBERS, "customer_po"})
_PACKAGES = frozenset({"00", "3S", "4S", "5S", "J", "1J", "2J", "3J", "4J", "5J", "6J"})
"""What numbers one package: GS1's SSCC, ANSI MH10.8.2's package identifiers and licence plates."""
_LOAD_ID = "13Z"
_TYPE_NUMBER = "30P"
_DELIVERY = frozenset({"lot", "serial", "sales_order", "invoice", "packing_list"})
"""Fields that tell a delivery from the next one of the same part and quantity."""
_QUANTITY = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?")
_DIGEST_LENGTH = 16


@dataclass(frozen=True, slots=True)
class GoodsLabel:
    """What a label says about the goods it sticks on; empty where it does not say."""

    order_number: str = ""
    """The purchase order, as the customer numbers it."""
    order_line: str = ""
    part_numbers: tuple[str, ...] = ()
    """The customer's, the maker's, the supplier's: those that the label has."""
    quantity: Decimal | None = None
    """Above zero; ``None`` where the label has none that is certain."""
    lot: str = ""
    serial: str = ""
    date_code: str = ""
    identity: str = ""
    """Tells this package from others: 16 hex digits, the same whenever the same label is read.

    A number of the package decides alone. Else it is the whole payload, as long as that names the delivery
    (lot, serial, sales order, invoice, packing list, DigiKey's load): two bags that differ in nothing have
    one identity. A label that says no more than what and how many has none.
    """

    is_taught: bool = False
    """Only the tenant's patterns say so, and these may fit anything: the text itself may be meant."""

    @property
    def is_naming(self) -> bool:
        """Return whether it names a part or an order, and so says where the goods belong."""
        return bool(self.part_numbers or self.order_number)

    @property
    def is_counting(self) -> bool:
        """Return whether it says anything that is entered with a receipt."""
        return bool(self.quantity or self.lot or self.serial or self.date_code)


def goods_label(readings: Readings) -> GoodsLabel | None:
    """Return what a barcode says about goods, ``None`` where it is no label of goods.

    Of several readings those that name a part or an order count, the most believed first; without any the
    first counts.
    """
    said = [(reading, own) for reading in readings.readings if (own := fields_of(reading))]
    kept = [(reading, own) for reading, own in said if own.keys() & _NAMING] or said[:1]
    if not kept:
        return None
    fields: dict[str, str] = {}
    for _, own in reversed(kept):
        fields.update(own)
    identities = (_identity(reading, own, readings.text) for reading, own in kept)
    numbers = (fields[name] for name in PART_NUMBERS if name in fields)
    return GoodsLabel(
        order_number=fields.get("customer_po", ""),
        order_line=fields.get("customer_po_line", ""),
        part_numbers=tuple(dict.fromkeys(numbers)),
        quantity=_quantity(fields.get("quantity", "")),
        lot=fields.get("lot", ""),
        serial=fields.get("serial", ""),
        date_code=fields.get("date_code", ""),
        identity=next(filter(None, identities), ""),
        is_taught=all(isinstance(reading, IonPattern) for reading, _ in kept),
    )


def fields_of(reading: Reading) -> Mapping[str, str]:
    """Return what a reading says about goods, by the names of ``kiosk.barcodes.FIELDS``, empty ones left out.

    Filters of a taught pattern that match partially name nothing.
    """
    match reading:
        case Iso15434(format="05", identifiers=pairs) | Gs1(pairs):
            fields = _certain(pairs)
        case Iso15434(identifiers=pairs):
            types = {value for name, value in pairs if name == _TYPE_NUMBER}
            # Makers such as NXP print an ordering number as 1P: people order by the type.
            typed = {"supplier_part_number": types.pop()} if len(types) == 1 else {}
            fields = {**typed, **reading.fields}
        case Lcsc() | Tme() | Digikey1d():
            fields = dict(reading.fields)
        case IonPattern():
            fields = {_TAUGHT[name]: value for name, value in reading.fields.items() if name in _TAUGHT}
        case _:
            return {}
    return {name: kept for name, value in fields.items() if (kept := value.strip(" "))}


def _certain(elements: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return the fields of GS1 elements; one that is given twice with different values is not certain."""
    values: dict[str, set[str]] = {}
    for ai, value in elements:
        if ai in _AIS:
            values.setdefault(_AIS[ai], set()).add(value)
    return {name: found.pop() for name, found in values.items() if len(found) == 1}


def _quantity(text: str) -> Decimal | None:
    number = Decimal(text) if _QUANTITY.fullmatch(text) else Decimal(0)
    return number or None


def _identity(reading: Reading, fields: Mapping[str, str], text: str) -> str:
    pairs: Sequence[tuple[str, str]] = ()
    match reading:
        case Iso15434(identifiers=pairs) | Gs1(elements=pairs):
            pairs = sorted({pair for pair in pairs if pair[1]})
        case Digikey1d():
            pairs = [(_LOAD_ID, reading.load_id), ("part", reading.part_id), ("Q", fields["quantity"])]
        case _:
            pass
    packages = [pair for pair in pairs if pair[0] in _PACKAGES]
    if packages:
        return _digest([*packages, *((name, fields[name]) for name in PART_NUMBERS if name in fields)])
    if fields.keys() & _DELIVERY or any(name == _LOAD_ID for name, _ in pairs):
        return _digest(pairs or [("", text.rstrip("\r\n"))])
    return ""


def _digest(pairs: Sequence[tuple[str, str]]) -> str:
    written = "\0".join(f"{name}\0{value}" for name, value in pairs)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_LENGTH]
