"""Our print client against programs that others wrote: CUPS's ippeveprinter and cupsd."""

import os
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from printers import (
    LANGUAGES,
    Identity,
    Media,
    Patience,
    Printer,
    PrinterNotReady,
    PrinterState,
    PrinterStatus,
    PrintState,
    Reason,
    lay_out,
    load_design,
    open_transport,
    render,
)
from tests.printers.material import LABELS
from tests.printers.transports.peers import (
    PEERS,
    EvePrinter,
    add_raw_queue,
    announcer,
    cups,
    program,
)

MEDIA = Media(101.6, 50.8, 203)
NEEDS_EVE = pytest.mark.skipif(
    os.geteuid() != 0 or not all(map(program, PEERS)),
    reason="needs root and Debian's cups-ipp-utils, avahi-daemon and dbus",
)
NEEDS_CUPS = pytest.mark.skipif(
    os.geteuid() != 0 or not all(map(program, ("cupsd", "lpadmin"))),
    reason="needs root and Debian's cups-daemon and cups-client",
)


def printer(url: str, language: str) -> Printer:
    transport = open_transport(url, content_type=LANGUAGES[language].content_type)
    return Printer("peer", LANGUAGES[language], transport, MEDIA)


def label(language: str) -> bytes:
    design = load_design(LABELS / "location.toml")
    raster = render(lay_out(design, design.samples, MEDIA))
    media, handling = LANGUAGES[language].trial(101.6, 50.8, None)
    return LANGUAGES[language].encode(raster, media, handling)


@pytest.fixture
def eve(tmp_path: Path, free_port: int) -> Iterator[EvePrinter]:
    with announcer(tmp_path) as environment:
        far = EvePrinter(tmp_path, free_port, environment)
        far.start()
        yield far
        far.stop()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter, as CUPS prints under another name."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name) / "cups"


@NEEDS_EVE
@pytest.mark.parametrize("language", ["zpl", "pdf", "png"])
def test_a_printer_gets_every_byte_and_confirms(eve: EvePrinter, language: str) -> None:
    payload = label(language)
    one = printer(eve.url, language)
    assert one.status().state is PrinterState.READY
    outcome = one.print(payload, clock=time.monotonic, sleep=time.sleep, patience=Patience(timeout_s=20))
    assert outcome.state is PrintState.CONFIRMED
    assert eve.papers() == [payload]


@NEEDS_EVE
def test_trouble_while_a_label_prints_is_told_and_goes(eve: EvePrinter) -> None:
    eve.does('echo "STATE: +media-empty-error" >&2; sleep 1; echo "STATE: -media-empty-error" >&2')
    troubles: list[PrinterStatus] = []
    outcome = printer(eve.url, "zpl").print(
        label("zpl"),
        clock=time.monotonic,
        sleep=time.sleep,
        patience=Patience(timeout_s=20),
        on_trouble=troubles.append,
    )
    assert outcome.state is PrintState.CONFIRMED
    assert [status.reasons for status in troubles] == [(Reason.MEDIA_EMPTY,)]


@NEEDS_EVE
def test_a_document_it_does_not_know_is_refused(eve: EvePrinter) -> None:
    one = Printer(
        "peer", LANGUAGES["tspl"], open_transport(eve.url, content_type="application/vnd.tsc-tspl"), MEDIA
    )
    with pytest.raises(
        PrinterNotReady, match=r"expected application/vnd\.tsc-tspl to be taken, got IPP status 0x040"
    ):
        one.print(label("tspl"), clock=time.monotonic, sleep=time.sleep)
    assert eve.papers() == []


@NEEDS_EVE
def test_gone_and_back(eve: EvePrinter) -> None:
    one = printer(eve.url, "zpl")
    eve.stop()
    assert one.status().state is PrinterState.UNREACHABLE
    eve.start()
    assert one.status().state is PrinterState.READY


@NEEDS_CUPS
@NEEDS_EVE
def test_a_queue_of_cups_passes_every_byte_on_and_proves_nothing(eve: EvePrinter, folder: Path) -> None:
    payload = label("pdf")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with cups(folder, port) as server:
        add_raw_queue(server, "label", eve.url)
        outcome = printer(f"ipp://{server}/printers/label", "pdf").print(
            payload, clock=time.monotonic, sleep=time.sleep, patience=Patience(timeout_s=20, silence_s=1)
        )
        assert eve.papers() == [payload]
        assert outcome.state is PrintState.SENT, "the bytes left CUPS, which tells nothing of a label"


@NEEDS_CUPS
def test_a_queue_of_cups_with_nobody_behind_it_is_not_done(folder: Path, free_port: int) -> None:
    with cups(folder, free_port) as server:
        add_raw_queue(server, "label", "ipp://127.0.0.1:9/ipp/print")
        url = f"ipp://{server}/printers/label?format=application/vnd.cups-raw"
        outcome = printer(url, "zpl").print(
            label("zpl"), clock=time.monotonic, sleep=time.sleep, patience=Patience(timeout_s=3)
        )
        assert outcome.state is PrintState.SENT
        assert not outcome.status.is_done


@NEEDS_CUPS
def test_a_queue_that_is_not_there_is_refused(folder: Path, free_port: int) -> None:
    with cups(folder, free_port) as server:
        one = printer(f"ipp://{server}/printers/nothing", "zpl")
        with pytest.raises(PrinterNotReady, match="got IPP status 0x0406"):
            one.print(label("zpl"), clock=time.monotonic, sleep=time.sleep)


@NEEDS_EVE
def test_a_printer_with_other_labels_and_dots_says_so(tmp_path: Path, free_port: int) -> None:
    with announcer(tmp_path) as environment:
        far = EvePrinter(tmp_path, free_port, environment)
        far.start(media="om_small_50x25mm", dpi=300)
        try:
            one = printer(far.url, "zpl")
            status = one.status()
            assert (status.state, status.reasons) == (PrinterState.TROUBLE, (Reason.MEDIA_WRONG,))
            assert status.remedy == (
                "Load the right labels. It holds 50 x 25 mm, labels are made for 101.6 x 50.8 mm"
            )
            identity = one.identity()
            assert identity == Identity("Label Maker 9", "", 12)
            assert one.misfit(identity) == (
                "Wrong dpi in the settings: Label Maker 9 has 12 dots a millimetre, labels are made for 8"
            )
            assert printer(far.url, "pdf").misfit(identity) == "", "a PDF says how large it is"
        finally:
            far.stop()
