"""A label written in ZPL by somebody else, with `${...}` where values go: ION's templates, a site's own.

Commands and rules: ZPL II programming guide. No value becomes a command, of ZPL's or of a symbol's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from printers.errors import LabelInvalid
from printers.template import FIELD_NAME

_COMMAND: Final = re.compile(r"([\^~][A-Za-z0-9@]{2})([^\^~]*)")
_PLACEHOLDER: Final = re.compile(r"\$\{([^{}]*)\}")
_DATA: Final = frozenset({"^FD", "^FV"})
_FIELD_ENDS: Final = frozenset({"^FS", "^XA", "^XZ"})
_OTHER_PREFIXES: Final = frozenset({"^CC", "^CT", "^CD", "~CC", "~CT", "~CD"})
_ESCAPES: Final = "\\_|#%&@!?*"
"""Signs of which one, that the template's own text does not have, begins what is written in hexadecimal."""
_CODE128_ESCAPES: Final = str.maketrans({">": ">0", "^": "><", "~": ">="})
"""`^BC`'s invocation codes that stand for data."""
_PLAIN_SYMBOLS: Final = frozenset(
    {"^B0", "^B1", "^B2", "^B3", "^B7", "^B8", "^B9", "^BA", "^BE", "^BO", "^BU"}
)
"""Symbols in whose data no character is a command."""
_QR_MODE: Final = re.compile(r"[HQML]M,")
_STARTS: Final = {"^BQ": re.compile(r"\A[HQML]A,"), "^BC": re.compile(r"\A>[:;9]")}
"""What the printer takes for itself: level and mode of a QR code, the first set of a Code 128."""
_UTF8: Final = "28"


@dataclass(frozen=True, slots=True)
class _Data:
    """The data of one field that has placeholders."""

    parts: tuple[tuple[str, str | None], ...]
    """Pairs of a literal and the field that follows it."""
    escape: str
    symbol: str
    """The command of its symbol, empty for a text."""
    options: tuple[str, ...]
    """What stands behind that command."""

    def scanned(self, values: Mapping[str, str]) -> str:
        """Return what a scanner reads from the symbol."""
        codes = re.compile(re.escape(self.escape) + "([0-9A-Fa-f]{2})")
        text = "".join(
            codes.sub(lambda code: chr(int(code[1], 16)), literal) + values.get(name or "", "")
            for literal, name in self.parts
        )
        return _STARTS[self.symbol].sub("", text) if self.symbol in _STARTS else text

    def option(self, number: int, default: str = "") -> str:
        return (self.options[number].strip() if number < len(self.options) else "") or default


