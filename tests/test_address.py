import ipaddress

import pytest

from kiosk.address import allowed_hosts, is_for_any_address, own_address, public_url
from kiosk.settings import WebSettings


def url(host: str, public: str | None = None, own: str | None = "192.0.2.7") -> str | None:
    return public_url(WebSettings(host=host, public_url=public), 8080, lambda: own)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_a_kiosk_that_serves_itself_only_has_no_address_for_others(host: str) -> None:
    assert url(host) is None


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("192.0.2.9", "http://192.0.2.9:8080"),
        ("kiosk-1.example", "http://kiosk-1.example:8080"),
        ("2001:db8::9", "http://[2001:db8::9]:8080"),
        ("0.0.0.0", "http://192.0.2.7:8080"),  # noqa: S104 - what is tested
        ("::", "http://192.0.2.7:8080"),
    ],
)
def test_others_find_it_where_it_is_served(host: str, expected: str) -> None:
    assert url(host) == expected


def test_what_the_settings_say_comes_first() -> None:
    assert url("127.0.0.1", "https://kiosk-1.example") == "https://kiosk-1.example"


def test_without_a_network_nobody_finds_it() -> None:
    assert url("0.0.0.0", own=None) is None  # noqa: S104 - what is tested


def test_its_own_address_is_none_that_only_itself_knows() -> None:
    found = own_address()
    assert found is None or not ipaddress.ip_address(found).is_loopback


def test_the_names_it_answers_under() -> None:
    web = WebSettings(host="Kiosk-1", public_url="https://Kiosk-1.example:8443")
    assert allowed_hosts(web) == {"localhost", "127.0.0.1", "::1", "kiosk-1", "kiosk-1.example"}
    assert not is_for_any_address(web)
    assert is_for_any_address(WebSettings(host="::"))
