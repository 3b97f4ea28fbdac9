"""A language: its words, and how numbers, dates and times read in it."""

from kiosk.language.language import Language, language
from kiosk.language.numerals import typed_number

__all__ = ["Language", "language", "typed_number"]
