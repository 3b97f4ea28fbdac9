import logging
import re
import threading
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from kiosk.errors import (
    IonAuthFailed,
    IonBusy,
    IonError,
    IonRejected,
    IonSignedOut,
    IonUnreachable,
    IonUnsupported,
    SignInFailed,
)
from kiosk.ion import Ion
from kiosk.ion.sign_in import PersonalSignIn
from kiosk.model import Json, Operator
from kiosk.ports import DeviceCode
from tests.ion.factory import Factory, settings_for
from tests.ion.sign_in_server import BACK, ISSUER, People

ADA, JONAS = Operator("ion/42", "Ada Okafor"), Operator("ion/43", "Jonas Lindqvist")


@pytest.fixture
def people() -> People:
    return People(Factory("classic"))


def opened(ion: Ion) -> PersonalSignIn:
    assert ion.sign_in is not None
    return ion.sign_in


def signed_in(people: People, ion: Ion, user: str = "42") -> Operator:
    """Sign a person in with their phone."""
    desk = opened(ion)
    code = desk.begin_device()
    people.agree(code.user_code, user)
    operator = desk.ask_device(code)
    assert isinstance(operator, Operator)
    return operator


def moved(ion: Ion, actor: Operator | None) -> None:
    """Make a change in somebody's name."""
    arguments: dict[str, Json] = {"inventory_id": "9002", "location_id": "4", "from_location_id": "2"}
    ion.perform("move", arguments, marker="k:1", actor=actor)


# By phone.


def test_a_person_signs_in_with_their_phone(people: People) -> None:
    ion = people.gateway()
    desk = opened(ion)
    assert desk.ways() == {"phone", "browser"}
    code = desk.begin_device()
    assert (code.user_code, code.url) == ("WDJB-0001", f"{ISSUER}/device")
    assert code.complete_url == f"{ISSUER}/device?user_code=WDJB-0001"
    assert (code.lasts_s, code.interval_s) == (600.0, 5.0)
    assert code.secret not in repr(code)
    assert code.verifier not in repr(code)
    assert desk.ask_device(code) is code
    people.agree(code.user_code, "42")
    assert desk.ask_device(code) == ADA
    ((_, begun),) = [each for each in people.asked if each[0].endswith("/auth/device")]
    assert begun == {
        "client_id": "kiosk-people",
        "scope": "openid",
        "code_challenge": begun["code_challenge"],
        "code_challenge_method": "S256",
    }
    assert re.fullmatch(r"[\w-]{43}", begun["code_challenge"])
    assert re.fullmatch(r"[\w-]{43}", people.forms[-1]["code_verifier"])


def test_scopes_and_audience_are_the_settings(people: People) -> None:
    ion = people.gateway(personal_scopes=["openid", "profile"], audience="https://api.test")
    opened(ion).begin_device()
    assert people.asked[-1][1]["scope"] == "openid profile"
    assert people.asked[-1][1]["audience"] == "https://api.test"


def test_the_server_s_pace_is_kept(people: People) -> None:
    desk = opened(people.gateway())
    code = desk.begin_device()
    people.next_polls.extend(["slow_down", "authorization_pending", "slow_down"])
    paces = []
    for _ in range(3):
        answer = desk.ask_device(code)
        assert isinstance(answer, DeviceCode)
        code = answer
        paces.append(code.interval_s)
    assert paces == [10.0, 10.0, 15.0]
    assert desk.ask_device(replace(code, interval_s=60.0)) == replace(code, interval_s=60.0)


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        ("access_denied", SignInFailed, "You said no on the phone. Nobody is signed in."),
        ("expired_token", SignInFailed, "The code has expired. Ask for a new one."),
        ("invalid_client", IonAuthFailed, "expected a token, got HTTP 400 'invalid_client'"),
        ("<script>", IonAuthFailed, "got HTTP 400 '<script>'"),
    ],
)
def test_what_ends_a_sign_in_by_phone(people: People, error: str, kind: type[Exception], says: str) -> None:
    desk = opened(people.gateway())
    code = desk.begin_device()
    people.next_polls.append(error)
    with pytest.raises(kind, match=re.escape(says)) as caught:
        desk.ask_device(code)
    assert code.secret not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"user_code": ""},
        {"user_code": "x" * 33},
        {"user_code": "AB\u202eCD"},
        {"user_code": None},
        {"device_code": ""},
        {"device_code": 7},
        {"verification_uri": "javascript:alert(1)"},
        {"verification_uri": "http://auth.test/device"},
    ],
)
def test_a_code_that_cannot_be_shown_is_none(people: People, change: dict[str, object]) -> None:
    people.device = change
    with pytest.raises(IonUnreachable, match="expected a device code, a user code and an address"):
        opened(people.gateway()).begin_device()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"interval": None, "expires_in": None}, (5.0, 600.0)),
        ({"interval": "soon", "expires_in": -1}, (5.0, 600.0)),
        ({"interval": 0, "expires_in": True}, (5.0, 600.0)),
        ({"interval": 1e9, "expires_in": 1e9}, (60.0, 3600.0)),
        ({"interval": 2, "expires_in": 90.5}, (2.0, 90.5)),
    ],
)
def test_intervals_that_make_no_sense(
    people: People, change: dict[str, object], expected: tuple[float, float]
) -> None:
    people.device = change
    code = opened(people.gateway()).begin_device()
    assert (code.interval_s, code.lasts_s) == expected


