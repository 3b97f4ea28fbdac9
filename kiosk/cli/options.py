"""Options that several commands have."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def config_option(command: Decorated) -> Decorated:
    """Add ``--config``."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The configuration file; else KIOSK_CONFIG, else /etc/ion-kiosk/kiosk.toml.",
    )(command)


def json_option(command: Decorated) -> Decorated:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Write JSON for a program.")(command)


def echo_json(value: object) -> None:
    """Write a value as JSON; no byte of it can reach the terminal as a control character."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=True))


def set_fields(given: tuple[str, ...]) -> dict[str, str]:
    """Read ``--set field=value`` options.

    Raises:
        click.UsageError: one of them has no equals sign.
    """
    fields = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign or not name:
            raise click.UsageError(f"--set {one!r}: expected field=value.")
        fields[name] = value
    return fields
