"""Every operation there is, over HTTP, in every dialect: offered and made, or said to be missing."""

import pytest

from kiosk.errors import IonForbidden, IonUnsupported
from kiosk.ion import OPERATIONS
from kiosk.ion.offering import CHANGES, LOOK_UPS
from kiosk.ion.plain import PLAIN_CHANGES, PLAIN_QUESTIONS
from kiosk.ion.reading import OPERATIONS_OF
from kiosk.ports import Found, Unsure
from kiosk.simulator.schema import DIALECTS
from tests.ion import floor_cases, test_plain
from tests.ion.factory import know
from tests.ion.served import Place

MARKER = "k:dock-1:17:9f3c"
ONLY_DOCUMENTED = {"set_run_status", "move_part"}
ALSO_DOCUMENTED = {
    *("inventory_by_id", "inventory_by_serial", "inventory_by_lot"),
    *("part_by_id", "part_by_number", "part_by_text", "stock_at"),
    *("order_by_id", "order_by_number", "open_orders", "location_by_id", "location_by_name", "locations"),
    *("run_by_id", "runs_of", "open_runs", "procedure_by_id", "released_procedures"),
    *("who_am_i", "serialized_units", "stock_by_location", "procedure_with_steps", "file", "abom"),
    *("receive", "move", "adjust", "create_run", "attach_file"),
}
ELSEWHERE = {
    "receive": "test_receiving",
    "undo_receipt": "test_undone_receipt",
    "move": "test_changes",
    "set_run_status": "test_changes",
    "install": "test_abom",
    "uninstall": "test_abom",
    "attach_file": "test_files",
    "add_asset": "test_files",
}
"""Changes that have a file of their own."""

every_dialect = pytest.mark.parametrize("place", DIALECTS, indirect=True)


def test_every_operation_is_tried_somewhere() -> None:
    tried = {case.operation for case in floor_cases.CASES.values()} | test_plain.CASES.keys()
    assert CHANGES.keys() | PLAIN_CHANGES.keys() == tried | ELSEWHERE.keys()
    asked = {name for names in OPERATIONS_OF.values() for name in names} | test_plain.QUESTIONS.keys()
    assert {*LOOK_UPS, *PLAIN_QUESTIONS} <= asked
    assert OPERATIONS.keys() == {*LOOK_UPS, *PLAIN_QUESTIONS, *CHANGES, *PLAIN_CHANGES}


@every_dialect
def test_what_is_offered_is_what_the_dialect_has(place: Place) -> None:
    offered = {choice.operation for choice in place.ion.choices() if choice.document is not None}
    dialect = place.server.ion.dialect
    expected = {
        "classic": OPERATIONS.keys() - ONLY_DOCUMENTED,
        "documented-2026": ALSO_DOCUMENTED | ONLY_DOCUMENTED,
        "both": OPERATIONS.keys(),
    }[dialect]
    assert offered == expected
    assert place.ion.offers() == offered & (CHANGES.keys() | PLAIN_CHANGES.keys())


FLOOR = [
    pytest.param(dialect, case, id=f"{name}-{dialect}")
    for name, case in floor_cases.CASES.items()
    for dialect in case.dialects
]


@pytest.mark.parametrize(("place", "case"), FLOOR, indirect=["place"])
def test_a_change_of_the_floor_over_http(place: Place, case: floor_cases.Case) -> None:
    case.prepare(place.ion)
    before = len(place.effects())
    place.ion.perform(case.operation, case.arguments, marker=MARKER)
    assert place.effects()[before:] == [case.mutation]
    finding = place.ion.find_effect(case.operation, case.arguments, marker=MARKER)
    assert isinstance(finding, Found | Unsure)


@pytest.mark.parametrize(
    ("place", "operation"),
    [(dialect, name) for name in test_plain.CASES for dialect in test_plain.DIALECTS],
    indirect=["place"],
)
def test_a_plain_change_over_http(place: Place, operation: str) -> None:
    case = test_plain.CASES[operation]
    arguments = {**case.prepare(place.ion), **case.arguments}
    before = len(place.effects())
    assert "changed" in place.ion.perform(operation, arguments, marker=MARKER)
    assert place.effects()[before:] == [case.mutation]


@pytest.mark.parametrize(
    ("place", "operation"),
    [(dialect, name) for name, row in test_plain.QUESTIONS.items() for dialect in row[2]],
    indirect=["place"],
)
def test_a_plain_question_over_http(place: Place, operation: str) -> None:
    arguments, root, _ = test_plain.QUESTIONS[operation]
    assert list(place.ion.ask_plain(operation, arguments)) == [root]


@pytest.mark.parametrize("place", ["documented-2026"], indirect=True)
@pytest.mark.parametrize("operation", sorted(OPERATIONS.keys() - ALSO_DOCUMENTED - ONLY_DOCUMENTED))
def test_what_a_dialect_does_not_have_is_said_and_not_tried(place: Place, operation: str) -> None:
    with pytest.raises(IonUnsupported, match=f"'{operation}': expected a document that fits") as caught:
        place.ion._tenancy.tenant().catalogue.calls(operation)
    assert (
        "Query." in str(caught.value) or "Mutation." in str(caught.value) or "Filters." in str(caught.value)
    )


@pytest.mark.parametrize("place", ["classic"], indirect=True)
def test_a_missing_permission_is_named(place: Place) -> None:
    ion = place.connect(client_id="viewer", client_secret="viewer-secret")
    know(ion, "classic")
    with pytest.raises(IonForbidden) as caught:
        ion.perform("archive_run", {"run_id": "1204"}, marker=MARKER)
    assert caught.value.permission == "ArchiveRun"
    assert "ION's permission ArchiveRun is missing." in caught.value.words
    assert place.effects() == []
    ion.close()