def test_without_a_complete_address_the_plain_one_is_shown(people: People) -> None:
    people.device = {"verification_uri_complete": "data:text/html,x"}
    code = opened(people.gateway()).begin_device()
    assert code.complete_url == code.url


def test_what_the_issuer_does_not_offer_is_said(people: People) -> None:
    people.document = {"device_authorization_endpoint": None, "authorization_endpoint": None}
    desk = opened(people.gateway())
    assert desk.ways() == frozenset()
    with pytest.raises(IonUnsupported, match="expected device codes, the issuer offers none"):
        desk.begin_device()
    with pytest.raises(IonUnsupported, match="expected an authorization endpoint, the issuer has none"):
        desk.begin_browser(BACK)


def test_the_issuer_is_asked_once_an_hour_and_again_after_a_failure(people: People) -> None:
    desk = opened(people.gateway())
    people.is_down = True
    with pytest.raises(IonUnreachable, match="Sign-in of people as 'kiosk-people' at"):
        desk.ways()
    people.is_down = False
    for _ in range(3):
        desk.ways()
    assert len(people.asked) == 1
    people.clock.passed_s = 3600
    desk.ways()
    assert len(people.asked) == 2


# By the browser of a desk.


def test_a_person_signs_in_with_the_desk_s_browser(people: People) -> None:
    desk = opened(people.gateway())
    errand = desk.begin_browser(BACK)
    query = dict(parse_qsl(urlsplit(errand.url).query))
    assert errand.url.startswith(f"{ISSUER}/protocol/openid-connect/auth?")
    assert query == {
        "client_id": "kiosk-people",
        "scope": "openid",
        "code_challenge": query["code_challenge"],
        "code_challenge_method": "S256",
        "response_type": "code",
        "redirect_uri": BACK,
        "state": errand.state,
        "prompt": "login",
    }
    assert errand.verifier not in errand.url
    assert {errand.state, errand.verifier} & set(re.findall(r"[\w-]+", repr(errand))) == set()
    assert desk.finish_browser(errand, people.visit(errand.url, "43")) == JONAS


def test_every_errand_has_its_own_state_and_verifier(people: People) -> None:
    desk = opened(people.gateway())
    errands = [desk.begin_browser(BACK) for _ in range(20)]
    assert len({errand.state for errand in errands} | {errand.verifier for errand in errands}) == 40
    assert min(len(errand.state) for errand in errands) == 43


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"state": "another"}, "This sign-in was not begun here."),
        ({"state": ""}, "This sign-in was not begun here."),
        ({"iss": "https://evil.test"}, "Another server answered than the one that was asked."),
        ({"iss": ""}, "Another server answered"),
        ({"error": "access_denied", "code": ""}, "You did not sign in."),
        ({"error": "login_required", "code": ""}, "ION did not sign you in. Begin again."),
        ({"code": "guessed"}, "ION did not accept this sign-in. Begin again."),
        ({"code": ""}, "ION did not sign you in."),
    ],
)
def test_an_answer_that_does_not_fit_signs_nobody_in(
    people: People, change: dict[str, str], says: str
) -> None:
    desk = opened(people.gateway())
    errand = desk.begin_browser(BACK)
    with pytest.raises(SignInFailed, match=re.escape(says)):
        desk.finish_browser(errand, {**people.visit(errand.url), **change})
    assert people.access_tokens == {}


