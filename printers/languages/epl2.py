"""EPL2: the bitmap by `GW`, and the answer to `^ee` (Zebra EPL2 programmer's manual 980352-001)."""

import re
from typing import Final

from printers.handling import Handling
from printers.languages.abilities import Abilities, check_settings
from printers.languages.base import LONGEST_ANSWER, Language, Question
from printers.languages.bitmap import inverted, placed
from printers.media import Media, Tracking
from printers.raster import Raster
from printers.status import INCOMPLETE, SILENT, PrinterStatus, Reason, told

_ABILITIES: Final = Abilities(speeds=range(7), darknesses=range(16), trackings=frozenset(Tracking))
"""`S` is a step of the printer's own table. Cutting and peeling are switched by `O` together with direct
thermal printing, which only the printer knows, so that they stay as they are set there."""


def check(media: Media, handling: Handling) -> None:
    """See `Language`."""
    check_settings("epl2", _ABILITIES, media, handling)


def encode(raster: Raster, media: Media, handling: Handling) -> bytes:
    """Encode one label.

    Width and length of the form come before `N` and `GW`, as they clear the image buffer. In the data 0 is
    black, as in the example on Zebra's page about `GW`.

    Args:
        raster: The label; drawn from the media's top left corner.
        media: What is in the printer; gives `q` and `Q`.
        handling: How the printer is to treat it.

    Raises:
        LabelInvalid: The bitmap is larger than the media.
    """
    check(media, handling)
    sheet = placed("epl2", raster, media, handling)
    gap = media.dots(media.gap_mm)
    stock = {Tracking.CONTINUOUS: "0", Tracking.MARK: f"B{gap}"}.get(media.tracking or Tracking.GAP, f"{gap}")
    settings = [f"q{media.width_dots}", f"Q{media.height_dots},{stock}"]
    if handling.speed is not None:
        settings.append(f"S{handling.speed}")
    if handling.darkness is not None:
        settings.append(f"D{handling.darkness}")
    head = "\r\n".join(["", *settings, "N", f"GW0,0,{sheet.row_bytes},{sheet.height},"])
    return head.encode("ascii") + inverted(sheet) + f"\r\nP{handling.copies}\r\n".encode("ascii")


_ANSWER: Final = re.compile(rb"(\d\d(?:,\d\d){0,19})\r\n")
_ERRORS: Final = {
    b"01": (Reason.NOT_UNDERSTOOD,),
    b"02": (Reason.MEDIA_WRONG,),
    b"03": (Reason.NOT_UNDERSTOOD,),
    b"04": (Reason.MEMORY_FULL,),
    b"05": (Reason.MEMORY_FULL,),
    b"06": (Reason.FAULT,),
    b"07": (Reason.MEDIA_EMPTY, Reason.RIBBON_EMPTY),
    b"11": (Reason.HEAD_OPEN,),
}
"""Manual, "Error codes"; 02 is ink beyond the label, 06 the serial line, and 07 does not say which."""


def is_answer_complete(answer: bytes) -> bool:
    """Tell whether the line has ended, or so much came that it is no answer."""
    return answer.endswith(b"\r\n") or len(answer) > LONGEST_ANSWER


def parse_status(answer: bytes) -> PrinterStatus:
    """Read the answer to `^ee`: `00`, or the codes of all errors, as one line."""
    if not answer:
        return SILENT
    found = _ANSWER.fullmatch(answer)
    if found is None:
        return INCOMPLETE
    codes = found[1].split(b",")
    reasons = [reason for code in codes if code != b"00" for reason in _ERRORS.get(code, (Reason.FAULT,))]
    return told(tuple(dict.fromkeys(reasons)))


EPL2: Final = Language(
    "epl2",
    "application/vnd.eltron-epl",
    encode,
    check,
    questions=(Question(b"\r\n^ee\r\n", is_answer_complete, parse_status),),
)
