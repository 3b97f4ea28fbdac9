import pytest
from pydantic import ValidationError

from kiosk.scanners import SCANNERS
from kiosk.settings import ScannerSettings


def settings(**values: object) -> ScannerSettings:
    return ScannerSettings.model_validate({"name": "gun", "station": "dock-1", "port": "/dev/gun"} | values)


@pytest.mark.parametrize(
    ("values", "silence_s"),
    [
        ({}, 0.05),
        ({"kind": "hid-pos"}, 0.5),
        ({"kind": "keyboard"}, 0.1),
        ({"kind": "network", "port": "socket://gun:4001"}, 0.3),
        ({"kind": "keyboard", "silence_ms": 20}, 0.02),
    ],
)
def test_the_silence_suits_the_kind_unless_it_is_given(values: dict[str, object], silence_s: float) -> None:
    assert settings(**values).silence_s == silence_s


@pytest.mark.parametrize(
    "port", ["socket://gun:4001", "rfc2217://192.0.2.7:4001", "socket://[2001:db8::7]:4001"]
)
def test_addresses_of_network_scanners(port: str) -> None:
    assert settings(kind="network", port=port).port == port


@pytest.mark.parametrize(
    "port",
    [
        "/dev/ttyACM0",
        "gun:4001",
        "tcp://gun:4001",
        "socket://gun",
        "socket://gun:",
        "socket://a@b:1",
        "socket://gun:1/x",
    ],
)
def test_what_is_no_address_is_refused(port: str) -> None:
    with pytest.raises(ValidationError, match=r"a network scanner has a port like 'socket://scanner-1:4001'"):
        settings(kind="network", port=port)


@pytest.mark.parametrize(
    "values", [{"gs_key": "F0"}, {"gs_key": "F25"}, {"gs_key": "Enter"}, {"layout": "it"}, {"blank_ms": -1}]
)
def test_strange_values_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        settings(**values)


def test_every_kind_of_the_settings_can_be_made() -> None:
    kinds = ScannerSettings.model_fields["kind"].annotation
    assert set(SCANNERS) == set(getattr(kinds, "__args__", ()))
    for kind in SCANNERS:
        port = "socket://gun:4001" if kind == "network" else "/dev/gun"
        SCANNERS[kind](settings(kind=kind, port=port)).close()
