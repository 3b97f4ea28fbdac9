from decimal import Decimal

import httpx
import pytest

from kiosk.errors import IonConflict, IonRejected, IonUnknown
from kiosk.model import Json
from kiosk.ports import Absent, Found, Unsure
from kiosk.simulator.schema import DIALECTS, Dialect
from kiosk.simulator.switches import Switches
from tests.ion.factory import (
    FENCED,
    LATE,
    Factory,
    Mishap,
    gateway_page,
    hold,
    lose_the_answer,
    lose_the_request,
    twice,
)
from tests.ion.goods import LOOSE, LOT, MARKER, SERIALS, SERVICE, arguments, received, serials


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("what", [LOT, LOOSE, SERIALS, SERVICE], ids=["lot", "loose", "serials", "service"])
def test_what_came_off_the_truck_is_received(dialect: Dialect, what: dict[str, Json]) -> None:
    factory = Factory(dialect)
    result = factory.gateway().perform("receive", what, marker=MARKER)
    line, order, rows = result["line"], result["order"], result["inventories"]
    assert isinstance(line, dict)
    assert isinstance(order, dict)
    assert isinstance(rows, list)
    assert (line["id"], line["received"]) == (what["line_id"], what["quantity"])
    assert (order["id"], order["status"]) == (what["order_id"], "PARTIALLY_RECEIVED")
    assert sum((Decimal(row["quantity"]) for row in rows), Decimal(0)) == (
        Decimal(0) if what is SERVICE else Decimal(str(what["quantity"]))
    )
    assert {row["lot"] for row in rows} <= {what["lot"]}
    assert {row["location"]["id"] for row in rows} <= {"4"}
    if what is SERIALS:
        assert serials(result) == what["serials"]


def test_a_receipt_takes_four_round_trips() -> None:
    factory = Factory("classic")
    factory.gateway().perform("receive", SERIALS, marker=MARKER)
    assert [sorted(posted) for posted in factory.posted] == [
        ["receipts"],
        ["createReceipt"],
        ["addItemsToReceipt"],
        ["receipts"],
    ]


def test_a_receipt_takes_three_once_a_fence_has_held() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    factory.once("addItemsToReceipt", lose_the_request)
    with pytest.raises(IonUnknown):
        ion.perform("receive", LOT, marker="k:before")
    assert ion.find_effect("receive", LOT, marker="k:before") == FENCED
    posted = len(factory.posted)
    ion.perform("receive", SERIALS, marker=MARKER)
    assert len(factory.posted) - posted == 3


# --- by receipt


@pytest.mark.parametrize("what", [LOT, SERIALS, SERVICE], ids=["lot", "serials", "service"])
@pytest.mark.parametrize("mishap", [lose_the_answer, gateway_page])
def test_items_without_an_answer_are_found(what: dict[str, Json], mishap: Mishap) -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    factory.once("addItemsToReceipt", mishap)
    with pytest.raises(IonUnknown):
        ion.perform("receive", what, marker=MARKER)
    found = ion.find_effect("receive", what, marker=MARKER)
    assert isinstance(found, Found)
    line = found.result["line"]
    assert isinstance(line, dict)
    assert line["received"] == what["quantity"]
    assert factory.effects == ["createReceipt", "addItemsToReceipt"]


@pytest.mark.parametrize("mutation", ["createReceipt", "addItemsToReceipt"])
@pytest.mark.parametrize("mishap", [lose_the_request, lose_the_answer, gateway_page, hold])
def test_one_delivery_is_received_once_whatever_gets_lost(mutation: str, mishap: Mishap) -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    factory.once(mutation, mishap)
    with pytest.raises(IonUnknown):
        ion.perform("receive", LOT, marker=MARKER)
    if ion.find_effect("receive", LOT, marker=MARKER) in (FENCED, Absent()):
        ion.perform("receive", LOT, marker=MARKER)
    factory.release()
    assert isinstance(ion.find_effect("receive", LOT, marker=MARKER), Found)
    assert received(factory, 7002) == Decimal(10)
    assert factory.effects.count("addItemsToReceipt") == 1


def test_an_empty_receipt_is_fenced_before_it_is_called_empty() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    factory.once("addItemsToReceipt", hold)
    with pytest.raises(IonUnknown):
        ion.perform("receive", LOT, marker=MARKER)
    assert ion.find_effect("receive", LOT, marker=MARKER) == FENCED
    factory.release()
    assert received(factory, 7002) == 0
    assert ion.find_effect("receive", LOT, marker=MARKER) == Absent()
    ion.perform("receive", LOT, marker=MARKER)
    assert received(factory, 7002) == Decimal(10)
    assert len(list(factory.world.receipts)) == len({receipt.id for receipt in factory.world.receipts})
    assert factory.effects == ["createReceipt", "updateReceipt", "updateReceipt", "addItemsToReceipt"]


def test_items_that_arrive_while_we_look_are_found() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    factory.once("addItemsToReceipt", hold)
    with pytest.raises(IonUnknown):
        ion.perform("receive", LOT, marker=MARKER)

    def overtaken(factory: Factory, request: httpx.Request) -> httpx.Response:
        factory.release()
        return factory.answer(request)

    factory.once("updateReceipt", overtaken)
    assert isinstance(ion.find_effect("receive", LOT, marker=MARKER), Found)
    assert received(factory, 7002) == Decimal(10)


