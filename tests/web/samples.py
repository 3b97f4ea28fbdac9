"""One state of every screen, as flows write them."""

from collections.abc import Mapping

from kiosk.model import Json
from tests.web.played import MORE_PLAYED, PLAYED

BOLT: dict[str, Json] = {
    "id": "11",
    "number": "BRKT-1042-07",
    "revision": "C",
    "description": "Bracket, avionics tray, left",
    "tracking": "lot",
}
VALVE: dict[str, Json] = {
    "id": "12",
    "number": "VLV-0001",
    "revision": "A",
    "description": "Valve, oxidizer, 1/2 in, ball, with position switch",
    "tracking": "serial",
}
DOCK: dict[str, Json] = {"id": "3", "name": "WH-Receiving", "uid": None, "kind": "location"}
SHELF: dict[str, Json] = {"id": "4", "name": "Rack A / Shelf 2", "uid": "0" * 31 + "4", "kind": "location"}
RUN_HEADING: dict[str, Json] = {"id": "77", "title": "Valve acceptance test", "status": "IN_PROGRESS"}
UNIT: dict[str, Json] = {
    "id": "501",
    "part": VALVE,
    "quantity": "1",
    "status": "AVAILABLE",
    "uid": "9f" * 16,
    "serial": "SN-000173",
    "lot": None,
    "location": SHELF,
    "etag": "e1",
    "runs": [RUN_HEADING],
    "kind": "inventory",
}
LOT: dict[str, Json] = {
    **UNIT,
    "id": "502",
    "part": BOLT,
    "quantity": "120",
    "serial": None,
    "lot": "LOT-2026-A",
    "runs": [],
}
AS_OF = "2026-11-20T10:03:00+00:00"
DOABLE: dict[str, Json] = {
    "page": "1",
    "why_create": None,
    "why_move": None,
    "why_problem": None,
    "why_adjust": None,
}
"""What can be done about stock: everything."""


def order_line(
    line_id: str, part: Mapping[str, Json] | None, remaining: str, *, queued: str = "0"
) -> dict[str, Json]:
    return {
        "id": line_id,
        "part": part,
        "ordered": "10",
        "received": "5",
        "description": "Freight and packing",
        "status": "OPEN",
        "remaining": remaining,
        "queued": queued,
        "is_open": remaining != "0" and part is not None,
    }


LINES: list[Json] = [
    order_line("1", BOLT, "5", queued="2"),
    order_line("2", VALVE, "2.5"),
    order_line("3", {**BOLT, "number": "NAS1149F0332P-LONG-NUMBER"}, "0"),
    order_line("4", None, "1"),
    order_line("5", VALVE, "10"),
]
ORDER: dict[str, Json] = {
    "id": "42",
    "number": "PO-10007",
    "status": "PARTIALLY_RECEIVED",
    "supplier": "Precision Machining & Sons",
    "lines": LINES,
    "kind": "order",
}
LABEL_FIELDS: dict[str, Json] = {"serialNumber": "SN-000173", "part.partNumber": "VLV-0001"}


def step(step_id: str, title: str, status: str, queued: str | None = None) -> dict[str, Json]:
    return {
        "id": step_id,
        "title": title,
        "status": status,
        "position": int(step_id),
        "can_start": status == "TODO",
        "can_complete": status == "IN_PROGRESS",
        "queued_status": queued,
    }


RUN: dict[str, Json] = {
    "id": "77",
    "title": "Valve acceptance test",
    "status": "IN_PROGRESS",
    "uid": None,
    "etag": "e2",
    "procedure": "ATP-0001",
    "part_number": "VLV-0001",
    "serial": "SN-000173",
    "inventory_id": "501",
    "steps": [
        step("1", "Visual inspection", "COMPLETE"),
        step("2", "Proof pressure test at 1.5 x MEOP", "IN_PROGRESS", "IN_PROGRESS"),
        step("3", "Leak test", "TODO"),
        step("4", "Functional test", "TODO"),
        step("5", "Bag and tag", "TODO"),
    ],
    "kind": "run",
}
RUN_STATE: dict[str, Json] = {
    "run": RUN,
    "way": "steps",
    "next_step": "3",
    "current_step": "2",
    "can_start": False,
    "can_complete": True,
    "why": None,
    "as_of": None,
    "copies": "1",
    "asks": None,
    "fields": [],
    "focus": None,
    "scanned": None,
    "others": 0,
    "page": "1",
    "unfinished": None,
    "why_fail": None,
    "why_problem": None,
}
LINE_STATE: dict[str, Json] = {
    "order": {"id": "42", "number": "PO-10007", "supplier": "Precision Machining & Sons"},
    "line": LINES[0],
    "quantity": "5",
    "lot": None,
    "serials": [],
    "location": DOCK,
    "missing": ["lot"],
    "is_over": False,
    "tracking": "lot",
}

