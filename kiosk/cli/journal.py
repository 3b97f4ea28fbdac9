"""``kiosk journal``: look at what is kept, and decide what waits for a person."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from kiosk.barcodes import decoded
from kiosk.cli.options import config_option, echo_json, json_option
from kiosk.compose import boot_id, new_id, opened_journal, utc_now
from kiosk.journal import Journal, back_up, read_copy, read_head, renew, restore
from kiosk.model import Json, Operation, OperationState
from kiosk.settings import load_settings
from kiosk.spreadsheet import csv_text
from kiosk.visible import visible
from kiosk.wire import object_json

_LIST_LIMIT = 200
_EXPORT_LIMIT = 10_000_000
_Rows = list[Mapping[str, Json]]


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


@journal.command("done")
@click.argument("id_", metavar="ID")
@click.option("--why", required=True, help="Who did it and how, kept in the audit.")
@config_option
def done(id_: str, why: str, config: Path | None) -> None:
    """Say that an operation that waits for a person was done in ION by hand."""
    _decide(config, id_, OperationState.DONE, why)


@journal.command("verify")
@click.option(
    "--anchor",
    "--head",
    "anchors",
    multiple=True,
    metavar="SEQ:HASH",
    help="A head that was kept elsewhere; finds what was cut off or rewritten. Give it as often as you like.",
)
@config_option
def verify(anchors: tuple[str, ...], config: Path | None) -> None:
    """Check the chain of the audit."""
    try:
        wanted = [read_head(text) for text in anchors]
    except ValueError as error:
        raise click.UsageError(f"--anchor {error}") from error
    with opened_journal(load_settings(config)) as book:
        broken = book.first_break()
        faults = [fault for fault in map(book.missing_anchor, wanted) if fault]
        begun = book.begun_after()
    if broken is not None:
        faults.insert(0, f"The audit is broken at entry {broken}: it was edited, removed, inserted or moved.")
    if not faults:
        click.echo("The audit is whole.")
        if begun is not None:
            click.echo(f"It begins after {begun.after}: what was older was removed at {begun.at}.")
        return
    click.echo("\n".join(faults), err=True)
    sys.exit(1)


@journal.command("head")
@config_option
def head(config: Path | None) -> None:
    """Show the audit's head, SEQ:HASH: keep it off the box, and give it to ``verify --anchor`` later."""
    with opened_journal(load_settings(config)) as book:
        click.echo(str(book.head()))


@journal.command("recover")
@click.argument("copy", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@config_option
def recover(copy: Path, config: Path | None) -> None:
    """Take the scans of a second copy into the journal that it lacks; none of them is answered by itself."""
    found = list(read_copy(copy))
    scans = [scan for scan in found if scan is not None]
    with opened_journal(load_settings(config)) as book:
        taken = book.book.take_back(scans)
    click.echo(
        f"{taken} of {len(scans)} scans were missing and are back, set aside for a person "
        f"(kiosk journal export --what scans). {len(found) - len(scans)} lines were not whole."
    )


@journal.command("backup")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@config_option
def backup(target: Path, config: Path | None) -> None:
    """Write a whole copy of the journal to a new file; the kiosk may be running."""
    back_up(load_settings(config).journal.url, target)
    click.echo(f"The journal as it was just now is in {str(target)!r}.")


@journal.command("restore")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--why", required=True, help="The reason, kept in the audit.")
@config_option
def restore_backup(source: Path, why: str, config: Path | None) -> None:
    """Begin again from a backup; the kiosk must not be running. What waited then is given to a person."""
    settings = load_settings(config).journal
    kept = restore(
        settings.url,
        source,
        why,
        clock=utc_now,
        ids=new_id,
        boot=boot_id(),
        allow_volatile=settings.allow_volatile,
    )
    click.echo(f"Restored. The journal before is kept as {kept!r}." if kept else "Restored.")


@journal.command("renew")
@click.option("--why", required=True, help="The reason, kept in the new journal's audit.")
@config_option
def begin_anew(why: str, config: Path | None) -> None:
    """Begin a new journal in the place of a damaged one, which stays beside it."""
    settings = load_settings(config)
    damage = renew(
        settings.journal.url,
        why,
        clock=utc_now,
        ids=new_id,
        boot=boot_id(),
        allow_volatile=settings.journal.allow_volatile,
    )
    click.echo(f"A new journal is begun. The damaged one is kept as {damage.kept!r}.")


@journal.command("export")
@click.option("--format", "kind", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@click.option("--what", type=click.Choice(["operations", "scans"]), default="operations", show_default=True)
@config_option
def export(kind: str, what: str, config: Path | None) -> None:
    """Write every operation, or every scan, oldest first."""
    columns, rows_of = _EXPORTS[what]
    with opened_journal(load_settings(config)) as book:
        rows = rows_of(book)
    if kind == "json":
        echo_json(rows)
        return
    click.echo(csv_text(columns, ([_written(name, row[name]) for name in columns] for row in rows)), nl=False)


def _operations(book: Journal) -> _Rows:
    return [object_json(one) for one in book.outbox.listed((), _EXPORT_LIMIT)[::-1]]


def _scans(book: Journal) -> _Rows:
    """Return the scans; their bytes are hexadecimal, since a text could not hold all of them."""
    return [
        {
            "id": kept.scan.id,
            "at": kept.scan.at.isoformat(),
            "station": kept.scan.station,
            "scanner": kept.scan.scanner,
            "symbology": kept.scan.symbology,
            "text": decoded(kept.scan.data),
            "data": kept.scan.data.hex(),
            "state": kept.state,
            "screen": kept.screen,
        }
        for kept in book.book.scanned()
    ]


_EXPORTS: dict[str, tuple[tuple[str, ...], Callable[[Journal], _Rows]]] = {
    "operations": (
        (
            "id",
            "created_at",
            "station",
            "operation",
            "subject",
            "state",
            "attempts",
            "error",
            "facts",
            "actor",
            "arguments",
        ),
        _operations,
    ),
    "scans": (("id", "at", "station", "scanner", "symbology", "state", "screen", "text", "data"), _scans),
}
"""What can be exported: the columns of its CSV, and its rows."""


def _written(column: str, value: Json) -> object:
    if column == "actor" and isinstance(value, Mapping):
        return value["name"]
    return json.dumps(value, ensure_ascii=True) if isinstance(value, Mapping) else value


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
    return visible(" ".join(part for part in (one.operation, one.subject, by, one.error, one.facts) if part))
