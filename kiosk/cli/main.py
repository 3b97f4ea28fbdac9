"""The ``kiosk`` command and what its subcommands share."""

import gc
import importlib

import click

from kiosk import __version__
from kiosk.errors import KioskError, SettingsError
from kiosk.log_lines import write_log
from kiosk.visible import visible

_ALWAYS = ("kiosk.journal.audit_watch", "kiosk.way", "kiosk.ion.trace")
"""Tell the audit's head of each day and the way of each scan; by name, so that no command imports one."""
_EXIT_CONFIG = 78
"""EX_CONFIG of sysexits.h."""


_COMMANDS = {
    "serve": "kiosk.cli.service:serve",
    "demo": "kiosk.cli.demo:demo",
    "check": "kiosk.cli.service:check",
    "support": "kiosk.cli.service:support",
    "decode": "kiosk.cli.asked:decode",
    "label": "kiosk.cli.labels:label",
    "print": "kiosk.cli.labels:print_label",
    "printer": "kiosk.cli.printers:printer",
    "ion": "kiosk.cli.ion:ion",
    "simulate": "kiosk.cli.simulate:simulate",
    "journal": "kiosk.cli.journal:journal",
    "key": "kiosk.cli.keys:key",
    "operator": "kiosk.cli.operators:operator",
}
"""Where each command is; imported when it is called, so that a kiosk on a Pi carries no simulator."""


class _Kiosk(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        # Nothing that an import makes is garbage, and to look for some all the time takes a tenth of it.
        gc.disable()
        try:
            command: click.Command = getattr(importlib.import_module(module), name)
        finally:
            gc.enable()
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Turn the kiosk's own errors into a sentence and an exit code."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            _complain(error)
            ctx.exit(_EXIT_CONFIG)
        except KioskError as error:
            _complain(error)
            ctx.exit(1)


def _complain(error: KioskError) -> None:
    lines = map(visible, str(error).split("\n"))
    click.echo("kiosk: " + "\n".join(lines), err=True)


@click.group(cls=_Kiosk)
@click.version_option(__version__, prog_name="kiosk")
@click.option("-v", "--verbose", is_flag=True, help="Log what happens, not only what goes wrong.")
def main(*, verbose: bool) -> None:
    """Barcode kiosk for First Resonance ION."""
    write_log(verbose=verbose, always=_ALWAYS)
