"""Decoders of our own, written from the makers' manuals: what a printer would put on its paper.

Each is strict: a byte that the manual does not call for is an error, so that nothing hides in a payload.
"""

import base64
import binascii
import io
import re
import struct
import subprocess
import tempfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageChops


@dataclass(slots=True)
class Paper:
    """What one payload makes a printer do."""

    labels: list[Image.Image] = field(default_factory=list)
    """One entry a label that comes out, in mode "1"."""
    commands: list[str] = field(default_factory=list)
    """Everything but the dots, in order."""


def blank(width: int, height: int) -> Image.Image:
    return Image.new("1", (width, height), 1)


def put(sheet: Image.Image, at: tuple[int, int], bits: bytes, size: tuple[int, int], *, black: int) -> None:
    """Burn a bitmap of whole bytes into a sheet; what lies beyond its edges is not printed."""
    mode = "1;I" if black else "1"
    piece = Image.frombytes("1", size, bits, "raw", mode)
    box = (at[0], at[1], at[0] + size[0], at[1] + size[1])
    sheet.paste(ImageChops.logical_and(sheet.crop(box), piece), box)


def same_dots(paper: Image.Image, label: Image.Image) -> bool:
    """Whether a sheet shows a label in its upper left corner, and nothing else."""
    expected = blank(*paper.size)
    expected.paste(label, (0, 0))
    return paper.tobytes() == expected.tobytes()


class Stream:
    """Bytes that are read from the front."""

    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def __bool__(self) -> bool:
        return self.place < len(self.data)

    def take(self, count: int) -> bytes:
        taken = self.data[self.place : self.place + count]
        assert len(taken) == count, f"ends in the middle, at {self.place}"
        self.place += count
        return taken

    def starts(self, prefix: bytes) -> bool:
        if not self.data.startswith(prefix, self.place):
            return False
        self.place += len(prefix)
        return True

    def match(self, pattern: bytes) -> re.Match[bytes]:
        found = re.compile(pattern, re.DOTALL).match(self.data, self.place)
        assert found, f"expected {pattern!r} at {self.place}, got {self.data[self.place : self.place + 30]!r}"
        self.place = found.end()
        return found


