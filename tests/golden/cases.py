"""What the labels of the house look like, to the dot.

After a wanted change of a design, `python -m tests.golden.regenerate` writes the files anew; look at every
PNG that changed before committing it.
"""

from functools import cache
from pathlib import Path

from printers import LANGUAGES, Design, Media, PreparedLabel, load_designs, prepare
from printers.label import Values
from tests.printers.material import LABELS, UID

FOLDER = Path(__file__).parent
SHORT: dict[str, Values] = {
    "badge": {"code": "ION/OP/1042", "name": "Ana Silva", "number": "1042", "role": "Receiving"},
    "commands": {"code": "ION/CMD/FLOW/run", "name": "Runs"},
    "kit": {
        "code": "ION/PI/77",
        "name": "KIT-317-A",
        "run": "R2025-00317",
        "location.name": "Assembly 2",
        "neededAt": "2025-11-21",
        "contents": [
            {"quantity": "4", "part.partNumber": "4711-002", "part.description": "Hex bolt M6x20"},
            {"quantity": "0.5", "unit": "m", "part.partNumber": "HOSE-8", "location.name": "A-12"},
        ],
    },
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
    "receiving": {
        "code": "ION/PI/123",
        "order": "PO-10007",
        "line": "3",
        "supplier": "Acme",
        "part.partNumber": "4711-002",
        "part.description": "Hex bolt M6x20, A2-70",
        "lotNumber": "L2025-117",
        "quantity": "250",
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
    "shift": {
        "code": f"ION/CMD/HEAD/4711:{'0123456789ABCDEF' * 4}",
        "station": "dock-1",
        "shift": "Shift 2 14:00-22:00",
        "date": "2025-11-21",
        "printedAt": "2025-11-21 22:00",
        "entry": "4711",
        "hash1": "0123456789ABCDEF" * 2,
        "hash2": "0123456789ABCDEF" * 2,
        "received": "42",
        "moved": "17",
        "started": "5",
        "completed": "4",
        "labels": "63",
        "parked": "1",
    },
    "small-part": {"code": "ION/PI/123"},
    "test": {"code": "ION/CMD/PRINT"},
    "tool": {"code": "ION/PI/9", "number": "T-42", "name": "Torque wrench", "dueAt": "2026-03-01"},
    "traveler": {
        "code": "ION/RUN/317",
        "reference": "R2025-00317",
        "title": "Engine bay 4",
        "part.partNumber": "4711-002",
        "lotNumber": "L-77",
        "quantity": "12",
        "steps": [
            {"position": "1", "title": "Torque", "code": "ION/STEP/77:1"},
            {"position": "2", "title": "Pressure test, 210 bar", "location": "Bench 4"},
        ],
    },
}
"""Everyday values with references as codes; the designs' own samples are the long ones, with uids."""
FINE = {"small-part"}
"""Those that only a head of 300 dpi and more can print."""


def values(design: Design, length: str) -> Values:
    if length == "short":
        return SHORT[design.name]
    codes = (UID, "ION/OP/00001042", "ION/CMD/FLOW/receive", f"ION/CMD/HEAD/{'9' * 9}:{'F' * 64}")
    assert len(design.samples["code"]) in set(map(len, codes))
    return design.samples


@cache
def labels() -> dict[str, PreparedLabel]:
    """Every label of the house in short and long, at both resolutions, by name of its golden file."""
    return {
        f"{design.name}-{length}-{dpi}": prepare(
            design,
            values(design, length),
            Media(design.width_mm, design.height_mm, dpi),
            LANGUAGES["zpl"],
        )
        for design in load_designs(LABELS).values()
        for length in ("short", "long")
        for dpi in ((300, 600) if design.name in FINE else (203, 300))
    }
