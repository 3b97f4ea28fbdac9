"""The languages a person at a station can be spoken to in, and the mark of a text that is said in them.

All texts are written in English where they arise. What is kept, logged and answered to programs stays so; the
pages say it in the language of whoever reads it.
"""

from collections.abc import Mapping
from typing import Final

ENGLISH: Final = "en"

LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français"}
"""Each language by its tag (BCP 47), and how it calls itself."""


def N_(text: str) -> str:  # noqa: N802 - gettext's own name
    """Return the text as it is: marks words that the catalogues translate, where they are written."""
    return text


def spoken(tag: str) -> str:
    """Return which of the languages a BCP 47 tag such as ``de-AT`` asks for, empty for none of them."""
    primary = tag.replace("_", "-").partition("-")[0].lower()
    return primary if primary in LANGUAGES else ""
