"""Beginning a new journal in the place of a damaged one, when a technician said so."""

from contextlib import closing

from kiosk.errors import JournalDamaged, JournalError
from kiosk.journal.clerk import Clerk
from kiosk.journal.damage import Damage, damage_json, forget_damage, noted_damage, set_aside
from kiosk.journal.place import database_path
from kiosk.journal.sole_use import sole_use
from kiosk.journal.store import Store
from kiosk.ports import Clock, Ids


def renew(  # noqa: PLR0913  as ``open_journal`` has them
    url: str, why: str, *, clock: Clock, ids: Ids, boot: str, allow_volatile: bool = False
) -> Damage:
    """Begin a new journal; its first entry says what it follows, and why.

    The note of the damage goes last, so that a power cut in between leaves it standing.

    Args:
        url: the damaged journal.
        why: the technician's reason.
        clock: gives the time of the entry.
        ids: makes ids.
        boot: the kernel's boot id.
        allow_volatile: see ``Store``.

    Returns:
        What was damaged, and where it is kept.

    Raises:
        JournalError: the journal is whole, a kiosk is running on it, or it cannot be written.
    """
    with sole_use(url):
        damage = noted_damage(url) or _found_now(url, clock, allow_volatile=allow_volatile)
        set_aside(url, damage.found, clock())
        with closing(Store(url, allow_volatile=allow_volatile, is_renewed=True)) as store:
            clerk = Clerk(store, clock, ids, boot)
            with store.writing() as connection:
                clerk.note(connection, "", "journal-renewed", {**damage_json(damage), "why": why})
        forget_damage(url)
    return damage


def _found_now(url: str, clock: Clock, *, allow_volatile: bool) -> Damage:
    try:
        Store(url, allow_volatile=allow_volatile).close()
    except JournalDamaged as error:
        return set_aside(url, error.found, clock())
    name = database_path(url).name
    raise JournalError(f"The journal {name!r} is whole: there is nothing to begin anew.")
