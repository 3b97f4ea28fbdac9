"""One TOML table of a design, read key by key, so that nothing in it is overlooked."""

import re
from typing import Any, Final

from printers.errors import LabelInvalid
from printers.formats import Format, parse_format
from printers.label import Align, VerticalAlign
from printers.template import Condition, Gs1Template, Template

_NEEDED: Final = object()
_LONGEST_MM: Final = 1000
_PLACE: Final = re.compile(r"line ([0-9]+), column ([0-9]+)\)")


def no_toml(error: Exception) -> str:
    """Return where a text is no TOML, and what the reader says, named as its words.

    Args:
        error: ``tomllib``'s, whose message ends with ``(at line 3, column 9)`` or ``(at end of document)``.
    """
    said, _, place = str(error).partition(" (at ")
    found = _PLACE.match(place)
    if found is None:
        return f"expected TOML to go on (the TOML reader says: {said})"
    line, column = found.groups()
    return f"expected TOML in line {line}, column {column} (the TOML reader says: {said})"


class TomlTable:
    """A table whose keys are taken one by one; `close` refuses what was not taken."""

    def __init__(self, where: str, content: object) -> None:
        if not isinstance(content, dict):
            raise LabelInvalid(f"{where}: expected a table, got {content!r}")
        self.where = where
        self._left: dict[str, Any] = dict(content)

    def keys(self) -> tuple[str, ...]:
        """Return the keys that are not taken yet."""
        return tuple(self._left)

    def take(self, key: str, default: object = _NEEDED) -> Any:  # noqa: ANN401 - TOML is untyped until checked
        """Take a value as it is; without a default there must be one."""
        value = self._left.pop(key, default)
        if value is _NEEDED:
            raise LabelInvalid(f"{self.where}: expected a value for {key!r}, got none")
        return value

    def text(self, key: str, default: object = _NEEDED) -> str:
        """Take a text."""
        value = self.take(key, default)
        if not isinstance(value, str):
            raise LabelInvalid(f"{self.where}: {key}: expected a text, got {value!r}")
        return value

    def flag(self, key: str) -> bool:
        """Take true or false; false where there is none."""
        value = self.take(key, default=False)
        if not isinstance(value, bool):
            raise LabelInvalid(f"{self.where}: {key}: expected true or false, got {value!r}")
        return value

    def count(self, key: str, default: object, least: int, most: int) -> int:
        """Take a whole number."""
        value = self.take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise LabelInvalid(
                f"{self.where}: {key}: expected a whole number from {least} to {most}, got {value!r}"
            )
        return value

    def millimetres(self, key: str, default: object = _NEEDED) -> float:
        """Take a length."""
        value = self.take(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST_MM:
            raise LabelInvalid(
                f"{self.where}: {key}: expected millimetres from 0 to {_LONGEST_MM}, got {value!r}"
            )
        return float(value)

    def optional_millimetres(self, key: str) -> float | None:
        """Take a length where there is one."""
        return self.millimetres(key) if key in self._left else None

    def choice(self, key: str, choices: tuple[str, ...], default: object = _NEEDED) -> str:
        """Take one of some words."""
        value = self.text(key, default)
        if value not in choices:
            raise LabelInvalid(f"{self.where}: {key}: expected one of {', '.join(choices)}, got {value!r}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a text or a list of texts, none where there is none."""
        value = self.take(key, [])
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise LabelInvalid(f"{self.where}: {key}: expected a text or a list of texts, got {value!r}")
        return tuple(found)

    def template(self, key: str) -> Template:
        """Take a text with placeholders, and `formats` for their values."""
        source, formats = self.text(key), self._formats()
        try:
            return Template.parse(source, formats)
        except LabelInvalid as error:
            raise LabelInvalid(f"{self.where}: {key}: {error}") from error

    def gs1_template(self, key: str) -> Template | Gs1Template:
        """Take GS1 elements, or a lone placeholder for what a scanner would report."""
        source, formats = self.text(key), self._formats()
        try:
            if source.startswith("$"):
                return Template.parse(source, formats)
            return Gs1Template.parse(source, formats)
        except LabelInvalid as error:
            raise LabelInvalid(f"{self.where}: {key}: {error}") from error

    def align(self) -> Align:
        """Take how something stands from left to right."""
        return Align(self.choice("align", tuple(Align), Align.LEFT))

    def valign(self) -> VerticalAlign:
        """Take how something stands from top to bottom."""
        return VerticalAlign(self.choice("valign", tuple(VerticalAlign), VerticalAlign.TOP))

    def turns(self) -> int:
        """Take a rotation in degrees clockwise, and return its quarters."""
        degrees = self.take("rotation", 0)
        if isinstance(degrees, bool) or not isinstance(degrees, int) or degrees not in {0, 90, 180, 270}:
            raise LabelInvalid(f"{self.where}: rotation: expected 0, 90, 180 or 270, got {degrees!r}")
        return degrees // 90

    def condition(self) -> Condition:
        """Take which fields must have a value and which must not."""
        return Condition(self.texts("if"), self.texts("unless"))

    def tables(self, key: str) -> list[object]:
        """Take a list of tables, none where there is none."""
        found = self.take(key, [])
        if not isinstance(found, list):
            raise LabelInvalid(f"{self.where}: {key}: expected [[{key}]], got {found!r}")
        return found

    def close(self) -> None:
        """Refuse the keys that nobody took."""
        if self._left:
            raise LabelInvalid(
                f"{self.where}: expected no other keys, got {', '.join(map(repr, sorted(self._left)))}"
            )

    def _formats(self) -> dict[str, Format]:
        table = TomlTable(f"{self.where}: formats", self.take("formats", {}))
        found = {}
        for name in table.keys():  # noqa: SIM118 - not a dict
            source = table.text(name)
            try:
                found[name] = parse_format(source)
            except LabelInvalid as error:
                raise LabelInvalid(f"{table.where}: {name}: {error}") from error
        return found
