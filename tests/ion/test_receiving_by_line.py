"""Received by line, one call a unit: fenced by serials, else counted, else marked."""

import httpx
import pytest

from kiosk.errors import IonRejected, IonUnknown, IonUnreachable
from kiosk.ion import Ion
from kiosk.model import Json
from kiosk.ports import Absent, Found, Unsure
from tests.fakes import FakeNotes
from tests.ion.factory import (
    LATE,
    Factory,
    Mishap,
    gateway_page,
    hold,
    lose_the_answer,
    lose_the_request,
    refuse_the_connection,
    twice,
)
from tests.ion.goods import LOOSE, LOT, MARKER, SERIALS, SERVICE, arguments, lots, received, serials


def test_a_serial_costs_one_call_and_a_lot_one_in_all() -> None:
    factory = Factory("documented-2026")
    ion = factory.gateway()
    ion.perform("receive", SERIALS, marker=MARKER)
    ion.perform("receive", LOT, marker="k:dock-1:18:0000")
    assert factory.mutations == ["receivePurchaseOrderLine"] * 4


@pytest.mark.parametrize("lost", [0, 1, 2])
@pytest.mark.parametrize("mishap", [lose_the_request, lose_the_answer, gateway_page, hold])
def test_serials_are_received_once_whatever_gets_lost(lost: int, mishap: Mishap) -> None:
    factory = Factory("documented-2026")
    ion = factory.gateway()
    for _ in range(lost):
        factory.once("receivePurchaseOrderLine", lambda factory, request: factory.answer(request))
    factory.once("receivePurchaseOrderLine", mishap)
    with pytest.raises(IonUnknown):
        ion.perform("receive", SERIALS, marker=MARKER)
    finding = ion.find_effect("receive", SERIALS, marker=MARKER)
    if finding == Absent():
        result = ion.perform("receive", SERIALS, marker=MARKER)
    else:
        assert isinstance(finding, Found)
        result = finding.result
    factory.release()
    assert serials(result) == SERIALS["serials"]
    line = result["line"]
    assert isinstance(line, dict)
    assert line["received"] == "3"
    rows = [row.serial_number for row in factory.world.part_inventories if row.part_id == 105]
    assert [rows.count(serial) for serial in ("SN-900", "SN-901", "SN-902")] == [1, 1, 1]
    assert factory.effects == ["receivePurchaseOrderLine"] * 3


def test_a_serial_that_overtakes_its_second_copy_is_ours() -> None:
    factory = Factory("documented-2026")
    ion = factory.gateway()
    factory.once("receivePurchaseOrderLine", hold)
    with pytest.raises(IonUnknown):
        ion.perform("receive", SERIALS, marker=MARKER)
    assert ion.find_effect("receive", SERIALS, marker=MARKER) == Absent()

    def overtaken(factory: Factory, request: httpx.Request) -> httpx.Response:
        factory.release()
        return factory.answer(request)

    factory.once("receivePurchaseOrderLine", overtaken)
    assert serials(ion.perform("receive", SERIALS, marker=MARKER)) == SERIALS["serials"]
    assert factory.effects == ["receivePurchaseOrderLine"] * 3


def test_a_late_serial_is_ours_though_the_kiosk_knew_of_more_than_the_line_had_received() -> None:
    """It was queued while another receipt stood in ION already and was still to be sent here."""
    factory = Factory("documented-2026")
    ion = factory.gateway()
    what = {**SERIALS, "received_before": "1"}
    factory.once("receivePurchaseOrderLine", hold)
    with pytest.raises(IonUnknown):
        ion.perform("receive", what, marker=MARKER)
    assert ion.find_effect("receive", what, marker=MARKER) == Absent()
    factory.release()
    assert serials(ion.perform("receive", what, marker=MARKER)) == SERIALS["serials"]
    assert factory.effects == ["receivePurchaseOrderLine"] * 3


@pytest.mark.parametrize("mishap", [refuse_the_connection, lose_the_request])
def test_half_an_operation_is_never_called_not_executed(mishap: Mishap) -> None:
    factory = Factory("documented-2026")
    factory.once("receivePurchaseOrderLine", lambda factory, request: factory.answer(request))
    factory.once("receivePurchaseOrderLine", mishap)
    with pytest.raises(IonUnknown):
        factory.gateway().perform("receive", SERIALS, marker=MARKER)
    assert len(factory.effects) == 1


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        '{"a": null}',
        '{"a": {"line": null, "inventories": []}}',
        '{"a": {"line": {}, "inventories": []}}',
    ],
)
def test_an_answer_that_lacks_the_effect_is_doubtful(body: str) -> None:
    factory = Factory("documented-2026")
    headers = {"content-type": "application/json"}
    factory.once(
        "receivePurchaseOrderLine",
        lambda _factory, _request: httpx.Response(200, content=f'{{"data": {body}}}', headers=headers),
    )
    with pytest.raises(IonUnknown):
        factory.gateway().perform("receive", LOT, marker=MARKER)


