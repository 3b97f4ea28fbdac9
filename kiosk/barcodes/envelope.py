"""The envelope of ISO/IEC 15434: ``[)>`` RS, then blocks (format, GS, data, RS), then EOT.

Keyboard scanners damage it in known ways. It is repaired only where nothing has to be guessed: the header
itself shows which character stands for GS.
"""

import re
from dataclasses import dataclass

GS, RS, EOT = "\x1d", "\x1e", "\x04"

_BEGIN = re.compile(r"[\r\n]*>?\[\)>")
_HEADER = re.compile(
    r"[\r\n]*>?\[\)>[\r\n]*(?P<rs>[^0-9A-Za-z\r\n]?)[\r\n]*(?P<format>[0-9]{2})[\r\n]*(?P<gs>[^0-9A-Za-z\r\n])"
)
_LINES = re.compile(r"[\r\n]*>?\[\)>[\r\n]*[0-9]{2}[\r\n]+[0-9A-Z]")
"""A header in which nothing but line ends stands for RS and GS."""
_BLOCK = re.compile(r"(?P<format>[0-9]{2})\x1d")
_TYPED_TRAILER = re.compile(r"\^{1,2}[dD\x04]\Z")
_TYPED_RS = re.compile(r"\^{1,2}\Z")
_TRAILER_LENGTH = 2
_PICTURES = str.maketrans(
    {"\u241d": GS, "\uf70b": GS, "\u2194": GS, "\u241e": RS, "\uf70c": RS, "\u25b2": RS}
)
"""What stands for GS and RS: Unicode's pictures, the private use of one maker, and code page 437's glyphs."""
_SPELLED = (("<GS>", "<RS>", "<EOT>"), ("{GS}", "{RS}", "{EOT}"), ("^]", "^^", "^D"))
"""GS, RS and EOT as devices spell control characters that they cannot send."""
_SPELLED_HEADERS = tuple(
    (re.compile(rf">?\[\)>(?:{re.escape(rs)})?[0-9]{{2}}{re.escape(gs)}", re.IGNORECASE), (gs, rs, eot))
    for gs, rs, eot in _SPELLED
)


class NotAnEnvelope(Exception):
    """The text is not in the envelope, or damaged beyond repair; the text of the error says how."""


@dataclass(frozen=True, slots=True)
class Block:
    """The data of one format."""

    format: str
    body: str
    """Fields with GS between them."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the envelope holds."""

    blocks: tuple[Block, ...]
    is_closed: bool
    """A trailer follows the data; without one the last field may be cut off."""
    is_reversed: bool
    """The header is ``>[)>``, as on older labels of Mouser."""


def begins_envelope(text: str) -> bool:
    """Return whether the text begins like an envelope, whole or damaged."""
    return _BEGIN.match(text) is not None


def with_separators(text: str) -> str:
    """Return the text with GS and RS in place of characters that can only be pictures of them."""
    return text if text.isascii() or GS in text else text.translate(_PICTURES)


def open_envelope(text: str) -> Envelope:
    """Return the blocks in the envelope.

    Raises:
        NotAnEnvelope: there is none, or its separators are lost.
    """
    if not begins_envelope(text):
        raise NotAnEnvelope("does not begin with [)>")
    text = _spelled_out(text)
    header = _HEADER.match(text)
    if header is None:
        raise NotAnEnvelope(
            "begins with [)> but its separators are lost: the scanner drops control characters. "
            "Set it to send GS, RS and EOT; fields are not guessed."
        )
    rest = _separated(text[header.end() :], header)
    is_reversed = text.lstrip("\r\n").startswith(">")
    first, *others = rest.split(RS)
    blocks = [Block(header["format"], first if others else first.rstrip(EOT))]
    for other in others:
        match = _BLOCK.match(other)
        if match is not None:
            blocks.append(Block(match["format"], other[match.end() :].rstrip(EOT)))
        elif len(other) > _TRAILER_LENGTH:
            raise NotAnEnvelope(f"has {other[:20]!r} after RS, expected a format or the end")
    is_closed = bool(others) or first.endswith(EOT) or len(rest) + header.end() < len(text)
    return Envelope(tuple(blocks), is_closed, is_reversed)


def _separated(data: str, header: re.Match[str]) -> str:
    """Return the data with real separators."""
    rs, gs = header["rs"], header["gs"]
    if gs == GS:
        pass
    elif GS in data:
        raise NotAnEnvelope(f"has {gs!r} after its header, and GS further on")
    elif gs == "]" and rs in ("", "^") and header["format"] == "06":
        data = _TYPED_TRAILER.sub("", data).replace("]", GS)
    elif gs < " " or not (gs.isascii() or gs.isalnum()):
        # No value holds another control character, nor what a code page makes of one.
        data = data.replace(gs, GS)
    else:
        raise NotAnEnvelope(f"has {gs!r} after its header, expected GS")
    if rs == "^":
        return _TYPED_RS.sub("", _TYPED_TRAILER.sub("", data))
    return data.replace(rs, RS) if rs and not rs.isascii() else data


def _spelled_out(text: str) -> str:
    """Return the text with GS where the header shows line ends or names of control characters instead."""
    if _LINES.match(text) and GS not in text:
        return re.sub("[\r\n]+", GS, text.strip("\r\n"))
    for header, names in _SPELLED_HEADERS:
        if header.match(text) and GS not in text:
            for name, character in zip(names, (GS, RS, EOT), strict=True):
                text = re.sub(re.escape(name), character, text, flags=re.IGNORECASE)
            return text
    return text
