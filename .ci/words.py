"""Takes the texts that people read out of templates, scripts and code, and keeps the catalogues with them.

What is a text:

* in templates ``_("...")`` and ``_n("one", "more", count)``;
* in Python ``N_("...")``, and the template of a ``Message``;
* the template of ``told``, apart from the others: in the context (msgctxt) ``told``;
* the titles of the label designs that come with the kiosk;
* the sentences of errors that pages show, ``raise NotFound("...")``;
* in the rooms of ``FAULTS`` the same as below, apart from the others: in the context ``fault``;
* in the rooms of ``SENTENCES`` every string of several words. Of an f-string the template is taken, with a
  place for each value: so the pages find it again in what is kept and logged as an English sentence.
"""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).parent.parent
CATALOGUES = ROOT / "kiosk" / "language" / "catalogues"
CLDR = ROOT / "kiosk" / "language" / "cldr.json"
LANGUAGES = ("en", "de", "es", "fr")
HOURS = (("12", "hm"), ("24", "Hm"))
"""The hours of a clock, and CLDR's skeleton of a time by it."""
SENTENCES = (
    "kiosk/barcodes/distributor_codes.py",
    "kiosk/barcodes/envelope.py",
    "kiosk/barcodes/expression_syntax.py",
    "kiosk/barcodes/gs1.py",
    "kiosk/barcodes/gs1_content.py",
    "kiosk/barcodes/gs1_coupon.py",
    "kiosk/barcodes/gs1_elements.py",
    "kiosk/barcodes/gs1_link.py",
    "kiosk/barcodes/ion.py",
    "kiosk/barcodes/iso15434.py",
    "kiosk/barcodes/patterns.py",
    "kiosk/barcodes/plain.py",
    "kiosk/barcodes/reader.py",
    "kiosk/delivery.py",
    "kiosk/design_desk.py",
    "kiosk/design_picture.py",
    "kiosk/flows",
    "kiosk/ion/sign_in.py",
    "kiosk/ion/personal.py",
    "kiosk/label_choice.py",
    "kiosk/label_shelf.py",
    "kiosk/operators/doorway.py",
    "kiosk/operators/visits.py",
    "kiosk/operators/office.py",
    "kiosk/operators/register.py",
    "kiosk/operators/desk.py",
    "kiosk/operators/gate.py",
    "kiosk/people.py",
    "kiosk/sign_in.py",
    "kiosk/look_up.py",
    "kiosk/parked.py",
    "kiosk/photo.py",
    "kiosk/hostile_picture.py",
    "kiosk/print_room.py",
    "kiosk/printing.py",
    "kiosk/printer_desk.py",
    "kiosk/serial_rule.py",
    "kiosk/design_parcel.py",
    "kiosk/label_service.py",
    "kiosk/ion_link.py",
    "kiosk/decision.py",
    "kiosk/station.py",
    "kiosk/scanning",
    "kiosk/scanners",
    "kiosk/sheets/setup_codes.py",
    "kiosk/snapshot.py",
    "kiosk/resolve",
    "kiosk/web/actions.py",
    "kiosk/web/design_actions.py",
    "kiosk/web/design_keeping.py",
    "kiosk/web/design_request.py",
    "kiosk/web/designs.py",
    "kiosk/web/live.py",
    "kiosk/web/photos.py",
    "kiosk/web/learning.py",
    "kiosk/web/office.py",
    "kiosk/web/office_changes.py",
    "kiosk/web/parked.py",
    "kiosk/web/phone.py",
    "kiosk/web/photo.py",
    "kiosk/web/photo_door.py",
    "kiosk/web/photo_links.py",
    "kiosk/web/printer_acts.py",
    "kiosk/web/printer_view.py",
    "kiosk/web/scanner_view.py",
    "kiosk/web/shift.py",
    "kiosk/web/sheets.py",
    "kiosk/web/sign_in.py",
    "kiosk/web/standstill.py",
    "kiosk/web/workstation.py",
    "printers/fit.py",
    "printers/status.py",
)
FAULTS = (
    "kiosk/settings.py",
    "kiosk/settings_names.py",
    "kiosk/settings_desk.py",
    "printers/design_source.py",
    "printers/designs.py",
    "printers/element_toml.py",
    "printers/formats.py",
    "printers/gs1.py",
    "printers/handling.py",
    "printers/label.py",
    "printers/label_toml.py",
    "printers/languages/abilities.py",
    "printers/languages/base.py",
    "printers/languages/bitmap.py",
    "printers/languages/brother_ql.py",
    "printers/languages/brother_stock.py",
    "printers/languages/escpos.py",
    "printers/languages/png.py",
    "printers/languages/zpl_text.py",
    "printers/layout.py",
    "printers/media.py",
    "printers/picture.py",
    "printers/placement.py",
    "printers/printer.py",
    "printers/proof.py",
    "printers/symbols/__init__.py",
    "printers/symbols/linear.py",
    "printers/symbols/two_dimensional.py",
    "printers/template.py",
    "printers/toml_table.py",
    "printers/transports/device.py",
    "printers/transports/file.py",
    "printers/transports/ipp.py",
    "printers/transports/memory.py",
    "printers/transports/node.py",
    "printers/transports/serial_port.py",
    "printers/transports/tcp.py",
    "printers/transports/usb_identity.py",
    "printers/typesetting.py",
    "printers/zpl_template.py",
)
"""Rooms that say what is wrong with a design, with the configuration, or on the way to a printer."""
_WORDS = re.compile(r"[A-Za-z]{2,}[ '][A-Za-z]|[a-z]{2,}[.:!?]$|\} [a-z]{2,}|[a-z]{2,} \{")
_NO_TEXTS = {
    "ION Kiosk",
    "command line",
    "operators page",
    "none set",
    "none of that id",
    "dpi:",
    "{printer}, {dpi} dpi",
    "line {line}:",
    "label {name}:",
    "other machines",
    "too soon",
    "not welcome",
}
_PLACES = re.compile(r"\{[^}]*\}|\b(https?|ion):|\bms\b|\bin port\b")
_SETTING = re.compile(r"[a-z_.]+: ?\{|stations\.labels: ")
_QUIET = {
    "SettingsError",
    "ValueError",
    "TypeError",
    "debug",
    "info",
    "warning",
    "error",
    "critical",
    "exception",
    "getLogger",
    "compile",
    "group",
    "Field",
}
_MARKS = {
    "N_",
    "BadRequest",
    "Conflict",
    "Forbidden",
    "NotFound",
    "RequestEntityTooLarge",
    "ServiceUnavailable",
}
"""Calls whose texts are read by people, wherever they stand."""


