"""A printer of the settings in the words of the printers library: its stock, and how it treats its labels."""

from kiosk.errors import SettingsError
from kiosk.model import DeviceState
from kiosk.redaction import scrubbed, secrets_in
from kiosk.settings import PrinterSettings
from kiosk.words import N_
from printers import (
    LANGUAGES,
    Cut,
    Handling,
    LabelInvalid,
    Media,
    Printer,
    PrinterError,
    PrinterState,
    PrinterUnreachable,
    SnmpAgent,
    Tracking,
    open_transport,
)


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
        N_("two colours") if media.is_two_colour else "",
        f"cut {handling.cut.value}" if handling.cut else "",
        "" if handling.peel is None else f"peel {'on' if handling.peel else 'off'}",
    )
    return ", ".join(filter(None, facts))


def open_printers(settings: tuple[PrinterSettings, ...]) -> dict[str, Printer]:
    """Return the printers of the settings; nothing is connected yet.

    Raises:
        SettingsError: a language or URL that is not known; all of them at once.
    """
    opened: dict[str, Printer] = {}
    faults = []
    for one in settings:
        language = LANGUAGES.get(one.language)
        if language is None:
            faults.append(
                f"printers: {one.name!r}: language: expected one of {', '.join(sorted(LANGUAGES))}, "
                f"got {one.language!r}"
            )
        try:
            transport = open_transport(
                one.url,
                content_type="application/octet-stream" if language is None else language.content_type,
            )
            agent = None if one.status_url is None else SnmpAgent.opened(one.status_url)
        except PrinterError as error:
            secrets = secrets_in(one.url) | secrets_in(one.status_url or "")
            faults.append(f"printers: {one.name!r}: {scrubbed(str(error), secrets)}")
            continue
        if language is None:
            continue
        try:
            media, handling = media_of(one), handling_of(one)
            language.check(media, handling)
        except LabelInvalid as error:
            faults.append(f"printers: {one.name!r}: {error}")
            continue
        opened[one.name] = Printer(one.name, language, transport, media, handling, agent)
    if faults:
        raise SettingsError("\n".join(faults))
    return opened


def ask_printer(settings: PrinterSettings) -> DeviceState:
    """Ask one printer how it is; one that cannot answer but takes a connection counts as ready.

    Raises:
        SettingsError: its language or URL is not known.
    """
    printer = open_printers((settings,))[settings.name]
    status = printer.status()
    is_ready = not status.needs_person or status.state is PrinterState.SILENT
    words = [status.state.value, status.remedy]
    if status.state not in (PrinterState.SILENT, PrinterState.UNREACHABLE):
        try:
            identity = printer.identity()
        except PrinterUnreachable:
            identity = None
        if identity is not None:
            misfit = printer.misfit(identity)
            is_ready = is_ready and not misfit
            words += [f"{identity.model} {identity.firmware}".rstrip(), misfit]
    return DeviceState(settings.name, is_ready=is_ready, text=". ".join(filter(None, words)) + ".")
