"""The pages of label designs: all of them, one to edit, its versions."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound, UnprocessableEntity

from kiosk.design_parcel import pictures_named
from kiosk.errors import LabelError
from kiosk.ports import DesignRoom
from kiosk.web.context import Web
from kiosk.web.design_request import said
from kiosk.web.design_text import text_of
from kiosk.web.office_page import office_page
from kiosk.web.scan_text import shown_scan
from kiosk.wire import digest_of

_MOST_DIFF_LINES = 6000
_MOST_SCANS = 12


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a comparison."""

    kind: str
    """``added``, ``removed``, ``same`` or ``place``."""
    text: str


def designs_blueprint(web: Web) -> Blueprint:
    """Return the routes that show designs; ``design_actions`` has those that change something."""
    designs = Blueprint("designs", __name__)

    @designs.get("/labels")
    def listing() -> Response:
        room = design_room(web)
        context = {"cards": room.cards(), "deleted": room.deleted(), "is_writable": room.is_writable}
        return _page(web, "designs.html", context)

    @designs.get("/labels/<name>")
    def editor(name: str) -> Response:
        room = design_room(web)
        source = text_of(room, name)
        card = next((one for one in room.cards() if one.name == name), None)
        context = {
            "name": name,
            "card": card,
            "source": source,
            "base": digest_of(source),
            "has_pictures": bool(pictures_named(source)),
            "targets": (targets := room.targets(name)),
            "target": next((one.name for one in targets if one.is_fitting), ""),
            "is_writable": room.is_writable,
            "scans": _last_scans(web),
            "stations": [
                place.name for place in web.rooms.stations.values() if web.rooms.label_shown(place.view())
            ],
        }
        return _page(web, "design.html", context)

    @designs.get("/labels/<name>.png")
    def picture(name: str) -> Response:
        png = design_room(web).picture(name)
        if png is None:
            raise NotFound("There is no picture of this design.")
        return Response(png, mimetype="image/png")

    @designs.get("/labels/<name>.toml")
    def export(name: str) -> Response:
        version = request.args.get("version", type=int)
        source = text_of(design_room(web), name, version)
        response = Response(source.encode("utf-8"), mimetype="application/toml")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.toml"'
        return response

    @designs.get("/labels/<name>.zip")
    def export_with_pictures(name: str) -> Response:
        room = design_room(web)
        with said():
            parcel = room.packed(name, text_of(room, name, request.args.get("version", type=int)))
        if parcel is None:
            raise NotFound("This design has no pictures: its text is all of it.")
        response = Response(parcel, mimetype="application/zip")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
        return response

    @designs.get("/labels/<name>/versions")
    def versions(name: str) -> Response:
        room = design_room(web)
        kept = room.versions(name)
        source = "" if kept and name in room.deleted() else text_of(room, name)
        numbers = [one.number for one in kept]
        new = request.args.get("to", numbers[0] if numbers else 0, type=int)
        older = [number for number in numbers if number < new]
        old = request.args.get("from", older[0] if older else new, type=int)
        context = {
            "name": name,
            "versions": kept,
            "old": old,
            "new": new,
            "lines": difference(text_of(room, name, old), text_of(room, name, new)) if numbers else (),
            "used": next((number for number in numbers if room.source(name, number) == source), None),
            "base": digest_of(source) if source else "",
            "is_writable": room.is_writable,
        }
        return _page(web, "design_versions.html", context)

    return designs


def design_room(web: Web) -> DesignRoom:
    """Return where designs are kept.

    Raises:
        NotFound: this kiosk shows none.
    """
    if web.rooms.designs is None:
        raise NotFound("This kiosk shows no label designs.")
    return web.rooms.designs


def difference(old: str, new: str) -> Sequence[DiffLine]:
    """Return what changed from one text to another, with three lines around each place.

    Raises:
        UnprocessableEntity: they are too long to be compared.
    """
    before, after = old.splitlines(), new.splitlines()
    if max(len(before), len(after)) > _MOST_DIFF_LINES:
        raise UnprocessableEntity("These texts are too long to be compared.")
    kinds = {"+": "added", "-": "removed", "@": "place"}
    lines = list(difflib.unified_diff(before, after, lineterm=""))[2:]
    return [DiffLine(kinds.get(line[:1], "same"), line if line[:1] == "@" else line[1:]) for line in lines]


def _last_scans(web: Web) -> list[str]:
    """Return what the scanners sent last, newest first, as it can be typed; what cannot is left out."""
    seen = sorted(
        (scan for one in web.rooms.scanners() for scan in one.last_scans()), key=lambda scan: scan.at
    )
    texts = (shown_scan(scan.data) for scan in reversed(seen))
    return list(dict.fromkeys(text for text in texts if text))[:_MOST_SCANS]


def _page(web: Web, template: str, context: Mapping[str, object]) -> Response:
    try:
        return office_page(web, template, context, here="/labels")
    except LabelError as error:
        raise UnprocessableEntity(str(error)) from error
