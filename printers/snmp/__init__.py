"""SNMP, as far as it tells how a printer is: for those whose language cannot say it."""

from printers.snmp.agent import SnmpAgent

__all__ = ["SnmpAgent"]
