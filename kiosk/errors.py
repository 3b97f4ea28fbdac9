"""Everything that can go wrong here, sorted by who must act.

KioskError
├─ SettingsError        technician: the configuration file
├─ ScanError            operator: scan again
│  └─ ScannerGone       operator: the plug; opened again by itself
├─ PhotoRefused         operator: take another photo
├─ SignInFailed         operator: sign in again
├─ OperatorRefused      lead or technician: another badge, another PIN, another role
├─ IonError
│  ├─ IonUnreachable    nobody: proved not executed, tried again (Retryable)
│  ├─ IonBusy           nobody: ION asked to wait (Retryable)
│  ├─ IonBehind         nobody: ION's reads lag behind a change, not executed (Retryable)
│  ├─ IonSignedOut      nobody: a person's own token is gone, proved not executed (Retryable)
│  ├─ IonAuthFailed     technician: key, token URL
│  ├─ IonRejected       lead: ION said no, proved not executed
│  │  ├─ IonConflict    lead: changed by someone else in between
│  │  └─ IonForbidden   administrator: a permission is missing in ION
│  ├─ IonUnknown        delivery: may or may not have been executed; never resent blindly
│  │  └─ IonUncounted   delivery: ION answered that it did it; how often, its reads have to show
│  └─ IonUnsupported    technician: this tenant does not offer the operation
├─ LabelError           developer or technician: the label cannot be made
│  └─ DesignChanged     who edits a design: somebody else saved it meanwhile
├─ OrderRefused         who asked: which of the labels cannot be made, and why
├─ KeyReused            who asked: the idempotency key was used for something else
├─ AccessRefused        who gave the API key: it opens nothing
├─ OutOfScope           who gave the API key: it is not for this
├─ TooOften             the program: it asks more often than its API key is for
├─ PrintRefused         who asked: nothing is done about the label or the printer
└─ JournalError         everyone: stop taking scans and say so
   ├─ JournalOvertaken  nobody: decided on what is no longer so; decided anew
   ├─ JournalUnopened   technician: its disk does not let it be opened; tried again by itself
   └─ JournalDamaged    technician: look at what was set aside, then begin a new one
"""

from collections.abc import Sequence

from kiosk.words import Told, told


class KioskError(Exception):
    """Any failure that the kiosk itself raises; its text is meant to be read by a person.

    ``str`` of it is the text as it was given: one that remembers what it was made of still does.
    """

    def __str__(self) -> str:
        """Return the text."""
        only = self.args[0] if len(self.args) == 1 else None
        return only if isinstance(only, Told) else super().__str__()


class Retryable(KioskError):
    """The same thing may be tried again without being asked."""


class SettingsError(KioskError):
    """The configuration cannot be used; the text lists every fault at once."""


class ScanError(KioskError):
    """A scan could not be taken."""


class ScannerGone(ScanError):
    """The scanner was unplugged, switched off or taken by another program."""


class PhotoRefused(KioskError):
    """What was sent is no photo that can be kept; the text is for the one who took it, and quotes nothing."""


class SignInFailed(KioskError):
    """A person is not signed in; the text is for them."""


class OperatorRefused(KioskError):
    """A person is not added or changed as it was asked; the text is for who asked, and never holds a PIN."""


