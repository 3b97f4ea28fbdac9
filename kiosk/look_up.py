"""The look-ups of one station, in a thread of their own: what a barcode means, and what a screen asks."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from kiosk.decision import HomeQuestion
from kiosk.errors import IonError, IonRejected, IonUnsupported
from kiosk.flows.flow import Answered
from kiosk.inquiry import Inquiry, Look, Looks, Query
from kiosk.model import Location, Question
from kiosk.resolve import Resolution
from kiosk.settings import StationSettings

_LOG = logging.getLogger(__name__)
_MISTAKE = "The kiosk made a mistake while asking ION."


@dataclass(frozen=True, slots=True)
class Looked:
    """A look-up came back."""

    look: Look
    resolution: Resolution | None = None
    error: IonError | None = None
    location: Location | None = None
    """The station's own, where it was asked along with it."""


class LookUp:
    """Puts a station's questions to ION, one after the other."""

    def __init__(
        self,
        settings: StationSettings,
        inquiry: Inquiry,
        looks: Looks,
        tell: Callable[[Looked | Answered], None],
    ) -> None:
        """Get ready to ask.

        Args:
            settings: the station's.
            inquiry: asks ION.
            looks: where the questions come from.
            tell: is told every answer, also that there is none; whatever happens, the station must not wait
                for it for ever.
        """
        self._station = settings.name
        self._inquiry = inquiry
        self._looks = looks
        self._tell = tell
        self._home = HomeQuestion(settings, inquiry)

    def step(self, timeout_s: float) -> None:
        """Put the next question, or return when none came in time."""
        look = self._looks.next(timeout_s)
        if isinstance(look, Query):
            self._put_query(look.question)
        elif look is not None:
            self._put_look(look)

    def _put_query(self, question: Question) -> None:
        answer = Answered(question, error=_MISTAKE)
        try:
            answer = Answered(question, self._inquiry.answered(question).subjects)
        except (IonRejected, IonUnsupported) as error:
            _LOG.warning("Station %s: ION did not answer %s: %s", self._station, question.by, error)
            answer = Answered(question, error=error.words)
        except IonError as error:
            _LOG.info("Station %s: ION was not asked %s: %s", self._station, question.by, error)
            answer = Answered(question, is_offline=True)
        finally:
            self._tell(answer)

    def _put_look(self, look: Look) -> None:
        found = Looked(look, error=IonError(_MISTAKE))
        try:
            found = Looked(look, self._inquiry.fresh(look.readings))
            found = replace(found, location=self._home.asked())
        except IonError as error:
            _LOG.info("Station %s: ION was not asked about %r: %s", self._station, look.readings.shown, error)
            found = Looked(look, error=error)
        finally:
            self._tell(found)
