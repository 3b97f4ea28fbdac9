import pytest

from kiosk.flows.flow import Outcome, Signing
from kiosk.flows.signing import signing_of
from kiosk.model import Effect, Print, Submit
from tests.flows.test_identity import floor_that_asks


@pytest.mark.parametrize(
    ("effect", "signs"),
    [
        (Print("tool", {"number": "T-7"}, "inventory/9"), "T-7"),
        (Print("badge", {"number": "1042"}, "operator/1"), None),
        (Print("part", {"lotNumber": "L"}, "inventory/9"), None),
        (Submit("render_label", "label/inventory/9", "inventory/9", {"serial": "SN-1"}), "SN-1"),
        (Submit("render_label", "label/location/4", "location/4", {"serial": ""}), None),
    ],
)
def test_the_label_of_a_serial_is_signed_whoever_draws_it(effect: Effect, signs: str | None) -> None:
    floor = floor_that_asks(lookup="pin")
    outcome = Outcome("lookup", "inventory", effects=(effect,))
    found = signing_of(floor.session, {"lookup"}, outcome, floor.place)
    assert found == (Signing("reprint", signs) if signs else None)
