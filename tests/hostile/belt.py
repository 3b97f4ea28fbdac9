"""The way of a barcode through the kiosk, part after part, with what must hold after each."""

import io
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import zxingcpp
from PIL import Image

from kiosk.barcodes import Command, Readings, Text, read, to_json
from kiosk.cli.asked import _table
from kiosk.errors import LabelError
from kiosk.flows.flow import Pressed, Scanned
from kiosk.ion import Ion
from kiosk.journal import Entry, Journal
from kiosk.label_shelf import read_designs
from kiosk.log_lines import OneLine
from kiosk.model import Asked, PreparedLabel, Print, Question, RawScan, ScanState, Submit
from kiosk.printer_setup import open_printers
from kiosk.printing import LabelShop
from kiosk.resolve import questions
from kiosk.resources import templates_dir
from kiosk.settings import PrinterSettings
from kiosk.visible import visible
from kiosk.web.screens import Screens
from tests.fakes import Clock
from tests.flows.floor import BOLT, Floor, at_line
from tests.hostile.checks import (
    CalmPages,
    check_json_line,
    check_one_line,
    check_request,
    check_zpl,
)
from tests.ion.factory import Factory
from tests.web.fakes import world

_DESIGN = """
title = "Anything"
width_mm = 24.0
height_mm = 24.0
encodes = "code"

[fields]
code = { required = true, sample = "PN-100" }

[[datamatrix]]
x_mm = 2
y_mm = 2
size_mm = 20
value = "${code}"
"""
"""A symbol alone: text costs a label four times as much, so the kiosk's own design has every twentieth."""
_PART_FIELDS = ("part.partNumber", "part.description", "lotNumber", "location.name")
_EVERY = 20
_OFTEN = 5
"""Most strings go without what takes longest; every fifth or every twentieth has it."""
_BY_TEXT = frozenset(
    {Asked.PART_NUMBER, Asked.SERIAL, Asked.LOT, Asked.ORDER_NUMBER, Asked.LOCATION_NAME, Asked.UID}
)
_CALM = (
    b"PN-100",
    b"PN-100-" + b"7" * 9,
    b"PN-100-" + b"7" * 18,
    b"PN-100-" + b"7" * 40,
    b"[)>06",
    b"ION/PX/1",
    b"ION/CMD/X",
    b"[)>\x1e06\x1dK9\x1dPX\x1dQ1\x1dS1\x1d1TA\x1e\x04",
    b"[)>\x1e06\x1dK9-9\x1dP" + b"7" * 30 + b"\x1e\x04",
    b"{pc:C1,pm:X-1,qty:1}",
    b"1" * 81,
)


