"""What each printer language costs on the same label: time, bytes, and how long a serial line is busy."""

from functools import partial

from bench.labels import LABELS, VALUES, median_ms
from printers import LANGUAGES, Handling, Language, Media, Raster, lay_out, load_designs, render
from printers.layout import Layout

BAUDS = (9600, 115_200)
BITS_A_BYTE = 10
"""8N1: a start bit, eight of data, a stop bit."""


def encoded(layout: Layout, raster: Raster, language: Language, media: Media, handling: Handling) -> bytes:
    if handling.is_native and language.encode_native is not None:
        return language.encode_native(layout, raster, media, handling)
    return language.encode(raster, media, handling)


def main() -> None:
    design = load_designs(LABELS)["run"]
    heads = "".join(f"{f's at {baud}':>13}" for baud in BAUDS)
    print(f"{'run label, 4x2 in':22}{'dpi':>5}{'encode ms':>11}{'bytes':>9}{heads}")
    for name, language in LANGUAGES.items():
        media, handling = language.trial(design.width_mm, design.height_mm, None)
        layout = lay_out(design, VALUES[design.name], media)
        raster = render(layout)
        ways = {name: handling}
        if language.encode_native is not None:
            ways[f"{name}, native"] = Handling(is_native=True)
        for shown, way in ways.items():
            payload = encoded(layout, raster, language, media, way)
            encode_ms = median_ms(partial(encoded, layout, raster, language, media, way))
            times = "".join(f"{len(payload) * BITS_A_BYTE / baud:13.2f}" for baud in BAUDS)
            print(f"{shown:22}{media.dpi:5d}{encode_ms:11.2f}{len(payload):9d}{times}")


if __name__ == "__main__":
    main()
