"""How the log is written: one line an event, whatever stands in it."""

import logging
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import TypeAlias

from kiosk.visible import visible

_FORM = "%(levelname)s %(threadName)s %(name)s: %(message)s"
_Raised: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class OneLine(logging.Formatter):
    """Writes barcodes, ION's words and other foreign text so that they cannot make lines of their own.

    A traceback follows on lines that begin with blanks, as no event's line does.
    """

    def __init__(self) -> None:
        super().__init__(_FORM)

    def format(self, record: logging.LogRecord) -> str:
        """Return the event as text; what another formatter made of its traceback is not used."""
        record.exc_text = None
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Return the event's line."""
        return visible(super().formatMessage(record))

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - logging's own name
        """Return a traceback."""
        return _beneath(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 - logging's own name
        """Return a stack."""
        return _beneath(super().formatStack(stack_info))


def _beneath(text: str) -> str:
    return "\n".join(f"  {visible(line)}" for line in text.split("\n"))


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
