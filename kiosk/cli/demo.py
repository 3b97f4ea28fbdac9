"""``kiosk demo``."""

from pathlib import Path

import click

from kiosk.at_work import run_until_told
from kiosk.demo import demo_running
from kiosk.footprint import limit_heaps


@click.command()
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535))
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
    limit_heaps()
    with demo_running(port, state, dialect) as (kiosk, extras):
        run_until_told(
            kiosk,
            lambda port: click.echo(f"Kiosk demo ready: open http://127.0.0.1:{port}/ in a browser"),
            extras,
        )
