import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from kiosk.log_lines import JsonLine, OneLine, about, without_foreign
from kiosk.redaction import scrubbed, secrets_in

FORGED = "x\nERROR MainThread kiosk: forged\r\x1b[2J\x85\u2028y"
SHOWN = "x␊ERROR MainThread kiosk: forged␍␛[2J\\x85\\u2028y"


class Written:
    """A logger of its own, and what it wrote."""

    def __init__(self) -> None:
        self.out = io.StringIO()
        self.handler = logging.StreamHandler(self.out)
        self.handler.setFormatter(OneLine())
        self.log = logging.getLogger("kiosk.test_log_lines")
        self.log.addHandler(self.handler)
        self.log.propagate = False

    @property
    def lines(self) -> list[str]:
        return self.out.getvalue().removesuffix("\n").split("\n")


def fail(words: str) -> None:
    raise ValueError(words)


@pytest.fixture
def written() -> Iterator[Written]:
    one = Written()
    yield one
    one.log.removeHandler(one.handler)
    one.log.propagate = True


def test_an_event_is_one_line(written: Written) -> None:
    written.log.warning("Scan %s", FORGED)
    assert written.lines == [f"WARNING MainThread kiosk.test_log_lines: Scan «{SHOWN}»"]


def test_a_traceback_follows_on_lines_that_no_event_has(written: Written) -> None:
    try:
        fail(FORGED)
    except ValueError:
        written.log.exception("It failed", stack_info=True)
    first, *others = written.lines
    assert first == "ERROR MainThread kiosk.test_log_lines: It failed"
    assert all(line.startswith("  ") and line.isprintable() for line in others)
    assert "  ERROR MainThread kiosk: forged␍␛[2J\\x85\\u2028y" in others


def test_what_another_formatter_made_of_a_traceback_is_not_used(written: Written) -> None:
    record = logging.LogRecord("kiosk", logging.ERROR, "", 0, "m", None, None)
    record.exc_text = FORGED
    written.handler.handle(record)
    assert written.lines == ["ERROR MainThread kiosk: m"]


def test_facts_stand_at_the_end_of_each_line_within(written: Written) -> None:
    with about(event="1f", station="dock-1", trace=""):
        written.log.warning("Taken")
        with about(screen="receive/line", event="2e", label='a "b\n'):
            written.log.warning("Delivered")
    written.log.warning("Afterwards")
    lines = [line.partition("kiosk.test_log_lines: ")[2] for line in written.lines]
    assert lines == [
        "Taken event=1f station=dock-1",
        'Delivered event=2e station=dock-1 screen=receive/line label="a \\"b\\n"',
        "Afterwards",
    ]


def test_a_json_line_holds_the_same(written: Written) -> None:
    written.handler.setFormatter(JsonLine())
    try:
        fail(FORGED)
    except ValueError:
        with about(event="1f"):
            written.log.exception("Scan %s of %d", FORGED, 3)
    (line,) = written.lines
    said = json.loads(line)
    assert said["trouble"].startswith("Traceback (most recent call last)")
    del said["at"], said["trouble"]
    assert said == {
        "level": "ERROR",
        "thread": "MainThread",
        "log": "kiosk.test_log_lines",
        "event": "Scan %s of %d",
        "text": f"Scan «{FORGED}» of 3",
        "about": {"event": "1f"},
    }


def test_what_came_from_outside_can_be_taken_out(written: Written) -> None:
    secret = '«a» SECRET-7f »«\n{"text": 1}'
    try:
        fail(secret)
    except ValueError:
        with about(event="1f"):
            written.log.exception("Scan %s, %r: %s of %d", secret, [secret], Path(secret), 3, stack_info=True)
    text = written.lines
    written.handler.setFormatter(JsonLine())
    with about(event="1f"):
        written.log.warning("Scan %s of %d", secret, 3)
    assert any("SECRET-7f" in line for line in text)
    kept = [without_foreign(line) for line in written.lines]
    assert not any("SECRET-7f" in line for line in kept)
    assert kept[0] == "ERROR MainThread kiosk.test_log_lines: Scan «…», «…»: «…» of 3 event=1f"
    assert any('File "' in line for line in kept)
    assert json.loads(kept[-1])["event"] == "Scan %s of %d"
    assert [without_foreign(line) for line in ("SECRET", "{SECRET", "[1]", '{"a')] == ["  …"] * 4


def test_a_message_without_arguments_is_as_it_is(written: Written) -> None:
    written.log.warning("100 %")
    written.log.warning("%(a)s", {"a": 1})
    assert [line.rpartition(": ")[2] for line in written.lines] == ["100 %", "1"]


@pytest.mark.parametrize("form", [OneLine, JsonLine])
@pytest.mark.parametrize("secret", ["p\u00e4ss-w0rd", 'p"ss-w0rd', "p\\ss-w0rd", "p'ss\"w0rd", "p\tss-w0rd"])
def test_a_secret_is_taken_away_in_whatever_way_it_is_written(
    written: Written, form: type[OneLine | JsonLine], secret: str
) -> None:
    address = f"ipp://clerk:{quote(secret)}@printer.example/"
    written.handler.setFormatter(form(lambda text: scrubbed(text, secrets_in(address))))
    with about(printer=secret):
        try:
            fail(f"{address} {secret!r}")
        except ValueError:
            written.log.exception("Said %s, %r, %s", secret, secret, address)
    assert "w0rd" not in written.out.getvalue()
    assert written.out.getvalue().count("(secret)") >= 6
