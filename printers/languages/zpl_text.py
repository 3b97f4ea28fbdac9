"""ZPL that somebody else made: ION's `createBarcodeLabel`, or a template that was filled; sent as it is."""

import re
from typing import Final

from printers.errors import LabelInvalid

LARGEST: Final = 1_000_000
"""Bytes; a label of 4 x 6 inches at 300 dpi as plain hexadecimal digits has 540,000."""
_LABEL: Final = re.compile(rb"\^XA.*?\^XZ", re.DOTALL)


def check_ready_made(zpl: bytes) -> None:
    """Make sure that it is one or more whole labels, `^XA` to `^XZ`, with nothing left open.

    Raises:
        LabelInvalid: It is not; a half label would swallow the next one.
    """
    if len(zpl) > LARGEST:
        raise LabelInvalid(f"zpl: expected at most {LARGEST} bytes, got {len(zpl)}")
    starts, ends = zpl.count(b"^XA"), zpl.count(b"^XZ")
    if (
        not starts
        or starts != ends
        or len(_LABEL.findall(zpl)) != starts
        or not zpl.rstrip().endswith(b"^XZ")
    ):
        raise LabelInvalid(
            f"zpl {zpl[:40]!r}: expected whole labels, ^XA to ^XZ, got {starts} ^XA and {ends} ^XZ"
        )
