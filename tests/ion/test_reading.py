from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from kiosk.errors import IonRejected, IonUnreachable, IonUnsupported
from kiosk.ion import Ion, reading, tenant
from kiosk.language import language
from kiosk.model import (
    Asked,
    Inventory,
    LabelTemplate,
    Location,
    Order,
    Part,
    Question,
    Run,
    Stock,
    Subject,
    Tracking,
)
from kiosk.simulator.ion import Ion as SimulatedIon
from kiosk.simulator.schema import DIALECTS, Dialect
from tests.ion.factory import Factory, refuse_the_connection, settings_for

BRACKET = Part("101", "BRKT-001", "A", "Bracket, gimbal mount, machined, 7075-T7351", Tracking.SERIAL)
TEXT = (Asked.PART_NUMBER, Asked.SERIAL, Asked.LOT, Asked.ORDER_NUMBER, Asked.LOCATION_NAME)
NEVER_EMPTY = {Asked.OPEN_ORDERS, Asked.OPEN_RUNS, Asked.RELEASED_PROCEDURES, Asked.LOCATIONS}
ONLY_CLASSIC = {Asked.KIT_ID, Asked.ISSUE_ID, Asked.LABEL_TEMPLATES}
HOSTILE = [
    "%",
    "_",
    "SN-00011_",
    "%SN%",
    "' OR 1=1 --",
    '"}) { id } #',
    "\x1d\x04",
    "\u202e",
    "x" * 5000,
    "${me}",
    "\ud800",
    "null",
]


@pytest.fixture(params=DIALECTS)
def factory(request: pytest.FixtureRequest) -> Factory:
    dialect: Dialect = request.param
    return Factory(dialect)


def ask(factory: Factory, by: Asked, value: str) -> tuple[Subject, ...]:
    question = Question(by, value)
    return factory.gateway().ask([question])[question]


def has_uids(factory: Factory) -> bool:
    return factory.ion.dialect != "documented-2026"


@pytest.mark.parametrize(("by", "value"), [(Asked.INVENTORY_ID, "9002"), (Asked.SERIAL, "SN-000119")])
def test_an_inventory_is_read_whole(factory: Factory, by: Asked, value: str) -> None:
    (found,) = ask(factory, by, value)
    row = factory.world.part_inventories[9002]
    place = factory.world.locations[2]
    assert found == Inventory(
        id="9002",
        part=BRACKET,
        quantity=Decimal(1),
        status="AVAILABLE",
        uid=row.uid if has_uids(factory) else None,
        serial="SN-000119",
        location=Location("2", "Rack-A1", place.uid if has_uids(factory) else None),
        etag=row.etag,
        entity_id="2009002" if has_uids(factory) else None,
    )


def test_a_serial_can_be_of_two_parts(factory: Factory) -> None:
    found = ask(factory, Asked.SERIAL, "SN-000118")
    assert {(row.id, row.part.number) for row in found if isinstance(row, Inventory)} == {
        ("9001", "BRKT-001"),
        ("9014", "VLV-4410"),
    }


def test_a_lot_has_all_its_rows(factory: Factory) -> None:
    found = ask(factory, Asked.LOT, "LOT-2026-0117")
    assert {(row.id, row.quantity) for row in found if isinstance(row, Inventory)} == {
        ("9017", Decimal(84)),
        ("9018", Decimal(16)),
    }


def test_fractions_are_exact(factory: Factory) -> None:
    (row,) = ask(factory, Asked.INVENTORY_ID, "9022")
    assert isinstance(row, Inventory)
    assert str(row.quantity) == "3.5"


def test_an_inventory_names_its_open_runs(factory: Factory) -> None:
    (working,) = ask(factory, Asked.SERIAL, "ASM-00013")
    (finished,) = ask(factory, Asked.SERIAL, "FC-2601-0007")
    assert isinstance(working, Inventory)
    assert isinstance(finished, Inventory)
    assert [(run.id, run.status) for run in working.runs] == [("1202", "IN_PROGRESS")]
    assert finished.runs == ()


@pytest.mark.parametrize(("by", "value"), [(Asked.PART_ID, "101"), (Asked.PART_NUMBER, "BRKT-001")])
def test_a_part_comes_with_its_stock(factory: Factory, by: Asked, value: str) -> None:
    (stock,) = ask(factory, by, value)
    assert isinstance(stock, Stock)
    assert stock.part == BRACKET
    assert {"9001", "9002", "9003", "9004", "9005"} <= {row.id for row in stock.rows}
    assert {row.part.id for row in stock.rows} == {"101"}


def test_revisions_are_parts_of_their_own(factory: Factory) -> None:
    found = ask(factory, Asked.PART_NUMBER, "BRKT-ASSY-001")
    assert {
        (stock.part.revision, tuple(row.serial for row in stock.rows))
        for stock in found
        if isinstance(stock, Stock)
    } == {("A", ("ASM-00011",)), ("B", ("ASM-00012", "ASM-00013", "ASM-00014"))}


