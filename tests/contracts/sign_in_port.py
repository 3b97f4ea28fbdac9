"""The contract of ``IonSignIn``."""

from typing import Protocol

import pytest

from kiosk.errors import IonUnreachable, SignInFailed
from kiosk.model import Operator
from kiosk.ports import BrowserErrand, DeviceCode, IonSignIn

BACK = "http://127.0.0.1:8080/sign-in/callback"


class SignInWorld(Protocol):
    """A server that signs people in, and the person who stands before it."""

    @property
    def sign_in(self) -> IonSignIn:
        """Return the port under test."""

    @property
    def person(self) -> Operator:
        """Return who signs in."""

    def agree(self, code: DeviceCode) -> None:
        """Let the person sign in on their phone."""

    def deny(self, code: DeviceCode) -> None:
        """Let the person say no there."""

    def visit(self, errand: BrowserErrand) -> dict[str, str]:
        """Let the person sign in in the browser; return what it comes back with."""

    def cut(self) -> None:
        """Take the network away."""


class SignInContract:
    """Subclass it and give a fixture ``world``."""

    def test_both_ways_are_offered(self, world: SignInWorld) -> None:
        assert world.sign_in.ways() == {"phone", "browser"}

    def test_by_phone_it_is_not_yet_until_it_is(self, world: SignInWorld) -> None:
        code = world.sign_in.begin_device()
        assert isinstance(world.sign_in.ask_device(code), DeviceCode)
        world.agree(code)
        assert world.sign_in.ask_device(code) == world.person
        assert world.sign_in.renew(world.person)

    def test_who_says_no_is_not_signed_in(self, world: SignInWorld) -> None:
        code = world.sign_in.begin_device()
        world.deny(code)
        with pytest.raises(SignInFailed):
            world.sign_in.ask_device(code)
        assert not world.sign_in.renew(world.person)

    def test_by_browser(self, world: SignInWorld) -> None:
        errand = world.sign_in.begin_browser(BACK)
        assert errand.redirect_uri == BACK
        assert world.sign_in.finish_browser(errand, world.visit(errand)) == world.person

    def test_who_signed_out_holds_no_token(self, world: SignInWorld) -> None:
        errand = world.sign_in.begin_browser(BACK)
        world.sign_in.finish_browser(errand, world.visit(errand))
        for _ in range(2):
            world.sign_in.sign_out(world.person)
            assert not world.sign_in.renew(world.person)

    def test_without_network_nobody_signs_in(self, world: SignInWorld) -> None:
        code, errand = world.sign_in.begin_device(), world.sign_in.begin_browser(BACK)
        answer = world.visit(errand)
        world.agree(code)
        world.cut()
        with pytest.raises(IonUnreachable):
            world.sign_in.begin_device()
        with pytest.raises(IonUnreachable):
            world.sign_in.ask_device(code)
        with pytest.raises(IonUnreachable):
            world.sign_in.finish_browser(errand, answer)
