"""The sheets to print on paper: the command barcodes, and how to set up a scanner."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest

from kiosk.errors import LabelError
from kiosk.sheets import PAPERS, command_sheet, scanner_sheet, work_sheet
from kiosk.web.context import Web, station_of
from kiosk.web.office_page import office_page

_TITLES = {"commands": "Command sheet", "work": "Work sheet", "scanner": "Set-up sheet"}
_PAPERS = (("a4", "A4"), ("letter", "Letter"))
_TYPES = {"png": "image/png", "pdf": "application/pdf"}


def sheets_blueprint(web: Web) -> Blueprint:
    """Return the routes that answer whole sheets of paper; ``?paper=letter`` for North America."""
    sheets = Blueprint("sheets", __name__)

    @sheets.get("/sheets/<any(commands, work, scanner):which>")
    def page(which: str) -> Response:
        context = {"which": which, "title": _TITLES[which], "papers": _PAPERS}
        return office_page(web, "sheet.html", context, here="/scanners")

    @sheets.get("/sheets/commands.<any(png, pdf):kind>")
    def commands(kind: str) -> Response:
        station = request.args.get("station", "")
        rooms = [station_of(web, station)] if station else list(web.rooms.stations.values())
        flows = dict.fromkeys(flow for room in rooms for flow in room.view().flows)
        try:
            data = command_sheet(
                tuple(flows), station=station, paper=_paper(), kind=kind, spoken=web.screens.tongue()
            )
        except LabelError as error:
            raise BadRequest("The command sheet cannot be drawn for this station.") from error
        return _sheet(data, f"commands.{kind}")

    @sheets.get("/sheets/work.<any(png, pdf):kind>")
    def work(kind: str) -> Response:
        station = request.args.get("station", "")
        rooms = [station_of(web, station)] if station else list(web.rooms.stations.values())
        lines = max(room.view().lines for room in rooms)
        data = work_sheet(
            station=station, paper=_paper(), kind=kind, lines=lines, spoken=web.screens.tongue()
        )
        return _sheet(data, f"work.{kind}")

    @sheets.get("/sheets/scanner.<any(png, pdf):kind>")
    def scanner(kind: str) -> Response:
        data = scanner_sheet(paper=_paper(), kind=kind, spoken=web.screens.tongue())
        return _sheet(data, f"scanner.{kind}")

    return sheets


def _paper() -> str:
    paper = request.args.get("paper", "a4")
    if paper not in PAPERS:
        raise BadRequest(f"The paper is not known: expected one of {sorted(PAPERS)}.")
    return paper


def _sheet(data: bytes, name: str) -> Response:
    response = Response(data, mimetype=_TYPES[name.rpartition(".")[2]])
    response.headers["Content-Disposition"] = f'inline; filename="ion-kiosk-{name}"'
    return response