class IonError(KioskError):
    """ION did not do what was asked.

    Attributes:
        text: what was tried and what came; it remembers what it was made of (``kiosk.words.Told``).
        code: ION's error code (``VALIDATION_ERROR`` ...), empty where it gave none.
        trace_id: the ``x-b3-trace-id`` of the answer, empty where there was none.
        said: what ION itself said, in its own words; empty where it said nothing.
    """

    def __init__(self, text: str, *, code: str = "", trace_id: str = "", said: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.code = code
        self.trace_id = trace_id
        self.said = said

    @property
    def words(self) -> str:
        """Return what a screen tells: ION's own words where it said something, and its trace id."""
        return self._traced(self.said or self.text)

    def _traced(self, words: str) -> str:
        if not self.trace_id:
            return words
        return told("{words} (ION's trace {trace})", words=words, trace=self.trace_id)


class IonUnreachable(IonError, Retryable):
    """The request never reached ION: refused, no route, no name, TLS failed before the body was written.

    Attributes:
        remedy: a sentence that says what is wrong with the line and who mends it; empty where nobody knows.
    """

    def __init__(
        self, text: str, *, remedy: str = "", code: str = "", trace_id: str = "", said: str = ""
    ) -> None:
        super().__init__(text, code=code, trace_id=trace_id, said=said)
        self.remedy = remedy


class IonBusy(IonError, Retryable):
    """ION answered 429: not executed.

    Attributes:
        retry_after_s: seconds ION asked to wait, ``None`` where it did not say.
    """

    def __init__(self, text: str, *, retry_after_s: float | None = None, trace_id: str = "") -> None:
        super().__init__(text, trace_id=trace_id)
        self.retry_after_s = retry_after_s


class IonBehind(IonError, Retryable):
    """ION shows one thing as it was before it was changed last: not executed. Others are not held up by it.

    Attributes:
        retry_after_s: seconds after which its reads may have caught up.
    """

    def __init__(self, text: str, *, retry_after_s: float) -> None:
        super().__init__(text)
        self.retry_after_s = retry_after_s


class IonSignedOut(IonError, Retryable):
    """A person's own token was refused or could not be renewed, and is no longer held: not executed."""


class IonAuthFailed(IonError):
    """The key or the token was refused, also after signing in again."""


class IonRejected(IonError):
    """ION refused the operation and proved that it was not executed."""


class IonConflict(IonRejected):
    """The etag was stale: somebody else changed the object.

    Attributes:
        by: the name of who changed it last, empty where nobody knows.
    """

    def __init__(
        self, text: str, *, by: str = "", code: str = "", trace_id: str = "", said: str = ""
    ) -> None:
        super().__init__(text, code=code, trace_id=trace_id, said=said)
        self.by = by


class IonForbidden(IonRejected):
    """The caller may not do this in ION.

    Attributes:
        permission: ION's name of what is missing (``UpdateRunStep``), empty where nobody knows.
    """

    def __init__(
        self, text: str, *, permission: str = "", code: str = "", trace_id: str = "", said: str = ""
    ) -> None:
        super().__init__(text, code=code, trace_id=trace_id, said=said)
        self.permission = permission

    @property
    def words(self) -> str:
        """Return what a screen tells, the permission's name included."""
        words = self.said or told("ION does not permit it.")
        if self.permission:
            words = told(
                "{words} ION's permission {permission} is missing.", words=words, permission=self.permission
            )
        return self._traced(words)


class IonUnknown(IonError):
    """The operation may have been executed: time-out, reset after the first byte, 5xx, unreadable answer."""


class IonUncounted(IonUnknown):
    """ION answered that it did it, and its reads do not show it once: not yet, or more often."""


class IonUnsupported(IonError):
    """No document of this operation fits the tenant's schema."""


class LabelError(KioskError):
    """A label cannot be laid out, or would not scan."""


class DesignChanged(LabelError):
    """The design is not the one any more that was opened to be edited."""


class PrintRefused(KioskError):
    """Something wanted of a label or a printer is not done; the text is for the person who asked."""


class OrderRefused(KioskError):
    """Labels that were asked for together cannot all be made; none of them is queued.

    Attributes:
        faults: for each label that cannot be made, its place among them from 0, which part of what was asked
            is at fault (``label``, ``fields``, ``subject``, ``printer``, ``station``), and why.
    """

    def __init__(self, faults: Sequence[tuple[int, str, str]]) -> None:
        super().__init__("; ".join(text for _, _, text in faults))
        self.faults = tuple(faults)


class KeyReused(KioskError):
    """An idempotency key was used before for something else; nothing was done."""


class AccessRefused(KioskError):
    """An API key is not known, or not good any more; nothing was done."""


class OutOfScope(KioskError):
    """An API key is not for what was asked with it; nothing was done.

    Attributes:
        scope: what it is too narrow in: ``labels``, ``printers`` or ``stations``.
    """

    def __init__(self, text: str, *, scope: str) -> None:
        super().__init__(text)
        self.scope = scope


class TooOften(KioskError):
    """An API key is used more often than it is for; nothing was done.

    Attributes:
        retry_after_s: seconds until it may be used again.
    """

    def __init__(self, text: str, *, retry_after_s: float) -> None:
        super().__init__(text)
        self.retry_after_s = retry_after_s


class JournalError(KioskError):
    """The journal cannot be written or trusted."""


class JournalOvertaken(JournalError):
    """An event was decided on facts that changed before it was written; nothing of it is on disk."""


class JournalUnopened(JournalError):
    """The disk does not let the journal be opened: read-only, broken, or held by another program."""


class JournalDamaged(JournalError):
    """The journal's file is damaged or gone, and waits for a technician; none is begun in its place.

    Attributes:
        found: what is wrong with it.
    """

    def __init__(self, text: str, *, found: str) -> None:
        super().__init__(text)
        self.found = found
