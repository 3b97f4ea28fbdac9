"""A kiosk with its protection taken away, as a control: it does not look again for what was gone."""

from kiosk.ion_link import IonLink
from kiosk.printer_desk import PrinterDesk
from kiosk.scanning import ScannerLine

__all__ = ["apply"]

_step, _ask, _look = ScannerLine.step, PrinterDesk._ask, IonLink.step
_REST_S = 0.2


def _never_opened_again(line: ScannerLine) -> None:
    if line.faults and not line._is_open:
        line.sleep(_REST_S)
    else:
        _step(line)


def _never_asked_again(desk: PrinterDesk) -> None:
    if desk.since is None:
        _ask(desk)


def _never_looked_for_again(link: IonLink) -> None:
    if link._is_gone:
        link._sleep(_REST_S)
    else:
        _look(link)


def apply() -> None:
    """Take the protections away from this process: the controls are these very faults."""
    ScannerLine.step = _never_opened_again  # type: ignore[method-assign,assignment]
    PrinterDesk._ask = _never_asked_again  # type: ignore[method-assign,assignment]
    IonLink.step = _never_looked_for_again  # type: ignore[method-assign,assignment]
