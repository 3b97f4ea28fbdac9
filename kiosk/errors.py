"""Everything that can go wrong here, sorted by who must act.

KioskError
├─ SettingsError        technician: the configuration file
├─ ScanError            operator: scan again
│  └─ ScannerGone       operator: the plug; opened again by itself
├─ IonError
│  ├─ IonUnreachable    nobody: proved not executed, tried again (Retryable)
│  ├─ IonBusy           nobody: ION asked to wait (Retryable)
│  ├─ IonAuthFailed     technician: key, token URL
│  ├─ IonRejected       lead: ION said no, proved not executed
│  │  └─ IonConflict    lead: changed by someone else in between
│  ├─ IonUnknown        delivery: may or may not have been executed; never resent blindly
│  └─ IonUnsupported    technician: this tenant does not offer the operation
├─ LabelError           developer or technician: the label cannot be made
│  └─ DesignChanged     who edits a design: somebody else saved it meanwhile
└─ JournalError         everyone: stop taking scans and say so
"""


class KioskError(Exception):
    """Any failure that the kiosk itself raises; its text is meant to be read by a person."""


class Retryable(KioskError):
    """The same thing may be tried again without being asked."""


class SettingsError(KioskError):
    """The configuration cannot be used; the text lists every fault at once."""


class ScanError(KioskError):
    """A scan could not be taken."""


class ScannerGone(ScanError):
    """The scanner was unplugged, switched off or taken by another program."""


class IonError(KioskError):
    """ION did not do what was asked.

    Attributes:
        code: ION's error code (``VALIDATION_ERROR`` ...), empty where it gave none.
        trace_id: the ``x-b3-trace-id`` of the answer, empty where there was none.
        said: what ION itself said, in its own words; empty where it said nothing.
    """

    def __init__(self, text: str, *, code: str = "", trace_id: str = "", said: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.trace_id = trace_id
        self.said = said


class IonUnreachable(IonError, Retryable):
    """The request never reached ION: refused, no route, no name, TLS failed before the body was written."""


class IonBusy(IonError, Retryable):
    """ION answered 429: not executed.

    Attributes:
        retry_after_s: seconds ION asked to wait, ``None`` where it did not say.
    """

    def __init__(self, text: str, *, retry_after_s: float | None = None, trace_id: str = "") -> None:
        super().__init__(text, trace_id=trace_id)
        self.retry_after_s = retry_after_s


class IonAuthFailed(IonError):
    """The key or the token was refused, also after signing in again."""


class IonRejected(IonError):
    """ION refused the operation and proved that it was not executed."""


class IonConflict(IonRejected):
    """The etag was stale: somebody else changed the object."""


class IonUnknown(IonError):
    """The operation may have been executed: time-out, reset after the first byte, 5xx, unreadable answer."""


class IonUnsupported(IonError):
    """No document of this operation fits the tenant's schema."""


class LabelError(KioskError):
    """A label cannot be laid out, or would not scan."""


class DesignChanged(LabelError):
    """The design is not the one any more that was opened to be edited."""


class JournalError(KioskError):
    """The journal cannot be written or trusted."""