def test_an_id_that_the_schema_cannot_carry_is_refused_unsent() -> None:
    factory = Factory("documented-2026")
    with pytest.raises(IonRejected, match=r"\$location: expected a number, got 'x'"):
        factory.gateway().perform("receive", {**SERIALS, "location_id": "x"}, marker=MARKER)
    assert factory.mutations == []


def test_nothing_of_an_operation_is_called_not_executed() -> None:
    factory = Factory("documented-2026")
    factory.once("receivePurchaseOrderLine", refuse_the_connection)
    with pytest.raises(IonUnreachable):
        factory.gateway().perform("receive", SERIALS, marker=MARKER)
    assert factory.effects == []


def test_a_serial_that_exists_is_refused_before_anything_is_sent() -> None:
    factory = Factory("documented-2026")
    ion = factory.gateway()
    what = {**SERIALS, "serials": ["SN-900", "SN-000123", "SN-901"]}
    with pytest.raises(IonRejected, match="expected new serials, got 'SN-000123', which already exists"):
        ion.perform("receive", what, marker=MARKER)
    assert factory.mutations == []
    assert ion.find_effect("receive", what, marker=MARKER) == Absent()
    with pytest.raises(IonRejected, match="already exists"):
        ion.perform("receive", what, marker=MARKER)


def test_a_lot_whose_answer_is_lost_is_found_by_the_lines_count() -> None:
    factory = Factory("documented-2026")
    ion = factory.gateway()
    factory.once("receivePurchaseOrderLine", lose_the_answer)
    assert lots(ion.perform("receive", LOT, marker=MARKER)) == [("LOT-2026-0200", "10")]
    assert factory.mutations == ["receivePurchaseOrderLine"]


def test_after_a_restart_a_lot_is_found_by_the_lines_count() -> None:
    factory, notes = Factory("documented-2026"), FakeNotes()
    factory.gateway(notes=notes).perform("receive", LOT, marker=MARKER)
    found = factory.gateway(notes=notes).find_effect("receive", LOT, marker=MARKER)
    assert isinstance(found, Found)
    assert lots(found.result) == [("LOT-2026-0200", "10")]


def test_what_was_in_stock_before_is_not_taken_for_what_came() -> None:
    """The same lot came yesterday; today's answer is lost, and somebody received another lot meanwhile."""
    factory = Factory("documented-2026")
    ion = factory.gateway()
    ion.perform("receive", LOT, marker="k:dock-1:16:0000")
    before = arguments(received_before="10")
    others = arguments(lot="LOT-9", received_before="10")

    def overtaken(factory: Factory, request: httpx.Request) -> httpx.Response:
        factory.gateway().perform("receive", others, marker="k:dock-2:1:0000")
        return lose_the_request(factory, request)

    factory.once("receivePurchaseOrderLine", overtaken)
    with pytest.raises(IonUnknown):
        ion.perform("receive", before, marker=MARKER)
    assert isinstance(ion.find_effect("receive", before, marker=MARKER), Unsure)
    assert received(factory, 7002) == 20


def test_only_what_came_gets_a_label() -> None:
    factory = Factory("documented-2026")
    ion = factory.gateway()
    ion.perform("receive", LOT, marker="k:dock-1:16:0000")
    factory.once("receivePurchaseOrderLine", lose_the_answer)
    result = ion.perform("receive", arguments(received_before="10"), marker=MARKER)
    assert lots(result) == [("LOT-2026-0200", "10")]


@pytest.mark.parametrize("works_alone", [True, False])
@pytest.mark.parametrize("what", [LOT, LOOSE], ids=["lot", "loose"])
def test_a_lot_that_is_not_there_may_arrive_late(what: dict[str, Json], works_alone: bool) -> None:
    factory = Factory("documented-2026")
    ion = factory.gateway(works_alone=works_alone)
    factory.once("receivePurchaseOrderLine", hold)
    with pytest.raises(IonUnknown):
        ion.perform("receive", what, marker=MARKER)
    assert ion.find_effect("receive", what, marker=MARKER) == LATE
    factory.release()
    finding = ion.find_effect("receive", what, marker=MARKER)
    if works_alone:
        assert isinstance(finding, Found)
    else:
        assert isinstance(finding, Unsure)
        assert finding.facts.endswith("Which of them, ION does not tell")
    assert factory.mutations == ["receivePurchaseOrderLine"]


@pytest.mark.parametrize("what", [LOT, LOOSE], ids=["lot", "loose"])
def test_what_ion_receives_twice_is_for_a_person(what: dict[str, Json]) -> None:
    factory = Factory("documented-2026")
    ion = factory.gateway()
    factory.once("receivePurchaseOrderLine", twice)
    with pytest.raises(IonUnknown):
        ion.perform("receive", what, marker=MARKER)
    finding = ion.find_effect("receive", what, marker=MARKER)
    assert isinstance(finding, Unsure)
    assert f"quantity {what['quantity']} on line '{what['line_id']}', which had received 0" in finding.facts
    assert finding.facts.endswith("Whose that is, ION does not tell")


