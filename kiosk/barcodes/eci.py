r"""The ECI protocol (Extended Channel Interpretation): how a scanner sends text in other character sets.

With it every backslash of the data is doubled, and ``\nnnnnn`` says in which character set the following
bytes are.
"""

import re

_ESCAPE = re.compile(rb"\\(\\|[0-9]{6})")
_LATIN_1 = "latin-1"
_CHARACTER_SETS = {
    0: "cp437",
    1: _LATIN_1,
    2: "cp437",
    3: _LATIN_1,
    **{number: f"iso8859-{number - 2}" for number in range(4, 19) if number != 14},  # noqa: PLR2004 - 14 is unused
    20: "shift_jis",
    21: "cp1250",
    22: "cp1251",
    23: "cp1252",
    24: "cp1256",
    25: "utf-16-be",
    26: "utf-8",
    27: "ascii",
    28: "big5",
    29: "gb2312",
    30: "euc_kr",
    31: "gbk",
    32: "gb18030",
    33: "utf-16-le",
    34: "utf-32-be",
    35: "utf-32-le",
    170: "ascii",
    899: _LATIN_1,
}
"""Python's codec for each assignment number of AIM's ECI register; 899 is eight-bit binary data."""


def decoded(data: bytes) -> str | None:
    """Return the text of data in the ECI protocol.

    Returns:
        The text, or ``None`` where the data do not follow the protocol: no backslash at all or a lone one,
        a character set that is not in the register, bytes that are not in the character set.
    """
    if b"\\" not in data:
        return None
    parts: list[str] = []
    pending = bytearray()
    codec = _LATIN_1
    position = 0
    try:
        while position < len(data):
            escape = data.find(b"\\", position)
            if escape < 0:
                break
            pending += data[position:escape]
            match = _ESCAPE.match(data, escape)
            if match is None:
                return None
            if match[1] == b"\\":
                pending += b"\\"
            else:
                parts.append(pending.decode(codec))
                pending.clear()
                codec = _CHARACTER_SETS[int(match[1])]
            position = match.end()
        pending += data[position:]
        parts.append(pending.decode(codec))
    except (KeyError, UnicodeDecodeError):
        return None
    return "".join(parts)
