"""Finds printers: on USB, by their announcements on the network, and at addresses that are named."""

from printers.discovery.dns_sd import announced_printers
from printers.discovery.found import FoundPrinter
from printers.discovery.snmp import MOST_ADDRESSES, addresses_of, answering_printers
from printers.discovery.usb import usb_printers

__all__ = [
    "MOST_ADDRESSES",
    "FoundPrinter",
    "addresses_of",
    "announced_printers",
    "answering_printers",
    "usb_printers",
]
