"""Labels without a printer library."""

import hashlib

from kiosk.errors import LabelError
from kiosk.flows.labels import USUAL, Choices
from kiosk.model import PreparedLabel, Print


class FakeLabels:
    """Makes labels whose bytes tell what is on them."""

    def __init__(self, printer: str = "zebra") -> None:
        self.printer = printer
        self.fault: Exception | None = None
        self.made: list[Print] = []

    def printer_of(self, station: str) -> str:
        del station
        return self.printer

    def printers_of(self, station: str) -> tuple[str, ...]:
        del station
        return (self.printer,) if self.printer else ()

    def marked(self, printer_name: str, label: Print, digest: str, edition: int) -> None:
        del printer_name, label, digest, edition

    def takes_zpl(self, station: str) -> bool:
        del station
        return bool(self.printer)

    def choices(self, station: str) -> Choices:
        del station
        return USUAL

    def prepare(self, station: str, label: Print) -> PreparedLabel:
        del station
        if self.fault is not None:
            raise self.fault
        if not self.printer:
            raise LabelError(f"Cannot make label {label.label!r}: this station has no printer.")
        self.made.append(label)
        text = f"{label.label}:{sorted(label.fields.items())}"
        return PreparedLabel(
            label.label,
            hashlib.sha256(label.label.encode()).hexdigest(),
            str(label.fields.get("code", "")),
            text.encode(),
            b"PNG" + text.encode(),
        )