def test_items_that_overtake_their_second_copy_are_ours() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    factory.once("addItemsToReceipt", hold)
    with pytest.raises(IonUnknown):
        ion.perform("receive", LOT, marker=MARKER)

    def overtaken(factory: Factory, request: httpx.Request) -> httpx.Response:
        factory.release()
        return factory.answer(request)

    factory.once("addItemsToReceipt", overtaken)
    ion.perform("receive", LOT, marker=MARKER)
    assert received(factory, 7002) == Decimal(10)


def test_where_the_etag_stays_as_it_is_a_late_copy_is_waited_out() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    factory.once("addItemsToReceipt", lose_the_request)
    with pytest.raises(IonUnknown):
        ion.perform("receive", LOT, marker=MARKER)
    (receipt,) = (receipt for receipt in factory.world.receipts if receipt.note == MARKER)

    def same_etag(factory: Factory, request: httpx.Request) -> httpx.Response:
        answer = factory.answer(request)
        (now,) = (each for each in factory.world.receipts if each.id == receipt.id)
        return httpx.Response(
            200,
            content=answer.content.replace(now.etag.encode(), receipt.etag.encode()),
            headers=answer.headers,
        )

    factory.once("updateReceipt", same_etag)
    assert ion.find_effect("receive", LOT, marker=MARKER) == LATE


def test_where_a_stale_etag_is_taken_a_late_copy_is_waited_out() -> None:
    factory = Factory("classic", switches=Switches(adding_checks_receipt_etag=False))
    ion = factory.gateway()
    factory.once("addItemsToReceipt", hold)
    with pytest.raises(IonUnknown):
        ion.perform("receive", LOT, marker=MARKER)
    assert ion.find_effect("receive", LOT, marker=MARKER) == LATE
    factory.release()
    assert isinstance(ion.find_effect("receive", LOT, marker=MARKER), Found)
    assert received(factory, 7002) == Decimal(10)


@pytest.mark.parametrize("checks", [True, False])
def test_items_that_ion_adds_twice_are_for_a_person(checks: bool) -> None:
    switches = Switches(adding_checks_receipt_etag=checks, adding_changes_receipt_etag=False)
    factory = Factory("classic", switches=switches)
    ion = factory.gateway()
    factory.once("addItemsToReceipt", twice)
    with pytest.raises(IonUnknown, match="expected one receipt with exactly that"):
        ion.perform("receive", LOT, marker=MARKER)
    finding = ion.find_effect("receive", LOT, marker=MARKER)
    assert isinstance(finding, Unsure)
    assert finding.facts.count(": 10 of line 7002") == 2


def test_an_empty_second_receipt_is_taken_away() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    factory.once("createReceipt", hold)
    with pytest.raises(IonUnknown):
        ion.perform("receive", LOT, marker=MARKER)
    assert ion.find_effect("receive", LOT, marker=MARKER) == Absent()
    ion.perform("receive", LOT, marker=MARKER)
    factory.release()
    found = ion.find_effect("receive", LOT, marker=MARKER)
    assert isinstance(found, Found)
    (undo,) = found.surplus
    ion.perform(undo.operation, undo.arguments, marker="k:undo")
    receipts = [receipt for receipt in factory.world.receipts if receipt.note == MARKER]
    assert len(receipts) == 1
    assert received(factory, 7002) == Decimal(10)


def test_a_receipt_of_somebody_else_does_not_count() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    ion.perform("receive", LOT, marker="k:dock-2:17:0000")
    assert ion.find_effect("receive", LOT, marker=MARKER) == Absent()


def test_a_marked_receipt_with_other_items_is_for_a_person() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    ion.perform("receive", LOT, marker=MARKER)
    other = arguments(quantity="11")
    finding = ion.find_effect("receive", other, marker=MARKER)
    assert isinstance(finding, Unsure)
    assert finding.facts.startswith(
        f"Receive 11 on line '7002' under '{MARKER}': expected one receipt with exactly that, got receipt "
    )
    assert ": 10 of line 7002" in finding.facts
    with pytest.raises(IonConflict, match="10 of line 7002"):
        ion.perform("receive", other, marker=MARKER)
    assert received(factory, 7002) == Decimal(10)


def test_the_same_operation_again_is_not_a_second_delivery() -> None:
    factory = Factory("classic")
    first = factory.gateway().perform("receive", LOT, marker=MARKER)
    assert factory.gateway().perform("receive", LOT, marker=MARKER)["inventories"] == first["inventories"]
    assert received(factory, 7002) == Decimal(10)


def test_a_refused_item_leaves_nothing_in_stock() -> None:
    factory = Factory("classic")
    with pytest.raises(IonRejected, match="needs a lot number"):
        factory.gateway().perform("receive", arguments(lot=None), marker=MARKER)
    assert received(factory, 7002) == 0


@pytest.mark.parametrize("dialect", DIALECTS)
def test_refusals_come_as_http_statuses_too(dialect: Dialect) -> None:
    factory = Factory(dialect, switches=Switches(errors_as_http_status=True))
    ion = factory.gateway()
    with pytest.raises(IonRejected, match="needs a lot number"):
        ion.perform("receive", arguments(lot=None), marker=MARKER)
    assert received(factory, 7002) == 0
