from collections.abc import Mapping

import pytest

from kiosk.errors import IonRejected, IonUnreachable
from kiosk.model import Json
from kiosk.ports import Absent
from kiosk.simulator.schema import DIALECTS
from tests.ion.factory import Factory, refuse_the_connection

MARKER = "k:1"


def given(**changes: Json) -> Mapping[str, Json]:
    return {
        "order_number": "PO-10482",
        "part_number": "ORNG-2-214",
        "quantity": "5",
        "text": "LOT-7",
        "location_id": "4",
        **changes,
    }


@pytest.fixture(params=DIALECTS)
def factory(request: pytest.FixtureRequest) -> Factory:
    return Factory(request.param)


def test_the_line_is_found_and_nothing_is_changed(factory: Factory) -> None:
    found = factory.gateway().perform("check_receipt", given(), marker=MARKER)
    order, line = found["order"], found["line"]
    assert isinstance(order, dict)
    assert isinstance(line, dict)
    assert (order["number"], line["id"]) == ("PO-10482", "7002")
    assert factory.mutations == []
    assert factory.gateway().find_effect("check_receipt", given(), marker=MARKER) == Absent()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"order_number": "PO-0"}, "ION knows 0 orders"),
        ({"part_number": "NONE-1"}, "PO-10482 orders no NONE-1, but FSTN-M5X16-A286, ORNG-2-214, VLV-4410"),
        ({"quantity": "201"}, "PO-10482 still expects 200 of ORNG-2-214"),
        ({"text": None}, "ORNG-2-214 needs a lot"),
        ({"part_number": "VLV-4410", "quantity": "2"}, "VLV-4410 needs a serial for each piece"),
        ({"part_number": "VLV-4410", "quantity": "1", "text": None}, "VLV-4410 needs a serial"),
        ({"quantity": "0"}, "quantity"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    factory: Factory, changes: Mapping[str, Json], why: str
) -> None:
    with pytest.raises(IonRejected, match=why):
        factory.gateway().perform("check_receipt", given(**changes), marker=MARKER)
    assert factory.mutations == []


def test_without_network_it_waits(factory: Factory) -> None:
    ion = factory.gateway()
    ion.perform("check_receipt", given(), marker=MARKER)
    factory.once("purchaseOrders", refuse_the_connection)
    with pytest.raises(IonUnreachable):
        ion.perform("check_receipt", given(), marker=MARKER)
