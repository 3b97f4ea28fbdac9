"""A printer that was found, and what of it can be put into the settings."""

import json
import re
from dataclasses import dataclass
from typing import Final

from printers.languages.brother_stock import MODELS
from printers.status import Identity

_ZPL, _EPL, _TSPL, _ESCPOS = (
    re.compile(words, re.IGNORECASE)
    for words in (
        r"vnd\.zebra-zpl|\bZPL|\bZebra\b|\bZTC\b",
        r"vnd\.eltron-epl|\bEPL2?\b",
        r"\bTSPL|\bTSC\b",
        r"ESC/?POS|\bTM-[A-Z]",
    )
)
_NAME: Final = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME: Final = 40
_SOLD_DPI: Final = {6: 152, 8: 203, 12: 300, 24: 600}
"""Dots a millimetre, and as what such a head is sold."""


@dataclass(frozen=True, slots=True)
class FoundPrinter:
    """One way to one printer."""

    by: str
    """How it was found: usb, dns-sd or snmp."""
    url: str
    model: str
    """As it calls itself: printable ASCII, not to be trusted beyond that."""
    note: str = ""
    """Where it stands, or what it is called."""
    commands: str = ""
    """What it says that it understands, for guessing its language."""
    status_url: str = ""
    identity: Identity | None = None
    size_mm: tuple[float, float] | None = None
    """Width and length of what is in it; length 0 for continuous stock."""

    @property
    def language(self) -> str:
        """What it seems to understand; empty where nothing tells."""
        said = f"{self.commands} {self.model}"
        if self.brother_model:
            return "brother_ql"
        for name, words in (("zpl", _ZPL), ("epl2", _EPL), ("tspl", _TSPL), ("escpos", _ESCPOS)):
            if words.search(said):
                return name
        if self.url.startswith("ipp"):
            return "pdf" if "application/pdf" in self.commands else "png"
        return ""

    @property
    def brother_model(self) -> str:
        """The name that `brother_ql` knows it by; empty where it is none of those."""
        return next((name for name in sorted(MODELS, key=len, reverse=True) if name in self.model), "")

    @property
    def settings(self) -> dict[str, str | int | float]:
        """What of it belongs into `[[printers]]`."""
        named = _NAME.sub("-", (self.model or self.note or "printer").lower()).strip("-")
        found: dict[str, str | int | float] = {
            "name": named[:_LONGEST_NAME].strip("-") or "printer",
            "url": self.url,
        }
        if self.status_url and self.language not in {"zpl", ""}:
            found["status_url"] = self.status_url
        if self.language:
            found["language"] = self.language
        if self.language == "brother_ql":
            found |= {"model": self.brother_model, "dpi": MODELS[self.brother_model].dpi}
        elif self.identity is not None and self.identity.dots_per_mm in _SOLD_DPI:
            found["dpi"] = _SOLD_DPI[self.identity.dots_per_mm]
        if self.size_mm is not None:
            found["width_mm"] = self.size_mm[0]
            if self.size_mm[1]:
                found["height_mm"] = self.size_mm[1]
        return found

    @property
    def toml(self) -> str:
        """The lines to paste into `kiosk.toml`."""
        # What a printer says of itself is printable ASCII, and JSON's escapes of that are TOML's.
        lines = [f"{name} = {json.dumps(value)}" for name, value in self.settings.items()]
        if not self.language:
            lines.append("# language: what does it understand?")
        return "\n".join(["[[printers]]", *lines])
