"""What can go wrong with a label, sorted by who must act."""


class PrinterError(Exception):
    """Anything this library reports."""


class Retryable(PrinterError):
    """Nothing left for the printer, so the same job may be tried again without asking."""


class PrinterUnreachable(Retryable):
    """No connection came about: nothing was sent."""


class PrinterNotReady(Retryable):
    """The printer is there and took not a single byte: labels, ribbon or cover need a person."""


class LabelInvalid(PrinterError):
    """The design or its values cannot become a label; only other data or another design helps."""


class LabelUnreadable(LabelInvalid):
    """The finished bitmap does not decode to what was to be encoded; it must not be printed."""


class PrintUnknown(PrinterError):
    """The connection broke after a first byte may have left: a label may have come out, ask a person."""
