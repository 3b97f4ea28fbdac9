from typing import Any

import pytest

from kiosk.errors import IonUnsupported
from kiosk.ion.discovery import DEVICE_GRANT, Endpoints, discovery_url, is_url, read_endpoints

ISSUER = "https://auth.test/realms/people"
WHOLE: dict[str, Any] = {
    "issuer": ISSUER,
    "token_endpoint": f"{ISSUER}/token",
    "authorization_endpoint": f"{ISSUER}/auth",
    "device_authorization_endpoint": f"{ISSUER}/device",
    "revocation_endpoint": f"{ISSUER}/revoke",
    "authorization_response_iss_parameter_supported": True,
}


def test_a_whole_document() -> None:
    assert read_endpoints(WHOLE, ISSUER) == Endpoints(
        ISSUER, f"{ISSUER}/token", f"{ISSUER}/auth", f"{ISSUER}/device", f"{ISSUER}/revoke", names_issuer=True
    )
    assert discovery_url(f"{ISSUER}/") == f"{ISSUER}/.well-known/openid-configuration"


def test_what_is_not_offered_is_none() -> None:
    least = read_endpoints({"issuer": ISSUER, "token_endpoint": f"{ISSUER}/token"}, ISSUER)
    assert least == Endpoints(ISSUER, f"{ISSUER}/token")
    without = {"grant_types_supported": ["authorization_code"], "response_types_supported": ["id_token"]}
    found = read_endpoints({**WHOLE, **without}, ISSUER)
    assert (found.device, found.authorization) == (None, None)
    assert read_endpoints({**WHOLE, "grant_types_supported": [DEVICE_GRANT]}, ISSUER).device is not None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"issuer": "https://evil.test"}, "expected that issuer, got 'https://evil.test'"),
        ({"issuer": None}, "expected that issuer, got 'None'"),
        ({"code_challenge_methods_supported": ["plain"]}, "expected PKCE with S256"),
        ({"token_endpoint": None}, "expected a token_endpoint under https, got none"),
        ({"token_endpoint": "http://auth.test/token"}, "expected a token_endpoint under https"),
    ],
)
def test_another_issuer_or_a_weak_one_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(IonUnsupported, match=f"Sign-in of people at '{ISSUER}': {says}"):
        read_endpoints({**WHOLE, **change}, ISSUER)


@pytest.mark.parametrize(
    ("url", "issuer", "is_good"),
    [
        ("https://auth.test/x?y=1", ISSUER, True),
        ("http://127.0.0.1:9000/x", "http://127.0.0.1:9000/realms/people", True),
        ("https://auth.test/x", "http://127.0.0.1:9000/realms/people", True),
        ("http://auth.test/x", ISSUER, False),
        ("javascript:alert(1)", ISSUER, False),
        ("file:///etc/passwd", ISSUER, False),
        ("https://", ISSUER, False),
        ("https://user@auth.test/", ISSUER, False),
        ("https://[", ISSUER, False),
        ("https://auth.test/a b", ISSUER, False),
        ("https://auth.test/\u202e", ISSUER, False),
        ("https://auth.test/" + "x" * 2000, ISSUER, False),
        (None, ISSUER, False),
    ],
)
def test_where_a_person_or_a_token_may_be_sent(url: object, issuer: str, is_good: bool) -> None:
    assert is_url(url, issuer) is is_good
