"""``kiosk ion``: what this tenant offers."""

import sys
from pathlib import Path

import click

from kiosk.cli.options import config_option, echo_json, json_option
from kiosk.compose import connected_ion
from kiosk.settings import load_settings


@click.group()
def ion() -> None:
    """Look at the tenant's ION."""


@ion.command("check")
@config_option
@json_option
def check(config: Path | None, *, as_json: bool) -> None:
    """List the operations, the document chosen for each, and what is missing."""
    with connected_ion(load_settings(config)) as tenant:
        choices = tenant.choices()
    if as_json:
        echo_json(
            {
                "operations": [
                    {
                        "operation": one.operation,
                        "document": one.document_name,
                        "dialect": one.dialect,
                        "missing": list(one.missing),
                    }
                    for one in choices
                ]
            }
        )
    else:
        for one in choices:
            click.echo(
                f"{one.operation:<24} {one.document_name or '-':<44} {'; '.join(one.missing)}".rstrip()
            )
    sys.exit(0 if all(one.document_name for one in choices) else 1)


@ion.command("schema")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file."
)
@config_option
def schema(output: Path | None, config: Path | None) -> None:
    """Write the tenant's schema in GraphQL's schema language."""
    with connected_ion(load_settings(config)) as tenant:
        text = tenant.schema_text()
    if output is None:
        click.echo(text)
    else:
        output.write_text(text, encoding="utf-8")
