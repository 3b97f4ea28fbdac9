"""HID-POS reports as a scanner sends them."""

from collections.abc import Iterator


def report(data: bytes, aim: bytes = b"\0\0\0", *, is_continued: bool = False, shift: int = 0) -> bytes:
    """Return one input report; ``shift`` bytes more stand behind the report id."""
    head = b"\x02" + bytes(shift) + bytes((len(data),)) + aim
    body = (head + data).ljust(61 + shift, b"\0") + b"\x73\0" + bytes((is_continued,))
    return body[:64] if not is_continued and shift else body


def reports_of(data: bytes, aim: bytes) -> Iterator[bytes]:
    """Yield the reports of one scan."""
    chunks = [data[start : start + 56] for start in range(0, len(data), 56)]
    for number, chunk in enumerate(chunks, start=1):
        yield report(chunk, aim, is_continued=number < len(chunks))
