"""What the page of operators changes: each reads its form, changes one person, and says what was done."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from flask import request

from kiosk.errors import OperatorRefused
from kiosk.model import BadgeHolder, Operator, Pin, Role
from kiosk.operators import Register, badge_label
from kiosk.ports import LabelOrder, LabelWish
from kiosk.web.context import IDEMPOTENCY_HEADER, Web, key_of
from kiosk.words import LANGUAGES

_DAYS = re.compile(r"[0-9]{1,4}")

Change = Callable[[Web, Register, Operator], str]
"""Makes a change in somebody's name, and says what was done.

Raises OperatorRefused with the reason, JournalError where nothing could be written; for a badge also
OrderRefused and KeyReused.
"""


def _add(_web: Web, register: Register, by: Operator) -> str:
    form = request.form
    role = form.get("role", "")
    if role not in {each.value for each in Role}:
        raise OperatorRefused("The role: expected operator, lead or technician.")
    pin = _pin() if form.get("pin") or form.get("again") else None
    wanted = BadgeHolder(
        "", form.get("name", ""), form.get("badge", ""), Role(role), form.get("language", "")
    )
    made = register.add(wanted, _days(), pin, by)
    return f"{made.name} can sign in with badge {made.badge}."


def _disable(_web: Web, register: Register, by: Operator) -> str:
    made = register.disable(_named(register), by)
    return f"{made.name} cannot sign in any more."


def _renew(_web: Web, register: Register, by: Operator) -> str:
    made = register.renew(_named(register), _days(), by)
    return f"{made.name} can sign in."


def _give_pin(_web: Web, register: Register, by: Operator) -> str:
    holder = _named(register)
    register.give_pin(holder, _pin(), by)
    return f"{holder.name} has a new PIN."


def _give_language(_web: Web, register: Register, by: Operator) -> str:
    made = register.give_language(_named(register), request.form.get("language", ""), by)
    if not made.language:
        return f"{made.name} is spoken to as the station speaks."
    return f"{made.name} is spoken to in this language: {LANGUAGES[made.language]}."


def _forgive(_web: Web, register: Register, by: Operator) -> str:
    holder = _named(register)
    register.forgive(holder, by)
    return f"{holder.name} need not wait any more."


def _print_badge(web: Web, register: Register, by: Operator) -> str:
    holder, station = _named(register), station_named(web)
    register.check(by, holder)
    if station is None or not web.rooms.labels.printer_of(station):
        raise OperatorRefused("There is no printer here. The command 'kiosk operator badge' draws it.")
    badge, key = badge_label(holder), key_of(request.headers.get(IDEMPOTENCY_HEADER))
    wish = LabelWish(badge.label, badge.fields, station=station)
    web.rooms.service.order(LabelOrder([wish], key, client="office", by=by.name))
    return f"The badge of {holder.name} is on its way to the printer."


CHANGES: Final[Mapping[str, Change]] = {
    "add": _add,
    "disable": _disable,
    "renew": _renew,
    "pin": _give_pin,
    "language": _give_language,
    "forgive": _forgive,
    "badge": _print_badge,
}
"""By the last part of the address."""


def station_named(web: Web) -> str | None:
    """Return the station that the page was opened from, ``None`` where it names none."""
    name = request.values.get("station", "")
    return name if name in web.rooms.stations else None


def _named(register: Register) -> BadgeHolder:
    found = register.book.find(request.form.get("id", ""))
    if found is None:
        raise OperatorRefused("There is no such person any more.")
    return found


def _days() -> int | None:
    given = request.form.get("days", "")
    if not _DAYS.fullmatch(given):
        raise OperatorRefused("The days: expected a number from 0 to 9999; 0 means for ever.")
    return int(given) or None


def _pin() -> Pin:
    pin = Pin.read(request.form.get("pin", ""))
    if pin is None:
        raise OperatorRefused("The PIN: expected 6 to 12 digits.")
    if request.form.get("again") != pin.digits:
        raise OperatorRefused("The two PINs are not the same. Enter the new one twice.")
    return pin
