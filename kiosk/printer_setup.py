"""A printer of the settings in the words of the printers library: its stock, and how it treats its labels."""

from kiosk.settings import PrinterSettings
from printers import Cut, Handling, Media, Tracking


def media_of(settings: PrinterSettings) -> Media:
    """Return the stock that the settings say is in a printer.

    Raises:
        LabelInvalid: There is no such stock.
    """
    return Media(
        settings.width_mm,
        settings.height_mm,
        settings.dpi,
        tracking=Tracking(settings.tracking) if settings.tracking else None,
        gap_mm=settings.gap_mm,
        is_two_colour=settings.two_colour,
        has_ribbon=settings.ribbon,
    )


def handling_of(settings: PrinterSettings) -> Handling:
    """Return how the settings want a printer to treat its labels.

    Raises:
        LabelInvalid: A value that no printer has.
    """
    return Handling(
        model=settings.model,
        is_native=settings.native,
        speed=settings.speed,
        darkness=settings.darkness,
        cut=Cut(settings.cut) if settings.cut else None,
        peel=settings.peel,
        offset_x_mm=settings.offset_x_mm,
        offset_y_mm=settings.offset_y_mm,
    )
