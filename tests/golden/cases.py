from pathlib import Path

from printers import LANGUAGES, Design, Media, PreparedLabel, load_designs, prepare
from printers.label import Values
from tests.printers.material import LABELS, UID

FOLDER = Path(__file__).parent
SHORT: dict[str, dict[str, str]] = {
    "location": {"code": "ION/LOC/12", "name": "A-12"},
    "part": {
        "code": "ION/PI/123",
        "part.partNumber": "4711-002",
        "part.description": "Hex bolt M6x20, A2-70",
        "lotNumber": "L2025-117",
        "quantity": "250",
        "location.name": "Dock 1",
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
}
"""Everyday values with references as codes; the designs' own samples are the long ones, with uids."""
DPI = (203, 300)


def values(design: Design, length: str) -> Values:
    if length == "short":
        return SHORT[design.name]
    assert len(design.samples["code"]) == len(UID)
    return design.samples


def labels() -> dict[str, PreparedLabel]:
    """Every label of the house in short and long, at both resolutions, by name of its golden file."""
    return {
        f"{design.name}-{length}-{dpi}": prepare(
            design, values(design, length), Media(101.6, 50.8, dpi), LANGUAGES["zpl"]
        )
        for design in load_designs(LABELS).values()
        for length in ("short", "long")
        for dpi in DPI
    }
