"""What must hold of a hostile text, wherever it stands; else the check raises ``AssertionError``."""

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from kiosk.visible import visible

_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_GRAPHIC = re.compile(rb"\^GFA,[0-9]+,[0-9]+,[0-9]+,:Z64:[A-Za-z0-9+/=]+:[0-9A-Fa-f]{4}")
_REVISION = re.compile(r'data-revision="[0-9]+"|"revision": [0-9]+')
_SAYING = frozenset({"title", "alt", "placeholder", "aria-label", "data-title", "data-value"})
"""Attributes that only say something: any text may stand in them."""
_JSON = frozenset({"hx-vals", "hx-headers"})
_COUNTED = frozenset({"data-revision", "data-since"})


class _Elements(HTMLParser):
    """The elements that a browser would see, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.texts: list[str] = []
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)


@dataclass
class CalmPages:
    """What a screen is made of while nobody does any harm."""

    made_of: set[tuple[str, str]] = field(default_factory=set)
    """Tag and attribute; a tag alone with an empty attribute."""
    values: set[tuple[str, str, str | None]] = field(default_factory=set)
    """Tag, attribute and value, of attributes that a browser or the page obeys."""
    frames: set[str] = field(default_factory=set)
    """What stands before the first text that comes from a barcode."""

    def learn(self, html: str) -> None:
        """Take a page whose texts are harmless as a model."""
        self.frames.add(_frame(html)[0])
        for tag, attributes in _Elements(html).found:
            self.made_of |= {(tag, ""), *((tag, name) for name, _ in attributes)}
            self.values |= {(tag, name, _sizeless(name, value)) for name, value in attributes}

    def check(self, html: str, text: str) -> None:
        """Make sure that a page is made of nothing else, and shows the text."""
        assert re.search(r"[^\n\x20-\x7e\x80-\U0010ffff]", html) is None, "a control character on the page"
        frame, rest = _frame(html)
        seen = _Elements(rest if frame in self.frames else html)
        assert seen.others == [], "markup that no screen has"
        for tag, attributes in seen.found:
            assert (tag, "") in self.made_of, f"an element <{tag}> made of the text"
            for name, value in attributes:
                assert (tag, name) in self.made_of, f"an attribute {name} of <{tag}> made of the text"
                self._check_value(tag, name, value)
        drawn = "".join("".join(seen.texts).split())
        assert "".join(visible(text).split()) in drawn, "the text does not stand on the page"
        assert drawn.isprintable(), "something on the page cannot be seen"

    def _check_value(self, tag: str, name: str, value: str | None) -> None:
        if name in _JSON:
            json.loads(value or "")
        elif name in _COUNTED:
            assert (value or "").isdecimal(), f"{name} is {value!r}"
        elif name not in _SAYING:
            assert (tag, name, _sizeless(name, value)) in self.values, f"{name} of <{tag}> is {value!r}"


def _sizeless(name: str, value: str | None) -> str | None:
    """Return a class without its step of size, which follows from the length of the text."""
    return re.sub(r"\bsize-[0-9]\b", "size", value or "") if name == "class" else value


def _frame(html: str) -> tuple[str, str]:
    """Divide a page where what was scanned begins, with its revision left out."""
    place = html.index('<section class="what">')
    return _REVISION.sub("", html[:place]), html[place:]


def check_one_line(written: str, text: str) -> None:
    """Make sure that a log or a terminal was given one line, without controls, with the whole text on it."""
    assert written.endswith("\n")
    assert written[:-1].isprintable(), "more than a line, or a control character"
    assert visible(text) in written, "the text is not in it"


def check_json_line(written: str, values: Iterable[str]) -> None:
    """Make sure that a line of JSON is plain ASCII, and holds these texts exactly."""
    assert written.isascii()
    assert written.isprintable()
    held = set(leaves(json.loads(written)))
    assert held.issuperset(values), "a text was altered"


def leaves(value: Any) -> Iterable[str]:  # noqa: ANN401 - JSON of any shape
    """Yield every text in a JSON value, keys included."""
    match value:
        case str():
            yield value
        case dict():
            for key, item in value.items():
                yield key
                yield from leaves(item)
        case list():
            for item in value:
                yield from leaves(item)


def check_request(body: Mapping[str, Any], documents: Collection[str], values: Iterable[str]) -> None:
    """Make sure that a request is a document of the kiosk's own, with the texts in its variables."""
    assert body["query"] in documents, "the text stands in the document"
    assert set(leaves(body["variables"])).issuperset(values), "a text was altered"


def check_zpl(payload: bytes, calm: bytes) -> None:
    """Make sure that a label is the same commands as a harmless one, with another picture."""
    assert _GRAPHIC.sub(b"", payload) == _GRAPHIC.sub(b"", calm), "a command made of the text"
    assert len(_GRAPHIC.findall(payload)) == 1


def check_csv(written: str, columns: Sequence[str], texts: Sequence[str], column: str) -> None:
    """Make sure that every text has its row, and no cell is a formula."""
    head, *rows = csv.reader(io.StringIO(written, newline=""))
    assert head == list(columns)
    assert len(rows) == len(texts), "a text made a row of its own"
    place = head.index(column)
    for row, text in zip(rows, texts, strict=True):
        assert len(row) == len(columns), "a text made a cell of its own"
        assert all(cell.isprintable() for cell in row), "a control character in a cell"
        assert not any(cell.lstrip(" ")[:1] in _FORMULA for cell in row if cell), "a formula"
        assert row[place].removeprefix("'") == visible(text).removeprefix("'"), "a text was altered"
