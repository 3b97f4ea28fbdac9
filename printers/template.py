"""Texts with named gaps, and conditions on which fields have a value: all a design can say about its data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from printers.errors import LabelInvalid
from printers.formats import Format
from printers.gs1 import join

FIELD_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*")
_MARK: Final = re.compile(r"\$(?:(\$)|\{([^{}]*)\})?")
_GS1_ELEMENT: Final = re.compile(r"\(([0-9]{2,4})\)([^()]+)")


@dataclass(frozen=True, slots=True)
class Template:
    """A text in which `${field}` stands for a value and `$$` for a dollar sign; nothing else is special."""

    source: str
    parts: tuple[tuple[str, str | None], ...]
    """Pairs of a literal and the field that follows it."""
    formats: tuple[tuple[str, Format], ...] = ()
    """How the values of some of its fields are written."""

    @classmethod
    def parse(cls, source: str, formats: Mapping[str, Format] | None = None) -> "Template":
        """Split a template at its placeholders.

        Args:
            source: The text.
            formats: By field, how its value is written; the others stand as they are.

        Raises:
            LabelInvalid: A dollar sign that is neither a placeholder nor doubled, or a format for a field
                that has no placeholder.
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
        made = cls(source, tuple(parts), tuple((formats or {}).items()))
        if unused := sorted(set(formats or {}) - set(made.fields)):
            raise LabelInvalid(f"template {source!r}: expected formats for its own fields, got {unused[0]!r}")
        return made

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields in it, in order."""
        return tuple(name for _, name in self.parts if name is not None)

    def fill(self, values: Mapping[str, str]) -> str:
        """Put the values in, never looking for placeholders in them; a field without a value is empty."""
        if not self.formats:
            return "".join([literal + (values.get(name, "") if name else "") for literal, name in self.parts])
        formats = dict(self.formats)
        filled = ""
        for literal, name in self.parts:
            value = values.get(name, "") if name else ""
            filled += literal + (formats[name].write(value) if name in formats else value)
        return filled


@dataclass(frozen=True, slots=True)
class Gs1Template:
    """GS1 elements whose values are templates: `(01)${gtin}(10)${lotNumber}`."""

    source: str
    elements: tuple[tuple[str, Template], ...]
    """Pairs of an application identifier and its value."""

    @classmethod
    def parse(cls, source: str, formats: Mapping[str, Format] | None = None) -> "Gs1Template":
        """Split a template at its application identifiers.

        Raises:
            LabelInvalid: Something outside a bracketed identifier and its value, or no template.
        """
        pairs = _GS1_ELEMENT.findall(source)
        if not pairs or "".join(f"({identifier}){value}" for identifier, value in pairs) != source:
            raise LabelInvalid(
                f"template {source!r}: expected GS1 elements such as (01)${{gtin}}(10)${{lotNumber}}"
            )
        Template.parse(source, formats)  # refuses formats for fields that no element has
        elements = []
        for identifier, value in pairs:
            names = Template.parse(value).fields
            own = {name: form for name, form in (formats or {}).items() if name in names}
            elements.append((identifier, Template.parse(value, own)))
        return cls(source, tuple(elements))

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields in it, in order."""
        return tuple(name for _, template in self.elements for name in template.fields)

    def fill(self, values: Mapping[str, str]) -> str:
        """Join what a scanner is to report; an element whose value is empty is left out.

        Raises:
            LabelInvalid: A value that its identifier does not take; none can become an identifier of its own.
        """
        filled = [(identifier, template.fill(values)) for identifier, template in self.elements]
        return join([(identifier, value) for identifier, value in filled if value])


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