@dataclass(frozen=True, slots=True)
class ZplTemplate:
    """A template that was found safe to fill."""

    source: str
    pieces: tuple[str | _Data, ...]
    is_utf8: bool
    """Whether the printer is told that its data are UTF-8, by the template or, where it is silent, by us."""

    @classmethod
    def parse(cls, source: str) -> "ZplTemplate":
        """Read a template.

        Raises:
            LabelInvalid: It is no ZPL, changes ZPL's own signs, or has a placeholder where a value would be
                more than data.
        """
        commands = list(_COMMAND.finditer(source))
        sets = {found[2].strip() for found in commands if found[1].upper() == "^CI"}
        reader, end = _Reader(is_told=bool(sets)), 0
        for found in commands:
            _check_between(source[end : found.start()])
            end = found.end()
            reader.take(found[1], found[2])
        _check_between(source[end:])
        if not commands:
            raise LabelInvalid(f"zpl {source[:40]!r}: expected ZPL")
        return cls(source, tuple(reader.pieces), sets <= {_UTF8})

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields in it, each once."""
        names = (name for piece in self.pieces if isinstance(piece, _Data) for _, name in piece.parts if name)
        return tuple(dict.fromkeys(names))

    def scanned(self, name: str, values: Mapping[str, str]) -> str | None:
        """Return what a scanner reads from the first symbol that holds a field; None where none does."""
        for piece in self.pieces:
            if isinstance(piece, _Data) and piece.symbol and any(name == field for _, field in piece.parts):
                return piece.scanned(values)
        return None

    def fill(self, values: Mapping[str, str]) -> bytes:
        """Put the values in; a field without a value is empty.

        Raises:
            LabelInvalid: A value that its place cannot take as mere data.
        """
        filled = ""
        for piece in self.pieces:
            if isinstance(piece, str):
                filled += piece
                continue
            for literal, name in piece.parts:
                value = values.get(name, "") if name else ""
                if not self.is_utf8 and not value.isascii():
                    raise LabelInvalid(f"zpl: {name} {value!r}: expected ASCII, as its ^CI is not {_UTF8}")
                filled += literal + _written(piece, value)
        return filled.encode()


class _Reader:
    """Goes through a template command by command."""

    def __init__(self, *, is_told: bool) -> None:
        self.pieces: list[str | _Data] = []
        self._is_told = is_told
        """Whether the template says how its data are encoded."""
        self._escape = ""
        self._symbol: tuple[str, str] = ("", "")

    def take(self, spelled: str, rest: str) -> None:
        """Take a command, as it is written, and what stands behind it."""
        command = spelled.upper()
        if command in _OTHER_PREFIXES:
            raise LabelInvalid(f"zpl: expected ZPL's usual signs, got {spelled}")
        if command == "^FH":
            self._escape = rest.strip()[:1] or "_"
        elif command[:2] == "^B" and command != "^BY":
            self._symbol = (command, rest)
        elif command in _FIELD_ENDS:
            self._escape, self._symbol = "", ("", "")
        found = _PLACEHOLDER.search(rest)
        if found is not None and command not in _DATA:
            raise LabelInvalid(f"zpl: expected the placeholder {found[0]!r} in ^FD data, got it in {spelled}")
        if found is not None:
            self._take_data(spelled, rest)
            return
        self.pieces.append(spelled + rest)
        if command == "^XA" and not self._is_told:
            self.pieces.append(f"^CI{_UTF8}")

    def _take_data(self, spelled: str, rest: str) -> None:
        escape = self._escape or next((sign for sign in _ESCAPES if sign not in rest), "")
        if not escape:
            raise LabelInvalid(f"zpl: expected ^FH before ^FD{rest[:40]!r}")
        data = _Data(_parts(rest), escape, self._symbol[0], tuple(self._symbol[1].split(",")))
        _check_symbol(data)
        self.pieces += [spelled if self._escape else f"^FH{escape}{spelled}", data]


def escaped(text: str, escape: str) -> str:
    r"""Write a text as `^FD` data under `^FH`: what ZPL would act on becomes `\5E` and the like.

    Args:
        text: Any text.
        escape: The character that `^FH` names.
    """
    return "".join(
        character
        if " " <= character <= "~" and character not in {"^", "~", escape}
        else "".join(f"{escape}{byte:02X}" for byte in character.encode("utf-8", "replace"))
        for character in text
    )


def _check_between(text: str) -> None:
    """Refuse what is no command; between commands there is white space at most."""
    if text.strip():
        raise LabelInvalid(f"zpl: expected commands, got {text.strip()[:40]!r}")


def _parts(data: str) -> tuple[tuple[str, str | None], ...]:
    parts: list[tuple[str, str | None]] = []
    end = 0
    for mark in _PLACEHOLDER.finditer(data):
        if not FIELD_NAME.fullmatch(mark[1]):
            raise LabelInvalid(f"zpl: expected a placeholder such as ${{part.partNumber}}, got {mark[0]!r}")
        parts.append((data[end : mark.start()], mark[1]))
        end = mark.end()
    return (*parts, (data[end:], None))


def _check_symbol(data: _Data) -> None:
    """Refuse places where the first characters, or the last ones before a value, decide what it means."""
    first = data.parts[0][0]
    if data.symbol == "^BC":
        if any(literal.endswith(">") for literal, name in data.parts if name):
            raise LabelInvalid("zpl: expected no '>' right before a placeholder in ^BC data")
    elif data.symbol == "^BQ":
        if len(first) < 3 or _QR_MODE.match(first):  # noqa: PLR2004 - "MA,"
            raise LabelInvalid("zpl: expected ^BQ data to begin with level and automatic mode, such as MA,")
    elif data.symbol and data.symbol != "^BX" and data.symbol not in _PLAIN_SYMBOLS:
        raise LabelInvalid(f"zpl: expected placeholders in symbols whose rules are known, got {data.symbol}")


def _written(data: _Data, value: str) -> str:
    match data.symbol:
        case "^BC":
            return _code128(data, value)
        case "^BX":
            sign = data.option(6)
            if not sign and ("_" in value or "~" in value):
                raise LabelInvalid(
                    f"zpl: ^BX {value!r}: expected neither '_' nor '~' without an escape sign of its own, "
                    "as one of them begins escapes, and which depends on the printer"
                )
            return escaped(value.replace(sign, sign + sign) if sign else value, data.escape)
        case _:
            return escaped(value, data.escape)


def _code128(data: _Data, value: str) -> str:
    mode = data.option(5, "N").upper()
    allowed = {"D": r"[ -'*-=?-\]_-}]*", "U": r"[0-9]*"}.get(mode, r"[ -~]*")
    if not re.fullmatch(allowed, value):
        raise LabelInvalid(f"zpl: ^BC in mode {mode} {value!r}: expected only {allowed}")
    return value.translate(_CODE128_ESCAPES).replace(data.escape, f"{data.escape}{ord(data.escape):02X}")
