"""Looks for printers, and asks each one that can be asked what it is and what is in it."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from kiosk.errors import SettingsError
from printers import LANGUAGES, Media, Printer, PrinterError, SnmpAgent, open_transport
from printers.discovery import (
    FoundPrinter,
    addresses_of,
    announced_printers,
    answering_printers,
    usb_printers,
)

__all__ = ["FoundPrinter", "find_printers"]

_AT_ONCE = 16
_MOST_HOSTS = 1024
_CONNECT_S = 1.0
_ANSWER_S = 1.0
_ANY_MEDIA = Media(100, 50, 203)
"""Nothing is printed, so that it does not matter what for."""


def find_printers(
    seconds: float,
    snmp: Sequence[str] = (),
    *,
    community: str = "public",
    usb: Callable[[], Iterable[FoundPrinter]] = usb_printers,
    announced: Callable[[float], Iterable[FoundPrinter]] = announced_printers,
) -> list[FoundPrinter]:
    """Return the printers on USB, those that announce themselves, and those at addresses.

    Args:
        seconds: How long announcements are waited for.
        snmp: Hosts and networks, ``192.0.2.0/24``, whose SNMP agents are asked.
        community: Theirs.
        usb: Finds those on USB.
        announced: Finds those on the network.

    Raises:
        SettingsError: A network is none, or too large.
    """
    try:
        hosts = [host for text in snmp for host in addresses_of(text)]
    except PrinterError as error:
        raise SettingsError(str(error)) from error
    if len(hosts) > _MOST_HOSTS:
        raise SettingsError(f"snmp: expected at most {_MOST_HOSTS} addresses, got {len(hosts)}")
    found = [*usb(), *announced(seconds), *answering_printers(hosts, community=community)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(_asked, dict.fromkeys(found)))


def _asked(found: FoundPrinter) -> FoundPrinter:
    """Add what a printer says of itself; one whose language is not known is not sent a byte."""
    language = LANGUAGES.get(found.language)
    if language is None or found.identity is not None:
        return found
    try:
        transport = open_transport(
            found.url,
            connect_timeout_s=_CONNECT_S,
            io_timeout_s=_ANSWER_S,
            content_type=language.content_type,
        )
        agent = SnmpAgent.opened(found.status_url) if found.status_url else None
        printer = Printer("found", language, transport, _ANY_MEDIA, agent=agent)
        identity = printer.identity(timeout_s=_ANSWER_S)
        loaded = printer.status(timeout_s=_ANSWER_S).loaded
    except PrinterError:
        return found
    sizes_mm = loaded.sizes_mm if loaded is not None else ()
    model = found.model if identity is None or found.model else identity.model
    return dataclasses.replace(
        found, model=model, identity=identity, size_mm=sizes_mm[0] if sizes_mm else None
    )
