"""Every design in every language: a new one of either asks for its golden file."""

import zlib
from functools import cache

from printers import LANGUAGES, Design, Handling, Media, load_designs, prepare
from tests.golden.cases import FOLDER
from tests.printers.material import LABELS

OF_THEIR_OWN = {"zpl", "png"}
"""Have golden files in short and long, at both resolutions (`cases`)."""


PACKED = ".z"
"""Ends the names of the files: bare dots are hundreds of kilobytes, so they are kept compressed."""


def stock(design: Design, language: str) -> tuple[Media, Handling]:
    return LANGUAGES[language].trial(design.width_mm, design.height_mm, design.min_dpi or None)


@cache
def payloads() -> dict[str, bytes]:
    """What is sent for every design with its samples, by name of its golden file."""
    found = {}
    for design in load_designs(LABELS).values():
        for name in sorted(set(LANGUAGES) - OF_THEIR_OWN):
            media, handling = stock(design, name)
            label = prepare(design, design.samples, media, LANGUAGES[name], handling=handling)
            found[f"{design.name}-long-{media.dpi}.{name}"] = label.payload
    return found


def main() -> None:
    for language in set(LANGUAGES) - OF_THEIR_OWN:
        for old in FOLDER.glob(f"*.{language}{PACKED}"):
            old.unlink()
    for name, payload in payloads().items():
        (FOLDER / f"{name}{PACKED}").write_bytes(zlib.compress(payload, 9))


def golden(name: str) -> bytes:
    return zlib.decompress((FOLDER / f"{name}{PACKED}").read_bytes())
