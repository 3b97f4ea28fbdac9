"""``kiosk operator``: the people whom the kiosk itself knows, their badges and PINs."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import click

from kiosk.artwork import render_label
from kiosk.cli.options import config_option, echo_json, json_option, label_shelf
from kiosk.compose import new_id, opened_journal, utc_now
from kiosk.model import BadgeHolder, JobState, Pin, Role
from kiosk.operators import PinHasher, Register, badge_label, drawn_pin
from kiosk.print_once import print_now
from kiosk.settings import Settings, load_settings
from kiosk.visible import visible
from kiosk.wire import object_json
from kiosk.words import LANGUAGES

_PRINTED = {JobState.CONFIRMED, JobState.SENT}


@click.group()
def operator() -> None:
    """Add people, give them badges and PINs, take their access away."""


@contextlib.contextmanager
def _register(settings: Settings) -> Iterator[Register]:
    hasher = PinHasher(settings.people.pepper())
    with opened_journal(settings) as journal:
        yield Register(journal.operators, hasher, utc_now, new_id)


_choose_option = click.option("--choose", is_flag=True, help="Type a PIN, instead of having one drawn.")
_days_option = click.option(
    "--days",
    type=click.IntRange(0, 3650),
    default=365,
    show_default=True,
    help="So long they can sign in before they are renewed; 0: for ever.",
)


@operator.command("add")
@click.argument("name")
@click.option("--badge", required=True, help="What the badge says after ION/OP/.")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default="operator", show_default=True
)
@click.option(
    "--language",
    type=click.Choice([*LANGUAGES]),
    help="Theirs; else that of the station they are at.",
)
@_days_option
@click.option("--no-pin", is_flag=True, help="Only a badge; where a PIN is asked they cannot work.")
@_choose_option
@config_option
def add(  # noqa: PLR0913 - one parameter an option
    name: str,
    *,
    badge: str,
    role: str,
    language: str | None,
    days: int,
    no_pin: bool,
    choose: bool,
    config: Path | None,
) -> None:
    """Add the person NAME; the PIN is shown once, here."""
    with _register(load_settings(config)) as register:
        pin = None if no_pin else _new_pin(choose=choose)
        wanted = BadgeHolder("", name, badge, Role(role), language or "")
        holder = register.add(wanted, days or None, pin, None)
        click.echo(_line(holder))
        _tell(pin, choose=choose)


@operator.command("list")
@json_option
@config_option
def list_operators(*, as_json: bool, config: Path | None) -> None:
    """List everybody whom the kiosk knows, by name."""
    with _register(load_settings(config)) as register:
        everybody = register.everybody()
    if as_json:
        echo_json([object_json(one) for one in everybody])
        return
    for one in everybody:
        click.echo(_line(one))


@operator.command("disable")
@click.argument("badge")
@config_option
def disable(badge: str, config: Path | None) -> None:
    """Let the person with BADGE sign in no more; where they are signed in, they are signed out."""
    with _register(load_settings(config)) as register:
        click.echo(_line(register.disable(register.named(badge), None)))


@operator.command("renew")
@click.argument("badge")
@_days_option
@config_option
def renew(badge: str, *, days: int, config: Path | None) -> None:
    """Let the person with BADGE sign in again, from now on for so many days."""
    with _register(load_settings(config)) as register:
        click.echo(_line(register.renew(register.named(badge), days or None, None)))


@operator.command("pin")
@click.argument("badge")
@_choose_option
@config_option
def give_pin(badge: str, *, choose: bool, config: Path | None) -> None:
    """Give the person with BADGE another PIN; it is shown once, here."""
    with _register(load_settings(config)) as register:
        holder = register.named(badge)
        pin = _new_pin(choose=choose)
        register.give_pin(holder, pin, None)
        _tell(pin, choose=choose)


@operator.command("forgive")
@click.argument("badge")
@config_option
def forgive(badge: str, config: Path | None) -> None:
    """End the waits that wrong PINs of the person with BADGE led to."""
    with _register(load_settings(config)) as register:
        register.forgive(register.named(badge), None)


@operator.command("badge")
@click.argument("badge")
@click.option("--new", help="Give the person this badge first; the one before is nobody's.")
@click.option("--printer", help="Print it on this printer of the configuration.")
@click.option(
    "--format", "language", default="png", show_default=True, help="png, pdf, or a printer's language."
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Draw it into a file.")
@config_option
@click.pass_context
def print_badge(  # noqa: PLR0913 - one parameter an option
    ctx: click.Context,
    badge: str,
    *,
    new: str | None,
    printer: str | None,
    language: str,
    output: Path | None,
    config: Path | None,
) -> None:
    """Print or draw the label of BADGE."""
    if (printer is None) == (output is None):
        raise click.UsageError("expected --printer NAME or --output FILE.")
    settings = load_settings(config)
    with _register(settings) as register:
        holder = register.named(badge)
        holder = register.give_badge(holder, new, None) if new else holder
    fields = badge_label(holder).fields
    if output is not None:
        output.write_bytes(render_label(label_shelf(config), "badge", fields, None, kind=language))
        return
    (job,) = print_now(settings, "badge", fields, printer=printer or "", copies=1)
    click.echo(f"{job.id}  {job.state.value}  {job.error}".rstrip())
    ctx.exit(0 if job.state in _PRINTED else 1)


def _new_pin(*, choose: bool) -> Pin:
    if not choose:
        return drawn_pin()
    pin = Pin.read(click.prompt("PIN", hide_input=True, confirmation_prompt=True))
    if pin is None:
        raise click.UsageError("the PIN: expected 6 to 12 digits.")
    return pin


def _tell(pin: Pin | None, *, choose: bool) -> None:
    if pin is not None and not choose:
        click.echo(f"PIN {pin.digits}   shown this once; hand it over and keep no copy")


def _line(holder: BadgeHolder) -> str:
    until = f"until {holder.expires_at:%Y-%m-%d}" if holder.expires_at else "for ever"
    state = "disabled" if holder.is_disabled else "expired" if holder.is_expired(utc_now()) else until
    pin = "PIN" if holder.has_pin else "no PIN"
    language = holder.language or "-"
    return visible(
        f"{holder.badge:<16} {holder.name:<28} {holder.role.value:<11} {pin:<7} {language:<6} {state}"
    )
