"""The kinds of reading a barcode can have; their JSON is that of ``kiosk decode --json``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from kiosk.barcodes.envelope import begins_envelope
from kiosk.visible import visible

_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class IonUid:
    """ION's own label: a JSON object with the one key ``uid``."""

    kind: ClassVar[str] = "ion-uid"
    uid: str
    """32 lower-case hex digits."""


@dataclass(frozen=True, slots=True)
class IonRef:
    """The kiosk's reference to an ION object: ``ION/PI/123``."""

    kind: ClassVar[str] = "ion-ref"
    entity: str
    """``PI``, ``RUN``, ``PO``, ``LOC``, ``PART`` or ``OP``."""
    id: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command barcode: ``ION/CMD/<verb>[/<argument>]``."""

    kind: ClassVar[str] = "command"
    verb: str
    argument: str | None = None


@dataclass(frozen=True, slots=True)
class IonPattern:
    """A barcode of another system that the tenant has taught ION by a ``barcodePattern``."""

    kind: ClassVar[str] = "ion-pattern"
    pattern: str
    """The pattern's id in ION."""
    fields: Mapping[str, str]
    """By ION's field names, with their suffixes: ``part_partNumber``, ``serialNumber__prefix`` ..."""
    entity_type: str = ""
    """What the fields describe, such as ``PARTS_INVENTORY``."""


@dataclass(frozen=True, slots=True)
class Gs1:
    """GS1 element strings; an EAN, UPC or ITF-14 is an AI (01) of 14 digits."""

    kind: ClassVar[str] = "gs1"
    elements: tuple[tuple[str, str], ...]
    """Application identifier and value, in the order of the barcode."""


@dataclass(frozen=True, slots=True)
class Iso15434:
    """A label in the envelope of ISO/IEC 15434."""

    kind: ClassVar[str] = "iso15434"
    format: str
    """``06`` data identifiers (ANSI MH10.8.2), ``05`` GS1 identifiers, ``12`` text element identifiers."""
    identifiers: tuple[tuple[str, str], ...]
    """Identifier and value, in the order of the barcode, empty values included."""
    supplier: str | None = None
    """Whose label it is, where that can be recognised."""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lcsc:
    """LCSC's own form: ``{pbn:...,on:...,pc:...}``, which is not JSON."""

    kind: ClassVar[str] = "lcsc"
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tme:
    """TME's own forms, in QR codes and in Data Matrix."""

    kind: ClassVar[str] = "tme"
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Digikey1d:
    """DigiKey's older Code 128: 22 digits."""

    kind: ClassVar[str] = "digikey-1d"
    fields: Mapping[str, str]
    part_id: str = ""
    """DigiKey's internal number of the part, 7 digits."""
    load_id: str = ""
    """6 digits."""


FIELDS = (
    "customer_po",
    "customer_po_line",
    "customer_part_number",
    "supplier_part_number",
    "manufacturer_part_number",
    "quantity",
    "lot",
    "serial",
    "date_code",
    "country",
    "packing_list",
    "sales_order",
    "invoice",
)
"""The names in ``fields`` of supplier labels. A field is missing where the label does not have it, and empty
where the label leaves it empty; ``quantity`` is there only as a plain number without leading zeros."""


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text: a part number, serial, lot or order number, as somebody else wrote it."""

    kind: ClassVar[str] = "text"
    value: str


Reading: TypeAlias = IonUid | IonRef | Command | IonPattern | Gs1 | Iso15434 | Lcsc | Tme | Digikey1d | Text


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why the barcode is not of this kind."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Readings:
    """All that a barcode can mean."""

    raw: bytes
    text: str
    """The raw bytes as text: UTF-8 where they are valid UTF-8, else latin-1; less the AIM identifier.
    Where that announces the ECI protocol, in the character sets named in the data."""
    symbology: str | None
    """AIM symbology identifier, such as ``]d1``."""
    readings: tuple[Reading, ...]
    """In the order in which they are to be believed (see ``kiosk.barcodes.reader``)."""
    rejected: tuple[Rejected, ...]

    @property
    def is_damaged_label(self) -> bool:
        """Return whether it begins like a label in the envelope of ISO/IEC 15434, and none can be read."""
        is_read = any(isinstance(reading, Iso15434) for reading in self.readings)
        return not is_read and begins_envelope(self.text)

    @property
    def shown(self) -> str:
        """Return the text as it can be shown, cut at 200 characters."""
        cut = visible(self.text[:_MOST_SHOWN])
        return cut if len(self.text) <= _MOST_SHOWN else cut + "…"
