"""``kiosk label`` and ``kiosk print``."""

import re
import sys
from pathlib import Path

import click

from kiosk.artwork import DesignFacts, SheetOrder, design_facts, render_label, render_sheet
from kiosk.cli.options import (
    config_option,
    echo_json,
    fields_options,
    given_fields,
    json_option,
    label_shelf,
)
from kiosk.flows import FLOWS
from kiosk.flows.paging import LINES
from kiosk.language import language as language_of
from kiosk.model import JobState, Json
from kiosk.print_once import print_now
from kiosk.settings import PrinterSettings, load_settings
from kiosk.sheets import FORMATS, PAPERS, command_sheet, scanner_sheet, work_sheet
from kiosk.wire import object_json
from kiosk.words import ENGLISH, LANGUAGES


@click.group()
def label() -> None:
    """List and render label designs."""


@label.command("list")
@json_option
@config_option
def list_labels(*, as_json: bool, config: Path | None) -> None:
    """List the label designs with their fields: the kiosk's, and the site's own."""
    designs = label_shelf(config).load()
    for fault in designs.faults.values():
        click.echo(f"Cannot be printed: {fault}", err=True)
    facts = design_facts(designs.good)
    if as_json:
        echo_json([_facts_json(one) for one in facts])
        return
    for one in facts:
        click.echo(f"{one.name:<12} {one.title}   {one.width_mm} x {one.height_mm} mm")
        click.echo(f"             symbol: {one.encodes}   fields: {', '.join(one.fields)}")
        for table, columns in one.tables.items():
            click.echo(f"             rows of {table}: {', '.join(columns)}")


def _facts_json(facts: DesignFacts) -> dict[str, Json]:
    """Return a design as JSON; only one that has tables names them."""
    written = object_json(facts)
    return written if facts.tables else {name: value for name, value in written.items() if name != "tables"}


@label.command("render")
@click.argument("name")
@fields_options
@click.option("--printer", "printer_name", help="For this printer of the configuration.")
@click.option(
    "--dpi", type=click.IntRange(100, 1200), help="Dots an inch; else what suits the format, mostly 203."
)
@click.option(
    "--format", "language", default="png", show_default=True, help="png, pdf, or a printer's language."
)
@click.option("--sheet", "grid", metavar="COLUMNSxROWS", help="As PDF: so many labels on a sheet of paper.")
@click.option("--paper", type=click.Choice(sorted(PAPERS)), default="a4", show_default=True)
@click.option("--copies", type=click.IntRange(1, 1000), help="Labels on the sheets; else one sheet full.")
@click.option("--skip", type=click.IntRange(0, 1000), default=0, help="Places of the sheet used before.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False))
@config_option
def render(  # noqa: PLR0913 - one parameter an option
    name: str,
    *,
    fields: tuple[str, ...],
    rows: tuple[str, ...],
    printer_name: str | None,
    dpi: int | None,
    language: str,
    grid: str | None,
    paper: str,
    copies: int | None,
    skip: int,
    output: Path,
    config: Path | None,
) -> None:
    """Render the label NAME into a file: its picture, or the bytes for a printer."""
    values = given_fields(fields, rows)
    if grid is not None:
        found = re.fullmatch(r"([1-9]\d?)x([1-9]\d?)", grid)
        if found is None or language != "pdf" or printer_name is not None:
            raise click.UsageError(f"--sheet {grid!r}: expected COLUMNSxROWS with --format pdf, as in 2x5.")
        across, down = int(found[1]), int(found[2])
        order = SheetOrder(PAPERS[paper], across, down, copies or across * down - skip, skip)
        output.write_bytes(render_sheet(label_shelf(config), name, values, order, dpi))
        return
    target: PrinterSettings | int | None = dpi
    if printer_name is not None:
        known = {one.name: one for one in load_settings(config).printers}
        if printer_name not in known:
            raise click.UsageError(f"--printer {printer_name!r}: expected one of {sorted(known)}.")
        target = known[printer_name]
    output.write_bytes(render_label(label_shelf(config), name, values, target, kind=language))


@label.command("sheet")
@click.argument("which", type=click.Choice(["commands", "work", "scanner"]))
@click.option("--station", help="Only this station's flows, and its name at the top.")
@click.option("--paper", type=click.Choice(sorted(PAPERS)), default="a4", show_default=True)
@click.option("--format", "kind", type=click.Choice(FORMATS), default="pdf", show_default=True)
@click.option("--language", type=click.Choice(list(LANGUAGES)), default=ENGLISH, show_default=True)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False))
@config_option
def sheet(  # noqa: PLR0913 - one parameter an option
    which: str,
    *,
    station: str | None,
    paper: str,
    kind: str,
    language: str,
    output: Path,
    config: Path | None,
) -> None:
    """Draw a sheet to hang up: the commands, those for runs and counts, or how to set up a scanner."""
    flows, spoken, lines = tuple(FLOWS), language_of(language), LINES
    if station is not None:
        known = {one.name: one for one in load_settings(config).stations}
        if station not in known:
            raise click.UsageError(f"--station {station!r}: expected one of {sorted(known)}.")
        flows, lines = tuple(known[station].flows), known[station].lines
    if which == "commands":
        drawn = command_sheet(flows, station=station or "", paper=paper, kind=kind, spoken=spoken)
    elif which == "work":
        drawn = work_sheet(station=station or "", paper=paper, kind=kind, lines=lines, spoken=spoken)
    else:
        drawn = scanner_sheet(paper=paper, kind=kind, spoken=spoken)
    output.write_bytes(drawn)


@click.command("print")
@click.argument("name")
@fields_options
@click.option("--printer", required=True, help="A printer of the configuration.")
@click.option("--copies", type=click.IntRange(1, 50), default=1, show_default=True)
@config_option
def print_label(  # noqa: PLR0913 - one parameter an option
    name: str,
    *,
    fields: tuple[str, ...],
    rows: tuple[str, ...],
    printer: str,
    copies: int,
    config: Path | None,
) -> None:
    """Print the label NAME, and say of each copy what is known of it."""
    values = given_fields(fields, rows)
    jobs = print_now(load_settings(config), name, values, printer=printer, copies=copies)
    for job in jobs:
        click.echo(f"{job.id}  copy {job.copy} of {job.copies}  {job.state.value}  {job.error}".rstrip())
    sys.exit(0 if all(job.state in {JobState.CONFIRMED, JobState.SENT} for job in jobs) else 1)
