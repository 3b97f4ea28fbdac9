"""The virtual printer's page: what came out, what is wrong with it, and the addresses that programs use."""

import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from threading import Thread
from typing import Final

from flask import Flask, Response, abort, jsonify, redirect, render_template, request, url_for
from PIL import Image
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from kiosk.simulator.label_printer import LabelPrinter, PrintedLabel
from kiosk.simulator.printer_faults import SWITCHES, read_printer_faults
from kiosk.simulator.wire import LingerlessServer
from printers.symbols import decode

__all__ = ["create_printer_app", "printer_pages"]

_MAX_BODY: Final = 1_000_000
_SHOWN: Final = 60
_POLL_S: Final = 0.05
_BUTTONS: Final = {
    "paper_out": "Paper out",
    "ribbon_out": "Ribbon out",
    "head_open": "Head open",
    "paused": "Paused",
    "silent": "Answers nothing",
    "half_answers": "Answers half",
    "slow": "Answers late",
    "deaf": "Takes no byte",
    "refuse": "Cable out",
    "reprints_always": "Reprints always",
}


def create_printer_app(printer: LabelPrinter) -> Flask:
    """Return the application for one printer."""
    app = Flask("kiosk.simulator", static_folder="static", static_url_path="/assets")
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY
    app.register_error_handler(HTTPException, _http_error)
    _add_label_routes(app, printer)
    _add_fault_routes(app, printer)
    return app


def _http_error(error: HTTPException) -> tuple[Response, int]:
    return jsonify({"detail": error.description}), error.code or HTTPStatus.INTERNAL_SERVER_ERROR


def _add_label_routes(app: Flask, printer: LabelPrinter) -> None:
    texts: dict[int, list[str]] = {}

    def shown(label: PrintedLabel) -> dict[str, object]:
        if label.number not in texts:
            texts[label.number] = _texts(label.png)
        return {
            "number": label.number,
            "copy": label.copy,
            "is_whole": label.is_whole,
            "printed_at": label.printed_at.isoformat(),
            "texts": texts[label.number],
            "png": url_for("png", number=label.number),
        }

    @app.get("/")
    def page() -> str:
        return render_template(
            "printer.html",
            printer=printer,
            counts=_counts(printer),
            buttons=[(kind, words, _is_on(printer, kind)) for kind, words in _BUTTONS.items()],
            labels=[shown(label) for label in reversed(printer.paper[-_SHOWN:])],
            problems=printer.problems[-_SHOWN:],
        )

    @app.get("/labels")
    def labels() -> Response:
        paper = printer.paper
        for number in texts.keys() - {label.number for label in paper}:
            del texts[number]
        return jsonify([shown(label) for label in paper])

    @app.get("/labels/<int:number>.png")
    def png(number: int) -> Response:
        found = next((label for label in printer.paper if label.number == number), None)
        if found is None:
            abort(HTTPStatus.NOT_FOUND, f"There is no label {number}, or it is too long ago")
        return Response(found.png, content_type="image/png")

    @app.get("/status")
    def status() -> Response:
        return jsonify(_counts(printer) | {"problems": printer.problems, "faults": printer.troubles.shown()})


def _add_fault_routes(app: Flask, printer: LabelPrinter) -> None:
    @app.get("/faults")
    def show_faults() -> Response:
        return jsonify(printer.troubles.shown())

    @app.post("/faults")
    def add_faults() -> Response:
        try:
            printer.troubles.add(read_printer_faults(request.get_json(force=True)))
        except ValueError as exc:
            abort(HTTPStatus.BAD_REQUEST, str(exc))
        return show_faults()

    @app.delete("/faults")
    def clear_faults() -> Response:
        printer.troubles.clear()
        return show_faults()

    @app.post("/press/<kind>")
    def press(kind: str) -> AnyResponse:
        """Turn a fault of the page on or off."""
        if kind == "power_cycle":
            printer.troubles.add(read_printer_faults({"kind": kind}))
        elif kind in _BUTTONS:
            fault = {"kind": kind, "on": not _is_on(printer, kind)}
            printer.troubles.add(read_printer_faults(fault))
        else:
            abort(HTTPStatus.NOT_FOUND, f"There is no button {kind!r}")
        return redirect(url_for("page"), HTTPStatus.SEE_OTHER)


def _counts(printer: LabelPrinter) -> dict[str, int]:
    paper = printer.paper
    return {
        "printed": sum(label.is_whole for label in paper),
        "torn": sum(not label.is_whole for label in paper),
        "waiting": printer.waiting,
        "lost": printer.lost,
    }


def _is_on(printer: LabelPrinter, kind: str) -> bool:
    return bool(getattr(printer.faults, SWITCHES[kind]))


def _texts(png: bytes) -> list[str]:
    with Image.open(io.BytesIO(png)) as picture:
        return [found.text for found in decode(picture)]


@contextmanager
def printer_pages(printer: LabelPrinter, host: str, port: int) -> Iterator[str]:
    """Serve a printer's page; gives its address.

    Raises:
        OSError: The address cannot be listened on.
    """
    with socket.create_server((host, port)) as listener:
        server = LingerlessServer(listener, create_printer_app(printer))
    thread = Thread(target=server.serve_forever, args=(_POLL_S,), name="label-printer-pages")
    thread.start()
    try:
        yield f"http://{host}:{server.port}/"
    finally:
        server.shutdown()
        server.drop_connections()
        thread.join()
