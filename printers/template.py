"""Texts with named gaps, and conditions on which fields have a value: all a design can say about its data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from printers.errors import LabelInvalid

FIELD_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*")
_MARK: Final = re.compile(r"\$(?:(\$)|\{([^{}]*)\})?")


@dataclass(frozen=True, slots=True)
class Template:
    """A text in which `${field}` stands for a value and `$$` for a dollar sign; nothing else is special."""

    source: str
    parts: tuple[tuple[str, str | None], ...]
    """Pairs of a literal and the field that follows it."""

    @classmethod
    def parse(cls, source: str) -> "Template":
        """Split a template at its placeholders.

        Raises:
            LabelInvalid: A dollar sign that is neither a placeholder nor doubled.
        """
        parts: list[tuple[str, str | None]] = []
        literal, end = "", 0
        for mark in _MARK.finditer(source):
            literal += source[end : mark.start()]
            end = mark.end()
            dollar, name = mark.groups()
            if dollar:
                literal += "$"
            elif name is not None and FIELD_NAME.fullmatch(name):
                parts.append((literal, name))
                literal = ""
            else:
                raise LabelInvalid(
                    f"template {source!r}: expected a placeholder such as ${{part.partNumber}} "
                    f"or $$ for a dollar sign, got {mark.group()!r}"
                )
        parts.append((literal + source[end:], None))
        return cls(source, tuple(parts))

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields in it, in order."""
        return tuple(name for _, name in self.parts if name is not None)

    def fill(self, values: Mapping[str, str]) -> str:
        """Put the values in, never looking for placeholders in them; a field without a value is empty."""
        return "".join(literal + (values.get(name, "") if name else "") for literal, name in self.parts)


@dataclass(frozen=True, slots=True)
class Condition:
    """Decides whether an element is drawn, by which fields have a value that is not empty."""

    present: tuple[str, ...] = ()
    """All of these have."""
    absent: tuple[str, ...] = ()
    """None of these has."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields in it."""
        return self.present + self.absent

    def holds(self, values: Mapping[str, str]) -> bool:
        """Tell whether to draw."""
        return all(values.get(name) for name in self.present) and not any(map(values.get, self.absent))
