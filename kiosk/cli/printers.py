"""``kiosk printer``: finds printers and writes the lines that put them into the settings."""

import sys
from collections.abc import Sequence

import click

from kiosk.cli.options import echo_json, json_option
from kiosk.model import Json
from kiosk.printer_search import FoundPrinter, find_printers
from kiosk.visible import visible


@click.group()
def printer() -> None:
    """Find label printers."""


@printer.command("find")
@json_option
@click.option("--seconds", default=3.0, show_default=True, type=click.FloatRange(0, 60), help="To wait.")
@click.option(
    "--snmp",
    multiple=True,
    metavar="HOST|NETWORK",
    help="Ask this host too, or all of 192.0.2.0/24; give it as often as needed.",
)
@click.option("--community", default="public", show_default=True, help="Of the printers' SNMP agents.")
def find(*, as_json: bool, seconds: float, snmp: tuple[str, ...], community: str) -> None:
    """List printers on USB and on the network, with the lines for the configuration file."""
    found = find_printers(seconds, snmp, community=community)
    if as_json:
        echo_json([found_json(one) for one in found])
    else:
        click.echo(found_table(found), nl=False)
    sys.exit(0 if found else 1)


def found_table(found: Sequence[FoundPrinter]) -> str:
    """Return a line or two for each printer, then what belongs into the configuration file."""
    if not found:
        return "No printer found. Is it on, and on this network? One that stays unseen: --snmp ADDRESS.\n"
    lines = []
    for one in found:
        facts = ", ".join(filter(None, (one.language or "language unknown", _dots(one), _size(one))))
        lines.append(f"{one.by:<7} {visible(one.model) or '?':<28} {visible(one.url)}   {facts}")
        if one.note:
            lines.append(f"        {visible(one.note)}")
    return "".join(f"{line}\n" for line in lines) + "".join(f"\n{one.toml}\n" for one in found)


def _dots(one: FoundPrinter) -> str:
    dots = one.identity.dots_per_mm if one.identity is not None else None
    return f"{dots} dots/mm" if dots else ""


def _size(one: FoundPrinter) -> str:
    if one.size_mm is None:
        return ""
    width_mm, length_mm = one.size_mm
    return f"{width_mm:g} x {length_mm:g} mm in it" if length_mm else f"{width_mm:g} mm in it"


def found_json(one: FoundPrinter) -> dict[str, Json]:
    """Return a printer for a program."""
    settings: dict[str, Json] = dict(one.settings)
    return {
        "by": one.by,
        "model": one.model,
        "note": one.note,
        "url": one.url,
        "language": one.language or None,
        "dots_per_mm": one.identity.dots_per_mm if one.identity is not None else None,
        "size_mm": None if one.size_mm is None else list(one.size_mm),
        "settings": settings,
        "toml": one.toml,
    }
