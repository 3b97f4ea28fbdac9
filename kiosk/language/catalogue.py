"""Reads a catalogue (GNU gettext's PO format, as Babel writes it) without a build step or a library.

Babel's own reader brings its locale data along, which a kiosk of 120 MB has no room for.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

_KEYWORDS: Final = ("msgctxt", "msgid_plural", "msgid", "msgstr")
_Entry: TypeAlias = dict[str, str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The translations of one language."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """Each English text, and what it is; a text of several numbers by its singular."""
    plurals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Each English singular, and its forms for one and for more."""
    told: Mapping[str, str] = field(default_factory=dict)
    """The templates of sentences that remember them (``kiosk.words.Told``), and what each is.

    No sentence is recognised by one: they may be as general as *{tried}: expected one, got {count}*.
    """

    faults: Mapping[str, str] = field(default_factory=dict)
    """The templates of what is wrong with something that a person wrote, and what each is.

    Only such a text is compared with them: they have little that is their own.
    """


TOLD: Final = "told"
FAULT: Final = "fault"
"""The contexts (msgctxt) of these."""


def read_catalogue(path: Path) -> Catalogue:
    """Read a ``.po`` file; entries without a translation, or with a doubtful one (fuzzy), are left out."""
    texts: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    apart: dict[str, dict[str, str]] = {TOLD: {}, FAULT: {}}
    for entry in _entries(path.read_text("utf-8").split("\n")):
        english = entry.get("msgid", "")
        if not english or "fuzzy" in entry:
            continue
        forms = tuple(said for key, said in sorted(entry.items()) if key.startswith("msgstr["))
        said = forms[0] if forms else entry.get("msgstr", "")
        if said:
            apart.get(entry.get("msgctxt", ""), texts)[english] = said
        if forms and all(forms):
            plurals[english] = forms
    return Catalogue(texts, plurals, apart[TOLD], apart[FAULT])


def _entries(lines: list[str]) -> Iterator[_Entry]:
    entry: _Entry = {}
    key = ""
    for line in lines:
        if line.startswith("#,") and "fuzzy" in line:
            entry["fuzzy"] = ""
        elif line.startswith("#"):
            continue
        elif line.startswith('"'):
            entry[key] += _unquoted(line)
        elif line.startswith(_KEYWORDS):
            key, _, quoted = line.partition(" ")
            entry[key] = _unquoted(quoted)
        elif not line.strip() and entry:
            yield entry
            entry = {}
    if entry:
        yield entry


def _unquoted(quoted: str) -> str:
    return str(ast.literal_eval(quoted))
