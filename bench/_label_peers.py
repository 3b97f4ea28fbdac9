"""The run label made the usual ways: python-barcode's ImageWriter with Pillow; WeasyPrint with poppler."""

import base64
import html
import importlib.util
import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

import barcode  # type: ignore[import-untyped]  # it has no types
from barcode.writer import ImageWriter, SVGWriter  # type: ignore[import-untyped]
from PIL import Image, ImageDraw

from printers import LANGUAGES, Handling, Media, Raster
from printers.fonts import Face, font
from printers.symbols import Symbology, encode

MEDIA = Media(101.6, 50.8, 203)
ZPL = LANGUAGES["zpl"]
Peer = Callable[[Mapping[str, str]], Image.Image]


def zpl(picture: Image.Image) -> bytes:
    raster = Raster(picture.width, picture.height, picture.tobytes("raw", "1;I"))
    return ZPL.encode(raster, MEDIA, Handling())


def _qr(text: str, module: int) -> Image.Image:
    """Ours, as python-barcode has none."""
    qr = encode(Symbology.QR, text)
    small = Image.frombytes("L", (qr.width, qr.height), qr.modules.translate(bytes([255, 0]) + bytes(254)))
    return small.resize((qr.width * module, qr.height * module), Image.Resampling.NEAREST).convert("1")


def image_writer(values: Mapping[str, str]) -> Image.Image:
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
    sheet.paste(_qr(values["code"], 6), (32, 32))
    writer = ImageWriter(mode="1")
    options = {"module_width": 0.375, "module_height": 8, "dpi": 203, "write_text": False}
    sheet.paste(barcode.get("code128", values["reference"], writer=writer).render(options), (0, 310))
    return sheet


_PAGE = """<html><style>
@page {{ size: 101.6mm 50.8mm; margin: 0 }} body {{ margin: 0; font-family: DejaVu Sans }}
div, img {{ position: absolute; white-space: nowrap }}
</style><body>
<img src="{qr}" style="left:4mm; top:4mm; width:22mm; image-rendering: pixelated">
<div style="left:30mm; top:4mm; font: bold 10mm DejaVu Sans Mono">{reference}</div>
<div style="left:30mm; top:16mm; font-size:4.4mm">{title}</div>
<div style="left:30mm; top:23mm; font-size:3mm">{procedure}</div>
<div style="left:4mm; top:29mm; font: bold 2.2mm DejaVu Sans">PART</div>
<div style="left:4mm; top:32mm; font: bold 4.4mm DejaVu Sans Mono">{part}</div>
<div style="left:55mm; top:29mm; font: bold 2.2mm DejaVu Sans">SERIAL</div>
<div style="left:55mm; top:32mm; font: bold 4.4mm DejaVu Sans Mono">{serial}</div>
<img src="{bars}" style="left:0; top:38mm; height:10mm">
</body></html>"""


def _url(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def weasyprint_and_poppler() -> Peer | str:
    """Return the way by HTML and PDF, or why it cannot be gone here."""
    poppler = shutil.which("pdftoppm")
    if poppler is None:
        return "poppler-utils is not installed"
    if importlib.util.find_spec("weasyprint") is None:
        return "WeasyPrint is not installed (.venv/bin/pip install weasyprint)"
    try:
        weasyprint = importlib.import_module("weasyprint")
    except OSError as error:
        return f"WeasyPrint does not load: {error}"
    return lambda values: _by_html(weasyprint, poppler, values)


def _by_html(weasyprint: ModuleType, poppler: str, values: Mapping[str, str]) -> Image.Image:
    png, svg = io.BytesIO(), io.BytesIO()
    _qr(values["code"], 1).save(png, "PNG")
    options = {"module_width": 0.375, "module_height": 8, "write_text": False}
    barcode.get("code128", values["reference"], writer=SVGWriter()).write(svg, options)
    names = {"part": "part.partNumber", "serial": "serialNumber", "procedure": "procedure.title"}
    names |= {"reference": "reference", "title": "title"}
    page = _PAGE.format(
        qr=_url("image/png", png.getvalue()),
        bars=_url("image/svg+xml", svg.getvalue()),
        **{place: html.escape(values[name]) for place, name in names.items()},
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "label.pdf").write_bytes(weasyprint.HTML(string=page).write_pdf())
        subprocess.run(
            [poppler, "-r", "203.2", "-mono", "-singlefile", f"{folder}/label.pdf", f"{folder}/label"],
            check=True,
        )
        with Image.open(f"{folder}/label.pbm") as picture:
            return picture.crop((0, 0, MEDIA.width_dots, MEDIA.height_dots)).convert("1")
