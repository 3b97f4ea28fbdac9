"""What the data identifiers of electronics labels mean (ECIA EIGP-114), and where suppliers differ."""

import re
from collections.abc import Mapping, Sequence

_MEANINGS = {
    "K": "customer_po",
    "4K": "customer_po_line",
    "14K": "customer_po_line",
    "1K": "sales_order",
    "10K": "invoice",
    "11K": "packing_list",
    "P": "customer_part_number",
    "1P": "manufacturer_part_number",
    "Q": "quantity",
    "1T": "lot",
    "T": "lot",
    "S": "serial",
    "9D": "date_code",
    "10D": "date_code",
    "11D": "date_code",
    "4L": "country",
}
"""EIGP-114, and 11D, which is 10D with the century (ANSI MH10.8.2).

Of two identifiers for one field the first that the label has wins, in this order.
"""

_DIFFERENCES: dict[str | None, dict[str, str]] = {
    "DigiKey": {"30P": "supplier_part_number"},
    "Mouser": {"11K": "invoice"},
    "Farnell": {"3P": "supplier_part_number"},
    "Texas Instruments": {"D": "date_code"},
}

_DIGIKEY_KINDS = frozenset({"PICK", "PREPACK"})
_DIGIKEY_PACKING_LIST = frozenset({"K", "1K", "10K", "11K"})
_DIGIKEY_OWN = frozenset({"1K", "10K", "11Z", "12Z", "13Z", "20Z"})
_TI_ID = ("V", "0033317")
"""What Texas Instruments calls itself on each of its labels."""
_TI_ORIGINS = frozenset({"20L", "21L", "22L", "23L"})
_NUMBER = re.compile(r"0*([0-9]{1,15})(\.[0-9]{1,9})?")


def supplier_and_fields(
    identifiers: Sequence[tuple[str, str]], *, is_reversed: bool
) -> tuple[str | None, Mapping[str, str]]:
    """Return whose label it is, where that can be recognised, and its fields.

    A field that the label gives twice with different values is left out: neither is certain.

    Args:
        identifiers: data identifier and value.
        is_reversed: the header is ``>[)>``.
    """
    names = {identifier for identifier, _ in identifiers}
    supplier = _supplier(names, identifiers, is_reversed=is_reversed)
    meanings = {**_MEANINGS, **_DIFFERENCES.get(supplier, {})}
    if supplier == "DigiKey" and "30P" not in names:
        # Older labels have no customer reference: P is DigiKey's own number.
        meanings["P"] = "supplier_part_number"
    fields: dict[str, str] = {}
    for identifier, meaning in meanings.items():
        values = {value for name, value in identifiers if name == identifier}
        if len(values) == 1 and meaning not in fields:
            fields[meaning] = values.pop()
    return supplier, with_plain_quantity(fields)


def with_plain_quantity(fields: dict[str, str]) -> dict[str, str]:
    """Return the fields with the quantity as a plain number, or without it where it is none."""
    match = _NUMBER.fullmatch(fields.get("quantity", ""))
    rest = {name: value for name, value in fields.items() if name != "quantity"}
    return rest if match is None else {**rest, "quantity": f"{int(match[1])}{match[2] or ''}"}


def _is_digikey(names: set[str], identifiers: Sequence[tuple[str, str]]) -> bool:
    """Tell DigiKey by its kind of label, part and load ids, packing list, or numbers that end in -ND.

    Such a number alone proves nothing: makers print it on what they deliver to DigiKey.
    """
    return (
        names >= {"12Z", "13Z"}
        or {"1K", "10K"} <= names <= _DIGIKEY_PACKING_LIST
        or any(name == "11Z" and value in _DIGIKEY_KINDS for name, value in identifiers)
        or any(
            value.endswith("-ND") and (name == "30P" or (name == "P" and names & _DIGIKEY_OWN))
            for name, value in identifiers
        )
    )


def _supplier(names: set[str], identifiers: Sequence[tuple[str, str]], *, is_reversed: bool) -> str | None:
    if _is_digikey(names, identifiers):
        return "DigiKey"
    if is_reversed or "14K" in names:
        return "Mouser"
    if "3P" in names and names & {"K", "4K"}:
        return "Farnell"
    if _TI_ID in identifiers or ({"1P", "D"} <= names and len(names & _TI_ORIGINS) > 1):
        return "Texas Instruments"
    return None
