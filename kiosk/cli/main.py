"""The ``kiosk`` command and what its subcommands share."""

import logging
import sys

import click

from kiosk import __version__
from kiosk.cli.asked import decode
from kiosk.cli.ion import ion
from kiosk.cli.journal import journal
from kiosk.cli.labels import label, print_label
from kiosk.cli.service import check, demo, serve
from kiosk.cli.simulate import simulate
from kiosk.errors import KioskError, SettingsError

_EXIT_CONFIG = 78
"""EX_CONFIG of sysexits.h."""


class _Kiosk(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        """Turn the kiosk's own errors into a sentence and an exit code."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            click.echo(f"kiosk: {error}", err=True)
            ctx.exit(_EXIT_CONFIG)
        except KioskError as error:
            click.echo(f"kiosk: {error}", err=True)
            ctx.exit(1)


@click.group(cls=_Kiosk)
@click.version_option(__version__, prog_name="kiosk")
@click.option("-v", "--verbose", is_flag=True, help="Log what happens, not only what goes wrong.")
def main(*, verbose: bool) -> None:
    """Barcode kiosk for First Resonance ION."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(levelname)s %(threadName)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    # httpx tells every request with its address; the journal tells it better.
    logging.getLogger("httpx").setLevel(logging.WARNING)


for command in (serve, demo, check, decode, label, print_label, ion, simulate, journal):
    main.add_command(command)