@pytest.mark.parametrize(("by", "value"), [(Asked.ORDER_ID, "5002"), (Asked.ORDER_NUMBER, "PO-10483")])
def test_an_order_comes_with_its_lines(factory: Factory, by: Asked, value: str) -> None:
    (order,) = ask(factory, by, value)
    assert isinstance(order, Order)
    assert (order.id, order.number, order.status, order.supplier) == (
        "5002",
        "PO-10483",
        "ORDERED",
        "Northfield Machining, LLC",
    )
    parts = [(line.id, line.part, line.ordered, line.received) for line in order.lines]
    assert parts == [("7004", BRACKET, Decimal(3), Decimal(0)), ("7005", None, Decimal(1), Decimal(0))]


def test_a_run_comes_with_its_steps(factory: Factory) -> None:
    (run,) = ask(factory, Asked.RUN_ID, "1202")
    assert isinstance(run, Run)
    assert (run.title, run.status, run.procedure, run.part_number, run.serial, run.inventory_id) == (
        "BRKT-ASSY-001 - ASM-00013 - Bracket Assembly",
        "IN_PROGRESS",
        "Bracket Assembly",
        "BRKT-ASSY-001",
        "ASM-00013",
        "9008",
    )
    assert [step.status for step in run.steps] == ["COMPLETE", "IN_PROGRESS", "TODO", "TODO"]
    assert [step.position for step in run.steps] == sorted(step.position for step in run.steps)
    assert run.steps[1].upstream == (run.steps[0].id,)
    assert all(step.etag for step in run.steps)


@pytest.mark.parametrize(("by", "value"), [(Asked.LOCATION_ID, "4"), (Asked.LOCATION_NAME, "WH-Receiving")])
def test_a_location_is_found(factory: Factory, by: Asked, value: str) -> None:
    uid = factory.world.locations[4].uid if has_uids(factory) else None
    entity_id = "3000004" if has_uids(factory) else None
    assert ask(factory, by, value) == (Location("4", "WH-Receiving", uid, entity_id),)


def test_the_labels_that_ion_draws_are_listed_by_kind(factory: Factory) -> None:
    if factory.ion.dialect == "documented-2026":
        with pytest.raises(IonUnsupported, match="'label_templates': expected a document that fits"):
            ask(factory, Asked.LABEL_TEMPLATES, "LOCATIONS")
        return
    wanted = {row.name for row in factory.world.barcode_templates if row.entity_type == "LOCATIONS"}
    found = ask(factory, Asked.LABEL_TEMPLATES, "LOCATIONS")
    assert {row.name for row in found if isinstance(row, LabelTemplate)} == wanted != set()
    assert ask(factory, Asked.LABEL_TEMPLATES, "SPACESHIPS") == ()


def test_a_uid_is_looked_for_everywhere_at_once() -> None:
    factory = Factory("classic")
    gateway = factory.gateway()
    rows = (factory.world.part_inventories[9002], factory.world.locations[4], factory.world.runs[1202])
    keys = []
    for row in rows:
        question = Question(Asked.UID, row.uid)
        keys += [
            subject.key for subject in gateway.ask([question])[question] if not isinstance(subject, Stock)
        ]
    assert keys == ["inventory/9002", "location/4", "run/1202"]
    assert len(factory.posted) == len(rows)


def test_a_uid_alone_is_unsupported_where_no_schema_knows_uids() -> None:
    factory = Factory("documented-2026")
    with pytest.raises(IonUnsupported, match=r"'inventory_by_uid': expected a document that fits .*uid"):
        ask(factory, Asked.UID, "0" * 32)
    uid, serial = Question(Asked.UID, "0" * 32), Question(Asked.SERIAL, "SN-000119")
    answers = factory.gateway().ask([uid, serial])
    assert answers[uid] == ()
    assert len(answers[serial]) == 1


@pytest.mark.parametrize("by", [by for by in Asked if by not in {Asked.UID, *NEVER_EMPTY}])
def test_nobody_has_it(factory: Factory, by: Asked) -> None:
    if by in ONLY_CLASSIC and factory.ion.dialect == "documented-2026":
        with pytest.raises(IonUnsupported, match="expected a document that fits"):
            ask(factory, by, "99999")
    else:
        assert ask(factory, by, "99999") == ()


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_text_finds_nothing(factory: Factory, value: str) -> None:
    questions = [Question(by, value) for by in TEXT]
    assert set(factory.gateway().ask(questions).values()) == {()}


@pytest.mark.parametrize(
    "by", [Asked.INVENTORY_ID, Asked.PART_ID, Asked.ORDER_ID, Asked.RUN_ID, Asked.LOCATION_ID]
)
def test_an_id_that_is_none_finds_nothing(factory: Factory, by: Asked) -> None:
    assert ask(factory, by, "' OR 1=1 --") == ()


