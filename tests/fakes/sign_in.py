"""An ION at which people sign in because a test says so."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kiosk.model import Operator
from kiosk.ports import BrowserErrand, DeviceCode

CODE = DeviceCode(
    user_code="WDJB-MJHT",
    url="https://auth.example/realms/people/device",
    complete_url="https://auth.example/realms/people/device?user_code=WDJB-MJHT",
    lasts_s=600.0,
    interval_s=5.0,
    secret="device-1",
    verifier="v" * 43,
)


@dataclass(slots=True)
class FakeSignIn:
    """Holds tokens by name, and answers what it is told to."""

    offered: frozenset[str] = frozenset({"phone", "browser"})
    trouble: Exception | None = None
    """What every contact ends in."""
    answers: deque[Operator | DeviceCode | Exception] = field(default_factory=deque)
    """What the next questions about a device code get; with none left: not yet."""
    held: set[str] = field(default_factory=set)
    """Operators whose tokens are held."""
    dropped: list[str] = field(default_factory=list)
    asked: list[DeviceCode] = field(default_factory=list)
    came_back: list[tuple[BrowserErrand, Mapping[str, str]]] = field(default_factory=list)
    codes: int = 0

    def ways(self) -> frozenset[str]:
        self._contact()
        return self.offered

    def begin_device(self) -> DeviceCode:
        self._contact()
        self.codes += 1
        return replace(CODE, secret=f"device-{self.codes}")

    def ask_device(self, code: DeviceCode) -> Operator | DeviceCode:
        self._contact()
        self.asked.append(code)
        return self._answer(self.answers.popleft() if self.answers else code)

    def begin_browser(self, redirect_uri: str) -> BrowserErrand:
        self._contact()
        self.codes += 1
        state = f"state-{self.codes}"
        url = f"https://auth.example/auth?state={state}&redirect_uri={redirect_uri}"
        return BrowserErrand(url, redirect_uri, state, "v" * 43)

    def finish_browser(self, errand: BrowserErrand, answer: Mapping[str, str]) -> Operator:
        self._contact()
        self.came_back.append((errand, answer))
        found = self._answer(self.answers.popleft())
        assert isinstance(found, Operator)
        return found

    def renew(self, operator: Operator) -> bool:
        return operator.id in self.held

    def sign_out(self, operator: Operator) -> None:
        self.held.discard(operator.id)
        self.dropped.append(operator.id)

    def _answer(self, answer: Operator | DeviceCode | Exception) -> Operator | DeviceCode:
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Operator):
            self.held.add(answer.id)
        return answer

    def _contact(self) -> None:
        if self.trouble is not None:
            raise self.trouble
