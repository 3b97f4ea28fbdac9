import pytest

from kiosk.errors import IonUnreachable, SignInFailed
from kiosk.model import Operator
from kiosk.ports import BrowserErrand, DeviceCode
from tests.contracts.sign_in_port import SignInContract, SignInWorld
from tests.fakes import FakeSignIn
from tests.ion.factory import Factory
from tests.ion.sign_in_server import People

ADA = Operator("ion/42", "Ada Okafor")


class FakeWorld:
    def __init__(self) -> None:
        self.sign_in = FakeSignIn()
        self.person = ADA

    def agree(self, _code: DeviceCode) -> None:
        self.sign_in.answers.append(ADA)

    def deny(self, _code: DeviceCode) -> None:
        self.sign_in.answers.append(SignInFailed("No."))

    def visit(self, errand: BrowserErrand) -> dict[str, str]:
        self.sign_in.answers.append(ADA)
        return {"state": errand.state, "code": "c"}

    def cut(self) -> None:
        self.sign_in.trouble = IonUnreachable("Cannot reach it.")


class RealWorld:
    def __init__(self) -> None:
        self.people = People(Factory("classic"))
        desk = self.people.gateway().sign_in
        assert desk is not None
        self.sign_in = desk
        self.person = ADA

    def agree(self, code: DeviceCode) -> None:
        self.people.agree(code.user_code, "42")

    def deny(self, code: DeviceCode) -> None:
        self.people.codes[code.user_code].denied = True

    def visit(self, errand: BrowserErrand) -> dict[str, str]:
        return self.people.visit(errand.url, "42")

    def cut(self) -> None:
        self.people.is_down = True


class TestFakeSignIn(SignInContract):
    @pytest.fixture
    def world(self) -> SignInWorld:
        return FakeWorld()


class TestPersonalSignIn(SignInContract):
    @pytest.fixture
    def world(self) -> SignInWorld:
        return RealWorld()
