"""``kiosk simulate``: an ION and a printer to run against."""

import signal
import threading
from pathlib import Path

import click

from kiosk.demo import printer_with_page, simulated_ion
from kiosk.simulator.printer_answers import Make
from kiosk.simulator.switches import read_switch

_DOTS_PER_MM = {"203": 8, "300": 12, "600": 24}


def _read_switches(
    _context: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> dict[str, object]:
    try:
        return dict(read_switch(each) for each in given)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.group()
def simulate() -> None:
    """Run a simulated ION or a virtual printer by itself."""


@simulate.command("ion")
@click.option("--port", default=9000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--dialect", type=click.Choice(["both", "classic", "documented-2026"]), default="both", show_default=True
)
@click.option("--data", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Other seed data.")
@click.option(
    "--faults", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Faults to begin with."
)
@click.option(
    "--switch",
    "switches",
    multiple=True,
    callback=_read_switches,
    metavar="NAME=VALUE",
    help="What nobody outside knows of ION, such as partially_received=false. All: GET /switches.",
)
def simulate_ion(
    port: int, dialect: str, data: Path | None, faults: Path | None, switches: dict[str, object]
) -> None:
    """Serve a simulated ION: GraphQL, tokens, files, webhooks, a ledger of effects, faults on request."""
    with simulated_ion(port, dialect, data=data, faults=faults, switches=switches) as server:
        click.echo(f"Simulated ION ready: {server.url} (token {server.token_url})")
        _wait_for_the_end()


@simulate.command("printer")
@click.option("--port", default=9100, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Where the PNGs go."
)
@click.option(
    "--http-port", default=0, type=click.IntRange(0, 65535), help="Of its page; else any free port."
)
@click.option("--dpi", default="203", show_default=True, type=click.Choice(sorted(_DOTS_PER_MM)))
@click.option("--ribbon", is_flag=True, help="It prints by thermal transfer.")
@click.option(
    "--faults", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Faults to begin with."
)
def simulate_printer(  # noqa: PLR0913 - one parameter an option
    port: int, out: Path, *, http_port: int, dpi: str, ribbon: bool, faults: Path | None
) -> None:
    """Serve a ZPL printer that writes each label as PNG, shows it on a page, and fails on request."""
    make = Make(dots_per_mm=_DOTS_PER_MM[dpi], has_ribbon=ribbon)
    with printer_with_page(port, http_port, out, faults=faults, make=make) as (bound, page):
        click.echo(f"Virtual printer ready: tcp://127.0.0.1:{bound}, labels in {out}, page {page}")
        _wait_for_the_end()


def _wait_for_the_end() -> None:
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    ended.wait()
