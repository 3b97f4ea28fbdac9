"""Foreign text as it can be shown: on a screen, in a log, on a terminal."""

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}


def visible(text: str) -> str:
    r"""Return a text word for word on one line, with nothing in it that anything would obey.

    Control characters become their pictures (``␊``), everything else that is not printable (bidirectional
    overrides, zero-width characters, lone surrogates) its escape (``\u202e``).
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    return _PICTURES.get(ord(character)) or character.encode("unicode_escape").decode("ascii")
