"""A printer of the settings in the words of the printers library: its stock, and how it treats its labels."""

from kiosk.settings import PrinterSettings
from printers import Cut, Handling, Media, Printer, Tracking


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


def stock_words(media: Media) -> str:
    """Return the size of a printer's labels as a person reads it from the roll."""
    return f"{media.width_mm:g} × {media.height_mm:g} mm"


def kind_of(printer: Printer) -> str:
    """Return in words all that another printer must have in common to print the same bytes right."""
    media, handling = printer.media, printer.handling
    facts = (
        printer.language.name,
        handling.model,
        f"{media.dpi} dpi",
        stock_words(media),
        f"tracking {media.tracking.value}" if media.tracking else "",
        "two colours" if media.is_two_colour else "",
        f"cut {handling.cut.value}" if handling.cut else "",
        "" if handling.peel is None else f"peel {'on' if handling.peel else 'off'}",
    )
    return ", ".join(filter(None, facts))
