import io
import logging
from collections.abc import Iterator

import pytest

from kiosk.log_lines import OneLine

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


@pytest.fixture
def written() -> Iterator[Written]:
    one = Written()
    yield one
    one.log.removeHandler(one.handler)
    one.log.propagate = True


def test_an_event_is_one_line(written: Written) -> None:
    written.log.warning("Scan %s", FORGED)
    assert written.lines == [f"WARNING MainThread kiosk.test_log_lines: Scan {SHOWN}"]


def test_a_traceback_follows_on_lines_that_no_event_has(written: Written) -> None:
    def fail() -> None:
        raise ValueError(FORGED)

    try:
        fail()
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
