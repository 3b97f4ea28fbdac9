"""Who may be added, changed and given a PIN, and by whom; every change is in the audit with who made it."""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from kiosk.errors import OperatorRefused
from kiosk.journal import OperatorBook
from kiosk.model import BadgeHolder, Operator, Pin, Print, Role
from kiosk.operators.hashing import PinHasher
from kiosk.ports import Clock, Ids
from kiosk.visible import visible
from kiosk.words import LANGUAGES

COMMAND_LINE: Final = "command line"
_LONGEST_NAME: Final = 60
_BADGE = re.compile(r"[A-Za-z0-9._:-]{1,64}")


@dataclass(frozen=True, slots=True)
class Register:
    """Changes the people whom the kiosk knows.

    Everything takes ``by``: who wants it, ``None`` for a technician at the machine's own command line. A
    technician may change everybody, a lead may change operators, an operator nobody.
    """

    book: OperatorBook
    hasher: PinHasher
    clock: Clock
    ids: Ids

    def everybody(self) -> Sequence[BadgeHolder]:
        """Return everybody, by name."""
        return self.book.all()

    def named(self, badge_or_id: str) -> BadgeHolder:
        """Return a person by badge or id.

        Raises:
            OperatorRefused: there is none.
        """
        found = self.book.with_badge(badge_text(badge_or_id)) or self.book.find(badge_or_id)
        if found is None:
            raise OperatorRefused(f"There is no operator with badge {visible(badge_or_id)[:64]!r}.")
        return found

    def may_change(self, by: Operator | None, holder: BadgeHolder) -> bool:
        """Return whether somebody may change a person."""
        return (
            by is None
            or by.role is Role.TECHNICIAN
            or (by.role is Role.LEAD and holder.role is Role.OPERATOR)
        )

    def check(self, by: Operator | None, holder: BadgeHolder) -> None:
        """Refuse what somebody may not do.

        Raises:
            OperatorRefused: ``by`` may not change this person.
        """
        if not self.may_change(by, holder):
            raise OperatorRefused(f"Changing a person with the role {holder.role.value} needs a technician.")

    def add(self, wanted: BadgeHolder, days: int | None, pin: Pin | None, by: Operator | None) -> BadgeHolder:
        """Add a person.

        Args:
            wanted: name, badge, role and language; the rest is set here.
            days: how long they can sign in before they are renewed, ``None`` for ever.
            pin: their PIN, ``None`` where none is asked of them.
            by: who wants it.

        Raises:
            OperatorRefused: there is a fault in it, or ``by`` may not.
            JournalError: they are not added.
        """
        name = " ".join(wanted.name.split())
        holder = replace(
            wanted, id=self.ids(), name=name, badge=badge_text(wanted.badge), has_pin=pin is not None
        )
        holder = replace(holder, is_disabled=False, expires_at=self._end(days))
        self.check(by, holder)
        if not name or len(name) > _LONGEST_NAME or name != visible(name):
            raise OperatorRefused(f"The name: expected 1 to {_LONGEST_NAME} characters, got {len(name)}.")
        _check_language(holder)
        self._check_badge(holder)
        self.book.add(holder, self._hash(pin) if pin else None, _who(by))
        return holder

    def disable(self, holder: BadgeHolder, by: Operator | None) -> BadgeHolder:
        """Let a person sign in no more; where they are signed in, they are signed out.

        Raises:
            OperatorRefused: ``by`` may not.
            JournalError: nothing was changed.
        """
        return self._changed(replace(holder, is_disabled=True), by)

    def renew(self, holder: BadgeHolder, days: int | None, by: Operator | None) -> BadgeHolder:
        """Let a person sign in (again), and for so many days from now.

        Raises:
            OperatorRefused: ``by`` may not.
            JournalError: nothing was changed.
        """
        return self._changed(replace(holder, is_disabled=False, expires_at=self._end(days)), by)

    def give_badge(self, holder: BadgeHolder, badge: str, by: Operator | None) -> BadgeHolder:
        """Give a person another badge; the one before is nobody's.

        Raises:
            OperatorRefused: it is no badge or somebody else's, or ``by`` may not.
            JournalError: nothing was changed.
        """
        other = replace(holder, badge=badge_text(badge))
        self.check(by, holder)
        self._check_badge(other)
        return self._changed(other, by)

    def give_language(self, holder: BadgeHolder, language: str, by: Operator | None) -> BadgeHolder:
        """Let a person be spoken to in another language, or, where it is empty, in their station's.

        Raises:
            OperatorRefused: it is not spoken here, or ``by`` may not.
            JournalError: nothing was changed.
        """
        other = replace(holder, language=language)
        _check_language(other)
        return self._changed(other, by)

    def give_pin(self, holder: BadgeHolder, pin: Pin, by: Operator | None) -> None:
        """Give a person another PIN, and forget the wrong ones given for the one before.

        Raises:
            OperatorRefused: it is among the first to be guessed, or ``by`` may not.
            JournalError: the one before still counts.
        """
        self.check(by, holder)
        self.book.set_pin(holder.id, self._hash(pin), _who(by))

    def forgive(self, holder: BadgeHolder, by: Operator | None) -> None:
        """End the waits that wrong PINs led to.

        Raises:
            OperatorRefused: ``by`` may not.
            JournalError: they go on.
        """
        self.check(by, holder)
        self.book.forgive(holder.id, _who(by))

    def _changed(self, holder: BadgeHolder, by: Operator | None) -> BadgeHolder:
        self.check(by, holder)
        self.book.change(holder, _who(by))
        return holder

    def _check_badge(self, holder: BadgeHolder) -> None:
        if not _BADGE.fullmatch(holder.badge):
            raise OperatorRefused("The badge: expected 1 to 64 letters, digits or any of . _ : -")
        other = self.book.with_badge(holder.badge)
        if other is not None and other.id != holder.id:
            raise OperatorRefused(f"Badge {holder.badge!r} is {other.name}'s.")

    def _hash(self, pin: Pin) -> str:
        if pin.is_plain:
            raise OperatorRefused("That PIN is among the first that anybody would guess. Choose another.")
        return self.hasher.hash(pin)

    def _end(self, days: int | None) -> datetime | None:
        return None if days is None else self.clock() + timedelta(days=days)


def drawn_pin(below: Callable[[int], int] = secrets.randbelow) -> Pin:
    """Return a PIN by chance, six digits, none that anybody would guess first.

    Args:
        below: gives a number from 0 up to a limit.
    """
    while True:
        pin = Pin(f"{below(1_000_000):06}")
        if not pin.is_plain:
            return pin


def badge_text(scanned: str) -> str:
    """Return what a badge says, in upper case, whether it was scanned with ``ION/OP/`` or typed without."""
    return scanned.strip().upper().removeprefix("ION/OP/")


def badge_label(holder: BadgeHolder) -> Print:
    """Return the label of a person's badge."""
    fields = {
        "code": f"ION/OP/{holder.badge}",
        "name": holder.name,
        "number": holder.badge,
        "role": holder.role.value.capitalize(),
    }
    return Print("badge", fields, subject=f"operator/{holder.id}")


def _who(by: Operator | None) -> str:
    return by.id if by else COMMAND_LINE


def _check_language(holder: BadgeHolder) -> None:
    if holder.language and holder.language not in LANGUAGES:
        raise OperatorRefused(
            f"The language: expected {', '.join(LANGUAGES)} or none, got {holder.language[:35]!r}."
        )