def test_a_server_that_names_itself_must_do_so(people: People) -> None:
    desk = opened(people.gateway())
    errand = desk.begin_browser(BACK)
    answer = people.visit(errand.url)
    del answer["iss"]
    with pytest.raises(SignInFailed, match="Another server answered"):
        desk.finish_browser(errand, answer)
    people.document = {"authorization_response_iss_parameter_supported": False}
    other = opened(people.gateway())
    errand = other.begin_browser(BACK)
    answer = people.visit(errand.url, "42")
    del answer["iss"]
    assert other.finish_browser(errand, answer) == ADA


def test_a_code_is_good_once_for_its_own_errand(people: People) -> None:
    desk = opened(people.gateway())
    errand, other = desk.begin_browser(BACK), desk.begin_browser(BACK)
    answer = people.visit(errand.url, "42")
    with pytest.raises(SignInFailed, match="ION did not accept"):
        desk.finish_browser(other, {**answer, "state": other.state})
    answer = people.visit(errand.url, "42")
    assert desk.finish_browser(errand, answer) == ADA
    with pytest.raises(SignInFailed, match="ION did not accept"):
        desk.finish_browser(errand, answer)


def test_a_sign_in_that_ion_does_not_take_is_none(people: People) -> None:
    desk = opened(people.gateway())
    code = desk.begin_device()
    people.agree(code.user_code)
    people.refused = {f"access-{number:08}" for number in range(20)}
    with pytest.raises(SignInFailed, match=r"ION does not accept this sign-in\. Tell a technician"):
        desk.ask_device(code)
    assert desk.auth_of(ADA) is None


# What a person does is done as that person.


def test_a_change_is_made_with_the_person_s_own_token(people: People) -> None:
    ion = people.gateway()
    ada = signed_in(people, ion)
    people.bearers.clear()
    moved(ion, ada)
    assert set(people.bearers) == {token for token, user in people.access_tokens.items() if user == "42"}
    people.bearers.clear()
    moved(ion, None)
    moved(ion, JONAS)
    assert set(people.bearers) == {"the-kiosks-own"}


def test_after_signing_out_the_kiosk_s_key_is_used_and_the_server_takes_the_token_back(
    people: People,
) -> None:
    ion = people.gateway()
    ada = signed_in(people, ion)
    opened(ion).sign_out(ada)
    assert people.refresh_tokens == {}
    assert people.asked[-1][0].endswith("/revoke")
    people.bearers.clear()
    moved(ion, ada)
    assert set(people.bearers) == {"the-kiosks-own"}
    opened(ion).sign_out(ada)
    assert len([path for path, _ in people.asked if path.endswith("/revoke")]) == 1


def test_signing_out_does_not_need_the_server(people: People) -> None:
    ion = people.gateway()
    ada = signed_in(people, ion)
    people.is_down = True
    opened(ion).sign_out(ada)
    assert opened(ion).auth_of(ada) is None


def test_a_token_is_renewed_before_it_expires(people: People) -> None:
    ion = people.gateway()
    ada = signed_in(people, ion)
    people.clock.passed_s = 269
    assert opened(ion).renew(ada)
    assert len(people.access_tokens) == 1
    people.clock.passed_s = 271
    assert opened(ion).renew(ada)
    assert len(people.access_tokens) == 2
    people.bearers.clear()
    moved(ion, ada)
    assert set(people.bearers) == {max(people.access_tokens)}


def test_a_token_that_ion_refuses_is_renewed_once(people: People) -> None:
    ion = people.gateway()
    ada = signed_in(people, ion)
    people.refused = set(people.access_tokens)
    moved(ion, ada)
    assert len(people.access_tokens) == 2
    assert people.factory.effects.count("updatePartInventory") == 1


def test_a_token_refused_again_is_gone_and_the_change_was_not_made(people: People) -> None:
    ion = people.gateway()
    ada = signed_in(people, ion)
    people.refused = {f"access-{number:08}" for number in range(20)}
    with pytest.raises(IonSignedOut, match="not accepted any more") as caught:
        moved(ion, ada)
    assert "access-0" not in str(caught.value)
    assert people.factory.effects == []
    assert not opened(ion).renew(ada)
    moved(ion, ada)
    assert people.factory.effects.count("updatePartInventory") == 1