@dataclass
class Belt:
    """Everything a text passes, real but for the network, and put together once."""

    folder: Path
    journal: Journal
    taken: list[str] = field(default_factory=list)
    """Texts that the journal has as the lot of an operation."""
    scans: list[RawScan] = field(default_factory=list)
    """Not written yet."""
    labels: int = 0
    refusals: list[str] = field(default_factory=list)
    """Why labels were not made."""

    def __post_init__(self) -> None:
        self.clock = Clock()
        self.kiosk = world()
        self.screens = Screens(self.kiosk.rooms, boot="boot")
        self.calm = CalmPages()
        self.line = at_line(BOLT).session
        self.shops = self._shops()
        calm = {
            "anything": self._made("anything", {"code": "PN-100"}),
            "part": self._made("part", {"code": "ION/PI/1", "part.partNumber": "PN-100"}),
        }
        self.calm_zpl = {name: made.payload for name, made in calm.items() if made is not None}
        self.sent: list[dict[str, Any]] = []
        self.known_documents: dict[tuple[Asked, ...], frozenset[str]] = {}
        self.ion = self._tenant()
        self.written = io.StringIO()
        handler = logging.StreamHandler(self.written)
        handler.setFormatter(OneLine())
        self.log = logging.getLogger("kiosk.hostile")
        self.log.handlers, self.log.propagate = [handler], False
        for raw in _CALM:
            for symbology in (None, "]d1"):
                for is_offline in (True, False):
                    scan = Scanned(read(raw, symbology), is_offline=is_offline)
                    self.calm.learn(self._drawn(Floor(), scan))
            self.calm.learn(self._drawn(at_line(BOLT), Scanned(read(raw))))
        for verb in ("CONFIRM", "BACK"):
            self.calm.learn(self._drawn(Floor(), Pressed(verb)))
        self.calm.learn(self._drawn(Floor(), Pressed("FLOW", "elsewhere")))

    def carry(self, number: int, raw: bytes) -> None:
        """Take one barcode all the way."""
        readings = read(raw)
        assert readings.raw == raw
        written = json.dumps(to_json(readings), ensure_ascii=True)
        check_json_line(written, [readings.text])
        for line in _table(readings).split("\n"):
            check_one_line(f"{line}\n", "")
        floor = Floor()
        command = next((one for one in readings.readings if isinstance(one, Command)), None)
        event = Pressed(command.verb, command.argument) if command else Scanned(readings)
        self.calm.check(self._drawn(floor, event), "" if command else readings.text[:200])
        self._journalled(number, readings, floor)
        self._logged(number, readings.text)
        self._labelled(number, readings.text)
        self._asked(readings)

    def _drawn(self, floor: Floor, event: Scanned | Pressed) -> str:
        floor.happens(event)
        return self._page(floor)

    def _page(self, floor: Floor) -> str:
        self.kiosk.station.show(floor.screen, floor.state, floor.session.message)
        return self.screens.fragment(self.kiosk.station.view_now)

    def _received(self, number: int, readings: Readings) -> list[tuple[str, Submit]]:
        """Enter plain text as a lot, and confirm it: the operation names it as it is."""
        text = next((one.value for one in readings.readings if isinstance(one, Text)), None)
        if text is None:
            return []
        floor = Floor(session=self.line)
        floor.happens(Scanned(readings))
        is_lot = floor.state.get("lot") == text
        if number % _EVERY == 0:
            self.calm.check(self._page(floor), text[:200] if is_lot else "")
        if not is_lot:
            return []
        floor.press("CONFIRM")
        (submit,) = floor.submits
        assert submit.arguments["lot"] == text
        return [(f"key-{number}", submit)]

    def _journalled(self, number: int, readings: Readings, floor: Floor) -> None:
        """Write the scan, and now and then an event with all that follows; a commit takes its time."""
        scan = RawScan(f"scan-{number}", "dock-1", "gun", readings.raw, self.clock.now())
        submits = self._received(number, readings)
        if number % _OFTEN:
            self.scans.append(scan)
            return
        self.flush()
        self.journal.book.commit(Entry(floor.session, scan, proof=readings.text, submits=submits))
        self.taken += [str(submit.arguments["lot"]) for _, submit in submits]

    def flush(self) -> None:
        """Write the scans that wait for it."""
        with self.journal.clerk.store.writing() as connection:
            for scan in self.scans:
                self.journal.book._insert_scan(connection, scan, None, ScanState.WAITING, "")
        self.scans.clear()

    def _logged(self, number: int, text: str) -> None:
        self.log.warning("Scan %s", text)
        # What marks foreign text is escaped within it.
        check_one_line(self._new_log(), text.replace("«", "\\xab").replace("»", "\\xbb"))
        if number % _OFTEN:
            return
        try:
            _fail(text)
        except LabelError:
            self.log.exception("It failed")
        first, *others = self._new_log().removesuffix("\n").split("\n")
        check_one_line(f"{first}\n", "It failed")
        assert all(line.startswith("  ") and line.isprintable() for line in others)
        assert "".join(map(visible, text.split("\n"))) in "".join(line[2:] for line in others)

    def _new_log(self) -> str:
        written = self.written.getvalue()
        self.written.seek(0)
        self.written.truncate()
        return written

    def _labelled(self, number: int, text: str) -> None:
        """Print the text, or say in words why not: the same commands as ever, and it reads back."""
        made = self._made("anything", {"code": text})
        if made is not None:
            check_zpl(made.payload, self.calm_zpl["anything"])
            assert made.encoded == text
            assert number % _OFTEN or _symbols(made.png) == [text]
        if number % _EVERY == 0:
            made = self._made("part", {"code": f"ION/PI/{number}", **dict.fromkeys(_PART_FIELDS, text)})
            if made is not None:
                check_zpl(made.payload, self.calm_zpl["part"])
                assert made.encoded == f"ION/PI/{number}"

    def _made(self, design: str, fields: dict[str, str]) -> PreparedLabel | None:
        try:
            made = self.shops[design].prepare_for("zebra", Print(design, fields, "x"))
        except LabelError as error:
            self.refusals.append(str(error))
            return None
        self.labels += 1
        return made

    def _asked(self, readings: Readings) -> None:
        """Ask ION: the documents are those of a harmless barcode, the texts stand in variables only."""
        asked = questions(readings)
        if not asked:
            return
        documents = self._documents(tuple(question.by for question in asked))
        for body in self._sent_by(asked):
            check_request(body, documents, {one.value for one in asked if one.by in _BY_TEXT})

    def _documents(self, by: tuple[Asked, ...]) -> frozenset[str]:
        if by not in self.known_documents:
            calm = [Question(one, f"7{place}") for place, one in enumerate(by)]
            sent = [*self._sent_by(calm), *(body for one in calm for body in self._sent_by([one]))]
            self.known_documents[by] = frozenset(body["query"] for body in sent)
        return self.known_documents[by]

    def _sent_by(self, asked: Sequence[Question]) -> list[dict[str, Any]]:
        self.sent.clear()
        self.ion.ask(asked)
        return list(self.sent)

    def _tenant(self) -> Ion:
        """Return a gateway to the simulated tenant, which answers a document once; nothing is ever found."""
        factory = Factory("both")
        answers: dict[str, httpx.Response] = {}

        def handle(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/token":
                return factory._handle(request)
            body = json.loads(request.content)
            self.sent.append(body)
            if body["query"] not in answers:
                answers[body["query"]] = factory.answer(request)
            known = answers[body["query"]]
            return httpx.Response(known.status_code, content=known.content, headers=known.headers)

        return factory.gateway(through=httpx.MockTransport(handle))

    def _shops(self) -> dict[str, LabelShop]:
        folder = self.folder / "labels"
        folder.mkdir()
        (folder / "anything.toml").write_text(_DESIGN)
        sizes = {"anything": (folder, 24, 24), "part": (templates_dir() / "labels", 101.6, 50.8)}
        return {
            name: LabelShop(read_designs(designs), (), open_printers((_printer(width_mm, height_mm),)))
            for name, (designs, width_mm, height_mm) in sizes.items()
        }


def _printer(width_mm: float, height_mm: float) -> PrinterSettings:
    return PrinterSettings(
        name="zebra", url="memory://", language="zpl", dpi=203, width_mm=width_mm, height_mm=height_mm
    )


def _symbols(png: bytes) -> list[str]:
    """Return what a scanner reads in a picture."""
    found = zxingcpp.read_barcodes(
        Image.open(io.BytesIO(png)).convert("L"),
        formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.DataMatrix]),
        text_mode=zxingcpp.TextMode.Plain,
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
    )
    return [symbol.text for symbol in found]


def _fail(text: str) -> None:
    raise LabelError(text)
