"""AIM symbology identifiers, ``]cm`` (ISO/IEC 15424): what a scanner says about the symbol it read.

The table follows the identifiers that scanner manuals and decoder libraries agree on; Data Matrix ``7``
to ``C`` are ``1`` to ``6`` for rectangular extensions (DMRE).
"""

import re
from dataclasses import dataclass

_IDENTIFIER = re.compile(rb"\][A-Za-z][0-9A-Za-z]")

_ECI_GS1 = "GS1 (FNC1 first) with ECI"
_FNC1_FIRST = "GS1 (FNC1 first)"
_FNC1_SECOND = "FNC1 second"

_SYMBOLOGIES: dict[str, tuple[str, dict[str, str]]] = {
    "A": (
        "Code 39",
        {
            "0": "plain",
            "1": "check character sent",
            "3": "check character stripped",
            "4": "full ASCII",
            "5": "full ASCII, check character sent",
            "7": "full ASCII, check character stripped",
        },
    ),
    "B": (
        "Telepen",
        {
            "0": "full ASCII",
            "1": "double-density numeric",
            "2": "numeric, then ASCII",
            "4": "ASCII, then numeric",
        },
    ),
    "C": (
        "Code 128",
        {"0": "plain", "1": _FNC1_FIRST, "2": _FNC1_SECOND, "4": "ISBT concatenated"},
    ),
    "D": ("Code One", {"0": "plain"}),
    "E": (
        "EAN/UPC",
        {
            "0": "EAN-13, UPC-A or UPC-E as 13 digits",
            "1": "two-digit add-on",
            "2": "five-digit add-on",
            "3": "with add-on",
            "4": "EAN-8",
        },
    ),
    "F": (
        "Codabar",
        {"0": "plain", "1": "ABC", "2": "check character sent", "4": "check character stripped"},
    ),
    "G": ("Code 93", {"0": "plain"}),
    "H": (
        "Code 11",
        {"0": "one check character sent", "1": "two check characters sent", "3": "check characters stripped"},
    ),
    "I": (
        "Interleaved 2 of 5",
        {"0": "no check digit", "1": "check digit sent (ITF-14)", "3": "check digit stripped"},
    ),
    "J": (
        "DotCode",
        {
            "0": "plain",
            "1": _FNC1_FIRST,
            "2": _FNC1_SECOND,
            "3": "plain with ECI",
            "4": _ECI_GS1,
            "5": "FNC1 second with ECI",
        },
    ),
    "K": (
        "Code 16K",
        {"0": "plain", "1": _FNC1_FIRST, "2": _FNC1_SECOND, "4": "concatenated"},
    ),
    "L": (
        "PDF417",
        {
            "0": "1994 protocol",
            "1": "ECI, backslashes doubled",
            "2": "no ECI",
            "3": "Code 128 emulation",
            "4": "Code 128 emulation",
            "5": "Code 128 emulation",
        },
    ),
    "M": ("MSI", {"0": "check digit sent", "1": "check digit stripped"}),
    "N": ("Anker", {"0": "plain"}),
    "O": (
        "Codablock",
        {"0": "256", "1": "256, FNC1", "4": "F", "5": "F, FNC1", "6": "A"},
    ),
    "P": ("Plessey", {"0": "plain"}),
    "Q": (
        "QR Code",
        {
            "0": "model 1",
            "1": "plain",
            "2": "plain with ECI",
            "3": _FNC1_FIRST,
            "4": _ECI_GS1,
            "5": _FNC1_SECOND,
            "6": "FNC1 second with ECI",
        },
    ),
    "R": ("Straight 2 of 5, two-bar start", {"0": "no check digit"}),
    "S": ("Straight 2 of 5, three-bar start", {"0": "plain"}),
    "T": ("Code 49", {}),
    "U": (
        "MaxiCode",
        {
            "0": "mode 4 or 5",
            "1": "mode 2 or 3",
            "2": "mode 4 or 5 with ECI",
            "3": "mode 2 or 3 with ECI in the secondary message",
        },
    ),
    "X": ("Other", {}),
    "Y": ("System expansion", {}),
    "Z": ("No barcode", {"0": "keyboard", "1": "magnetic stripe"}),
    "c": ("Channel Code", {"0": "plain"}),
    "d": (
        "Data Matrix",
        {
            "0": "ECC 000-140",
            "1": "ECC 200",
            "2": _FNC1_FIRST,
            "3": _FNC1_SECOND,
            "4": "ECC 200 with ECI",
            "5": _ECI_GS1,
            "6": "FNC1 second with ECI",
            "7": "DMRE",
            "8": "DMRE, " + _FNC1_FIRST,
            "9": "DMRE, " + _FNC1_SECOND,
            "A": "DMRE with ECI",
            "B": "DMRE, " + _ECI_GS1,
            "C": "DMRE, FNC1 second with ECI",
        },
    ),
    "e": (
        "GS1 DataBar and Composite",
        {
            "0": "DataBar, or the component of a composite",
            "1": "after a separator",
            "2": "after an escape",
            "3": "after an escape",
        },
    ),
    "h": ("Han Xin", {}),
    "o": ("OCR", {}),
    "p": ("PosiCode", {}),
    "s": ("SuperCode", {}),
    "z": (
        "Aztec",
        {
            "0": "plain",
            "1": _FNC1_FIRST,
            "2": _FNC1_SECOND,
            "3": "plain with ECI",
            "4": _ECI_GS1,
            "5": "FNC1 second with ECI",
            "6": "structured append",
            "7": "structured append, " + _FNC1_FIRST,
            "8": "structured append, " + _FNC1_SECOND,
            "9": "structured append with ECI",
            "A": "structured append, " + _ECI_GS1,
            "B": "structured append, FNC1 second with ECI",
            "C": "rune",
        },
    ),
}

