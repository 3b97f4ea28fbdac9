"""Looking for printers: found ones are asked what they are, unknown ones are left alone."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest
from click.testing import CliRunner

from kiosk.cli.main import main
from kiosk.cli.printers import found_json, found_table
from kiosk.errors import SettingsError
from kiosk.printer_search import FoundPrinter, find_printers
from kiosk.simulator.label_printer import LabelPrinter
from kiosk.simulator.printer_answers import Make
from printers import Identity


@pytest.fixture
def zebra() -> Iterator[FoundPrinter]:
    printer = LabelPrinter(make=Make("ZD421", 12))
    port = printer.start()
    yield FoundPrinter("dns-sd", f"tcp://127.0.0.1:{port}", "Zebra ZD421", note="Dock 1")
    printer.stop()


def found(*some: FoundPrinter) -> list[FoundPrinter]:
    return find_printers(0, usb=lambda: some, announced=lambda _: ())


def test_a_printer_that_can_be_asked_is_asked(zebra: FoundPrinter) -> None:
    (one,) = found(zebra)
    assert (one.identity, one.settings["dpi"]) == (Identity("ZD421", "V1.0", 12), 300)


def test_the_same_printer_is_listed_once(zebra: FoundPrinter) -> None:
    assert len(find_printers(0, usb=lambda: [zebra], announced=lambda _: [zebra])) == 1


def test_a_printer_of_no_known_language_is_not_sent_a_byte() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.settimeout(0.2)
        unknown = FoundPrinter("dns-sd", f"tcp://127.0.0.1:{listener.getsockname()[1]}", "Laser 9")
        assert found(unknown) == [unknown]
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_printer_that_went_away_meanwhile_is_listed_all_the_same() -> None:
    gone = FoundPrinter("usb", "device://0a5f:0120:none", "Zebra ZD421")
    assert found(gone) == [gone]


@pytest.mark.parametrize("snmp", [["10.0.0.0/8"], ["192.0.0.0/22", "198.51.0.0/22"]])
def test_too_many_addresses_are_refused(snmp: list[str]) -> None:
    with pytest.raises(SettingsError, match="at most 1024 addresses"):
        find_printers(0, snmp, usb=tuple, announced=lambda _: ())


def test_the_table_and_the_lines_to_paste(zebra: FoundPrinter) -> None:
    odd = FoundPrinter("usb", "device:///dev/usb/lp0", "", note="lp0\x1b[2J", size_mm=(62, 0))
    assert found_table(found(zebra, odd)) == (
        f"dns-sd  Zebra ZD421                  {zebra.url}   zpl, 12 dots/mm\n"
        "        Dock 1\n"
        "usb     ?                            device:///dev/usb/lp0   language unknown, 62 mm in it\n"
        "        lp0\u241b[2J\n"
        "\n[[printers]]\n"
        'name = "zebra-zd421"\n'
        f'url = "{zebra.url}"\n'
        'language = "zpl"\n'
        "dpi = 300\n"
        "\n[[printers]]\n"
        'name = "lp0-2j"\n'
        'url = "device:///dev/usb/lp0"\n'
        "width_mm = 62\n"
        "# language: what does it understand?\n"
    )


def test_for_a_program(zebra: FoundPrinter) -> None:
    (one,) = (found_json(each) for each in found(zebra))
    assert json.loads(json.dumps(one["settings"])) == {
        "name": "zebra-zd421",
        "url": zebra.url,
        "language": "zpl",
        "dpi": 300,
    }
    assert {name: one[name] for name in ("by", "language", "dots_per_mm", "size_mm")} == {
        "by": "dns-sd",
        "language": "zpl",
        "dots_per_mm": 12,
        "size_mm": None,
    }


def test_the_command() -> None:
    assert found_table([]).startswith("No printer found. Is it on,")
    result = CliRunner().invoke(main, ["printer", "find", "--seconds", "0", "--json"])
    assert result.exit_code == (0 if json.loads(result.output) else 1), "what is plugged in here is not known"
    result = CliRunner().invoke(main, ["printer", "find", "--snmp", "10.0.0.0/8"])
    assert (result.exit_code, "at most 1024 addresses" in result.output) == (78, True)
