"""Orders for labels against a real journal, real designs and printers in memory; ION is a fake."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from kiosk.errors import IonForbidden, IonUnreachable, JournalError, KeyReused, OrderRefused, OutOfScope
from kiosk.inquiry import Inquiry
from kiosk.label_service import LabelService
from kiosk.label_shelf import read_designs
from kiosk.label_subjects import PATIENCE_S, LabelSubjects
from kiosk.language import language
from kiosk.model import (
    Asked,
    Inventory,
    JobState,
    Location,
    Order,
    Part,
    Question,
    Reason,
    Role,
    Run,
    Scope,
    Stock,
    Subject,
    Why,
)
from kiosk.ports import LabelOrder, LabelWish
from kiosk.serial_rule import SerialRule
from tests.fakes import Clock, FakeIon, counted_ids
from tests.print_world import ADA, BOB, PrintWorld, print_world

VALVE = Part("7", "VLV-0001", "B", "Valve, oxidizer")
PIECE = Inventory("501", VALVE, Decimal(1), "AVAILABLE", serial="SN-000173")
OTHER = Inventory("502", VALVE, Decimal(1), "AVAILABLE", serial="SN-000174")
RUN = Run("77", "Valve acceptance test", "IN_PROGRESS", part_number="VLV-0001")
WISH = LabelWish("location", {"code": "ION/LOC/4", "name": "Dock"}, printer="zebra")


AGE_S = 90


class SlowIon(FakeIon):
    """Takes its time for every round of questions."""

    def __init__(self) -> None:
        super().__init__()
        self.takes_s, self.now_s = 0.0, 0.0

    def ask(self, questions: Sequence[Question]) -> Mapping[Question, tuple[Subject, ...]]:
        self.now_s += self.takes_s
        return super().ask(questions)


class Desk:
    """A label service with all that it works with; what ION says is older than the journal's time."""

    def __init__(self, world: PrintWorld) -> None:
        self.world = world
        self.clock, self.ion = Clock(-AGE_S), SlowIon()
        self.told: list[tuple[str, str]] = []
        inquiry = Inquiry(self.ion, world.journal.answers, self.clock.now)
        self.service = LabelService(
            world.journal,
            world.shop,
            LabelSubjects(inquiry, monotonic_s=lambda: self.ion.now_s),
            {"dock-1": "zebra", "desk": "fine", "bare": ""},
            world.desks,
            lambda printer, station: self.told.append((printer, station)),
            counted_ids("key-"),
            SerialRule(Role.LEAD),
        )

    def teach(self, code: str, by: Asked, *subjects: Subject) -> None:
        self.ion.teach(Question(by, code), *subjects)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with print_world(tmp_path) as world:
        yield Desk(world)


def refusal(desk: Desk, *wishes: LabelWish) -> list[tuple[int, str, str]]:
    with pytest.raises(OrderRefused) as refused:
        desk.service.order(LabelOrder(wishes))
    return list(refused.value.faults)


def test_labels_of_one_order_are_queued_together_and_their_printers_told(desk: Desk) -> None:
    wishes = [WISH, replace(WISH, printer="", station="desk", copies=3)]
    ordered = desk.service.order(LabelOrder(wishes, "k", by="Ada", title="Shelves", priority=80))
    batch = desk.world.journal.batches.find(ordered.batch.id)
    assert batch == ordered.batch
    assert (batch.station, batch.title, batch.by, batch.priority, batch.as_of) == (
        "",
        "Shelves",
        "Ada",
        80,
        None,
    )
    assert [(job.printer, job.station, job.copy, job.copies) for job in ordered.jobs] == [
        ("zebra", "dock-1", 1, 1),
        *(("fine", "desk", copy, 3) for copy in (1, 2, 3)),
    ]
    assert desk.told == [("zebra", "dock-1"), ("fine", "desk")]
    assert desk.service.uses(batch.id) == {("location", "zebra"), ("location", "fine")}
    assert desk.service.jobs("none") == ()


def test_an_order_under_a_known_key_is_answered_again_whatever_has_changed(desk: Desk) -> None:
    desk.teach("77", Asked.RUN_ID, RUN)
    order = LabelOrder([LabelWish(subject="ION/RUN/77", printer="zebra")], "k")
    first = desk.service.order(order)
    desk.ion.go_offline()
    again = desk.service.order(order)
    assert (again.batch, again.jobs) == (first.batch, first.jobs)
    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert len(desk.ion.asked) == 1, "ION is not asked about what is answered from the journal"
    assert desk.told == [("zebra", "dock-1")]


