import tomllib
from pathlib import Path

import pytest

from printers import open_transport
from printers.discovery import usb_printers
from tests.printers.transports.test_usb_identity import Usb


@pytest.fixture
def usb(tmp_path: Path) -> Usb:
    return Usb(tmp_path)


def plug(usb: Usb, number: int, identity: str, device_id: str = "") -> None:
    usb.plug(number, identity, port=f"1-{number + 1}")
    interface = usb.sys / f"lp{number}" / "device"
    if device_id:
        (interface / "ieee1284_id").write_text(device_id + "\n")


def test_printers_are_named_by_what_they_are(usb: Usb) -> None:
    plug(usb, 0, "0a5f:0120:28J1", "MFG:Zebra ;CMD:ZPL;MDL:ZD421;CLS:PRINTER;")
    plug(usb, 1, "04f9:209d:", "MANUFACTURER:Brother;COMMAND SET:PT-CBP;MODEL:QL-820NWB;")
    plug(usb, 2, "1234:5678:1")
    found = list(usb_printers(usb.sys, usb.dev))
    assert [(one.url, one.model, one.language, one.note) for one in found] == [
        ("device://0a5f:0120:28J1", "Zebra ZD421", "zpl", "lp0"),
        ("device://04f9:209d", "Brother QL-820NWB", "brother_ql", "lp1"),
        ("device://1234:5678:1", "", "", "lp2"),
    ]
    assert tomllib.loads(found[1].toml) == {
        "printers": [
            {
                "name": "brother-ql-820nwb",
                "url": "device://04f9:209d",
                "language": "brother_ql",
                "model": "QL-820NWB",
                "dpi": 300,
            }
        ]
    }
    assert found[2].toml.splitlines()[-1] == "# language: what does it understand?"


def test_two_that_cannot_be_told_apart_are_named_by_their_node(usb: Usb) -> None:
    plug(usb, 0, "0a5f:0120:")
    plug(usb, 1, "0a5f:0120:")
    assert [one.url for one in usb_printers(usb.sys, usb.dev)] == [
        f"device://{usb.dev}/lp0",
        f"device://{usb.dev}/lp1",
    ]


def test_an_odd_serial_number_still_opens(usb: Usb) -> None:
    plug(usb, 0, "0a5f:0120:A/#?%1")
    (one,) = usb_printers(usb.sys, usb.dev)
    assert str(open_transport(one.url).where) == "0a5f:0120:A/#?%1"  # type: ignore[attr-defined]  # of this kind


def test_no_printer_on_usb(tmp_path: Path) -> None:
    assert list(usb_printers(tmp_path / "none", tmp_path)) == []
