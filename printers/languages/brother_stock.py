"""Brother's printers and the stock that fits them (raster command references of the QL and PT series)."""

from dataclasses import dataclass
from typing import Final

from printers.errors import LabelInvalid
from printers.handling import Handling
from printers.media import Media, Tracking


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What differs between the printers that speak Brother's raster language."""

    pins: int = 720
    """Dots of the print head."""
    extra_offset: int = 0
    """Pins that the stock lies further in than on the narrow printers."""
    dpi: int = 300
    is_p_touch: bool = False
    """Laminated tape: other raster commands, any tape type, half cut."""
    invalidate: int = 200
    """Zero bytes that end whatever was begun before."""
    has_mode_switch: bool = True
    """`ESC i a`: raster is one of several languages."""
    has_cutter: bool = True
    can_compress: bool = True
    is_two_colour: bool = False
    least_rows: int = 150
    """Shortest piece of continuous tape."""


_P_TOUCH: Final = Model(pins=128, dpi=180, is_p_touch=True, invalidate=100, least_rows=1)
MODELS: Final[dict[str, Model]] = {
    "QL-500": Model(has_mode_switch=False, has_cutter=False, can_compress=False, least_rows=295),
    "QL-550": Model(has_mode_switch=False, can_compress=False, least_rows=295),
    "QL-560": Model(has_mode_switch=False, can_compress=False, least_rows=295),
    "QL-570": Model(has_mode_switch=False, can_compress=False),
    "QL-580N": Model(),
    "QL-650TD": Model(least_rows=295),
    "QL-700": Model(has_mode_switch=False, can_compress=False),
    "QL-710W": Model(),
    "QL-720NW": Model(),
    "QL-800": Model(invalidate=400, can_compress=False, is_two_colour=True),
    "QL-810W": Model(invalidate=400, is_two_colour=True),
    "QL-820NWB": Model(invalidate=400, is_two_colour=True),
    "QL-1050": Model(pins=1296, extra_offset=44, least_rows=295),
    "QL-1060N": Model(pins=1296, extra_offset=44, least_rows=295),
    "QL-1100": Model(pins=1296, extra_offset=44, invalidate=350),
    "QL-1110NWB": Model(pins=1296, extra_offset=44, invalidate=350),
    "PT-E500": _P_TOUCH,
    "PT-E550W": _P_TOUCH,
    "PT-H500": _P_TOUCH,
    "PT-P700": _P_TOUCH,
    "PT-P710BT": _P_TOUCH,
    "PT-P750W": _P_TOUCH,
}


@dataclass(frozen=True, slots=True)
class Stock:
    """What of a label or tape can be printed."""

    width: int
    """Printable dots across."""
    height: int
    """Printable dots along the feed; of continuous tape what lies between its margins."""
    offset: int
    """Unused pins on the side of pin 0."""
    length_mm: int
    """As the printer is told: 0 for continuous tape."""
    feed_margin: int
    """Blank dots that the printer feeds before and after continuous tape."""


_TAPES: Final[dict[float, tuple[int, int]]] = {
    12: (106, 29),
    29: (306, 6),
    38: (413, 12),
    50: (554, 12),
    54: (590, 0),
    62: (696, 12),
    102: (1164, 12),
}
"""Width in mm: printable dots and offset."""
_DIE_CUT: Final[dict[tuple[float, float], tuple[int, int, int]]] = {
    (17, 54): (165, 566, 0),
    (17, 87): (165, 956, 0),
    (23, 23): (202, 202, 42),
    (29, 42): (306, 425, 6),
    (29, 90): (306, 991, 6),
    (38, 90): (413, 991, 12),
    (39, 48): (425, 495, 6),
    (52, 29): (578, 271, 0),
    (62, 29): (696, 271, 12),
    (62, 100): (696, 1109, 12),
    (102, 51): (1164, 526, 12),
    (102, 153): (1164, 1660, 12),
}
"""Width and length in mm: printable dots across and along, offset."""
_P_TOUCH_TAPES: Final[dict[float, tuple[int, int]]] = {
    3.5: (24, 52),
    6: (32, 48),
    9: (50, 39),
    12: (70, 29),
    18: (112, 8),
    24: (128, 0),
}
_WIDEST_MM: Final = 102
_QL_MARGIN: Final = 35
"""3 mm at 300 dpi."""
_P_TOUCH_MARGIN: Final = 14
"""2 mm at 180 dpi."""