def test_a_key_is_good_for_one_order_and_for_one_asker(desk: Desk) -> None:
    first = desk.service.order(LabelOrder([WISH], "k"))
    for other in (
        LabelOrder([replace(WISH, copies=2)], "k"),
        LabelOrder([WISH, WISH], "k"),
        LabelOrder([WISH], "k", title="x"),
        LabelOrder([WISH], "k", priority=1),
    ):
        with pytest.raises(KeyReused, match="was used for another order"):
            desk.service.order(other)
    assert desk.service.order(LabelOrder([WISH], "k", client="key/1")).batch.id != first.batch.id
    assert desk.service.order(LabelOrder([WISH])).batch.id != desk.service.order(LabelOrder([WISH])).batch.id


def test_nothing_of_an_order_is_queued_where_one_label_cannot_be_made(desk: Desk) -> None:
    wrong = replace(WISH, fields={"code": "x"})
    assert [(number, part) for number, part, _ in refusal(desk, WISH, wrong, WISH)] == [(1, "fields")]
    assert desk.world.journal.batches.pending("zebra") == ()
    assert desk.service.order(LabelOrder([WISH], "k")).jobs, "what was refused did not use its key up"


@pytest.mark.parametrize(
    ("wish", "part", "text"),
    [
        (replace(WISH, label="none"), "label", "Cannot make label 'none': expected one of ['badge',"),
        (replace(WISH, printer="none"), "printer", "expected one of ['fine', 'spare', 'zebra']"),
        (replace(WISH, printer=""), "printer", "Which printer? Expected one of ['fine', 'spare', 'zebra']"),
        (replace(WISH, station="none"), "station", "expected one of ['bare', 'desk', 'dock-1']"),
        (replace(WISH, printer="", station="bare"), "station", "has no printer"),
        (LabelWish(subject="ION/CMD/CONFIRM", printer="zebra"), "subject", "Nothing that has a label"),
        (LabelWish(subject="ION/RUN/1", printer="zebra"), "subject", "Nothing that has a label"),
        (LabelWish(subject="PO-1", printer="zebra"), "subject", "Nothing that has a label"),
        (LabelWish(subject="LOT-1", printer="zebra"), "subject", "ION/PI/501 (SN-000173), ION/PI/502 (SN"),
        (LabelWish("none", subject="SN-1", printer="zebra"), "label", "expected one of ['part',"),
        (
            LabelWish("run", subject="SN-1", printer="zebra"),
            "label",
            "needs ['reference'], which ION",
        ),
        (
            LabelWish("small-part", subject="SN-1", printer="zebra"),
            "fields",
            "Cannot make label 'small-part'",
        ),
    ],
)
def test_what_is_wrong_with_a_label_is_said(desk: Desk, wish: LabelWish, part: str, text: str) -> None:
    desk.teach("SN-1", Asked.SERIAL, PIECE)
    desk.teach("LOT-1", Asked.LOT, PIECE, OTHER)
    desk.teach("PO-1", Asked.ORDER_NUMBER, Order("1", "PO-1", "ORDERED"))
    ((number, which, said),) = refusal(desk, wish)
    assert (number, which) == (0, part)
    assert text in said


def test_a_subject_is_fetched_and_its_own_label_filled(desk: Desk) -> None:
    desk.teach("77", Asked.RUN_ID, RUN)
    desk.teach("SN-000173", Asked.SERIAL, PIECE)
    desk.teach("VLV-0001", Asked.PART_NUMBER, Stock(VALVE, (PIECE, OTHER)))
    desk.teach("4", Asked.LOCATION_ID, Location("4", "Dock"))
    codes = ("ION/RUN/77", "SN-000173", "VLV-0001", "ION/LOC/4")
    ordered = desk.service.order(LabelOrder([LabelWish(subject=code, printer="zebra") for code in codes]))
    assert [(job.label, job.subject, job.encoded) for job in ordered.jobs] == [
        ("run", "run/77", "ION/RUN/77"),
        ("part", "inventory/501", "ION/PI/501"),
        ("part", "part/7", "ION/PART/7"),
        ("location", "location/4", "ION/LOC/4"),
    ]
    assert (ordered.batch.as_of, ordered.batch.age_s) == (desk.clock.now(), AGE_S)
    assert len(desk.ion.asked) == 1, "all codes are asked about in one round"


def test_another_design_takes_of_a_subject_what_it_has_room_for(desk: Desk) -> None:
    desk.teach("SN-000173", Asked.SERIAL, PIECE)
    wish = LabelWish("small-part", subject="SN-000173", printer="fine")
    (job,) = desk.service.order(LabelOrder([wish])).jobs
    assert (job.label, job.encoded) == ("small-part", "ION/PI/501")


