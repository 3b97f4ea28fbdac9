"""Options that several commands have."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from kiosk.label_shelf import LabelShelf
from kiosk.model import LabelFields
from kiosk.resources import templates_dir
from kiosk.settings import CONFIG_VARIABLE, DEFAULT_PATH, load_settings

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


def fields_options(command: Decorated) -> Decorated:
    """Add ``--set`` and ``--rows``, which say what stands on a label."""
    for add in (
        click.option(
            "--rows",
            multiple=True,
            metavar="FIELD=JSON",
            help="The rows of a table, a list of objects; @FILE reads it, @- from standard input.",
        ),
        click.option(
            "--set",
            "fields",
            multiple=True,
            metavar="FIELD=VALUE",
            help="A field of the label; give it as often as there are fields.",
        ),
    ):
        command = add(command)
    return command


def set_fields(texts: tuple[str, ...]) -> dict[str, str]:
    """Read ``--set name=value`` options.

    Raises:
        click.UsageError: one of them has no equals sign.
    """
    return dict(_pair("--set", one, "value") for one in texts)


def given_fields(texts: tuple[str, ...], rows: tuple[str, ...]) -> LabelFields:
    """Read ``--set field=value`` and ``--rows field=json`` options.

    Raises:
        click.UsageError: one of them has no equals sign, a file cannot be read, or rows are no JSON list of
            objects with texts or numbers.
    """
    fields: dict[str, str | list[dict[str, str]]] = {**set_fields(texts)}
    for one in rows:
        name, source = _pair("--rows", one, "rows")
        fields[name] = _rows(f"--rows {name}", source)
    return fields


def _pair(option: str, given: str, what: str) -> tuple[str, str]:
    name, sign, value = given.partition("=")
    if not sign or not name:
        raise click.UsageError(f"{option} {given!r}: expected field={what}.")
    return name, value


def _rows(where: str, source: str) -> list[dict[str, str]]:
    try:
        if source.startswith("@"):
            with click.open_file(source[1:], encoding="utf-8") as file:
                source = file.read()
        # A number stays as it is written: 10.50 is 10.50.
        found = json.loads(source, parse_int=str, parse_float=str)
    except (OSError, ValueError, RecursionError) as error:
        raise click.UsageError(f"{where}: expected a JSON list of objects: {error}") from error
    rows = found if isinstance(found, list) else [found]
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
            raise click.UsageError(
                f"{where}: row {number}: expected an object with texts, got {json.dumps(row)[:60]}."
            )
    return rows


def label_shelf(config: Path | None) -> LabelShelf:
    """Return the designs that the configuration names; without one, those that come with the kiosk."""
    is_there = config is not None or CONFIG_VARIABLE in os.environ or os.access(DEFAULT_PATH, os.R_OK)
    site = load_settings(config).labels.designs if is_there else None
    return LabelShelf(templates_dir() / "labels", site, lambda: datetime.now(UTC))