def test_what_was_received_before_is_read_and_not_believed() -> None:
    """Another kiosk received on the line after the screen showed it."""
    factory = Factory("documented-2026")
    ion = factory.gateway()
    ion.perform("receive", {**LOT, "quantity": "7"}, marker="k:dock-2:1:0000")
    factory.once("receivePurchaseOrderLine", lose_the_answer)
    assert lots(ion.perform("receive", LOT, marker=MARKER)) == [("LOT-2026-0200", "10")]


def test_a_line_that_somebody_else_counted_on_is_for_a_person() -> None:
    factory = Factory("documented-2026")
    ion = factory.gateway()
    factory.once("receivePurchaseOrderLine", lose_the_answer_and_the_look)
    with pytest.raises(IonUnknown):
        ion.perform("receive", LOT, marker=MARKER)
    ion.perform("receive", LOT, marker="k:dock-2:1:0000")
    finding = ion.find_effect("receive", LOT, marker=MARKER)
    assert isinstance(finding, Unsure)
    assert "which had received 0: expected 10 now, got 20" in finding.facts


def test_what_others_received_after_a_send_that_never_arrived_was_there_before() -> None:
    """Between the two sends the network may be away for days."""
    factory = Factory("documented-2026")
    ion = factory.gateway()
    factory.once("receivePurchaseOrderLine", refuse_the_connection)
    with pytest.raises(IonUnreachable):
        ion.perform("receive", LOT, marker=MARKER)
    factory.gateway().perform("receive", {**LOT, "quantity": "3", "lot": "LOT-2"}, marker="k:dock-2:1:0000")
    factory.once("receivePurchaseOrderLine", lose_the_answer)
    ion.perform("receive", LOT, marker=MARKER)
    assert received(factory, 7002) == 13


def test_a_service_is_found_by_the_lines_count() -> None:
    factory = Factory("documented-2026")
    ion = factory.gateway()
    factory.once("receivePurchaseOrderLine", lose_the_answer)
    line = ion.perform("receive", SERVICE, marker=MARKER)["line"]
    assert isinstance(line, dict)
    assert line["received"] == SERVICE["quantity"]


def test_a_line_that_is_gone_is_said() -> None:
    ion = Factory("documented-2026").gateway()
    with pytest.raises(IonRejected, match="expected line '99' in it"):
        ion.find_effect("receive", arguments(line_id="99"), marker=MARKER)


# --- where the tenant carries a marker


def lose_the_answer_and_the_look(factory: Factory, request: httpx.Request) -> httpx.Response:
    factory.once("purchaseOrder", lose_the_request)
    return lose_the_answer(factory, request)


def marked(factory: Factory) -> Ion:
    return factory.gateway(marker_attribute="kiosk")


def marks(factory: Factory) -> list[tuple[str, ...]]:
    rows = [row for row in factory.world.part_inventories if row.lot_number == "LOT-2026-0200"]
    return [tuple(str(each.value) for each in row.attributes) for row in rows]


def test_a_marked_lot_is_ours_whatever_others_receive() -> None:
    factory = Factory("documented-2026")
    ion = marked(factory)
    factory.once("receivePurchaseOrderLine", lose_the_request)
    with pytest.raises(IonUnknown):
        ion.perform("receive", LOT, marker=MARKER)
    marked(factory).perform("receive", LOT, marker="k:dock-2:1:0000")
    assert ion.find_effect("receive", LOT, marker=MARKER) == LATE
    assert lots(ion.perform("receive", LOT, marker=MARKER)) == [("LOT-2026-0200", "10")]
    assert marks(factory) == [("k:dock-2:1:0000",), (MARKER,)]
    found = marked(factory).find_effect("receive", LOT, marker=MARKER)
    assert isinstance(found, Found)
    assert len(lots(found.result)) == 1


def test_a_marked_lot_that_comes_late_is_ours() -> None:
    factory = Factory("documented-2026")
    ion = marked(factory)
    factory.once("receivePurchaseOrderLine", hold)
    with pytest.raises(IonUnknown):
        ion.perform("receive", LOT, marker=MARKER)
    factory.release()
    assert isinstance(ion.find_effect("receive", LOT, marker=MARKER), Found)


def test_a_marked_lot_that_is_there_twice_is_for_a_person() -> None:
    factory = Factory("documented-2026")
    ion = marked(factory)
    factory.once("receivePurchaseOrderLine", twice)
    with pytest.raises(IonUnknown):
        ion.perform("receive", LOT, marker=MARKER)
    finding = ion.find_effect("receive", LOT, marker=MARKER)
    assert isinstance(finding, Unsure)
    assert finding.facts.endswith("It was received more than once")