TOLD, FAULT = "told", "fault"


class Template(str):
    """The template of a sentence that remembers it."""

    __slots__ = ()


class Fault(str):
    """The template of what is wrong with something that a person wrote."""

    __slots__ = ()


def texts() -> Catalog:
    """Return every text, with the files it stands in."""
    catalogue = Catalog(project="ION Kiosk", charset="utf-8", fuzzy=False)
    for path, message in sorted(_found(), key=str):
        context = TOLD if isinstance(message, Template) else FAULT if isinstance(message, Fault) else None
        catalogue.add(message, locations=[(path.relative_to(ROOT).as_posix(), None)], context=context)
    return catalogue


def _found() -> Iterator[tuple[Path, str | tuple[str, str]]]:
    for folder in ("templates/screens", "kiosk/web/pages"):
        for path in (ROOT / folder).rglob("*.html"):
            with path.open("rb") as file:
                options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
                for _, function, message, _ in babel_extract(file, ("_", "_n"), (), options):
                    yield path, message[:2] if function == "_n" else _first(message)
    for path in (ROOT / "templates" / "labels").glob("*.toml"):
        yield path, tomllib.loads(path.read_text("utf-8"))["title"]
    for path in (*(ROOT / "kiosk").rglob("*.py"), *(ROOT / "printers").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name in FAULTS:
            yield from ((path, Fault(each)) for each in faults_of(path.read_text("utf-8")))
        else:
            yield from (
                (path, each) for each in python_texts(path.read_text("utf-8"), in_room=_is_room(path))
            )


def _first(message: object) -> str:
    return str(message[0] if isinstance(message, tuple) else message)


def _is_room(path: Path) -> bool:
    name = path.relative_to(ROOT).as_posix()
    return any(name == room or name.startswith(f"{room}/") for room in SENTENCES)


def python_texts(source: str, *, in_room: bool) -> list[str]:
    """Return the texts of a module."""
    reader = _Reader(in_room)
    reader.visit(ast.parse(source))
    return list({(type(text), text): text for text in reader.texts}.values())


def faults_of(source: str) -> list[str]:
    """Return the texts of a module that says what is wrong with something that a person wrote."""
    reader = _FaultReader(in_room=True, quiet=_QUIET - {"SettingsError", "ValueError"})
    reader.visit(ast.parse(source))
    return list(dict.fromkeys(reader.texts))


class _Reader(ast.NodeVisitor):
    def __init__(self, in_room: bool, quiet: Collection[str] = frozenset(_QUIET)) -> None:
        self.in_room = in_room
        self._quiet = quiet
        self.texts: list[str] = []
        self._is_marked = False

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in self._quiet:
            return
        was, self._is_marked = self._is_marked, self._is_marked or name in _MARKS
        if name == "Message" and len(node.args) > 1:
            self._is_marked = True
            self.visit(node.args[1])
            self._is_marked = was
            for each in (*node.args[2:], *node.keywords):
                self.visit(each)
        elif name == "told" and node.args:
            self._take_told(node.args[0])
            for each in (*node.args[1:], *node.keywords):
                self.visit(each)
        elif name == "join":
            for each in node.args:
                self.visit(each)
        else:
            self.generic_visit(node)
        self._is_marked = was

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._take(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._take(_template(node))
        for each in node.values:
            if isinstance(each, ast.FormattedValue):
                self.visit(each.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        """What is compared is no text."""

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_arg(self, node: ast.arg) -> None:
        """Annotations are no texts."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for each in (*node.args.defaults, *(one for one in node.args.kw_defaults if one), *node.body):
            self.visit(each)

    def visit_MatchValue(self, node: ast.MatchValue) -> None:
        """Patterns are no texts."""

    def visit_Dict(self, node: ast.Dict) -> None:
        for each in node.values:
            self.visit(each)

    def visit_Assert(self, node: ast.Assert) -> None:
        """What cannot happen is said to nobody."""

    def _take(self, text: str) -> None:
        text = text.strip()
        if self._is_text(text) and (self._is_marked or (self.in_room and _WORDS.search(text))):
            self.texts.append(text)

    def _take_told(self, node: ast.expr) -> None:
        if isinstance(node, ast.IfExp):
            self._take_told(node.body)
            self._take_told(node.orelse)
        elif isinstance(node, ast.Constant) and self._is_text(node.value):
            self.texts.append(Template(node.value))

    def _is_text(self, text: str) -> bool:
        own = _PLACES.sub("", text)
        if text in _NO_TEXTS or _SETTING.match(text):
            return False
        return not text.isupper() and re.search(r"[^\W\d_]{2}", own) is not None


class _FaultReader(_Reader):
    def _is_text(self, text: str) -> bool:
        return re.search(r"[^\W\d_]{2}", _PLACES.sub("", text)) is not None


def _template(node: ast.JoinedStr) -> str:
    made, used = "", set[str]()
    for each in node.values:
        if isinstance(each, ast.Constant):
            made += str(each.value).replace("{", "{{").replace("}", "}}")
        elif isinstance(each, ast.FormattedValue):
            name = place = _name(each.value)
            number = 1
            while place in used:
                number += 1
                place = f"{name}{number}"
            used.add(place)
            made += f"{{{place}}}"
    return made


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name.lower().strip("_")
        case ast.Attribute(attr=name):
            return name.lower().strip("_")
        case ast.Call(func=func, args=args):
            of = _name(func)
            return of if of.endswith("words") or not args else _name(args[0])
        case ast.Subscript(value=value, slice=ast.Constant(value=key)) if isinstance(key, str):
            return key.lower().replace("-", "_")
        case ast.Subscript(value=value) | ast.FormattedValue(value=value):
            return _name(value)
        case ast.BinOp(left=left):
            return _name(left)
        case ast.IfExp(body=body):
            return _name(body)
        case ast.BoolOp(values=[first, *_]):
            return _name(first)
    return "value"


PLAIN = {"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "}
"""A page shows every space but the plain one as what it is, since a barcode may hold it."""


def _plain(text: str) -> str:
    return "".join(PLAIN.get(character, character) for character in text)


def cldr() -> str:
    """Return what CLDR says of each language's numbers and dates."""
    made = {}
    for tag in LANGUAGES:
        locale = Locale(tag)
        symbols = locale.number_symbols["latn"]
        day = locale.datetime_skeletons["MMMd"].pattern
        date = locale.datetime_skeletons["yMMMd"].pattern
        months = locale.months["format" if "MMM" in day else "stand-alone"]["abbreviated"]
        made[tag] = {
            "decimal": symbols["decimal"],
            "group": _plain(symbols["group"]),
            "least_grouped": int(locale._data.get("minimum_grouping_digits", 1)),  # noqa: SLF001
            "months": [months[month] for month in range(1, 13)],
            "day": day,
            "date": date,
            "time": _plain(locale.time_formats["short"].pattern),
            "hours": {
                hours: _plain(locale.datetime_skeletons[skeleton].pattern) for hours, skeleton in HOURS
            },
            "halves": [_plain(locale.day_periods["format"]["abbreviated"][half]) for half in ("am", "pm")],
        }
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write the catalogues, and say what they lack."""
    template = texts()
    CLDR.write_text(cldr(), "utf-8")
    for tag in LANGUAGES[1:]:
        path = CATALOGUES / f"{tag}.po"
        catalogue = read_catalogue(path, tag)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        write_catalogue(path, catalogue)
        lacking = [message for message in catalogue if message.id and not all(_strings(message.string))]
        print(f"{tag}: {len(catalogue)} texts, {len(lacking)} without a translation")


def _strings(said: object) -> tuple[str, ...]:
    return said if isinstance(said, tuple) else (str(said or ""),)


def read_catalogue(path: Path, tag: str) -> Catalog:
    """Read a catalogue: an empty one where there is none, both sides of one that a merge left in conflict."""
    if not path.exists():
        return Catalog(locale=tag, project="ION Kiosk", charset="utf-8", fuzzy=False)
    content = path.read_bytes()
    if b"\n<<<<<<< " not in content:
        return read_po(BytesIO(content), locale=tag, abort_invalid=True)
    before, ours, theirs = (read_po(BytesIO(_staged(path, stage)), locale=tag) for stage in (1, 2, 3))
    for message in theirs:
        id_, context = _first(message.id), message.context
        has, had = ours.get(id_, context), before.get(id_, context)
        is_done = has is not None and all(_strings(has.string))
        is_new = has is not None and (had is None or has.string != had.string)
        if message.id and not (is_done and is_new):
            ours[message.id] = message
    return ours


def _staged(path: Path, stage: int) -> bytes:
    """Return a side of a conflict: 1 what was before, 2 ours, 3 theirs."""
    name = path.relative_to(ROOT).as_posix()
    shown = ["git", "show", f":{stage}:{name}"]
    return subprocess.run(shown, cwd=ROOT, capture_output=True, check=True).stdout


def write_catalogue(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue without what changes by itself: dates, line numbers."""
    for message in catalogue:
        message.locations = [(name, None) for name in dict.fromkeys(name for name, _ in message.locations)]
    made = BytesIO()
    write_po(made, catalogue, sort_output=True, omit_header=True, width=0, include_lineno=False)
    path.write_bytes(made.getvalue().rstrip() + b"\n")


if __name__ == "__main__":
    main()
