"""Printer languages: a bitmap to the bytes a printer understands, and its answers to a status."""

from typing import Final

from printers.languages.base import Inquiry, Language, Proof, Question
from printers.languages.brother_ql import BROTHER_QL
from printers.languages.epl2 import EPL2
from printers.languages.escpos import ESCPOS
from printers.languages.pdf import PDF
from printers.languages.png import PNG
from printers.languages.tspl import TSPL
from printers.languages.zpl import ZPL

LANGUAGES: Final[dict[str, Language]] = {
    language.name: language for language in (ZPL, EPL2, TSPL, ESCPOS, BROTHER_QL, PDF, PNG)
}
"""Every language by the name used in settings. A new one is a file here and an entry in this line."""

__all__ = ["LANGUAGES", "Inquiry", "Language", "Proof", "Question"]