def test_a_refresh_token_that_is_taken_back_ends_it_when_the_token_does(people: People) -> None:
    ion = people.gateway()
    ada = signed_in(people, ion)
    people.refresh_tokens.clear()
    people.clock.passed_s = 280
    assert opened(ion).renew(ada)
    moved(ion, ada)
    people.clock.passed_s = 300
    assert not opened(ion).renew(ada)
    with pytest.raises(IonSignedOut, match="signed out, or their sign-in has expired"):
        opened(ion)._tokens[ada.id].current()


def test_without_a_refresh_token_it_lasts_as_long_as_it_lasts(people: People) -> None:
    people.has_refresh = False
    ion = people.gateway()
    ada = signed_in(people, ion)
    people.clock.passed_s = 299
    assert opened(ion).renew(ada)
    people.clock.passed_s = 300
    assert not opened(ion).renew(ada)


def test_a_server_that_is_down_costs_nobody_their_sign_in_at_once(people: People) -> None:
    ion = people.gateway()
    ada = signed_in(people, ion)
    people.is_down = True
    people.clock.passed_s = 280
    moved(ion, ada)
    people.clock.passed_s = 330
    with pytest.raises(IonUnreachable):
        moved(ion, ada)
    assert opened(ion).renew(ada)
    people.is_down = False
    moved(ion, ada)
    people.is_down = True
    people.clock.passed_s = 330 + 300 + 61
    with pytest.raises(IonSignedOut):
        moved(ion, ada)
    assert not opened(ion).renew(ada)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(429, headers={"Retry-After": "7"}), IonBusy),
        (httpx.Response(503, html="<h1>down</h1>"), IonUnreachable),
        (httpx.Response(200, html="<h1>captive</h1>"), IonUnreachable),
    ],
)
def test_answers_that_are_no_tokens(people: People, answer: httpx.Response, kind: type[IonError]) -> None:
    ion = people.gateway()
    ada = signed_in(people, ion)
    people.mishap = answer
    people.clock.passed_s = 310
    with pytest.raises(kind):
        moved(ion, ada)


def test_two_threads_renew_once(people: People) -> None:
    ion = people.gateway()
    ada = signed_in(people, ion)
    token = opened(ion)._tokens[ada.id]
    people.clock.passed_s = 290
    seen: list[str] = []
    threads = [threading.Thread(target=lambda: seen.append(token.current())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(seen)) == 1
    assert len(people.access_tokens) == 2


def test_what_a_person_may_not_do_is_refused_and_not_done_by_the_kiosk_instead(people: People) -> None:
    ion = people.gateway()
    ada = signed_in(people, ion)

    def forbidden(_factory: Factory, _request: httpx.Request) -> httpx.Response:
        message = "User does not have permission PartInventoryObject.UpdatePartInventory."
        error = {"message": message, "extensions": {"code": "FORBIDDEN"}}
        return httpx.Response(403, json={"errors": [error]})

    people.factory.once("updatePartInventory", forbidden)
    people.bearers.clear()
    with pytest.raises(IonRejected, match="does not have permission"):
        moved(ion, ada)
    assert "the-kiosks-own" not in people.bearers


def test_closing_forgets_every_token(people: People) -> None:
    ion = people.gateway()
    ada = signed_in(people, ion)
    token = opened(ion)._tokens[ada.id]
    ion.close()
    assert not token.is_held
    assert opened(ion).auth_of(ada) is None


def test_no_token_is_ever_logged_or_told(people: People, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ion = people.gateway()
    ada = signed_in(people, ion)
    people.clock.passed_s = 271
    opened(ion).renew(ada)
    people.is_down = True
    people.clock.passed_s = 600
    with pytest.raises(IonError):
        moved(ion, ada)
    opened(ion).sign_out(ada)
    everything = caplog.text + repr(opened(ion).__dict__) + repr(ion.__dict__)
    secrets = [
        word
        for _, form in people.asked
        for name, word in form.items()
        if name in {"device_code", "code_verifier", "refresh_token", "token", "code"}
    ]
    assert len(secrets) == 3
    for secret in (*secrets, *people.access_tokens):
        assert secret not in everything
        assert secret in people.learned


# Whether people sign in at all.


def test_without_the_settings_nobody_signs_in() -> None:
    assert Factory("classic").new_gateway().sign_in is None
    assert Ion(settings_for()).sign_in is None


def test_an_issuer_without_a_client_is_a_fault() -> None:
    for half in ({"personal_issuer": ISSUER}, {"personal_client_id": "kiosk-people"}):
        with pytest.raises(ValueError, match="are set together, or neither of them"):
            settings_for(**half)
