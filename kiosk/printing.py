"""Labels: a subject's fields on a design, made for the printer that is to print them."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace

from kiosk.errors import LabelError
from kiosk.flows.labels import USUAL
from kiosk.flows.signing import serial_on
from kiosk.label_choice import selected, station_choices, stock_fault
from kiosk.label_shelf import Designs
from kiosk.model import Face, LabelChoice, LabelFields, PreparedLabel, Print
from kiosk.printer_setup import kind_of
from kiosk.settings import StationSettings
from printers import Design, LabelInvalid, Media, Printer, prepare_ready_made, texts_of

_OURS = frozenset({"copy", "copies", "reprint"})
"""What the kiosk alone says of a label."""
_MOST_COUNTED = 100
"""Copies that differ; each is drawn and read back by itself."""


class LabelShop:
    """Makes labels for the stations' printers."""

    def __init__(
        self,
        designs: Designs,
        stations: tuple[StationSettings, ...],
        printers: Mapping[str, Printer],
    ) -> None:
        self._designs = designs
        self._changing = threading.Lock()
        self._stations = {station.name: station for station in stations}
        self._printers = printers
        self._chosen: dict[str, tuple[Designs, Media | None, Mapping[str, tuple[LabelChoice, ...]]]] = {}
        """What each station prints, and of which designs and stock that follows: asked at every scan."""

    @property
    def designs(self) -> Designs:
        """Return what labels are made of now."""
        return self._designs

    def change(self, to: Callable[[Designs], Designs]) -> None:
        """Make every further label of other designs; what is queued already keeps its bytes."""
        with self._changing:
            self._designs = to(self._designs)  # one assignment: a label is made of the old or of the new ones

    def printer_of(self, station: str) -> str:
        """See ``LabelRoom``."""
        found = self._stations.get(station)
        return found.printer if found else ""

    def printers_of(self, station: str) -> tuple[str, ...]:
        """See ``LabelRoom``."""
        found = self._stations.get(station)
        named = [label.printer for label in found.labels] if found else []
        return tuple(dict.fromkeys(filter(None, [self.printer_of(station), *named])))

    def choices(self, station: str) -> Mapping[str, tuple[LabelChoice, ...]]:
        """See ``LabelRoom``."""
        settings = self._stations.get(station)
        if settings is None:
            return USUAL
        own = self._printers.get(settings.printer)
        designs, stock = self._designs, own.media if own else None
        known = self._chosen.get(station)
        if known is None or known[0] is not designs or known[1] != stock:
            known = (designs, stock, station_choices(settings, designs.good, stock))
            self._chosen[station] = known
        return known[2]

    def misfits(self, station: str) -> tuple[str, ...]:
        """Return why labels that the settings of a station name cannot be printed there."""
        found = self._stations.get(station)
        faults = []
        for one in found.labels if found else ():
            printer = self._printers.get(one.printer or self.printer_of(station))
            design = self._designs.good.get(one.design)
            if printer is None:
                faults.append(f"stations.labels: {one.design!r} of {one.subject} has no printer.")
            elif design is None:
                known = sorted(self._designs.good)
                faults.append(f"stations.labels: {one.design!r}, expected a design that is good, of {known}.")
            elif fault := stock_fault(design, printer.media):
                faults.append(f"stations.labels: {one.design!r} on {printer.name!r}: {fault}.")
        return tuple(faults)

    def takes_zpl(self, station: str) -> bool:
        """See ``LabelRoom``."""
        printer = self._printers.get(self.printer_of(station))
        return printer is not None and printer.language.check_ready_made is not None

    def printer(self, name: str) -> Printer:
        """Return a printer of the settings."""
        return self._printers[name]

    def prepare(self, station: str, label: Print) -> PreparedLabel:
        """See ``LabelRoom``."""
        return self.prepare_for(label.printer or self.printer_of(station), label)

    def prepare_for(self, printer_name: str, label: Print) -> PreparedLabel:
        """Make a label for one printer.

        Raises:
            LabelError: unknown label, printer or field, data that does not fit, or it would not scan.
        """
        if label.zpl:
            return self._drawn_by_ion(printer_name, label)
        designs = self._designs
        design = designs.good.get(label.label)
        if label.label in designs.faults:
            fault = designs.faults[label.label]
            raise LabelError(f"Cannot make label {label.label!r}: {fault}")
        if design is None:
            raise LabelError(f"Cannot make label {label.label!r}: expected one of {sorted(designs.good)}.")
        own = {name: value for name, value in label.fields.items() if name not in _OURS}
        label = replace(label, fields=_taken(replace(label, fields=own), design, designs))
        if not {"copy", "copies"} & design.takes.keys():
            return self.make(printer_name, design, label)
        if label.copies > _MOST_COUNTED:
            raise LabelError(
                f"Cannot make label {label.label!r}: expected {_MOST_COUNTED} copies or less of a label that "
                f"counts them, got {label.copies}."
            )
        made = [
            self.make(printer_name, design, _with(label, design, copy=str(n), copies=str(label.copies)))
            for n in range(1, label.copies + 1)
        ]
        return replace(made[0], copies=tuple(made))

    def marked(self, printer_name: str, label: Print, digest: str, edition: int) -> Face | None:
        """See ``LabelRoom``."""
        design = self._designs.good.get(label.label)
        if design is None or design.digest != digest or "reprint" not in design.takes:
            return None
        if not serial_on(label.fields, label.subject):
            return None
        fields = {**label.fields, "reprint": f"REPRINT {edition}"}
        try:
            made = self.make(printer_name, design, replace(label, fields=selected(fields, design)))
        except LabelError:
            return None
        return Face(fields, made)

    def make(self, printer_name: str, design: Design, label: Print) -> PreparedLabel:
        """Make a label of a design that need not be one of the kiosk's.

        Raises:
            LabelError: unknown printer or field, data that does not fit, or it would not scan.
        """
        printer = self._fitting(printer_name, label)
        try:
            made = printer.prepare(design, label.fields)
        except LabelInvalid as fault:
            raise LabelError(f"Cannot make label {label.label!r}: {fault}") from fault
        made_for = kind_of(printer)
        return PreparedLabel(label.label, design.digest, made.encoded, made.payload, made.png, made_for)

    def _drawn_by_ion(self, printer_name: str, label: Print) -> PreparedLabel:
        printer = self._fitting(printer_name, label)
        payload, facts = label.zpl.encode("utf-8", "replace"), texts_of(label.fields)
        code = facts.get("code", "")
        try:
            made = prepare_ready_made(
                payload,
                printer.language,
                encoded=code if code.encode() in payload else "",
                facts={name: text for name, text in facts.items() if name != "code"},
                media=printer.media,
            )
        except LabelInvalid as fault:
            raise LabelError(f"Cannot print the label that ION drew: {fault}") from fault
        made_for = kind_of(printer)
        return PreparedLabel(label.label, made.digest, made.encoded, made.payload, made.png, made_for)

    def _fitting(self, printer_name: str, label: Print) -> Printer:
        printer = self._printers.get(printer_name)
        if printer is not None:
            return printer
        raise LabelError(
            f"Cannot print on {printer_name!r}: expected one of {sorted(self._printers)}."
            if printer_name
            else f"Cannot make label {label.label!r}: this station has no printer."
        )


def _with(label: Print, design: Design, **facts: str) -> Print:
    """Return a label with what the kiosk itself knows of it, as far as its design shows that."""
    shown = {name: value for name, value in facts.items() if name in design.takes}
    return replace(label, fields={**label.fields, **shown})


def _taken(label: Print, design: Design, designs: Designs) -> LabelFields:
    """Leave out what a design need not show: of all that is known what it does not take.

    A program gives what the packaged design of that name takes, and the site's may show less.
    """
    if label.is_selecting:
        return selected(label.fields, design)
    packaged = designs.packaged.get(design.name)
    if packaged is None or packaged is design:
        return label.fields
    left_out = packaged.takes.keys() - design.takes.keys()
    return {name: value for name, value in label.fields.items() if name not in left_out}
