"""A station's view, put into words: the ``view`` that every screen template is given beside its ``state``."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.language import Language, language
from kiosk.model import DeviceState, JobState, Level, Message, Print, PrintJob
from kiosk.ports import StationView
from kiosk.web.api_json import plain
from kiosk.web.fates import LastView, last_view
from kiosk.web.states import StateView, state_views
from kiosk.web.wording import FLOWS, JOBS, LEVELS, label_title
from kiosk.words import ENGLISH, N_

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
    can_sign_out has_codes last states lines``.
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
    lines: int = 4
    """Of a list, on the station's screen."""


def screen_view(  # noqa: PLR0913  one for each thing that the view itself does not say
    view: StationView,
    *,
    boot: str,
    label: Print | None,
    has_pad: bool,
    has_sign_in: bool = False,
    can_sign_out: bool = False,
    has_codes: bool = False,
    spoken: Language | None = None,
) -> ScreenView:
    """Put a station's view into words, English ones where no other language is named."""
    spoken = spoken or language(ENGLISH)
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
        flows=tuple(_tile(name, spoken) for name in view.flows),
        message=_message(view.message, spoken) if view.message else _trouble(view, troubles, spoken),
        lamps=(
            _ion_lamp(view.ion, spoken),
            _lamp(_SCANNERS, view.scanners, spoken),
            _lamp(_PRINTERS, view.printers, spoken),
        ),
        waiting=view.waiting,
        parked=view.parked,
        jobs=tuple(
            _job(job, spoken) for job in sorted(view.jobs, key=lambda job: job.state is not JobState.UNKNOWN)
        ),
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
        lines=view.lines,
    )


def _tile(flow: str, spoken: Language) -> Tile:
    label, icon = FLOWS.get(flow, (flow, "chevron-right"))
    return Tile(flow, spoken.text(label), icon)


def _message(message: Message, spoken: Language) -> MessageView:
    return _said(message.level, spoken.message(message.template, message.values), spoken)


def _said(level: Level, text: str, spoken: Language) -> MessageView:
    word, icon = LEVELS[level]
    return MessageView(level, spoken.text(word), icon, text, len(text) > _LONG_MESSAGE)


def _trouble(view: StationView, troubles: Sequence[DeviceState], spoken: Language) -> MessageView | None:
    if not troubles:
        return None
    first = troubles[0]
    level = Level.OFFLINE if first == view.ion else Level.STOP
    return _said(level, f"{spoken.text(first.name)}: {spoken.sentence(first.text)}", spoken)


def _ion_lamp(ion: DeviceState, spoken: Language) -> Lamp:
    if ion.is_ready:
        return Lamp("ION", "cloud", Level.GOOD, "ION")
    return Lamp("ION", "cloud-off", Level.OFFLINE, spoken.text("Offline"))


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of device, and the words of its lamp."""

    one: str
    icon: str
    none: str
    some: str


_SCANNERS = _Kind(N_("Scanner"), "scan-barcode", N_("No scanner"), N_("{count} scanners"))
_PRINTERS = _Kind(N_("Printer"), "printer", N_("No printer"), N_("{count} printers"))


def _lamp(kind: _Kind, devices: Sequence[DeviceState], spoken: Language) -> Lamp:
    name = spoken.text(kind.one)
    if not devices:
        return Lamp(name, kind.icon, Level.WAIT, spoken.text(kind.none))
    gone = [device.name for device in devices if not device.is_ready]
    count = len(gone) or len(devices)
    text = spoken.text(kind.some, count=count) if count > 1 else (gone[0] if gone else name)
    return Lamp(name, kind.icon, Level.STOP if gone else Level.GOOD, text)


def _job(job: PrintJob, spoken: Language) -> JobView:
    word, level = JOBS[job.state]
    return JobView(
        id=job.id,
        title=label_title(job.fields, job.subject),
        copy=spoken.text("{count} of {all}", count=job.copy, all=job.copies) if job.copies > 1 else "",
        printer=job.printer,
        word=spoken.text(word),
        level=level,
        icon=LEVELS[level][1],
        why=job.error,
        is_question=job.state is JobState.UNKNOWN,
    )


def _digest(label: Print) -> str:
    written = json.dumps([label.label, plain(label.fields)], sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]
