import json
import tomllib

import pytest

from printers import Identity, PrinterError
from printers.discovery import FoundPrinter, addresses_of, answering_printers
from printers.snmp import ber
from printers.snmp import printer_mib as mib
from printers.snmp.ber import Oid, Tag
from tests.printers.snmp.agents import FakeAgent, free_udp_port
from tests.printers.snmp.test_agent import question
from tests.printers.snmp.test_message import NO_SUCH, answer

COMPUTER: dict[Oid, bytes] = {mib.DESCRIPTION: ber.written(Tag.OCTETS, b"Some processor")}
PRINTER: dict[Oid, bytes] = {
    mib.DESCRIPTION: ber.written(Tag.OCTETS, b"Brother QL-820NWB"),
    mib.PRINTER_STATUS: ber.integer(3),
    mib.ERROR_STATE: ber.written(Tag.OCTETS, b"\0"),
    mib.INPUT_UNIT: ber.integer(4),
    mib.INPUT_WIDTH: ber.integer(62_000),
}


def saying(values: dict[Oid, bytes]) -> FakeAgent:
    def behave(data: bytes) -> list[bytes]:
        _, request_id, names = question(data)
        return [answer(*((name, values.get(name, NO_SUCH)) for name in names), request_id=request_id)]

    return FakeAgent(behave)


def test_a_printer_at_an_address() -> None:
    far = saying(PRINTER)
    try:
        (one,) = answering_printers(["127.0.0.1"], community="s3 cret", port=far.port, timeout_s=0.3)
    finally:
        far.close()
    assert one == FoundPrinter(
        "snmp",
        "tcp://127.0.0.1:9100",
        "Brother QL-820NWB",
        status_url=f"snmp://127.0.0.1:{far.port}?community=s3+cret",
        identity=Identity("Brother QL-820NWB"),
        size_mm=(62, 0),
    )
    assert tomllib.loads(one.toml)["printers"] == [
        {
            "name": "brother-ql-820nwb",
            "url": "tcp://127.0.0.1:9100",
            "status_url": f"snmp://127.0.0.1:{far.port}?community=s3+cret",
            "language": "brother_ql",
            "model": "QL-820NWB",
            "dpi": 300,
            "width_mm": 62,
        }
    ]


def test_a_computer_is_no_printer_and_silence_is_nothing() -> None:
    far = saying(COMPUTER)
    try:
        assert answering_printers(["127.0.0.1"], port=far.port, timeout_s=0.3) == []
    finally:
        far.close()
    assert answering_printers(["127.0.0.1"], port=free_udp_port(), timeout_s=0.1) == []
    assert answering_printers([]) == []


def test_addresses_of_a_network() -> None:
    assert addresses_of("192.0.2.16/30") == ["192.0.2.17", "192.0.2.18"]
    assert addresses_of("192.0.2.17/30") == ["192.0.2.17", "192.0.2.18"]
    assert addresses_of("printer-7") == ["printer-7"]
    assert len(addresses_of("192.0.0.0/22")) == 1022


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("10.0.0.0/8", "expected at most 1024 addresses, got 16777216"),
        ("printer/24", "expected one such as 192.0.2.0/24"),
        ("192.0.2.0/x", "expected one such as 192.0.2.0/24"),
    ],
)
def test_what_is_no_network(text: str, words: str) -> None:
    with pytest.raises(PrinterError, match=words):
        addresses_of(text)


@pytest.mark.parametrize(
    ("model", "commands", "url", "language"),
    [
        ("ZTC ZD421-203dpi ZPL", "", "tcp://h", "zpl"),
        ("GX420", "ZPL,EPL", "tcp://h", "zpl"),
        ("LP2844", "EPL", "tcp://h", "epl2"),
        ("TSC TE210", "", "tcp://h", "tspl"),
        ("TM-T88VI", "", "tcp://h", "escpos"),
        ("Brother QL-1110NWB", "", "tcp://h", "brother_ql"),
        ("PT-P750W", "", "tcp://h", "brother_ql"),
        ("Office", "application/pdf,image/urf", "ipp://h/p", "pdf"),
        ("Office", "image/png", "ipps://h/p", "png"),
        ("Office", "", "tcp://h", ""),
        ("Brother HL-2030", "", "tcp://h", ""),
    ],
)
def test_the_language_that_a_printer_seems_to_understand(
    model: str, commands: str, url: str, language: str
) -> None:
    found = FoundPrinter("dns-sd", url, model, commands=commands)
    assert found.language == language


def test_lines_for_the_settings() -> None:
    identity = Identity("x", dots_per_mm=12)
    found = FoundPrinter("usb", "device://1:2", "??", note="lp0", identity=identity, size_mm=(50, 25.5))
    assert found.settings == {
        "name": "printer",
        "url": "device://1:2",
        "dpi": 300,
        "width_mm": 50,
        "height_mm": 25.5,
    }
    assert json.dumps(found.settings) in json.dumps(tomllib.loads(found.toml)["printers"])
    assert FoundPrinter("usb", "u", "x" * 99).settings["name"] == "x" * 40
