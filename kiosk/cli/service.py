"""``kiosk serve``, ``kiosk demo`` and ``kiosk check``."""

import sys
from pathlib import Path

import click

from kiosk.cli.options import config_option, echo_json, json_option
from kiosk.compose import assembled, run_until_told
from kiosk.demo import demo_running
from kiosk.inspection import inspect
from kiosk.settings import load_settings


@click.command()
@config_option
def serve(config: Path | None) -> None:
    """Run the kiosk until it is told to stop."""
    with assembled(load_settings(config)) as kiosk:
        run_until_told(
            kiosk, lambda server: click.echo(f"Kiosk ready on http://{server.host}:{server.port}/")
        )


@click.command()
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="The page's port."
)
@click.option(
    "--state", type=click.Path(path_type=Path, file_okay=False), help="Keep the demo's state in this folder."
)
@click.option(
    "--dialect",
    type=click.Choice(["both", "classic", "documented-2026"]),
    default="both",
    show_default=True,
    help="What the simulated ION speaks.",
)
def demo(port: int, state: Path | None, dialect: str) -> None:
    """Run everything on this machine: a simulated ION, a virtual printer, and a scan pad on the page."""
    with demo_running(port, state, dialect) as (kiosk, extras):
        run_until_told(
            kiosk,
            lambda server: click.echo(
                f"Kiosk demo ready: open http://{server.host}:{server.port}/ in a browser"
            ),
            extras,
        )


@click.command()
@config_option
@json_option
def check(config: Path | None, *, as_json: bool) -> None:
    """Open every scanner, printer, ION and the journal once, and say how each is."""
    findings = inspect(load_settings(config))
    if as_json:
        echo_json(
            [{"part": one.part, "name": one.name, "ok": one.is_ok, "text": one.text} for one in findings]
        )
    else:
        for one in findings:
            click.echo(f"{'ok  ' if one.is_ok else 'FAIL'}  {one.part:<8} {one.name:<20} {one.text}")
    sys.exit(0 if all(one.is_ok for one in findings) else 1)
