"""The languages a person at a station can be spoken to in, and the mark of a text that is said in them.

All texts are written in English where they arise. What is kept, logged and answered to programs stays so; the
pages say it in the language of whoever reads it.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

ENGLISH: Final = "en"

LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français"}
"""Each language by its tag (BCP 47), and how it calls itself."""


def N_(text: str) -> str:  # noqa: N802 - gettext's own name
    """Return the text as it is: marks words that the catalogues translate, where they are written."""
    return text


class Told(str):
    """A finished English sentence that remembers what it was made of, so that a page can say it anew.

    To logs, programs and whoever knows nothing of it, it is the sentence. It is never taken apart by its
    words, so what a printer, ION or a scan said stands in it as it came, however much it reads like ours.

    Attributes:
        template: its constant text, with a place such as ``{tried}`` for each value.
        values: what stands in the places: another such sentence, or a name, a number, foreign text.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, str]


def told(template: str, /, **values: object) -> Told:
    """Return a template with its values filled in; the catalogues translate it where it is written.

    An aware moment in the place ``{moment}`` is said in UTC, and by pages as the clock on their wall has it.
    """
    kept = {name: _text(value) for name, value in values.items()}
    made = Told(template.format_map(kept))
    made.template, made.values = template, kept
    return made


def whole(text: str) -> Told:
    """Return a text without places as such a sentence: said anew where the catalogues know it as it is."""
    return told(text.replace("{", "{{").replace("}", "}}"))


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return value if isinstance(value, str) else str(value)


def read_moment(text: str) -> datetime | None:
    """Return the moment that stands in a sentence in UTC, ``None`` of other text."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC)
    except ValueError:
        return None


def system_says(error: OSError) -> Told:
    """Return the operating system's own words, named as such: a detail for the technician."""
    return told("the system says: {said}", said=error.strerror or str(error))


def listed(pieces: Iterable[str], *, between: str = "; ") -> Told:
    """Return several texts as one, of which each is still said for itself."""
    each = {f"piece{number}": piece for number, piece in enumerate(pieces)}
    return told(between.join(f"{{{name}}}" for name in each), **each)


def spoken(tag: str) -> str:
    """Return which of the languages a BCP 47 tag such as ``de-AT`` asks for, empty for none of them."""
    primary = tag.replace("_", "-").partition("-")[0].lower()
    return primary if primary in LANGUAGES else ""
