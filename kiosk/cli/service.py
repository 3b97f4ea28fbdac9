"""``kiosk serve``, ``kiosk check`` and ``kiosk support``."""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from kiosk.at_work import run_until_told
from kiosk.cli.options import config_option, echo_json, json_option
from kiosk.compose import assembled, utc_now
from kiosk.errors import JournalDamaged, JournalUnopened, SettingsError
from kiosk.footprint import limit_heaps
from kiosk.inspection import inspect
from kiosk.journal import migrate_apart
from kiosk.log_lines import take_form
from kiosk.machine import Machine
from kiosk.redaction import Scrubber
from kiosk.settings import load_settings, settings_path
from kiosk.standstill import stand_by, stand_still
from kiosk.support import collected, write_bundle
from kiosk.visible import visible


@click.command()
@config_option
def serve(config: Path | None) -> None:
    """Run the kiosk until it is told to stop."""
    limit_heaps()
    settings = load_settings(config)
    scrubber = Scrubber(settings)
    take_form(settings.log.form, scrubber)
    migrate_apart(settings.journal.url, allow_volatile=settings.journal.allow_volatile)
    host = settings.web.host

    def out_of_order(port: int) -> None:
        click.echo(f"Kiosk out of order: http://{host}:{port}/")

    is_to_start = True
    while is_to_start:
        is_to_start = False
        try:
            with assembled(settings, scrubber.learn) as kiosk:
                run_until_told(
                    kiosk,
                    lambda port: click.echo(f"Kiosk ready: http://{host}:{port}/"),
                    source=settings_path(config),
                )
        except JournalDamaged as error:
            is_to_start = stand_still(settings, error, out_of_order)
        except JournalUnopened as error:
            is_to_start = stand_by(settings, error, out_of_order)


@click.command()
@config_option
@json_option
@click.pass_obj
def check(machine: Machine | None, config: Path | None, *, as_json: bool) -> None:
    """Look at the machine, open every scanner, printer, ION and the journal once, and say how each is."""
    settings = load_settings(config)
    scrubber = Scrubber(settings)
    findings = [
        replace(one, name=scrubber(one.name), text=scrubber(one.text))
        for one in inspect(settings, machine or Machine())
    ]
    if as_json:
        echo_json(
            [{"part": one.part, "name": one.name, "ok": one.is_ok, "text": one.text} for one in findings]
        )
    else:
        for one in findings:
            click.echo(f"{'ok  ' if one.is_ok else 'FAIL'}  {one.part:<8} {one.name:<20} {visible(one.text)}")
    sys.exit(0 if all(one.is_ok for one in findings) else 1)


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write; else ion-kiosk-support-<time>.zip in the folder for temporary files.",
)
@click.option(
    "--with-scans", is_flag=True, help="What was scanned, sent and logged, with people's names, too."
)
@config_option
@click.pass_obj
def support(machine: Machine | None, config: Path | None, output: Path | None, *, with_scans: bool) -> None:
    """Put all that helps to find a fault into one file, without a secret in it."""
    now = utc_now()
    path = output or Path(tempfile.gettempdir()) / f"ion-kiosk-support-{now:%Y%m%d-%H%M%S}.zip"
    bundle = collected(config, machine or Machine(), now, with_scans=with_scans)
    try:
        write_bundle(path, bundle, now)
    except OSError as error:
        raise SettingsError(f"Cannot write {str(path)!r}: {error}") from error
    click.echo(str(path))