def read_zpl(payload: bytes) -> Paper:
    """ZPL of graphics only: ^GFA with Z64 (ZPL II guide)."""
    paper, stream = Paper(), Stream(payload)
    width = height = 0
    sheet = blank(1, 1)
    at = (0, 0)
    while stream:
        command = stream.match(rb"([\^~])([A-Z][A-Z0-9])([^\^~]*)")
        name, rest = (command[1] + command[2]).decode(), command[3]
        if name == "^PW":
            width = int(rest)
        elif name == "^LL":
            height = int(rest)
            sheet = blank(width, height)
        elif name == "^FO":
            at = tuple(map(int, rest.split(b",")))  # type: ignore[assignment]  # two of them
        elif name == "^GF":
            head = re.fullmatch(rb"A,(\d+),(\d+),(\d+),:Z64:([A-Za-z0-9+/=]+):([0-9A-F]{4})", rest)
            assert head is not None
            bits = zlib.decompress(base64.b64decode(head[4]))
            assert (len(bits), len(bits)) == (int(head[1]), int(head[2]))
            assert head[5] == f"{binascii.crc_hqx(head[4], 0):04X}".encode()
            row = int(head[3])
            put(sheet, at, bits, (row * 8, len(bits) // row), black=1)
        elif name == "^PQ":
            paper.labels += [sheet] * int(rest)
        if name != "^GF":
            paper.commands.append(f"{name}{rest.decode()}")
    return paper


def read_epl2(payload: bytes) -> Paper:
    """EPL2: lines; GW is followed by so many bytes, in which 0 burns (EPL programming guide)."""
    paper, stream = Paper(), Stream(payload)
    width = height = 0
    sheet = blank(1, 1)
    while stream:
        if stream.starts(b"GW"):
            x, y, row, lines = (int(stream.match(rb"(\d+),")[1]) for _ in range(4))
            put(sheet, (x, y), stream.take(row * lines), (row * 8, lines), black=0)
            paper.commands.append(f"GW{x},{y},{row},{lines}")
            stream.match(rb"\r\n")
            continue
        line = stream.match(rb"([^\r\n]*)\r\n")[1].decode("ascii")
        paper.commands.append(line)
        if line.startswith("q"):
            width = int(line[1:])
        elif line.startswith("Q"):
            height = int(line[1:].split(",")[0])
        elif line == "N":
            sheet = blank(width, height)
        elif line.startswith("P"):
            paper.labels += [sheet] * int(line[1:])
        else:
            assert re.fullmatch(r"|[SD]\d+", line), line
    return paper


TSPL_LINES = re.compile(
    r"|SIZE [\d.]+ mm,[\d.]+ mm|(GAP|BLINE) [\d.]+ mm,0 mm|(SPEED|DENSITY) \d+|SET CUTTER (OFF|1)"
    r"|SET PEEL (ON|OFF)|DIRECTION 0,0|REFERENCE 0,0"
)


def read_tspl(payload: bytes, dots_per_mm: float) -> Paper:
    """TSPL: lines; BITMAP is followed by so many bytes, in which 0 burns (TSC's manual)."""
    paper, stream = Paper(), Stream(payload)
    size = (1, 1)
    sheet = blank(1, 1)
    while stream:
        if stream.starts(b"BITMAP "):
            x, y, row, lines, mode = (int(stream.match(rb"(\d+),")[1]) for _ in range(5))
            assert mode == 0
            bits = stream.take(row * lines)
            assert b"\x1b!" not in bits
            box = (x, y, x + row * 8, y + lines)  # OVERWRITE
            sheet.paste(Image.frombytes("1", (row * 8, lines), bits, "raw", "1"), box)
            paper.commands.append(f"BITMAP {x},{y},{row},{lines}")
            stream.match(rb"\r\n")
            continue
        line = stream.match(rb"([^\r\n]*)\r\n")[1].decode("ascii")
        paper.commands.append(line)
        if found := re.fullmatch(r"SIZE ([\d.]+) mm,([\d.]+) mm", line):
            size = (int(float(found[1]) * dots_per_mm + 1e-6), int(float(found[2]) * dots_per_mm + 1e-6))
        elif line == "CLS":
            sheet = blank(*size)
        elif found := re.fullmatch(r"PRINT 1,(\d+)", line):
            paper.labels += [sheet] * int(found[1])
        else:
            assert TSPL_LINES.fullmatch(line), line
    return paper


def read_escpos(payload: bytes, width: int) -> Paper:
    """ESC/POS: a roll of paper that moves under the head (Epson's command reference)."""
    assert not re.search(rb"\x10[\x04\x05\x14]", payload), "a real-time command"
    paper, stream = Paper(), Stream(payload)
    left, roll = 0, list[Image.Image]()
    while stream:
        if stream.starts(b"\x1dv0\x00"):
            row, lines = struct.unpack("<HH", stream.take(4))
            piece = blank(width, lines)
            put(piece, (left, 0), stream.take(row * lines), (row * 8, lines), black=1)
            roll.append(piece)
        elif stream.starts(b"\x1dL"):
            (left,) = struct.unpack("<H", stream.take(2))
        elif stream.starts(b"\x1bJ"):
            roll.append(blank(width, stream.take(1)[0]))
        elif found := next(
            (end for end in (b"\x1dVA\x00", b"\x1dVB\x00", b"\x1bd\x05") if stream.starts(end)), b""
        ):
            paper.commands.append(found.hex())
            label = blank(width, sum(piece.height for piece in roll))
            top = 0
            for piece in roll:
                label.paste(piece, (0, top))
                top += piece.height
            paper.labels.append(label)
            roll = []
        else:
            other = stream.match(rb"\x1b@|\x1d\(K\x02\x00[12].|\x1dP..|\x1d\(H\x06\x0000[ -~]{4}")[0]
            paper.commands.append(other.hex())
    assert not roll, "paper that never leaves the printer"
    return paper


def unpacked(data: bytes) -> bytes:
    """PackBits, from TIFF 6.0, section 9."""
    stream, out = Stream(data), b""
    while stream:
        (count,) = struct.unpack("b", stream.take(1))
        if count >= 0:
            out += stream.take(count + 1)
        elif count != -128:
            out += stream.take(1) * (1 - count)
    return out


@dataclass(slots=True)
class BrotherPage:
    """One page of Brother's raster language."""

    rows: list[bytes] = field(default_factory=list)
    red_rows: list[bytes] = field(default_factory=list)
    head: dict[str, bytes] = field(default_factory=dict)
    end: bytes = b""

    def image(self, rows: list[bytes]) -> Image.Image:
        """The pins as a reader of the label sees them: pin 0 is at the right."""
        data = b"".join(rows)
        picture = Image.frombytes("1", (8 * len(rows[0]), len(rows)), data, "raw", "1;I")
        return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def read_brother(payload: bytes, row_bytes: int) -> list[BrotherPage]:
    """Brother's raster command reference: control codes, then a line of pins after the other."""
    stream, pages, page = Stream(payload), list[BrotherPage](), BrotherPage()
    is_packed = False
    heads = {b"\x1b@": 0, b"\x1bia": 1, b"\x1bi!": 1, b"\x1biz": 10, b"\x1biM": 1, b"\x1biA": 1, b"\x1biK": 1}
    heads |= {b"\x1bid": 2, b"M": 1}
    while stream:
        if not page.head and (not pages or pages[-1].end == b"\x1a"):
            stream.match(rb"\x00{100,400}")
        if code := next((code for code in heads if stream.starts(code)), b""):
            page.head[code.hex()] = stream.take(heads[code])
            is_packed = page.head.get("4d") == b"\x02"
        elif stream.starts(b"Z"):
            assert is_packed
            page.rows.append(bytes(row_bytes))
        elif stream.starts(b"g\x00"):
            line = stream.take(stream.take(1)[0])
            page.rows.append(unpacked(line) if is_packed else line)
        elif stream.starts(b"G"):
            line = stream.take(struct.unpack("<H", stream.take(2))[0])
            page.rows.append(unpacked(line))
        elif stream.starts(b"w"):
            rows = {1: page.rows, 2: page.red_rows}[stream.take(1)[0]]
            line = stream.take(stream.take(1)[0])
            rows.append(unpacked(line) if is_packed else line)
        else:
            page.end = stream.match(rb"[\x0c\x1a]")[0]
            assert {len(row) for row in page.rows + page.red_rows} == {row_bytes}
            pages.append(page)
            page = BrotherPage()
    assert not page.rows
    return pages


def read_pdf(payload: bytes, folder: Path, dots_per_mm: float) -> list[Image.Image]:
    """Each page as poppler draws it with so many dots."""
    place = Path(tempfile.mkdtemp(dir=folder))
    (place / "label.pdf").write_bytes(payload)
    draw = ["pdftoppm", "-png", "-mono", "-r", str(dots_per_mm * 25.4)]
    subprocess.run([*draw, str(place / "label.pdf"), str(place / "page")], check=True, timeout=60)
    pages = []
    for path in sorted(place.glob("page*.png")):
        with Image.open(path) as picture:
            pages.append(picture.convert("L").convert("1", dither=Image.Dither.NONE))
    return pages


def read_png(payload: bytes) -> Image.Image:
    with Image.open(io.BytesIO(payload)) as picture:
        assert picture.mode == "1"
        return picture.copy()
