"""``kiosk key``: let other programs in, and out again."""

import re
import secrets
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from kiosk.api_keys import make_key
from kiosk.cli.options import config_option, echo_json, json_option
from kiosk.compose import opened_journal, utc_now
from kiosk.model import ApiKey, Json, Rate, Scope
from kiosk.settings import load_settings
from kiosk.visible import visible

_ALL = "all"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DAYS = re.compile(r"([1-9][0-9]{0,4})d")


@click.group()
def key() -> None:
    """Keys by which other programs use the HTTP API."""


@key.command("add")
@click.argument("name")
@click.option("--labels", required=True, metavar="A,B|all", help="The labels it prints.")
@click.option("--printers", required=True, metavar="A,B|all", help="The printers it prints on.")
@click.option(
    "--stations", default="", metavar="A,B|all", help="Where it scans and presses buttons; nowhere."
)
@click.option("--reprints", is_flag=True, help="It prints labels of serials once more, and voids them.")
@click.option("--rate", default=None, metavar="N/UNIT", help="How often it asks for something, like 60/min.")
@click.option("--expires", default=None, metavar="DATE|DAYSd", help="The day on which it ends, or like 90d.")
@config_option
@json_option
def add(  # noqa: PLR0913, PLR0917 - each is an option
    name: str,
    labels: str,
    printers: str,
    stations: str,
    rate: str | None,
    expires: str | None,
    config: Path | None,
    *,
    reprints: bool,
    as_json: bool,
) -> None:
    """Make a key and show it, this once: only a digest of it is kept."""
    if not _NAME.fullmatch(name):
        raise click.UsageError(f"NAME {name!r}: expected letters, digits, '.', '_', '-', 64 at most.")
    settings = load_settings(config)
    scope = Scope(
        name,
        _names("--labels", labels),
        _known("--printers", _names("--printers", printers), {one.name for one in settings.printers}),
        _known("--stations", _names("--stations", stations), {one.name for one in settings.stations}),
        reprints=reprints,
    )
    now = utc_now()
    sent, made = make_key(
        scope, secrets.token_bytes, now, rate=_rate(rate), expires_at=_end(expires, now) if expires else None
    )
    with opened_journal(settings) as book:
        book.keys.add(made)
    if as_json:
        echo_json({**_shown(made, now), "key": sent})
        return
    click.echo(sent)
    click.echo(
        "This is the only time it is shown. Send it as the header: Authorization: Bearer KEY", err=True
    )


@key.command("list")
@config_option
@json_option
def list_keys(config: Path | None, *, as_json: bool) -> None:
    """List the keys there are, and those that were revoked; never a key itself."""
    now = utc_now()
    with opened_journal(load_settings(config)) as book:
        found = book.keys.all()
    if as_json:
        echo_json([_shown(one, now) for one in found])
        return
    for one in found:
        click.echo(visible(_words(one, now)))


@key.command("revoke")
@click.argument("name")
@config_option
def revoke(name: str, config: Path | None) -> None:
    """Take a key back; a kiosk that runs refuses it at once."""
    with opened_journal(load_settings(config)) as book:
        revoked = book.keys.revoke(name)
    if revoked is None:
        click.echo(f"There is no key {visible(name)!r} in use.", err=True)
        sys.exit(1)
    click.echo(f"{revoked.id}  {revoked.name} revoked")


def _names(option: str, text: str) -> frozenset[str] | None:
    if text == _ALL:
        return None
    names = frozenset(name for name in text.split(",") if name)
    if text and not names:
        raise click.UsageError(f"{option} {text!r}: expected names with commas between them, or {_ALL!r}.")
    return names


def _known(option: str, names: frozenset[str] | None, known: set[str]) -> frozenset[str] | None:
    unknown = sorted((names or frozenset()) - known)
    if unknown:
        raise click.UsageError(f"{option}: the settings do not name {unknown}, expected of {sorted(known)}.")
    return names


def _rate(text: str | None) -> Rate | None:
    try:
        return Rate.read(text) if text is not None else None
    except ValueError as error:
        raise click.UsageError(f"--rate: {error}.") from error


def _end(text: str, now: datetime) -> datetime:
    """Return the beginning of a day, or a time so many days from now."""
    try:
        days = _DAYS.fullmatch(text)
        end = (
            now + timedelta(days=int(days[1]))
            if days
            else datetime.strptime(text, "%Y-%m-%d").astimezone(UTC)
        )
    except (ValueError, OverflowError) as error:
        raise click.UsageError(f"--expires {text!r}: expected a day like 2027-01-31, or like 90d.") from error
    if end <= now:
        raise click.UsageError(f"--expires {text!r}: expected a day that is to come.")
    return end


def _shown(one: ApiKey, now: datetime) -> dict[str, Json]:
    def names(allowed: frozenset[str] | None) -> Json:
        return _ALL if allowed is None else list[Json](sorted(allowed))

    def moment(at: datetime | None) -> Json:
        return at.isoformat() if at else None

    return {
        "id": one.id,
        "name": one.name,
        "state": one.state(now),
        "labels": names(one.scope.labels),
        "printers": names(one.scope.printers),
        "stations": names(one.scope.stations),
        "reprints": one.scope.reprints,
        "rate": str(one.rate) if one.rate else None,
        "created_at": moment(one.created_at),
        "expires_at": moment(one.expires_at),
        "used_at": moment(one.used_at),
    }


def _words(one: ApiKey, now: datetime) -> str:
    def names(what: str, allowed: frozenset[str] | None) -> str:
        return f"{what} {_ALL if allowed is None else ','.join(sorted(allowed)) or 'none'}"

    scope = one.scope
    facts = (
        f"{one.id}  {one.name:<20} {one.state(now):<8}",
        names("labels", scope.labels),
        names("printers", scope.printers),
        names("stations", scope.stations),
        "reprints" if scope.reprints else "",
        f"rate {one.rate}" if one.rate else "",
        f"until {one.expires_at:%Y-%m-%d %H:%M}" if one.expires_at else "",
        f"used {one.used_at:%Y-%m-%d %H:%M}" if one.used_at else "never used",
    )
    return "  ".join(filter(None, facts))
