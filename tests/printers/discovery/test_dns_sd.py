"""Printers that announce themselves: by a responder that is told what to say, and by avahi-daemon."""

import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from printers.discovery import FoundPrinter, announced_printers
from printers.discovery.dns_message import Kind, Name
from tests.printers.discovery.announcing import IPP, RAW, Announcer, Responder
from tests.printers.transports.peers import PEERS, EvePrinter, announcer, program

Behave = Callable[[list[tuple[Name, int]]], Sequence[bytes]]
ZEBRA = FoundPrinter(
    "dns-sd",
    "tcp://192.0.2.9:9100",
    "Zebra ZD421",
    note="Dock 1, by the door",
    commands="application/vnd.zebra-zpl  ",
)


@pytest.fixture
def respond() -> Iterator[Callable[[Behave], Responder]]:
    opened: list[Responder] = []

    def respond(behave: Behave) -> Responder:
        opened.append(Responder(behave))
        return opened[-1]

    yield respond
    for one in opened:
        one.close()


Respond = Callable[[Behave], Responder]


def zebra(*, gives_all: bool = True) -> Announcer:
    far = Announcer(gives_all=gives_all)
    texts = {"ty": "Zebra ZD421", "pdl": "application/vnd.zebra-zpl", "note": "by the door", "TY": "later"}
    far.announce("Dock 1", RAW, "192.0.2.9", 9100, texts)
    return far


def found_by(far: Responder, wait_s: float = 0.4) -> list[FoundPrinter]:
    return announced_printers(wait_s, group=far.group, interfaces=["lo"])


def answers(far: Announcer) -> Behave:
    return lambda questions: list(filter(None, [far.answer(questions)]))


def test_a_printer_that_says_all_at_once(respond: Respond) -> None:
    far = respond(answers(zebra()))
    assert found_by(far) == [ZEBRA]
    assert [[kind for _, kind in asked] for asked in far.heard] == [[Kind.PTR] * 3]


def test_a_printer_that_says_only_what_it_is_asked(respond: Respond) -> None:
    far = respond(answers(zebra(gives_all=False)))
    assert found_by(far, 2.5) == [ZEBRA]
    assert {kind for asked in far.heard for _, kind in asked} == set(Kind)


def test_a_print_service_and_its_path(respond: Respond) -> None:
    announced = Announcer()
    announced.announce("A", IPP, "192.0.2.1", 631, {"rp": "printers/label", "usb_MDL": "QL-820NWB"})
    announced.announce("B", IPP, "192.0.2.2", 8631, {"rp": "x y?z", "product": "(Laser 9)"})
    announced.announce("C", IPP, "192.0.2.3", 0, {})
    far = respond(answers(announced))
    assert [(one.url, one.model) for one in found_by(far)] == [
        ("ipp://192.0.2.1:631/printers/label", "QL-820NWB"),
        ("ipp://192.0.2.2:8631/ipp/print", "Laser 9"),
    ]


def test_hostile_texts_are_cleaned(respond: Respond) -> None:
    announced = Announcer()
    announced.announce(
        "\x1b[2J", RAW, "192.0.2.1", 9100, {"ty": 'Z"\n[ion]\nurl="http://evil"\x1b', "pdl": "ZPL"}
    )
    (one,) = found_by(respond(answers(announced)))
    assert one.model == 'Z"[ion]url="http://evil"'
    assert one.toml.splitlines() == [
        "[[printers]]",
        'name = "z-ion-url-http-evil"',
        'url = "tcp://192.0.2.1:9100"',
        'language = "zpl"',
    ]


def test_nonsense_and_strangers_are_passed_over(respond: Respond) -> None:
    def behave(questions: list[tuple[Name, int]]) -> Sequence[bytes]:
        return [b"", b"\xff" * 9000, b"\0" * 12, *answers(zebra())(questions)]

    stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    far = respond(behave)
    assert found_by(far) == [ZEBRA]
    stranger.close()


def test_an_answer_from_another_port_does_not_count(respond: Respond) -> None:
    far = respond(answers(zebra()))
    assert announced_printers(0.3, group=("127.0.0.1", far.group[1] ^ 1), interfaces=["lo"]) == []


def test_a_flood_of_printers_is_bounded(respond: Respond) -> None:
    announced = Announcer()
    for number in range(300):
        announced.announce(f"{number}", RAW, "192.0.2.1", 9100, {})
    flood = [announced.answer([(RAW, Kind.PTR)])[:9000] for _ in range(3)]
    began_s = time.monotonic()
    assert len(found_by(respond(lambda _: flood), 0.5)) <= 200
    assert time.monotonic() - began_s < 5


def test_nobody_there(respond: Respond) -> None:
    far = respond(lambda _: [])
    assert found_by(far, 1.2) == []
    assert len(far.heard) == 2, "asked again after a second"
    assert announced_printers(0.1, group=far.group, interfaces=["none"]) == []


@pytest.mark.skipif(
    os.geteuid() != 0 or not all(map(program, PEERS)),
    reason="needs root and Debian's cups-ipp-utils, avahi-daemon and dbus",
)
def test_a_real_printer_announced_by_avahi_is_found(tmp_path: Path, free_port: int) -> None:
    with announcer(tmp_path) as environment:
        far = EvePrinter(tmp_path, free_port, environment)
        far.start()
        try:
            found: list[FoundPrinter] = []
            end_s = time.monotonic() + 20
            while not found and time.monotonic() < end_s:
                found = [one for one in announced_printers(1.5) if f":{free_port}/" in one.url]
        finally:
            far.stop()
    (one,) = {one.url.partition("://")[0]: one for one in found if one.url.startswith("ipp://")}.values()
    assert (one.by, one.model, one.note) == ("dns-sd", "Label Maker 9", "Test Label")
    assert one.url.endswith(f":{free_port}/ipp/print")
    assert one.language == "zpl"
