import json
from dataclasses import replace

import pytest

from kiosk.barcodes import Pattern, read
from kiosk.flows.flow import Scanned
from kiosk.flows.kept_scan import scan_from_json, scan_json
from tests.flows.floor import NOW, ORDER, UNIT

PATTERN = Pattern("7", "PARTS_INVENTORY", ".*(?P<serialNumber>SN-[0-9])")
LABEL = b"[)>\x1e06\x1dPBOLT-1\x1dQ5\x1e\x04"


@pytest.mark.parametrize(
    "scan",
    [
        Scanned(read(b"BOLT-1")),
        Scanned(read(b"\xff\xfe\x00 \xc3\xa9")),
        Scanned(read("B\u00f6lt".encode())),
        Scanned(read(b"]d2" + LABEL), (ORDER, UNIT), NOW, agreed=("again", "order/42")),
        Scanned(read(LABEL, "]d1"), is_offline=True),
        Scanned(read(b"]Q1SN-1", None, [PATTERN]), (UNIT,)),
        Scanned(read(b"ION/PI/SN-1", None, [PATTERN])),
        Scanned(read(b"")),
    ],
)
def test_a_scan_comes_back_as_it_was(scan: Scanned) -> None:
    assert scan_from_json(json.loads(json.dumps(scan_json(scan)))) == scan


def test_patterns_that_did_not_fit_are_forgotten() -> None:
    scan = Scanned(read(b"BOLT-1", None, [PATTERN]))
    assert scan_from_json(scan_json(scan)) == replace(scan, readings=read(b"BOLT-1"))