def model_of(name: str) -> Model:
    """Return a printer by its name.

    Raises:
        LabelInvalid: There is no such printer here.
    """
    if name not in MODELS:
        raise LabelInvalid(f"brother_ql: model={name!r}: expected one of {', '.join(MODELS)}")
    return MODELS[name]


def stock_of(media: Media, model: Model) -> Stock:
    """Return what can be printed of a label or tape.

    A size that is sold die-cut is taken to be that, unless the media says that it is continuous.

    Raises:
        LabelInvalid: The printer has no such stock, or another resolution.
    """
    if media.dpi != model.dpi:
        raise LabelInvalid(f"brother_ql: dpi={media.dpi}: expected {model.dpi} for this model")
    size = (media.width_mm, media.height_mm)
    if not model.is_p_touch and media.tracking is not Tracking.CONTINUOUS and size in _DIE_CUT:
        width, height, offset = _DIE_CUT[size]
        stock = Stock(width, height, offset + model.extra_offset, int(media.height_mm), 0)
    else:
        stock = _tape(media, model)
    if stock.width + stock.offset > model.pins:
        raise LabelInvalid(f"brother_ql: width_mm={media.width_mm:g}: expected stock that fits this model")
    return stock


def trial(width_mm: float, height_mm: float, dpi: int | None) -> tuple[Media, Handling]:
    """Choose the narrowest tape on which a label has room, and put the label in the middle of it."""
    for name in ("QL-820NWB", "QL-1110NWB"):
        model = MODELS[name]
        if dpi not in (None, model.dpi):
            raise LabelInvalid(f"brother_ql: dpi={dpi}: expected {model.dpi}")
        for tape_mm, (dots, offset) in _TAPES.items():
            has_room = width_mm <= dots / Media(tape_mm, 1, model.dpi).dots_per_mm
            if dots + offset <= model.pins and (has_room or (tape_mm == _WIDEST_MM and width_mm <= tape_mm)):
                return _trial_on(tape_mm, (width_mm, height_mm), name)
    raise LabelInvalid(f"brother_ql: expected a label of at most {_WIDEST_MM} mm, got {width_mm:g} mm")


def _trial_on(tape_mm: float, size_mm: tuple[float, float], name: str) -> tuple[Media, Handling]:
    model = MODELS[name]
    margin_mm = _QL_MARGIN / Media(tape_mm, 1, model.dpi).dots_per_mm
    least_mm = model.least_rows / Media(tape_mm, 1, model.dpi).dots_per_mm
    length_mm = max(size_mm[1], least_mm + 0.1) + 2 * margin_mm
    media = Media(tape_mm, length_mm, model.dpi, tracking=Tracking.CONTINUOUS)
    return media, Handling(model=name, offset_x_mm=(tape_mm - size_mm[0]) / 2, offset_y_mm=margin_mm)


def _tape(media: Media, model: Model) -> Stock:
    tapes = _P_TOUCH_TAPES if model.is_p_touch else _TAPES
    margin = _P_TOUCH_MARGIN if model.is_p_touch else _QL_MARGIN
    if media.tracking is Tracking.GAP or media.width_mm not in tapes:
        sizes = [f"{width:g}" for width in tapes]
        if not model.is_p_touch:
            sizes += [f"{width:g} x {length:g}" for width, length in _DIE_CUT]
        raise LabelInvalid(
            f"brother_ql: width_mm={media.width_mm:g}, height_mm={media.height_mm:g}: "
            f"expected one of the sizes {', '.join(sizes)}"
        )
    width, offset = tapes[media.width_mm]
    height = media.height_dots - 2 * margin
    if height < model.least_rows:
        least_mm = (model.least_rows + 2 * margin) / media.dots_per_mm
        raise LabelInvalid(f"brother_ql: height_mm={media.height_mm:g}: expected at least {least_mm:.1f}")
    return Stock(width, height, offset + model.extra_offset, 0, margin)