SAMPLES: dict[str, dict[str, Json]] = {
    "home/idle": {},
    "home/unknown": {
        "text": "[)>␞06␝1PSN74LVC1G08␝Q100␞␄",
        "length": 27,
        "symbology": "]d1",
        "reads": [{"kind": "Supplier's label", "says": "part BRKT-1042-07, lot LOT-2026-A"}],
        "why": [
            {"kind": "Plain text", "reason": "contains RS, GS, EOT, which plain text does not"},
            {"kind": "ION's own label", "reason": "does not begin with '{': ION's own label is JSON"},
        ],
        "is_offline": False,
        "is_damaged": False,
        "order_number": None,
    },
    "home/agree": {
        "text": "[)>␞06␝PBRKT-1042-07␝Q100␞␄",
        "agrees": "again",
        "label": {
            "part": "BRKT-1042-07",
            "order": "PO-10007",
            "quantity": "100",
            "lot": "LOT-2026-A",
            "serial": "",
            "date_code": "2245",
        },
    },
    "home/choose": {
        "text": "VLV-0001",
        "options": [
            {"key": "inventory/501", "title": "SN-000173", "detail": "Rack A / Shelf 2", "kind": "inventory"},
            {"key": "part/12", "title": "VLV-0001", "detail": "Valve, oxidizer", "kind": "part"},
            {"key": "run/77", "title": "Valve acceptance test", "detail": "in progress", "kind": "run"},
            {"key": "order/42", "title": "PO-10007", "detail": "Precision Machining & Sons", "kind": "order"},
        ],
        "page": "1",
        "pages": "2",
    },
    "home/switch": {"entered": "5 of BRKT-1042-07, lot LOT-2026-A", "into": "Run Valve acceptance test"},
    "lookup/inventory": {"inventory": UNIT, "as_of": AS_OF, "copies": "1", **DOABLE},
    "lookup/part": {
        "stock": {"part": VALVE, "rows": [UNIT, {**LOT, "location": None}], "kind": "stock"},
        "as_of": None,
    },
    "lookup/location": {"location": SHELF, "as_of": None, "copies": "2"},
    "receive/order": {"order": ORDER, "location": DOCK, "as_of": None, "page": "1", "pages": "2"},
    "receive/line": LINE_STATE,
    "run/run": RUN_STATE,
    "move/item": {"inventory": LOT, "target": None, "as_of": None, "quantity": None, "whole": None},
    "label/label": {
        "label": "part",
        "title": "SN-1",
        "kind": "Part: piece, lot or quantity",
        "next": "Tool with its calibration",
        "is_by_ion": False,
        "number": "1",
        "count": "2",
        "subject": "inventory/501",
        "fields": LABEL_FIELDS,
        "copies": "1",
    },
    **PLAYED,
}
"""Screen to state."""

MORE: list[tuple[str, dict[str, Json]]] = [
    ("label/label", {**SAMPLES["label/label"], "next": None, "count": "1"}),
    ("label/label", {**SAMPLES["label/label"], "label": "ion:12", "kind": "ION: Rack", "is_by_ion": True}),
    ("run/run", {**SAMPLES["run/run"], "scanned": "91", "page": "2"}),
    ("home/unknown", {**SAMPLES["home/unknown"], "is_offline": True, "symbology": None, "reads": []}),
    ("home/unknown", {**SAMPLES["home/unknown"], "reads": [{"kind": "Plain text", "says": ""}]}),
    ("home/unknown", {**SAMPLES["home/unknown"], "reads": [], "is_damaged": True}),
    ("home/unknown", {**SAMPLES["home/unknown"], "is_offline": True, "order_number": "PO-10007"}),
    (
        "home/agree",
        {
            **SAMPLES["home/agree"],
            "agrees": "order/42",
            "label": {
                "part": "",
                "order": "",
                "quantity": None,
                "lot": "",
                "serial": "SN-1",
                "date_code": "",
            },
        },
    ),
    ("receive/line", {**LINE_STATE, "lot": "LOT-2026-A", "date_code": "2245"}),
    ("receive/line", {**LINE_STATE, "tracking": "none", "date_code": "2245", "missing": []}),
    ("home/choose", {**SAMPLES["home/choose"], "options": [], "pages": "1"}),
    *(
        ("lookup/inventory", {"inventory": stock, "as_of": None, "copies": "3", **DOABLE})
        for stock in ({**LOT, "location": None}, {**UNIT, "runs": [RUN_HEADING] * 2}, {**LOT, "lot": None})
    ),
    ("lookup/part", {"stock": {"part": {**BOLT, "revision": ""}, "rows": []}, "as_of": AS_OF}),
    ("receive/order", {**SAMPLES["receive/order"], "location": None, "page": "2"}),
    ("receive/order", {**SAMPLES["receive/order"], "order": {**ORDER, "lines": []}, "pages": "1"}),
    ("receive/line", {**LINE_STATE, "tracking": "serial", "serials": ["SN-1", "SN-2"], "missing": []}),
    ("receive/line", {**LINE_STATE, "tracking": "serial", "missing": ["serials"], "quantity": None}),
    ("receive/line", {**LINE_STATE, "tracking": "none", "is_over": True, "missing": [], "location": None}),
    ("receive/line", {**LINE_STATE, "line": order_line("4", None, "1"), "missing": ["whatever"]}),
    ("run/run", {**RUN_STATE, "current_step": None, "can_start": True, "can_complete": False}),
    (
        "run/run",
        {
            **RUN_STATE,
            "run": {**RUN, "steps": [], "serial": None},
            "way": "run",
            "current_step": None,
            "next_step": None,
            "can_complete": False,
            "why": "Leak test is canceled. Scan another step, or the run.",
        },
    ),
    (
        "move/item",
        {"inventory": UNIT, "target": SHELF, "as_of": AS_OF, "quantity": None, "whole": "It is one."},
    ),
    ("move/item", {"inventory": LOT, "target": SHELF, "as_of": AS_OF, "quantity": "20", "whole": None}),
    ("move/item", {"inventory": LOT, "target": SHELF, "as_of": AS_OF}),
    *MORE_PLAYED.values(),
]
"""Other states of the same screens, so that every branch of a template is drawn."""