def test_without_network_what_is_remembered_is_printed_and_its_age_said(desk: Desk) -> None:
    desk.teach("77", Asked.RUN_ID, RUN)
    order = LabelOrder([LabelWish(subject="ION/RUN/77", printer="zebra")])
    desk.service.order(order)
    desk.ion.go_offline()
    batch = desk.service.order(order).batch
    assert (batch.as_of, batch.age_s) == (desk.clock.now(), AGE_S)
    with pytest.raises(IonUnreachable):
        desk.service.order(LabelOrder([*order.wishes, LabelWish(subject="ION/RUN/78", printer="zebra")]))
    desk.ion.come_back()
    desk.service.order(order)


def test_what_ion_refuses_is_not_printed_from_memory(desk: Desk) -> None:
    desk.teach("77", Asked.RUN_ID, RUN)
    order = LabelOrder([LabelWish(subject="ION/RUN/77", printer="zebra")])
    desk.service.order(order)
    desk.ion.trouble = IonForbidden("no", permission="ReadRun")
    with pytest.raises(IonForbidden):
        desk.service.order(order)


def test_ion_is_asked_for_a_bounded_time(desk: Desk) -> None:
    wishes = [LabelWish(subject=f"ION/RUN/{number}", printer="zebra") for number in range(60)]
    for number in range(60):
        desk.teach(str(number), Asked.RUN_ID, replace(RUN, id=str(number)))
    desk.ion.takes_s = PATIENCE_S * 0.7
    with pytest.raises(IonUnreachable, match="expected all answers within 10 s, got those of 40"):
        desk.service.order(LabelOrder(wishes))
    assert desk.world.journal.batches.pending("zebra") == ()


def test_a_scope_is_kept(desk: Desk) -> None:
    desk.teach("77", Asked.RUN_ID, RUN)
    runs = Scope("cell-3", frozenset({"run"}), frozenset({"zebra"}))
    assert desk.service.order(LabelOrder([LabelWish(subject="ION/RUN/77", printer="zebra")], scope=runs)).jobs
    for wish, text in (
        (WISH, r"Key 'cell-3' is for labels \['run'\], and not for 'location'"),
        (
            LabelWish(subject="ION/RUN/77", printer="spare"),
            r"for printers \['zebra'\], and not for 'spare'",
        ),
    ):
        with pytest.raises(OutOfScope, match=text):
            desk.service.order(LabelOrder([wish], scope=runs))


def test_what_is_printed_is_what_was_shown(desk: Desk) -> None:
    desk.teach("77", Asked.RUN_ID, RUN)
    wish = LabelWish(subject="ION/RUN/77", printer="zebra")
    shown = desk.service.prepare(wish)
    (job,) = desk.service.order(LabelOrder([wish])).jobs
    assert desk.world.journal.prints.picture(job.id) == shown.png
    desk.service.prepare(wish)
    assert len(desk.ion.asked) == 2, "a picture asks ION only about what is not remembered"
    with pytest.raises(OrderRefused):
        desk.service.prepare(replace(wish, printer="none"))


def test_a_person_finds_by_code_by_part_of_a_number_and_by_words_of_a_run(desk: Desk) -> None:
    stock = Stock(VALVE, (PIECE, OTHER))
    desk.teach("VLV-0001", Asked.PART_NUMBER, stock)
    desk.teach("vlv", Asked.PART_TEXT, stock)
    desk.teach("", Asked.OPEN_RUNS, RUN, replace(RUN, id="78", title="Leak test", part_number="BRKT"))
    by_number = desk.service.search(" VLV-0001 ")
    assert [(one.code, one.kind, one.title) for one in by_number.found] == [
        ("ION/PART/7", "Part", "VLV-0001 rev B"),
        ("ION/PI/501", "Stock", "SN-000173"),
        ("ION/PI/502", "Stock", "SN-000174"),
    ]
    assert by_number.found[1].designs == ("part", "tool", "small-part")
    assert [one.code for one in desk.service.search("vlv").found] == [
        *(one.code for one in by_number.found),
        "ION/RUN/77",
    ]
    assert [one.code for one in desk.service.search("leak").found] == ["ION/RUN/78"]
    for nothing in ("", "  ", "x", "none"):
        assert desk.service.search(nothing).found == ()


def test_a_search_without_network_says_so(desk: Desk) -> None:
    desk.teach("77", Asked.RUN_ID, RUN)
    desk.service.search("ION/RUN/77")
    desk.ion.go_offline()
    known, unknown = desk.service.search("ION/RUN/77"), desk.service.search("ION/RUN/1")
    assert ([one.code for one in known.found], known.is_remembered) == (["ION/RUN/77"], True)
    assert (unknown.found, unknown.is_remembered) == ((), False)
    assert known.trouble == unknown.trouble == "ION does not answer. Only what the kiosk remembers is shown."
    desk.ion.trouble = IonForbidden("no", permission="ReadRun")
    trouble = desk.service.search("ION/RUN/77").trouble
    assert "ION does not permit it" in trouble
    assert language("de").sentence(trouble).startswith("ION beantwortet diese Frage nicht: ION erlaubt")


