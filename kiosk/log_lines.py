"""How the log is written: one line an event, whatever stands in it, and facts by which lines belong together.

What comes from outside (a barcode, ION's words, a person's name) stands between ``«`` and ``»``, so that a
log can be handed on without it. What ``about`` names is the kiosk's own: ids, names of the settings, states.
"""

import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Literal, TypeAlias

from kiosk.visible import visible

Form: TypeAlias = Literal["text", "json"]
_Raised: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
_NOTHING: Final[Mapping[str, str]] = {}
_facts: ContextVar[Mapping[str, str]] = ContextVar("facts", default=_NOTHING)
_BRACKETS: Final = str.maketrans({"«": "\\xab", "»": "\\xbb"})
_FOREIGN: Final = re.compile(r"«[^»]*»")
_LINE: Final = re.compile(r"(DEBUG|INFO|WARNING|ERROR|CRITICAL) ")
_PLACE: Final = re.compile(r' +(File ".*", line \d+.*|Traceback \(.*|Stack \(.*)')


@contextmanager
def about(**facts: str) -> Iterator[None]:
    """Put facts on every line that this thread logs within; those of an outer ``about`` stay.

    The names in use: ``event`` (the id of the scan or press that all of it goes back to), ``station``,
    ``session``, ``screen``, ``operation``, ``job``, ``printer``, ``state``, ``trace`` (ION's), and
    a few more. An empty fact is none.
    """
    token = _facts.set({**_facts.get(), **{name: fact for name, fact in facts.items() if fact}})
    try:
        yield
    finally:
        _facts.reset(token)


class _Foreign:
    """A value in a message, so that it stands in brackets in whatever way it is formatted."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __str__(self) -> str:
        return f"«{str(self._value).translate(_BRACKETS)}»"

    def __repr__(self) -> str:
        return f"«{repr(self._value).translate(_BRACKETS)}»"


def _message(record: logging.LogRecord) -> str:
    template = str(record.msg)
    if not isinstance(record.args, tuple) or not record.args:
        return record.getMessage()
    marked = tuple(one if isinstance(one, bool | int | float) else _Foreign(one) for one in record.args)
    return template % marked


class OneLine(logging.Formatter):
    """Writes barcodes, ION's words and other foreign text so that they cannot make lines of their own.

    A traceback follows on lines that begin with blanks, as no event's line does.

    Args:
        clean: takes away what must not stand in a log.
    """

    def __init__(self, clean: Callable[[str], str] = str) -> None:
        super().__init__()
        self._clean = clean

    def format(self, record: logging.LogRecord) -> str:
        """Return the event as text; what another formatter made of its traceback is not used."""
        facts = "".join(f" {name}={_word(fact)}" for name, fact in _facts.get().items())
        said = f"{record.levelname} {record.threadName} {record.name}: {_message(record)}{facts}"
        lines = [visible(said)]
        if record.exc_info:
            lines.append(self.formatException(record.exc_info))
        if record.stack_info:
            lines.append(self.formatStack(record.stack_info))
        return self._clean("\n".join(lines))

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - logging's own name
        """Return a traceback."""
        return _beneath(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 - logging's own name
        """Return a stack."""
        return _beneath(super().formatStack(stack_info))


class JsonLine(logging.Formatter):
    """Writes each event as one JSON object, for a program that collects logs.

    ``event`` is the message as it stands in the program, ``text`` with what it was about, ``trouble`` the
    traceback; the facts of ``about`` stand beneath ``about``.

    Args:
        clean: takes away what must not stand in a log.
    """

    def __init__(self, clean: Callable[[str], str] = str) -> None:
        super().__init__()
        self._clean = clean

    def format(self, record: logging.LogRecord) -> str:
        """Return the event as JSON."""
        written = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "thread": record.threadName,
            "log": record.name,
            "event": str(record.msg),
            "text": _message(record),
            "about": dict(_facts.get()),
        }
        if record.exc_info:
            written["trouble"] = self.formatException(record.exc_info)
        return self._clean(json.dumps(written, ensure_ascii=True, default=str))


def _word(fact: str) -> str:
    """Return a fact as one word, in quotes where it has blanks."""
    return fact if re.fullmatch(r"[^\s\"=«»]+", fact) else json.dumps(fact.translate(_BRACKETS))


def _beneath(text: str) -> str:
    return "\n".join(f"  {visible(line)}" for line in text.split("\n"))


def without_foreign(line: str) -> str:
    """Return a line of the log, of either form, without what came from outside.

    What this module did not write, and so may be anything, is left out whole.
    """
    if line.startswith("{"):
        return _json_without_foreign(line)
    if _LINE.match(line):
        return _FOREIGN.sub("«…»", line)
    return line if _PLACE.fullmatch(line) else "  …"


def _json_without_foreign(line: str) -> str:
    try:
        said = json.loads(line)
    except ValueError:
        return "  …"
    if not isinstance(said, dict):
        return "  …"
    kept = ("at", "level", "thread", "log", "event", "about")
    return json.dumps({name: said[name] for name in kept if name in said}, ensure_ascii=True)


def write_log(*, verbose: bool, always: Iterable[str] = ()) -> None:
    """Send the log to standard error: what goes wrong, and what happens where that is asked for.

    Args:
        verbose: what happens, too.
        always: names of logs that tell what happens in any case.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine())
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler])
    for name in always:
        logging.getLogger(name).setLevel(logging.INFO)
    # httpx tells every request with its address; the journal tells it better.
    logging.getLogger("httpx").setLevel(logging.WARNING)


def take_form(form: Form, clean: Callable[[str], str]) -> None:
    """Write the log in this form from now on, without what ``clean`` takes away."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, OneLine | JsonLine):
            handler.setFormatter(JsonLine(clean) if form == "json" else OneLine(clean))
