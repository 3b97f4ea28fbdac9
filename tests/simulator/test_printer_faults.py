"""What goes wrong with the virtual printer on request, and its page."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from kiosk.demo import printer_with_page
from kiosk.errors import SettingsError
from kiosk.simulator.label_printer import LabelPrinter
from kiosk.simulator.printer_answers import Load, Make, host_identification, host_status
from kiosk.simulator.printer_app import printer_pages
from kiosk.simulator.printer_faults import Faults, PrinterFault, Troubles, read_printer_faults
from tests import plain_http
from tests.simulator.test_label_printer import ask, connected

LABEL = b"^XA^PW200^LL100^FO20,20^BY2,3,60^BCN,60,N,N,N,N^FD>:%d^FS^XZ"


@pytest.fixture
def printer() -> Iterator[tuple[LabelPrinter, int]]:
    one = LabelPrinter(print_time_s=0.02)
    port = one.start()
    yield one, port
    one.stop()


@pytest.fixture
def page(printer: tuple[LabelPrinter, int]) -> Iterator[httpx.Client]:
    with (
        printer_pages(printer[0], "127.0.0.1", 0) as url,
        plain_http.Client(base_url=url, timeout=10) as client,
    ):
        yield client


def until(is_so: Callable[[], bool]) -> None:
    end_s = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < end_s
        time.sleep(0.01)


def print_labels(port: int, *numbers: int, repeat: bytes = b"^JZY") -> None:
    with connected(port) as line:
        line.sendall(b"".join(LABEL.replace(b"^PW", repeat + b"^PW") % number for number in numbers))
        line.shutdown(socket.SHUT_WR)
        line.recv(1)


def texts(page: httpx.Client) -> list[str]:
    """What was printed, a torn label with a cross before it; half of a bar code still reads."""
    found = page.get("labels").json()
    return ["".join(["" if one["is_whole"] else "x", *one["texts"]]) for one in found]


def test_labels_are_listed_with_what_is_on_them(
    printer: tuple[LabelPrinter, int], page: httpx.Client
) -> None:
    print_labels(printer[1], 71, 72)
    printer[0].wait_for_labels(2, 5)
    first, second = page.get("labels").json()
    assert {name: first[name] for name in ("number", "copy", "is_whole", "texts", "png")} == {
        "number": 1,
        "copy": 1,
        "is_whole": True,
        "texts": ["71"],
        "png": "/labels/1.png",
    }
    assert second["texts"] == ["72"]
    picture = page.get(first["png"])
    assert (picture.headers["content-type"], picture.content) == ("image/png", printer[0].labels[0].png)
    assert page.get("labels/9.png").json() == {"detail": "There is no label 9, or it is too long ago"}
    shown = page.get("").text
    assert "2 printed, 0 interrupted, 0 waiting, 0 lost." in shown
    assert '<img src="/labels/2.png"' in shown


@pytest.mark.parametrize("kind", ["paper_out", "ribbon_out", "head_open"])
@pytest.mark.parametrize(
    ("jz", "always", "expected", "lost"),
    [
        (b"^JZY", False, ["1", "x2", "2", "3"], 0),
        (b"^JZN", False, ["1", "x2", "3"], 1),
        (b"^JZN", True, ["1", "x2", "2", "3"], 0),
    ],
)
def test_trouble_in_mid_label(  # noqa: PLR0913, PLR0917 - two fixtures and a table
    printer: tuple[LabelPrinter, int],
    page: httpx.Client,
    kind: str,
    jz: bytes,
    expected: list[str],
    lost: int,
    *,
    always: bool,
) -> None:
    page.post("faults", json=[{"kind": kind, "after": 1}, {"kind": "reprints_always", "on": always}])
    print_labels(printer[1], 1, 2, 3, repeat=jz)
    until(lambda: len(printer[0].paper) == 2)
    assert page.get("faults").json()["now"][f"is_{kind}"] is True
    assert printer[0].waiting == (2 if jz == b"^JZY" or always else 1)
    page.post("faults", json={"kind": kind, "on": False}).raise_for_status()
    until(lambda: printer[0].waiting == 0)
    assert texts(page) == expected
    assert page.get("status").json()["lost"] == lost


def test_a_pause_lets_the_label_finish(printer: tuple[LabelPrinter, int], page: httpx.Client) -> None:
    page.post("faults", json={"kind": "paused", "after": 0})
    print_labels(printer[1], 1, 2)
    printer[0].wait_for_labels(1, 5)
    time.sleep(0.1)
    assert texts(page) == ["1"]
    page.delete("faults")
    printer[0].wait_for_labels(2, 5)
    assert texts(page) == ["1", "2"]


def test_trouble_that_ends_by_itself(printer: tuple[LabelPrinter, int], page: httpx.Client) -> None:
    page.post("faults", json={"kind": "paper_out", "seconds": 0.2})
    print_labels(printer[1], 1)
    assert printer[0].labels == []
    assert len(printer[0].wait_for_labels(1, 5)) == 1


@pytest.mark.parametrize(
    ("keeps", "expected", "lost"), [(False, ["1", "x2"], 2), (True, ["1", "x2", "2", "3"], 0)]
)
def test_the_power_goes_in_mid_label(
    printer: tuple[LabelPrinter, int], page: httpx.Client, expected: list[str], lost: int, *, keeps: bool
) -> None:
    page.post("faults", json={"kind": "power_cycle", "after": 1, "seconds": 0.3, "keeps": keeps})
    with connected(printer[1]) as line:
        line.sendall(b"".join(LABEL % number for number in (1, 2, 3)))
        with pytest.raises(ConnectionResetError):
            line.recv(1)
    until(lambda: _refuses(printer[1]))
    until(lambda: not _refuses(printer[1]))
    until(lambda: printer[0].waiting == 0)
    assert texts(page) == expected
    assert printer[0].lost == lost
    with connected(printer[1]) as line:
        assert ask(line, b"~HS", 3).startswith(b"\x02030,0,0,")


def _refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_cable_that_is_out(printer: tuple[LabelPrinter, int], page: httpx.Client) -> None:
    page.post("faults", json={"kind": "refuse"})
    until(lambda: _refuses(printer[1]))
    page.post("faults", json={"kind": "refuse", "on": False})
    until(lambda: not _refuses(printer[1]))


@pytest.mark.parametrize(("size", "printed"), [(0, 0), (10, 0), (len(LABEL % 1) + 5, 1)])
def test_a_reset_after_so_many_bytes(
    printer: tuple[LabelPrinter, int], page: httpx.Client, size: int, printed: int
) -> None:
    page.post("faults", json={"kind": "reset", "bytes": size})
    with connected(printer[1]) as line:
        assert ask(line, b"~HI", 1), "questions do not count"
        line.sendall(LABEL % 1 + LABEL % 2)
        with pytest.raises(ConnectionResetError):
            line.recv(1)
    assert len(printer[0].wait_for_labels(printed, 5)) == printed
    assert printer[0].waiting == 0
    print_labels(printer[1], 3)
    assert len(printer[0].wait_for_labels(printed + 1, 5)) == printed + 1


def test_answers_that_are_late_or_half_or_none(printer: tuple[LabelPrinter, int], page: httpx.Client) -> None:
    whole = host_identification()
    with connected(printer[1]) as line:
        page.post("faults", json={"kind": "slow", "seconds": 0.2})
        began_s = time.monotonic()
        assert ask(line, b"~HI", 1) == whole
        assert time.monotonic() - began_s >= 0.2
        page.post("faults", json=[{"kind": "slow", "on": False}, {"kind": "half_answers"}])
        line.sendall(b"~HI")
        assert line.recv(1000) == whole[: len(whole) // 2]
        page.post("faults", json=[{"kind": "half_answers", "on": False}, {"kind": "silent"}])
        line.sendall(b"~HI")
        line.settimeout(0.1)
        with pytest.raises(TimeoutError):
            line.recv(1000)
        page.delete("faults")
        line.settimeout(5)
        assert ask(line, b"~HI", 1) == whole


def test_a_printer_that_takes_no_byte_takes_it_later(
    printer: tuple[LabelPrinter, int], page: httpx.Client
) -> None:
    page.post("faults", json={"kind": "deaf"})
    with connected(printer[1]) as line:
        line.sendall(LABEL % 1)
        time.sleep(0.2)
        assert printer[0].labels == []
        page.delete("faults")
        assert len(printer[0].wait_for_labels(1, 5)) == 1


def test_the_buttons_of_the_page(printer: tuple[LabelPrinter, int], page: httpx.Client) -> None:
    for kind, name in (("paper_out", "is_paper_out"), ("slow", "answer_delay_s")):
        answer = page.post(f"press/{kind}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert getattr(printer[0].faults, name)
        page.post(f"press/{kind}")
        assert not getattr(printer[0].faults, name)
    page.post("press/power_cycle")
    until(lambda: printer[0].power_ups == 2)
    assert page.post("press/nonsense").status_code == 404
    page.post("press/ribbon_out")
    assert '<button  aria-pressed="true">Ribbon out</button>' in page.get("").text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("paper", "a fault must be an object, got 'paper'"),
        ({"kind": "fire"}, "kind must be one of paper_out, ribbon_out, "),
        ({"kind": "paused", "before": 1}, "a fault has no before"),
        ({"kind": "paused", "after": -1}, "after must be a whole number from 0 to 10000, got -1"),
        ({"kind": "paused", "after": True}, "after must be a whole number"),
        ({"kind": "paused", "seconds": 1e9}, "seconds must be a number from 0 to 3600"),
        ({"kind": "paused", "on": 1}, "on must be true or false, got 1"),
        ({"kind": "reset", "bytes": 1.5}, "bytes must be a whole number"),
        ({"kind": "power_cycle", "keeps": "yes"}, "keeps must be true or false"),
    ],
)
def test_a_fault_that_is_none_is_said(page: httpx.Client, body: object, words: str) -> None:
    answer = page.post("faults", json=body)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(words)


def test_faults_by_file(tmp_path: Path) -> None:
    path = tmp_path / "faults.json"
    path.write_text(json.dumps([{"kind": "head_open"}]))
    make = Make("ZD421", 12, has_ribbon=True)
    with (
        printer_with_page(0, 0, tmp_path / "out", faults=path, make=make) as (port, _),
        connected(port) as line,
    ):
        assert ask(line, b"~HS", 3) == host_status(Faults(is_head_open=True), _idle(), 406, make)
        assert ask(line, b"~HI", 1) == b"\x02ZD421,V1.0,12,8192KB\x03\r\n"
    path.write_text("{")
    with (
        pytest.raises(SettingsError, match="Cannot read faults from"),
        printer_with_page(0, 0, tmp_path / "out", faults=path),
    ):
        pass
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(SettingsError, match="page on port"),
        printer_with_page(0, taken.getsockname()[1], tmp_path / "out"),
    ):
        pass


def _idle() -> Load:
    return Load(0, 0, is_inside_label=False)


def test_faults_count_labels_down_and_are_shown() -> None:
    troubles = Troubles(lambda: 0.0)
    troubles.add(read_printer_faults([{"kind": "paper_out", "after": 1}, {"kind": "reset", "bytes": 7}]))
    troubles.middle_of_label()
    assert troubles.shown()["reset_after_bytes"] == 7
    assert [one["after"] for one in json.loads(json.dumps(troubles.shown()["coming"]))] == [0]
    troubles.middle_of_label()
    assert (troubles.now.is_paper_out, troubles.shown()["coming"]) == (True, [])
    troubles.clear()
    assert troubles.now == Faults()
    assert troubles.taken(100) is None
    assert PrinterFault(kind="paused").on