def test_a_full_disk_refuses_an_order_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    store = desk.world.journal.clerk.store
    monkeypatch.setattr(store, "_least_free_bytes", 1 << 62)
    with pytest.raises(JournalError, match="The disk is almost full"):
        desk.service.order(LabelOrder([WISH], "k"))
    monkeypatch.undo()
    assert not desk.service.order(LabelOrder([WISH], "k")).is_repeat


SERIAL = LabelWish(
    "part",
    {"code": "ION/PI/173", "part.partNumber": "VLV-1", "serialNumber": "SN-173"},
    printer="zebra",
)


def test_another_label_of_a_serial_wants_a_reason_and_a_second_role(desk: Desk) -> None:
    assert desk.service.latest(SERIAL) is None
    (first,) = desk.service.order(LabelOrder([SERIAL], "k")).jobs
    desk.world.journal.prints.settle(desk.world.journal.prints.claim("zebra")[0].id, JobState.SENT)  # type: ignore[index]  # it waits
    assert getattr(desk.service.latest(SERIAL), "id", "") == first.id
    damaged = Why(Reason.DAMAGED, "torn")
    for asker, why, said in (
        (None, None, "Say why this label is printed once more."),
        (ADA, None, "Say why this label is printed once more."),
        (None, damaged, "A label with a serial number is printed once more by a lead. Let one sign in."),
        (BOB, damaged, "A label with a serial number is printed once more by a lead. Let one sign in."),
        (
            replace(ADA, is_proved=False),
            damaged,
            "A label with a serial number is printed once more with a PIN. Give yours, or sign in again.",
        ),
    ):
        with pytest.raises(OrderRefused) as refused:
            desk.service.order(LabelOrder([SERIAL], asker=asker, why=why))
        part = "label" if why else "reason"
        assert list(refused.value.faults) == [(0, part, f"This serial has a label already. {said}")]
    again = desk.service.order(LabelOrder([SERIAL], "again", asker=ADA, why=damaged))
    assert (again.batch.reason, again.batch.note) == (Reason.DAMAGED, "torn")
    assert [(job.edition, job.reprint_of) for job in again.jobs] == [(2, first.id)]
    assert desk.world.journal.prints.find(first.id).state is JobState.VOIDED  # type: ignore[union-attr]  # it is there
    repeat = desk.service.order(LabelOrder([SERIAL], "again", asker=ADA, why=damaged))
    assert repeat.is_repeat
    assert repeat.jobs == again.jobs


def test_the_same_order_again_needs_no_reason_where_nothing_names_one_thing(desk: Desk) -> None:
    lot = replace(SERIAL, fields={"code": "ION/PI/9", "part.partNumber": "VLV-1", "lotNumber": "L1"})
    desk.service.order(LabelOrder([lot]))
    assert desk.service.latest(lot) is None
    assert len(desk.service.order(LabelOrder([lot])).jobs) == 1


COUNTED = """
title = "Counted"
width_mm = 50
height_mm = 25
encodes = "code"
[fields]
code = { required = true, sample = "ION/PI/1000000" }
copy = { sample = "10" }
copies = { sample = "10" }
[[qr]]
x_mm = 2
y_mm = 2
size_mm = 18
value = "${code}"
[[text]]
x_mm = 24
y_mm = 4
width_mm = 24
size_mm = 2
value = "copy ${copy} of ${copies}"
if = "copy"
"""


def test_a_design_that_counts_its_copies_gets_a_face_for_each(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "counted.toml").write_text(COUNTED, encoding="utf-8")
    counted = read_designs(tmp_path).good["counted"]
    desk.world.shop.change(lambda now: replace(now, good={**now.good, "counted": counted}))
    fields = {"code": "ION/PI/9", "copy": "77"}
    wish = LabelWish("counted", fields, printer="zebra", copies=3)
    jobs = desk.service.order(LabelOrder([wish])).jobs
    assert [(job.copy, job.fields["copy"], job.fields["copies"]) for job in jobs] == [
        (1, "1", "3"),
        (2, "2", "3"),
        (3, "3", "3"),
    ]
    assert len({desk.world.room.picture(job.id) for job in jobs}) == 3
    assert refusal(desk, replace(wish, copies=101)) == [
        (
            0,
            "fields",
            "Cannot make label 'counted': expected 100 copies or less of a label that counts them, got 101.",
        )
    ]
