"""ZPL II: the bitmap as one compressed graphic, or the label as commands (`zpl_native`)."""

import base64
import binascii
import zlib
from typing import Final

from printers.handling import Cut, Handling
from printers.languages.abilities import Abilities, check_settings
from printers.languages.base import Language, Proof
from printers.languages.bitmap import placed
from printers.languages.zpl_native import fields
from printers.languages.zpl_status import INQUIRY, QUESTIONS
from printers.languages.zpl_text import check_ready_made
from printers.layout import Layout
from printers.media import Media, Tracking
from printers.raster import Raster

_COMPRESSION: Final = 6
_ABILITIES: Final = Abilities(
    speeds=range(1, 15),
    darknesses=range(31),
    cuts=frozenset({Cut.NO, Cut.FULL}),
    can_peel=True,
    trackings=frozenset(Tracking),
    is_native=True,
)
"""`^PR` in inches a second, `~SD`, `^MM`, `^MN`."""
_TRACKING: Final = {Tracking.GAP: "^MNY", Tracking.MARK: "^MNM", Tracking.CONTINUOUS: "^MNN"}


def check(media: Media, handling: Handling) -> None:
    """See `Language`."""
    check_settings("zpl", _ABILITIES, media, handling)


def encode(raster: Raster, media: Media, handling: Handling) -> bytes:
    """Encode one label as a single graphic.

    No user text is in it but as dots, so nothing a barcode or ION says can become a command.

    Args:
        raster: The label; drawn from the media's top left corner.
        media: What is in the printer; gives `^PW` and `^LL`.
        handling: How the printer is to treat it.

    Raises:
        LabelInvalid: The bitmap is larger than the media.
    """
    check(media, handling)
    return _framed(graphic(0, 0, placed("zpl", raster, media, handling)), media, handling)


def encode_native(layout: Layout, raster: Raster, media: Media, handling: Handling) -> bytes:
    """Encode one label as commands; what they cannot draw to the dot goes along as graphics.

    Only texts differ from the bitmap: the printer sets them in a typeface of its own.

    Args:
        layout: Where everything stands.
        raster: The same, drawn.
        media: What is in the printer.
        handling: How the printer is to treat it.

    Raises:
        LabelInvalid: The bitmap is larger than the media.
    """
    check(media, handling)
    placed("zpl", raster, media, handling)  # refuses what would fall off
    by = (media.dots(handling.offset_x_mm), media.dots(handling.offset_y_mm))
    commands, rest = fields(layout, raster, by)
    if rest is not None:
        commands.insert(0, graphic(*rest))
    return _framed("".join(commands), media, handling)


def graphic(x: int, y: int, raster: Raster) -> str:
    """Write a bitmap as `^GFA` with zlib, base64 and its CRC-16/CCITT (ZPL II guide, "Z64")."""
    packed = base64.b64encode(zlib.compress(raster.bits, _COMPRESSION))
    return (
        f"^FO{x},{y}^GFA,{len(raster.bits)},{len(raster.bits)},{raster.row_bytes},"
        f":Z64:{packed.decode('ascii')}:{binascii.crc_hqx(packed, 0):04X}^FS"
    )


def _framed(content: str, media: Media, handling: Handling) -> bytes:
    """Put fields between `^XA` and `^XZ`.

    `^JZN` because whoever sent the label asks a person before printing it again; the printer must not do so
    by itself when its paper ran out.
    """
    darkness = "" if handling.darkness is None else f"~SD{handling.darkness:02d}"
    settings = _TRACKING[media.tracking] if media.tracking else ""
    if handling.peel:
        settings += "^MMP"
    elif handling.cut is Cut.FULL:
        settings += "^MMC"
    elif handling.cut is Cut.NO or handling.peel is False:
        settings += "^MMT"
    if handling.speed is not None:
        settings += f"^PR{handling.speed}"
    return (
        f"{darkness}^XA^CI28^PW{media.width_dots}^LL{media.height_dots}^LH0,0^JZN{settings}"
        f"{content}^PQ{handling.copies}^XZ"
    ).encode("ascii")


def _counts(_handling: Handling) -> Proof:
    return Proof.COUNT


ZPL: Final = Language(
    "zpl",
    "application/vnd.zebra-zpl",
    encode,
    check,
    encode_native=encode_native,
    check_ready_made=check_ready_made,
    questions=QUESTIONS,
    inquiry=INQUIRY,
    proof=_counts,
)