def test_ids_are_compared_as_they_are_written(factory: Factory) -> None:
    for written in ("09002", "+9002", "9002.0", " 9002", "9_002", "9e3"):
        assert ask(factory, Asked.INVENTORY_ID, written) == ()


@pytest.mark.parametrize(
    ("value", "rounds"), [("BRKT-001", 1), ("nothing", 1), ("WH-Receiving", 1), ("PO-10482", 1)]
)
def test_a_text_is_asked_in_one_round_trip(factory: Factory, value: str, rounds: int) -> None:
    gateway = factory.gateway()
    gateway.offers()
    before = len(factory.posted)
    gateway.ask([Question(by, value) for by in TEXT])
    assert len(factory.posted) - before == rounds


def test_an_unknown_id_among_other_questions_spoils_nothing(factory: Factory) -> None:
    lost, found = Question(Asked.RUN_ID, "99999"), Question(Asked.RUN_ID, "1202")
    answers = factory.gateway().ask([lost, found, found])
    assert {question: len(subjects) for question, subjects in answers.items()} == {lost: 0, found: 1}


def test_no_question_needs_no_answer(factory: Factory) -> None:
    gateway = factory.gateway()
    assert gateway.ask([]) == {}
    assert gateway.ask([Question(Asked.SERIAL, "")]) == {Question(Asked.SERIAL, ""): ()}


def test_every_page_is_turned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tenant._SIZES, "first", 2)  # smaller pages than anybody has rows
    factory = Factory("classic")
    (stock,) = ask(factory, Asked.PART_NUMBER, "BRKT-001")
    rows = [row for row in factory.world.part_inventories if row.part_id == 101]
    assert isinstance(stock, Stock)
    assert sorted(row.id for row in stock.rows) == sorted(str(row.id) for row in rows)


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tenant._SIZES, "first", 1)
    monkeypatch.setattr(tenant, "_PAGES", 2)
    with pytest.raises(IonRejected, match="expected at most"):
        ask(Factory("classic"), Asked.PART_NUMBER, "BRKT-001")


def test_a_list_that_is_cut_short_is_not_taken_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (tenant, reading):
        monkeypatch.setattr(module, "LIST_LIMIT", 3)
    monkeypatch.setitem(tenant._SIZES, "limit", 3)
    factory = Factory("documented-2026")
    with pytest.raises(IonUnsupported, match="expected a list of fewer than 3 rows") as refused:
        ask(factory, Asked.SERIAL, "HR-0031")
    assert language("de").sentence(refused.value.words).startswith("Nach Seriennummer 'HR-0031' suchen")
    assert len(ask(factory, Asked.SERIAL, "SN-000118")) == 1


def test_every_question_for_one_thing_says_in_words_by_what_it_is_looked_for() -> None:
    exact = {by for by, operations in reading.OPERATIONS_OF.items() if operations} - reading._LISTS
    assert exact == reading._FIELDS.keys()
    assert {language("fr").told(words) for words in reading._FIELDS.values()} >= {
        "pièce",
        "commande",
    }


def test_an_unreachable_ion_answers_no_question(factory: Factory) -> None:
    gateway = factory.gateway()
    gateway.offers()
    factory.once("run", refuse_the_connection)
    with pytest.raises(IonUnreachable):
        gateway.ask([Question(Asked.RUN_ID, "1202")])


def test_an_answer_that_lacks_something_says_what() -> None:
    def strip(factory: Factory, request: httpx.Request) -> httpx.Response:
        text = factory.answer(request).text.replace('"quantity":1', '"quantity":"lots"')
        return httpx.Response(200, content=text, headers={"content-type": "application/json"})

    factory = Factory("classic")
    factory.once("partInventory", strip)
    with pytest.raises(
        IonUnreachable, match=r"expected ION's Inventory to be complete, got quantity: .*expected a number"
    ):
        ask(factory, Asked.INVENTORY_ID, "9002")


def test_a_site_document_comes_first(tmp_path: Path) -> None:
    (tmp_path / "location_by_name.graphql").write_text(
        "query Ours($value: String!) { locations(filters: {name: {ilike: $value}}, first: 5) "
        "{ edges { node { id name: entityId } } } }",
        encoding="utf-8",
    )
    factory = Factory("classic")
    gateway = Ion(settings_for(documents=tmp_path), transport=factory.transport)
    choice = next(choice for choice in gateway.choices() if choice.operation == "location_by_name")
    assert (choice.document, choice.dialect, choice.missing) == ("location_by_name.graphql", "site", ())


def test_a_schema_that_changed_is_read_again() -> None:
    factory = Factory("documented-2026")
    gateway = factory.gateway()
    assert "set_step_status" not in gateway.offers()
    factory.ion = SimulatedIon(factory.world, dialect="classic")
    assert len(gateway.ask([Question(Asked.PART_NUMBER, "BRKT-001")])) == 1
    assert "set_step_status" in gateway.offers()
