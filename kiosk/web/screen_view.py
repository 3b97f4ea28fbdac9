"""A station's view, put into words: the ``view`` that every screen template is given beside its ``state``."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.model import DeviceState, JobState, Level, Message, Print, PrintJob
from kiosk.ports import StationView
from kiosk.web.api_json import plain
from kiosk.web.fates import LastView, last_view
from kiosk.web.states import StateView, state_views
from kiosk.web.wording import FLOWS, JOBS, LEVELS, label_title

_LONG_MESSAGE = 64
"""Characters that fit the message bar at 800 px in the larger type."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A flow this station offers."""

    name: str
    label: str
    icon: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """The sentence in the bottom bar."""

    level: Level
    word: str
    icon: str
    text: str
    is_long: bool


@dataclass(frozen=True, slots=True)
class Lamp:
    """One lamp of the top bar: all scanners, all printers, or ION."""

    kind: str
    icon: str
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class JobView:
    """A print job as the list of labels shows it."""

    id: str
    title: str
    copy: str
    printer: str
    word: str
    level: Level
    icon: str
    why: str
    is_question: bool


@dataclass(frozen=True, slots=True)
class ScreenView:
    """The base context of a screen.

    Templates read ``station session revision since boot screen flow location flows message lamps waiting
    parked jobs questions troubles label_digest has_pad operator has_sign_in
    can_sign_out has_codes last states``.
    """

    station: str
    session: str
    revision: int
    since: int
    """The revision that brought this question up; what is sent from elsewhere names it."""
    boot: str
    """Names this start of the service; a page drawn by an earlier one loads itself again."""
    screen: str
    flow: str
    location: str
    flows: tuple[Tile, ...]
    message: MessageView | None
    lamps: tuple[Lamp, ...]
    waiting: int
    parked: int
    jobs: tuple[JobView, ...]
    questions: int
    """Labels of which a person must say whether they came out."""
    troubles: tuple[DeviceState, ...]
    """Scanners, printers, ION and the journal, where they are not ready."""
    label_digest: str | None
    """Changes with the label whose picture the screen shows; ``None`` where it shows none."""
    has_pad: bool
    operator: str = ""
    """The name of who is signed in, empty where nobody is."""
    has_sign_in: bool = False
    """Whether people sign in with ION here."""
    can_sign_out: bool = False
    has_codes: bool = False
    """Whether barcodes can be drawn."""
    last: LastView | None = None
    """What was done here last."""
    states: tuple[StateView, ...] = ()
    """How everything is, one by one."""


def screen_view(  # noqa: PLR0913  one for each thing that the view itself does not say
    view: StationView,
    *,
    boot: str,
    label: Print | None,
    has_pad: bool,
    has_sign_in: bool = False,
    can_sign_out: bool = False,
    has_codes: bool = False,
) -> ScreenView:
    """Put a station's view into words."""
    devices = (*view.scanners, *view.printers, view.ion, view.journal)
    troubles = tuple(device for device in devices if not device.is_ready)
    return ScreenView(
        station=view.station,
        session=view.session,
        revision=view.revision,
        since=view.since,
        boot=boot,
        screen=view.screen,
        flow=view.flow,
        location=view.location,
        flows=tuple(Tile(name, *FLOWS.get(name, (name, "chevron-right"))) for name in view.flows),
        message=_message(view.message) if view.message else _trouble(view, troubles),
        lamps=(
            _ion_lamp(view.ion),
            _lamp("Scanner", "scan-barcode", view.scanners),
            _lamp("Printer", "printer", view.printers),
        ),
        waiting=view.waiting,
        parked=view.parked,
        jobs=tuple(_job(job) for job in sorted(view.jobs, key=lambda job: job.state is not JobState.UNKNOWN)),
        questions=sum(job.state is JobState.UNKNOWN for job in view.jobs),
        troubles=troubles,
        label_digest=_digest(label) if label else None,
        has_pad=has_pad,
        operator=view.operator.name if view.operator else "",
        has_sign_in=has_sign_in,
        can_sign_out=can_sign_out,
        has_codes=has_codes,
        last=last_view(view.glance.last) if view.glance.last else None,
        states=state_views(view) if view.screen == "home/status" else (),
    )


def _message(message: Message) -> MessageView:
    word, icon = LEVELS[message.level]
    return MessageView(message.level, word, icon, message.text, len(message.text) > _LONG_MESSAGE)


def _trouble(view: StationView, troubles: Sequence[DeviceState]) -> MessageView | None:
    if not troubles:
        return None
    first = troubles[0]
    level = Level.OFFLINE if first == view.ion else Level.STOP
    word, icon = LEVELS[level]
    text = f"{first.name}: {first.text}"
    return MessageView(level, word, icon, text, len(text) > _LONG_MESSAGE)


def _ion_lamp(ion: DeviceState) -> Lamp:
    if ion.is_ready:
        return Lamp("ION", "cloud", Level.GOOD, "ION")
    return Lamp("ION", "cloud-off", Level.OFFLINE, "Offline")


def _lamp(kind: str, icon: str, devices: Sequence[DeviceState]) -> Lamp:
    if not devices:
        return Lamp(kind, icon, Level.WAIT, f"No {kind.lower()}")
    gone = [device.name for device in devices if not device.is_ready]
    if gone:
        return Lamp(kind, icon, Level.STOP, gone[0] if len(gone) == 1 else f"{len(gone)} {kind.lower()}s")
    return Lamp(kind, icon, Level.GOOD, kind if len(devices) == 1 else f"{len(devices)} {kind.lower()}s")


def _job(job: PrintJob) -> JobView:
    word, level = JOBS[job.state]
    return JobView(
        id=job.id,
        title=label_title(job.fields, job.subject),
        copy=f"{job.copy} of {job.copies}" if job.copies > 1 else "",
        printer=job.printer,
        word=word,
        level=level,
        icon=LEVELS[level][1],
        why=job.error,
        is_question=job.state is JobState.UNKNOWN,
    )


def _digest(label: Print) -> str:
    written = json.dumps([label.label, plain(label.fields)], sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]
