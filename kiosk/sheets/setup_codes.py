"""The test barcodes of the scanner set-up sheet, and what a scan of one says about the scanner."""

from dataclasses import dataclass
from typing import Final

from kiosk.barcodes import aim
from kiosk.barcodes.payload import decoded
from printers.symbols import Matrix, Symbology, encode

SEPARATORS: Final = "[)>\x1e06\x1dPION-TEST\x1dQ5\x1e\x04"
"""ISO/IEC 15434 format 06: part ION-TEST, quantity 5; with RS, GS and EOT."""
KEYS: Final = "ION-TEST/aAyYzZ_-@^]}0"
"""Both cases, the letters that other keyboard layouts swap, and signs that they put elsewhere."""
DOUBLES: Final = "ION-TEST/1122 33"
"""A scanner that does not send a key's release loses the second of two equal characters."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a test scan shows of a scanner."""

    is_good: bool
    text: str


def separators_symbol() -> Matrix:
    """Return the Data Matrix with control characters inside."""
    return encode(Symbology.DATAMATRIX, SEPARATORS)


def keys_symbol() -> Matrix:
    """Return the Code 128 with letters in both cases and signs."""
    return encode(Symbology.CODE128, KEYS)


def doubles_symbol() -> Matrix:
    """Return the Code 128 with equal characters in a row."""
    return encode(Symbology.CODE128, DOUBLES)


def findings(raw: bytes) -> tuple[Finding, ...]:
    """Say what the scan of a test barcode shows; nothing for any other scan.

    Args:
        raw: as the scanner sent it, with or without a symbology identifier.
    """
    identifier, body = aim.split(raw)
    text = decoded(body)
    if "ION-TEST" not in text.upper():
        return ()
    return (_identified(identifier), _compared(text))


def _identified(identifier: str | None) -> Finding:
    if identifier is None:
        return Finding(is_good=False, text="No AIM identifier in front: switch it on.")
    return Finding(is_good=True, text=f"AIM identifier {identifier}, {aim.describe(identifier).name}.")


def _compared(text: str) -> Finding:
    written = text.rstrip("\r\n")
    if written in {SEPARATORS, KEYS, DOUBLES}:
        if written == SEPARATORS:
            text = f"All {len(written)} characters came through, GS, RS and EOT among them."
            return Finding(is_good=True, text=text)
        return Finding(is_good=True, text=f"All {len(written)} characters came through.")
    if written.startswith("[)>"):
        lost = [name for name, sign in (("GS", "\x1d"), ("RS", "\x1e"), ("EOT", "\x04")) if sign not in text]
        if lost:
            return Finding(
                is_good=False,
                text=f"{' and '.join(lost)} did not come through: let it send control characters.",
            )
    if written.swapcase() in {SEPARATORS, KEYS, DOUBLES}:
        return Finding(
            is_good=False, text="Upper and lower case are swapped: Caps Lock, or a setting for it."
        )
    return Finding(
        is_good=False, text="Characters changed on the way: set the scanner's keyboard layout to US."
    )
