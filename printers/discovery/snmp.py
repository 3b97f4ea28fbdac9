"""Printers at addresses that are named, by asking each one's SNMP agent."""

import ipaddress
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.parse import urlencode

from printers.discovery.found import FoundPrinter
from printers.errors import PrinterError
from printers.snmp.agent import PORT, SnmpAgent
from printers.status import PrinterState

MOST_ADDRESSES: Final = 1024
_AT_ONCE: Final = 32
_RAW_PORT: Final = 9100


def addresses_of(text: str) -> list[str]:
    """Return the addresses of a network, `192.0.2.0/24`, or a host as it is.

    Raises:
        PrinterError: It has more than 1024 addresses.
    """
    if "/" not in text:
        return [text]
    try:
        network = ipaddress.IPv4Network(text, strict=False)
    except ValueError as error:
        raise PrinterError(f"network {text!r}: expected one such as 192.0.2.0/24: {error}") from error
    if network.num_addresses > MOST_ADDRESSES:
        raise PrinterError(
            f"network {text!r}: expected at most {MOST_ADDRESSES} addresses, got {network.num_addresses}"
        )
    return [str(address) for address in network.hosts()]


def answering_printers(
    hosts: Sequence[str], *, community: str = "public", port: int = PORT, timeout_s: float = 0.5
) -> list[FoundPrinter]:
    """Ask every host whether it is a printer.

    Args:
        hosts: Names or addresses.
        community: As set in the printers.
        port: Of their agents.
        timeout_s: For one answer; each host is asked twice.
    """

    def asked(host: str) -> FoundPrinter | None:
        agent = SnmpAgent(host, port, community, timeout_s=timeout_s)
        identity = agent.identity()
        if identity is None:
            return None
        status = agent.status()
        if status.state is PrinterState.SILENT:
            return None  # a computer, say, which has devices too
        sizes_mm = status.loaded.sizes_mm if status.loaded is not None else ()
        where = host if port == PORT else f"{host}:{port}"
        asking = "" if community == "public" else "?" + urlencode({"community": community})
        return FoundPrinter(
            "snmp",
            f"tcp://{host}:{_RAW_PORT}",
            identity.model,
            status_url=f"snmp://{where}{asking}",
            identity=identity,
            size_mm=sizes_mm[0] if sizes_mm else None,
        )

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [found for found in pool.map(asked, hosts) if found is not None]
