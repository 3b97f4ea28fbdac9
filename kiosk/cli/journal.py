"""``kiosk journal``: look at what is kept, and decide what waits for a person."""

import csv
import io
import sys
from pathlib import Path

import click

from kiosk.cli.options import config_option, echo_json, json_option
from kiosk.compose import opened_journal
from kiosk.model import Operation, OperationState
from kiosk.settings import load_settings
from kiosk.wire import object_json

_COLUMNS = ("id", "created_at", "station", "operation", "subject", "state", "attempts", "error", "actor")
_LIST_LIMIT = 200
_EXPORT_LIMIT = 10_000_000


@click.group()
def journal() -> None:
    """Look at the journal."""


@journal.command("list")
@click.option(
    "--state", "states", multiple=True, type=click.Choice([state.value for state in OperationState])
)
@config_option
@json_option
def list_operations(states: tuple[str, ...], config: Path | None, *, as_json: bool) -> None:
    """List the newest operations."""
    with opened_journal(load_settings(config)) as book:
        found = book.outbox.listed([OperationState(state) for state in states], _LIST_LIMIT)
    if as_json:
        echo_json([object_json(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.id}  {one.created_at:%Y-%m-%d %H:%M:%S}  {one.state.value:<10} {_words(one)}")


@journal.command("show")
@click.argument("id_", metavar="ID")
@config_option
def show(id_: str, config: Path | None) -> None:
    """Show one operation, whole."""
    with opened_journal(load_settings(config)) as book:
        found = book.outbox.find(id_)
    echo_json(object_json(_known(found, id_)))


@journal.command("retry")
@click.argument("id_", metavar="ID")
@config_option
def retry(id_: str, config: Path | None) -> None:
    """Send an operation again that waits for a person."""
    _decide(config, id_, OperationState.QUEUED, "sent again by a person")


@journal.command("discard")
@click.argument("id_", metavar="ID")
@click.option("--why", required=True, help="The reason, kept in the audit.")
@config_option
def discard(id_: str, why: str, config: Path | None) -> None:
    """Give an operation up that waits for a person."""
    _decide(config, id_, OperationState.DISCARDED, why)


@journal.command("verify")
@config_option
def verify(config: Path | None) -> None:
    """Check the chain of the audit."""
    with opened_journal(load_settings(config)) as book:
        broken = book.first_break()
    if broken is None:
        click.echo("The audit is whole.")
        return
    click.echo(f"The audit is broken at entry {broken}: it was edited, removed, inserted or moved.", err=True)
    sys.exit(1)


@journal.command("export")
@click.option("--format", "kind", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@config_option
def export(kind: str, config: Path | None) -> None:
    """Write every operation, oldest first."""
    with opened_journal(load_settings(config)) as book:
        found = book.outbox.listed((), _EXPORT_LIMIT)[::-1]
    if kind == "json":
        echo_json([object_json(one) for one in found])
        return
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for one in found:
        row = {**object_json(one), "actor": one.actor.name if one.actor else None}
        writer.writerow([_cell(row[column]) for column in _COLUMNS])
    click.echo(text.getvalue(), nl=False)


def _decide(config: Path | None, id_: str, state: OperationState, why: str) -> None:
    with opened_journal(load_settings(config)) as book:
        decided = book.outbox.decide(id_, state, why)
        if decided is None:
            found = _known(book.outbox.find(id_), id_)
            raise click.ClickException(
                f"Operation {id_!r} is {found.state.value}; expected one that waits for a person "
                "(parked or rejected)."
            )
    click.echo(f"{decided.id}  {decided.state.value}")


def _known(found: Operation | None, id_: str) -> Operation:
    if found is None:
        raise click.ClickException(f"There is no operation {id_!r}.")
    return found


def _words(one: Operation) -> str:
    by = f"by {one.actor.name}" if one.actor else ""
    return " ".join(part for part in (one.operation, one.subject, by, one.error) if part)


def _cell(value: object) -> str:
    """Return a value that a spreadsheet takes as text, never as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
