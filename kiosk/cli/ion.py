"""``kiosk ion``: what this tenant offers, and its operations one by one."""

import json
import sys
import uuid
from collections.abc import Mapping
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import click

from kiosk.cli.options import config_option, echo_json, json_option, set_fields
from kiosk.errors import IonUnknown
from kiosk.ion import Choice, Ion, parsed_schema, schema_changes, schema_text
from kiosk.model import Json
from kiosk.ports import Absent, Answered, Found, Unsure
from kiosk.settings import load_settings

_MARKER_DIGITS = 24


@click.group()
def ion() -> None:
    """Look at the tenant's ION, and call its operations."""


@ion.command("check")
@config_option
@json_option
def check(config: Path | None, *, as_json: bool) -> None:
    """List the operations, the document chosen for each, what is missing, and what comes near it."""
    with closing(Ion(load_settings(config).ion)) as tenant:
        choices = tenant.choices()
    if as_json:
        echo_json(
            {
                "operations": [
                    {
                        "operation": one.operation,
                        "document": one.document,
                        "dialect": one.dialect,
                        "missing": list(one.missing),
                        "nearest": {name: list(names) for name, names in one.nearest.items()},
                    }
                    for one in choices
                ]
            }
        )
    else:
        for one in choices:
            click.echo(f"{one.operation:<28} {one.document or '-':<48} {_missing(one)}".rstrip())
    sys.exit(0 if all(one.document for one in choices) else 1)


def _missing(choice: Choice) -> str:
    """Return what a document lacks; beside a document it was left out, and that in brackets."""
    words = [
        name + (f" (near: {', '.join(choice.nearest[name])})" if name in choice.nearest else "")
        for name in choice.missing
    ]
    return f"({'; '.join(words)})" if words and choice.document else "; ".join(words)


@ion.command("schema")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Save it in this file.")
@config_option
@json_option
def schema(output: Path | None, config: Path | None, *, as_json: bool) -> None:
    """Write the tenant's schema in GraphQL's schema language.

    Into a file that has an earlier one, it says what changed since then.
    """
    with closing(Ion(load_settings(config).ion)) as tenant:
        now = tenant.schema()
    if output is None:
        click.echo(schema_text(now), nl=False)
        return
    changes: tuple[str, ...] = ()
    is_first = not output.exists()
    if not is_first:
        try:
            changes = schema_changes(parsed_schema(output.read_text(encoding="utf-8")), now)
        except (ValueError, OSError) as error:
            raise click.ClickException(f"{output}: {error}. Nothing was written.") from error
    output.write_text(schema_text(now), encoding="utf-8")
    if as_json:
        echo_json({"file": str(output), "is_first": is_first, "changes": list(changes)})
        return
    for change in changes:
        click.echo(change)
    click.echo(f"{output}: saved{'' if is_first else f', {len(changes)} changes since the last time'}.")


@ion.command("call")
@click.argument("operation")
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="An argument; a list as JSON.")
@click.option(
    "--file",
    "attachment",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The file of attach_file or add_asset.",
)
@config_option
def call(operation: str, given: tuple[str, ...], attachment: Path | None, config: Path | None) -> None:
    """Ask a question or make a change, and print ION's answer as JSON.

    ``kiosk ion call`` with an unknown OPERATION lists them all. A change is sent once; where its outcome is
    not known, it is looked for and never sent again.
    """
    arguments = {name: _value(name, text) for name, text in set_fields(given).items()}
    files = _OneFile(attachment.read_bytes()) if attachment is not None else None
    if files is not None:
        arguments["digest"] = files.digest
    with closing(Ion(load_settings(config).ion, files=files)) as tenant:
        if operation in tenant.questions:
            echo_json(tenant.ask_plain(operation, arguments))
            return
        marker = f"k:cli:{uuid.uuid4().hex[:_MARKER_DIGITS]}"
        try:
            result: Mapping[str, Json] = tenant.perform(operation, arguments, marker=marker)
        except IonUnknown as error:
            click.echo(f"kiosk: {error}", err=True)
            match tenant.find_effect(operation, arguments, marker=marker):
                case Found(found):
                    click.echo("kiosk: it was done all the same.", err=True)
                    result = found
                case Answered(answer):
                    click.echo(
                        "kiosk: ION answered that it did it. Look there whether it did so once.", err=True
                    )
                    result = answer
                case Unsure(facts):
                    raise click.ClickException(f"Not known whether it was done. {facts}") from error
                case Absent(late_s) if late_s:
                    raise click.ClickException(
                        "Not known whether it was done. ION does not show it, but for another "
                        f"{late_s:.0f} s it could still arrive."
                    ) from error
                case _:
                    raise click.ClickException(
                        "ION does not show that it was done. Look once more before you repeat it: what ION "
                        "shows may lag some seconds behind."
                    ) from error
        echo_json(result)


class _OneFile:
    """The one file that the command line names, as a ``FileRoom``."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.digest = sha256(content).hexdigest()

    def keep(self, content: bytes) -> str:
        """Say that there is room for no other."""
        raise NotImplementedError(f"{len(content)} bytes")

    def read(self, digest: str) -> bytes | None:
        """Return the file."""
        return self._content if digest == self.digest else None


def _value(name: str, text: str) -> Json:
    """Return an argument: a list or an object as JSON, true, false and null as such, all else as text."""
    if text[:1] in {"[", "{"}:
        try:
            found: Json = json.loads(text)
        except ValueError as error:
            raise click.UsageError(f"--set {name}: expected JSON, got {error}.") from error
        return found
    return {"true": True, "false": False, "null": None}.get(text, text)
