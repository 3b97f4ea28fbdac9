"""What a printer language has to offer."""

from collections.abc import Callable
from dataclasses import dataclass

from printers.media import Media
from printers.raster import Raster
from printers.status import PrinterStatus


@dataclass(frozen=True, slots=True)
class Language:
    """One printer language, as functions without state or I/O."""

    name: str
    """Used in settings and file endings."""
    encode: Callable[[Raster, Media], bytes]
    """One label, printed once; raises LabelInvalid for a bitmap larger than the media."""
    status_query: bytes
    """What makes the printer report its status; empty for a language that cannot ask."""
    is_answer_complete: Callable[[bytes], bool]
    """Whether nothing more belongs to the answer."""
    parse_status: Callable[[bytes], PrinterStatus]
    """Reads any bytes at all, as answers are not to be trusted; never raises."""
