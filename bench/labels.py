"""What a 4 x 2 inch label costs: ours beside python-barcode's ImageWriter with Pillow, in the same run."""

import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import barcode  # type: ignore[import-untyped]  # it has no types
from barcode.writer import ImageWriter  # type: ignore[import-untyped]
from PIL import Image, ImageDraw

from printers import LANGUAGES, Design, Handling, Media, Raster, lay_out, load_designs, render
from printers.fonts import Face, font
from printers.proof import check_readable
from printers.symbols import Symbology, encode

LABELS = Path(__file__).parents[1] / "templates" / "labels"
MEDIA = Media(101.6, 50.8, 203)
ZPL = LANGUAGES["zpl"]
ROUNDS = 200
VALUES = {
    "part": {
        "code": '{"uid":"0123456789abcdef0123456789abcdef"}',
        "part.partNumber": "4711-002",
        "part.description": "Bracket, hydraulic manifold, titanium",
        "part.revision": "B",
        "serialNumber": "SN-000123",
        "location.name": "WH-Receiving",
        "receivedAt": "2025-11-21",
    },
    "run": {
        "code": "ION/RUN/317",
        "reference": "R2025-00317",
        "title": "Engine bay 4",
        "part.partNumber": "4711-002",
        "serialNumber": "SN-000123",
        "procedure.title": "Final assembly",
    },
    "location": {"code": "ION/LOC/12", "name": "WH-Receiving"},
}


def median_ms(work: Callable[[], object]) -> float:
    """Median of many warm rounds."""
    times = []
    for turn in range(ROUNDS + 20):
        start = time.perf_counter()
        work()
        if turn >= 20:
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def ours(design: Design, *, is_proved: bool) -> bytes:
    layout = lay_out(design, VALUES[design.name], MEDIA)
    raster = render(layout)
    if is_proved:
        check_readable(raster, layout)
    return ZPL.encode(raster, MEDIA, Handling())


def python_barcode() -> bytes:
    """The run label drawn the usual way, its QR code borrowed, then encoded as ours."""
    values = VALUES["run"]
    sheet = Image.new("1", (MEDIA.width_dots, MEDIA.height_dots), 1)
    draw = ImageDraw.Draw(sheet)
    for y, size_px, text in (
        (32, 84, values["reference"]),
        (120, 35, values["title"]),
        (190, 24, values["procedure.title"]),
        (237, 18, "PART"),
        (260, 35, values["part.partNumber"]),
    ):
        draw.text((240, y), text, font=font(Face.SANS, size_px))
    draw.text((440, 237), "SERIAL", font=font(Face.SANS, 18))
    draw.text((440, 260), values["serialNumber"], font=font(Face.SANS, 35))
    qr = encode(Symbology.QR, values["code"])
    small = Image.frombytes("L", (qr.width, qr.height), qr.modules.translate(bytes([255, 0]) + bytes(254)))
    sheet.paste(small.resize((qr.width * 8, qr.height * 8), Image.Resampling.NEAREST).convert("1"), (32, 32))
    writer = ImageWriter(mode="1")
    options = {"module_width": 0.375, "module_height": 8, "dpi": 203, "write_text": False}
    sheet.paste(barcode.get("code128", values["reference"], writer=writer).render(options), (0, 310))
    raster = Raster(sheet.width, sheet.height, sheet.tobytes("raw", "1;I"))
    return ZPL.encode(raster, MEDIA, Handling())


def main() -> None:
    print(f"labels: 4x2 in, 203 dpi, median of {ROUNDS} warm rounds")
    print(f"{'':24}{'ms':>8}{'with read-back':>16}{'bytes':>8}")
    for name, design in load_designs(LABELS).items():
        plain = median_ms(partial(ours, design, is_proved=False))
        proved = median_ms(partial(ours, design, is_proved=True))
        print(f"{name:24}{plain:8.2f}{proved:16.2f}{len(ours(design, is_proved=True)):8d}")
    usual_ms, usual_bytes = median_ms(python_barcode), len(python_barcode())
    print(f"{'run, python-barcode':24}{usual_ms:8.2f}{'-':>16}{usual_bytes:8d}")


if __name__ == "__main__":
    main()
