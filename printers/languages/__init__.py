"""Printer languages: a bitmap to the bytes a printer understands, and its answers to a status."""

from typing import Final

from printers.languages.base import Language
from printers.languages.zpl import ZPL

LANGUAGES: Final[dict[str, Language]] = {language.name: language for language in (ZPL,)}
"""Every language by the name used in settings. A new one is a file here and an entry in this line."""

__all__ = ["LANGUAGES", "Language"]
