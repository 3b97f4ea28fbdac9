"""ZPL that somebody else made: ION's `createBarcodeLabel`, or a site's own template, printed as it is."""

import re
from collections.abc import Mapping
from typing import Final

from printers.errors import LabelInvalid
from printers.languages.zpl_native import escaped

LARGEST: Final = 1_000_000
"""Bytes; a label of 4 x 6 inches at 300 dpi as plain hexadecimal digits has 540,000."""
_PLACEHOLDER: Final = re.compile(r"\$\{([^${}\r\n]{1,100})\}")
_DATA: Final = re.compile(r"(\^FH([^\s^~]?)\s*)?\^FD(.*?)(?=\^FS|\^XZ)", re.DOTALL)
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


def fill(zpl: str, values: Mapping[str, str]) -> str:
    """Put values into a template's `${...}` placeholders, as data and never as commands.

    A field with a placeholder gets `^FH` when it has none, and what ZPL would act on is written in
    hexadecimal.

    Args:
        zpl: The template. Placeholders stand in `^FD` data.
        values: By name; a name that is missing prints nothing.

    Raises:
        LabelInvalid: A placeholder outside of a `^FD`, where a value would be a command.
    """

    def field(found: re.Match[str]) -> str:
        has_escapes, escape, data = found[1] is not None, found[2] or "_", found[3]
        if not _PLACEHOLDER.search(data):
            return found[0]
        if not has_escapes:
            escape = "\\"
            data = data.replace(escape, f"{escape}5C")
        filled = _PLACEHOLDER.sub(lambda name: escaped(values.get(name[1], ""), escape), data)
        return f"^FH{escape}^FD{filled}"

    made = _DATA.sub(field, zpl)
    if (left := _PLACEHOLDER.search(_DATA.sub("", zpl))) is not None:
        raise LabelInvalid(f"zpl: expected the placeholder {left[0]!r} in ^FD data, got it elsewhere")
    return made
