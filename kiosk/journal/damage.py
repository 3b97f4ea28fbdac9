"""A journal that is damaged: its files are set aside under a name with the time; nothing takes their place.

A note beside the journal says so. While it is there no journal is opened and none is begun: what waited for
ION, and what ION may have done, is known to the damaged file alone. A technician begins a new one.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk.errors import JournalDamaged, JournalError
from kiosk.journal.orderly_end import take_mark
from kiosk.journal.place import beside, database_path, sync, write_whole
from kiosk.wire import told_again, told_json
from kiosk.words import Told, told

_NOTE: Final = ".damage"
_BEGUN: Final = ".begun"
_PARTS: Final = ("-wal", "-shm", "")
"""SQLite's files. The log goes first: the database alone in its old place would lack what it has."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What happened to a journal."""

    at: str
    """When it was found, ISO 8601."""
    found: str
    """What is wrong with it; it remembers what it was made of (``kiosk.words.Told``)."""
    kept: str
    """The name that the damaged file has now, in the same folder; ``-wal`` and ``-shm`` are named alike."""

    @property
    def words(self) -> Told:
        """Return what a technician has to know."""
        return told(
            "The journal is damaged ({found}). Found at {moment}; the file is kept as {kept}. "
            "No scan is taken until a technician has looked at it and begun a new one: {command}",
            found=self.found,
            moment=datetime.fromisoformat(self.at),
            kept=repr(self.kept),
            command="kiosk journal renew --why TEXT",
        )


def noted_damage(url: str) -> Damage | None:
    """Return the damage that no technician has answered yet.

    Raises:
        JournalError: the note cannot be read.
    """
    note = beside(database_path(url), _NOTE)
    try:
        data = json.loads(note.read_text(encoding="utf-8"))
        at = datetime.fromisoformat(data["at"]).isoformat()
        return Damage(at, told_again(str(data["found"]), data.get("wording")), str(data["kept"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise JournalError(f"Cannot read the note of the journal's damage {str(note)!r}: {error}") from error


def set_aside(url: str, found: str, now: datetime) -> Damage:
    """Give the files of a damaged journal a name with the time; interrupted, it is finished the next time.

    Nothing else may have the journal open.

    Args:
        url: the journal.
        found: what is wrong with it.
        now: in UTC.

    Raises:
        JournalError: they cannot be renamed.
    """
    path = database_path(url)
    try:
        damage = noted_damage(url)
        if damage is None:
            damage = Damage(now.isoformat(), found, _free_name(path, now))
            write_whole(
                beside(path, _NOTE), json.dumps({**damage_json(damage), "wording": told_json(damage.found)})
            )
        take_mark(path)
        # What came into its place since must not go over it: it alone knows what ION may have done.
        kept = _free_name(path, now) if path.with_name(damage.kept).exists() else damage.kept
        for part in _PARTS:
            source = beside(path, part)
            if source.exists():
                source.rename(path.with_name(kept + part))
        sync(path.parent)
    except OSError as error:
        raise JournalError(f"Cannot set the damaged journal {str(path)!r} aside: {error}") from error
    return damage


def damage_json(damage: Damage) -> dict[str, str]:
    """Return the damage for the note and the audit."""
    return {"at": damage.at, "found": damage.found, "kept": damage.kept}


def forget_damage(url: str) -> None:
    """Take the note away: a new journal stands in the place of the damaged one.

    Raises:
        JournalError: it cannot be removed.
    """
    note = beside(database_path(url), _NOTE)
    try:
        note.unlink(missing_ok=True)
        sync(note.parent)
    except OSError as error:
        raise JournalError(f"Cannot remove {str(note)!r}: {error}") from error


def has_begun(path: Path) -> bool:
    """Return whether a journal was once begun here; then one without tables is no first start."""
    return beside(path, _BEGUN).exists()


def mark_begun(path: Path) -> None:
    """Leave the mark beside the journal, once its tables are on disk."""
    if not has_begun(path):
        try:
            write_whole(beside(path, _BEGUN), "The journal beside this file was begun; see it missing.\n")
        except OSError as error:
            raise JournalError(f"Cannot write beside the journal {str(path)!r}: {error}") from error


def check_undamaged(url: str) -> None:
    """Refuse a place where a damage waits for a technician.

    Raises:
        JournalDamaged: with the words for the technician.
    """
    damage = noted_damage(url)
    if damage is not None:
        raise JournalDamaged(damage.words, found=damage.found)


def _free_name(path: Path, now: datetime) -> str:
    name = f"{path.name}.damaged-{now:%Y%m%dT%H%M%SZ}"
    number, free = 1, name
    while any(path.with_name(free + part).exists() for part in _PARTS):
        number += 1
        free = f"{name}-{number}"
    return free