_GS1_MESSAGES = frozenset(
    {
        *("]C1", "]J1", "]J4", "]K1", "]O5", "]Q3", "]Q4", "]e0"),
        *("]d2", "]d5", "]d8", "]dB", "]z1", "]z4", "]z7", "]zA"),
    }
)
_ECI_PROTOCOL = frozenset(
    {
        *("]J3", "]J4", "]J5", "]L1", "]Q2", "]Q4", "]Q6", "]U2", "]U3"),
        *("]d4", "]d5", "]d6", "]dA", "]dB", "]dC", "]z3", "]z4", "]z5", "]z9", "]zA", "]zB"),
    }
)


@dataclass(frozen=True, slots=True)
class Symbology:
    """What an identifier says."""

    name: str
    """The symbology, such as ``Data Matrix``; ``Unknown`` where the table does not have it."""
    option: str
    """What the modifier adds, empty where the table does not have it."""
    is_gs1: bool
    """The data are GS1 element strings: the symbol has FNC1 in first position, or is a GS1 DataBar."""
    has_eci: bool
    """The data use the ECI protocol: backslashes are doubled, ``\\nnnnnn`` switches the character set."""


def describe(identifier: str) -> Symbology:
    """Return what an identifier of the form ``]cm`` says."""
    name, options = _SYMBOLOGIES.get(identifier[1:2], ("Unknown", {}))
    return Symbology(name, options.get(identifier[2:], ""), carries_gs1(identifier), has_eci(identifier))


def carries_gs1(identifier: str | None) -> bool:
    """Return whether the identifier says that the data are GS1 element strings."""
    return identifier in _GS1_MESSAGES


def has_eci(identifier: str | None) -> bool:
    """Return whether the identifier says that the data use the ECI protocol."""
    return identifier in _ECI_PROTOCOL


def split(raw: bytes) -> tuple[str | None, bytes]:
    """Return the identifier in front of ``raw``, if there is one, and the rest.

    Only position 0 counts: further on ``]`` is data, or a GS that a keyboard layout turned into one.
    """
    if _IDENTIFIER.match(raw) is None:
        return None, raw
    return raw[:3].decode("ascii"), raw[3:]


def is_identifier(text: str) -> bool:
    """Return whether ``text`` has the form of an identifier."""
    return text.isascii() and _IDENTIFIER.fullmatch(text.encode("ascii")) is not None
