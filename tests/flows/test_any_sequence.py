"""Whatever happens in whatever order: nothing raises, nothing is counted twice, nothing entered is lost."""

from dataclasses import replace
from datetime import UTC
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kiosk.flows import awaited
from kiosk.flows.fields import number_of, time_of
from kiosk.model import (
    FieldKind,
    Inventory,
    Issue,
    Json,
    Kit,
    KitItem,
    Location,
    Order,
    OrderLine,
    Part,
    Procedure,
    Run,
    RunHeading,
    RunStep,
    StepField,
    Stock,
    Subject,
    Tracking,
)
from kiosk.wire import object_json
from tests.flows.floor import FLOWS, NOW, SHELF, Floor
from tests.sizes import TIMES

MARK = "{§0}"
"""Stands in every text that comes from ION or a barcode: never in a template, and never filled in."""


def part(number: str, tracking: Tracking) -> Part:
    return Part(number, f"{number}{MARK}", MARK, MARK, tracking)


BOLT, VALVE, TAPE = (
    part(tracking.value, tracking) for tracking in (Tracking.LOT, Tracking.SERIAL, Tracking.NONE)
)
HEADING = RunHeading("77", MARK, MARK)
STOCK = Inventory("1", VALVE, Decimal(1), MARK, serial=f"SN{MARK}", location=SHELF, runs=(HEADING,))
LOTS = replace(
    STOCK, id="2", part=BOLT, serial=None, lot=f"LOT{MARK}", runs=(HEADING, replace(HEADING, id="78"))
)
LINES = (
    OrderLine("1", BOLT, Decimal(10), Decimal(1), MARK),
    OrderLine("2", VALVE, Decimal(2), Decimal(0), MARK),
    OrderLine("3", TAPE, Decimal("2.5"), Decimal(0), MARK),
    OrderLine("4", TAPE, Decimal(9), Decimal(0), MARK),
    OrderLine("5", None, Decimal(1), Decimal(0), MARK),
)
ORDER = Order("42", f"PO{MARK}", "ORDERED", MARK, LINES)
SHORT = replace(ORDER, lines=LINES[:3])
DRAFT = replace(ORDER, id="43", number=f"DRAFT{MARK}", status="DRAFT")
STEPS = (
    RunStep("s1", MARK, "TODO", 1),
    RunStep("s2", MARK, "TODO", 2, upstream=("s1",)),
    RunStep("s3", MARK, "IN_PROGRESS", 3),
)
RUN = Run("77", MARK, "TODO", procedure=MARK, part_number=MARK, steps=STEPS)
OPTIONS = (MARK, "A", "B", "C", "D")
FIELDS = tuple(
    StepField(
        f"f{number}", f"{kind.value}{MARK}", kind, is_required=number % 2 == 0, options=OPTIONS, unit=MARK,
        least=Decimal(1), most=Decimal(5),
    )
    for number, kind in enumerate((*FieldKind, *FieldKind))
)  # fmt: skip
FILLED_IN = Run(
    "79",
    MARK,
    "IN_PROGRESS",
    steps=(RunStep("s8", MARK, "IN_PROGRESS", 1, fields=FIELDS), RunStep("s9", MARK, "IN_PROGRESS", 2)),
)
RUNS = (RUN, replace(RUN, steps=(), status="PENDING"))
KIT = Kit("5", MARK, items=(KitItem("1", BOLT, Decimal(2)),))
PROCEDURES = tuple(Procedure(str(number), f"{MARK}{number}", "RELEASED", MARK) for number in range(6))
ISSUE = Issue("6", MARK, MARK)
SHELF_9 = replace(SHELF, id="9", name=f"Shelf{MARK}")
SUBJECTS: tuple[Subject, ...] = (
    ORDER, SHORT, DRAFT, STOCK, LOTS, RUN, replace(RUN, steps=(), status="PENDING"), SHELF, SHELF_9,
    Stock(BOLT, (LOTS,)), Stock(VALVE), Stock(TAPE), Stock(part("none9", Tracking.NONE)),
    FILLED_IN, KIT, PROCEDURES[0], ISSUE,
)  # fmt: skip
QUANTITIES = (
    "1",
    "+1",
    "2.5",
    "100",
    "0",
    "-1",
    "NaN",
    "1e999",
    "+9e99999999",
    "999999999999",
    MARK,
    "",
    None,
)
KEYS = (*(line.key for line in LINES), *(subject.key for subject in SUBJECTS), "run/78", MARK, None)
OPERATIONS = frozenset(
    {
        "receive", "move", "adjust", "create_run", "set_run_status", "set_step_status", "set_field_value",
        "create_issue", "attach_file",
    }
)  # fmt: skip
CHOICES = (
    "1", "2", "3", "4", "option/1", "title/2", "disposition/3", "reason/1", "ask/title", "ask/disposition",
    "field/f1", "field/f3", "step/s8", "start/s1", "complete/s9", "fail/s8", "hold/s9", "said/1",
    "procedure/0",
)  # fmt: skip
PLAIN_VERBS = (
    "CANCEL", "BACK", "PRINT", "REPEAT", "HOME", "NEXT", "UNDO", "PRINTED", "FAIL", "HOLD", "PROBLEM",
    "CREATE", "RECOUNT", "SCRAP", "ENTER", "HISTORY", "PREVIOUS", "SEARCH", "HELP", "STATUS", MARK,
)  # fmt: skip
GIVING_VERBS = (
    ("YES", None), ("NO", None), ("NOW", None), ("VALUE", "3"), ("VALUE", "9"), ("VALUE", "0930"),
    ("VALUE", MARK), ("KEY", "4"), ("KEY", "DOT"), ("KEY", "MINUS"), ("KEY", MARK), ("PHOTO", "a" * 64),
    ("PHOTO", None), ("PHOTO", MARK),
)  # fmt: skip
CONFIRMED = {
    "receive/line", "move/item", "move/many", "run/field", "run/run", "run/new", "problem/report",
    "adjust/entry",
}  # fmt: skip
"""Screens on which CONFIRM makes a change."""
TEXTS = (
    "A",
    "B",
    "C",
    ORDER.number,
    BOLT.number,
    TAPE.number,
    "x" * 99,
    "\x1d\x04",
    "",
    "ION/CMD/QUANTITY/0",
    MARK,
)


def label(*fields: str) -> str:
    return "[)>\x1e06\x1d{}\x1e\x04".format("\x1d".join(fields))


LABELS = (
    *(
        label(f"K{ORDER.number}", f"P{each.number}", "Q2", "1TA", "SB", "3SBOX")
        for each in (BOLT, VALVE, TAPE)
    ),
    label(f"P{BOLT.number}", "Q1", "1TB"),
    label(f"P{VALVE.number}", "Q0.5", "SC"),
    label("KW-1", f"P{TAPE.number}", "Q2.5"),
    label("1TA", "Q1"),
    label("PNUT"),
    "1234567000000000123456",
)


def is_fitting(kind: FieldKind, value: Json) -> bool:
    """Return whether a value is one that a field of this kind can have."""
    match kind:
        case FieldKind.BOOLEAN:
            return isinstance(value, bool)
        case FieldKind.NUMBER:
            return number_of(str(value)) is not None
        case FieldKind.SELECT:
            return value in OPTIONS
        case FieldKind.MULTISELECT:
            return isinstance(value, list) and 0 < len(value) == len({*value} & {*OPTIONS})
        case FieldKind.DATETIME:
            return time_of(str(value), NOW, NOW.tzinfo or UTC) is not None
        case _:
            return isinstance(value, str) and bool(value)


class AnySequence(RuleBasedStateMachine):
    """A person who scans and presses at random, while news come in."""

    @initialize(
        lacking=st.sampled_from(["", "", "", *sorted(OPERATIONS)]),
        location=st.sampled_from([SHELF, SHELF, None]),
    )
    def comes_in(self, lacking: str, location: Location | None) -> None:
        self.floor = Floor()
        offers = OPERATIONS - {lacking}
        self.floor.place = replace(self.floor.place, offers=offers, location=location)
        self.confirmed = Decimal(0)

    @rule(
        subjects=st.lists(st.sampled_from(SUBJECTS), max_size=3, unique_by=lambda subject: subject.key),
        text=st.sampled_from(TEXTS),
        is_offline=st.booleans(),
    )
    def scans(self, subjects: list[Subject], text: str, *, is_offline: bool) -> None:
        self.floor.scan(text, *subjects, is_offline=is_offline and not subjects)

    @rule(
        text=st.sampled_from(LABELS),
        subjects=st.lists(st.sampled_from((ORDER, DRAFT, Stock(BOLT))), max_size=2),
    )
    def scans_a_label(self, text: str, subjects: list[Subject]) -> None:
        self.floor.scan(text, *{subject.key: subject for subject in subjects}.values())

    @rule(text=st.sampled_from(LABELS), count=st.integers(1, 3))
    def receives_by_label(self, text: str, count: int) -> None:
        self._goes_home()
        self.floor.scan("ION/PO/42", ORDER)
        for _ in range(count):
            self.floor.scan(text)
            self._confirms()

    @rule(subject=st.sampled_from(SUBJECTS))
    def scans_one(self, subject: Subject) -> None:
        self.floor.scan(f"ION/PI/{subject.key.rpartition('/')[2]}", subject)

    @rule(
        line=st.sampled_from(LINES),
        texts=st.lists(st.sampled_from(TEXTS), max_size=3),
        confirmations=st.integers(0, 2),
    )
    def enters_a_line(self, line: OrderLine, texts: list[str], confirmations: int) -> None:
        self._goes_home()
        self.floor.scan("ION/PO/42", ORDER)
        self.floor.press("CHOOSE", line.key)
        for text in texts:
            self.floor.scan(text)
        for _ in range(confirmations):
            self._confirms()

    @rule(run=st.sampled_from(RUNS), verbs=st.lists(st.sampled_from(("START", "COMPLETE")), max_size=4))
    def opens_a_run(self, run: Run, verbs: list[str]) -> None:
        self._goes_home()
        self.floor.scan("ION/RUN/77", run)
        for verb in verbs:
            self.moves_a_step(verb, None)

    @rule(
        given=st.lists(st.sampled_from((*GIVING_VERBS, *(("CHOOSE", key) for key in CHOICES))), max_size=6),
        texts=st.lists(st.sampled_from(("2", "A", "2026-11-20T09:30", "NAME", *TEXTS)), max_size=3),
        field=st.sampled_from(FIELDS),
    )
    def fills_in(self, given: list[tuple[str, str | None]], texts: list[str], field: StepField) -> None:
        self._goes_home()
        self.floor.scan("ION/RUN/79", FILLED_IN)
        self.floor.press("ENTER", "s8")
        self.floor.press("CHOOSE", f"field/{field.id}")
        for verb, argument in given:
            self.floor.press(verb, argument)
        for text in texts:
            self.floor.scan(text)
        self._confirms()

    @rule(verb=st.sampled_from(("FAIL", "PROBLEM")), choices=st.lists(st.sampled_from(CHOICES), max_size=3))
    def reports(self, verb: str, choices: list[str]) -> None:
        self._goes_home()
        self.floor.scan("ION/RUN/79", FILLED_IN)
        self.floor.press(verb)
        for choice in choices:
            self.floor.press("CHOOSE", choice)
        self._confirms()

    @rule(verb=st.sampled_from(("RECOUNT", "SCRAP")), quantity=st.sampled_from(QUANTITIES))
    def counts_stock(self, verb: str, quantity: str | None) -> None:
        self._goes_home()
        self.floor.scan("ION/PI/2", LOTS)
        self.floor.press(verb)
        self.floor.press("VALUE", quantity)
        self.floor.press("CHOOSE", "1")
        self._confirms()

    @rule(is_known=st.booleans())
    def creates_a_run(self, *, is_known: bool) -> None:
        self._goes_home()
        self.floor.scan("ION/PI/1", STOCK)
        self.floor.press("CREATE")
        if is_known and awaited(self.floor.session) is not None:
            self.floor.answers(*PROCEDURES)
        self.floor.press("CHOOSE", "2")
        self._confirms()

    @rule(is_offline=st.booleans())
    def answers(self, *, is_offline: bool) -> None:
        if awaited(self.floor.session) is not None:
            screen = self.floor.screen
            assert self.floor.answers(*(() if is_offline else PROCEDURES), is_offline=is_offline) == screen
            assert awaited(self.floor.session) is None

    @rule(items=st.lists(st.sampled_from((STOCK, LOTS)), max_size=3), is_confirmed=st.booleans())
    def moves_many(self, items: list[Inventory], *, is_confirmed: bool) -> None:
        self._goes_home()
        self.floor.press("FLOW", "move")
        self.floor.scan("ION/LOC/9", SHELF_9)
        for item in items:
            self.floor.scan("ION/PI/1", item)
        if is_confirmed:
            self._confirms()

    @rule(given=st.sampled_from(GIVING_VERBS))
    def gives(self, given: tuple[str, str | None]) -> None:
        count, screen = len(self.floor.submits), self.floor.screen
        self.floor.press(*given)
        assert len(self.floor.submits) <= count + (screen == "run/field")

    @rule(choice=st.sampled_from(CHOICES))
    def picks(self, choice: str) -> None:
        self.floor.press("CHOOSE", choice)

    @rule(is_confirmed=st.booleans())
    def opens_a_move(self, *, is_confirmed: bool) -> None:
        self._goes_home()
        self.floor.press("FLOW", "move")
        self.floor.scan("ION/PI/1", STOCK)
        self.floor.scan("ION/LOC/9", SHELF_9)
        if is_confirmed:
            self._confirms()

    @rule(verb=st.sampled_from(PLAIN_VERBS))
    def presses(self, verb: str) -> None:
        count = len(self.floor.submits)
        self.floor.press(verb)
        assert len(self.floor.submits) == count

    @rule(
        verb=st.sampled_from(("START", "COMPLETE")), argument=st.sampled_from(("step/s2", "s3", None, MARK))
    )
    def moves_a_step(self, verb: str, argument: str | None) -> None:
        before = self.floor.screen
        count = len(self.floor.submits)
        self.floor.press(verb, argument)
        made = self.floor.submits[count:]
        assert len(made) <= (before == "run/run")
        for each in made:
            self.floor.press(verb, str(each.arguments.get("step_id") or "77"))
        assert len(self.floor.submits) == count + len(made)

    @rule()
    def confirms(self) -> None:
        self._confirms()

    @rule(argument=st.sampled_from(QUANTITIES))
    def counts(self, argument: str | None) -> None:
        self.floor.press("QUANTITY", argument)

    @rule(argument=st.sampled_from(("1", "50", "51", "x", None)))
    def copies(self, argument: str | None) -> None:
        self.floor.press("COPIES", argument)

    @rule(key=st.sampled_from(KEYS))
    def chooses(self, key: str | None) -> None:
        self.floor.press("CHOOSE", key)

    @rule(name=st.sampled_from((*FLOWS, MARK, None)))
    def switches(self, name: str | None) -> None:
        self.floor.press("FLOW", name)

    @rule(subject=st.sampled_from(SUBJECTS))
    def hears(self, subject: Subject) -> None:
        screen, entered = self.floor.screen, self._entered()
        said = self.floor.said
        assert self.floor.hears(subject) == screen
        assert (self._entered(), self.floor.said) == (entered, said)

    @rule(is_done=st.booleans())
    def delivers(self, *, is_done: bool) -> None:
        if self.floor.place.outstanding:
            screen, entered = self.floor.screen, self._entered()
            about = self.floor.place.outstanding[0].about
            run = FILLED_IN if about == FILLED_IN.key else RUN
            result = {"line": object_json(LINES[0]), "run": object_json(run)} if is_done else None
            self.floor.delivers(result)
            # A run that a person waits for is shown.
            if screen != "run/made":
                assert (self.floor.screen, self._entered()) == (screen, entered)

    @invariant()
    def counts_what_was_confirmed_and_nothing_else(self) -> None:
        receipts = [each.arguments for each in self.floor.submits if each.operation == "receive"]
        assert sum((Decimal(str(each["quantity"])) for each in receipts), Decimal(0)) == self.confirmed
        assert all(Decimal(str(each["quantity"])) > 0 for each in receipts)
        serials = [serial for each in receipts for serial in each["serials"]]  # type: ignore[union-attr]
        assert all(len(each["serials"]) in {0, Decimal(str(each["quantity"]))} for each in receipts)  # type: ignore[arg-type]
        assert set(serials) <= {*TEXTS}

    @invariant()
    def enters_only_what_fits(self) -> None:
        for each in self.floor.submits:
            if each.operation == "set_field_value":
                assert is_fitting(FieldKind(str(each.arguments["type"])), each.arguments["value"])
            if each.operation == "adjust":
                assert Decimal(str(each.arguments["quantity"])) >= 0
                assert each.arguments["reason"]
            if each.operation == "create_issue":
                assert each.arguments["title"]

    @invariant()
    def says_only_what_was_written_for_it(self) -> None:
        message = self.floor.session.message
        if message is not None:
            assert MARK not in message.template
            assert message.text

    def _confirms(self) -> None:
        """Confirm; whatever that sends is not sent again by another confirmation."""
        floor, screen, before = self.floor, self.floor.screen, self.floor.state
        count = len(floor.submits)
        floor.press("CONFIRM")
        made = floor.submits[count:]
        if not made:
            return
        assert screen in CONFIRMED
        if screen == "receive/line":
            given = len(before["serials"]) or before["quantity"]
            assert str(given) == made[0].arguments["quantity"]
            self.confirmed += Decimal(given)
        floor.press("CONFIRM")
        assert len(floor.submits) == count + len(made)

    def _goes_home(self) -> None:
        self.floor.press("HOME")
        self._confirms()
        assert self.floor.screen == "home/idle"

    def _entered(self) -> list[object]:
        state = self.floor.state
        covered = state.get("resume")
        under = covered["state"] if covered else state
        items = [item["id"] for item in under.get("items") or ()]
        names = (
            "quantity", "lot", "serials", "location", "target", "copies", "draft", "picked", "photos",
            "reason", "kind", "disposition",
        )  # fmt: skip
        return [items, *(under.get(key) for key in names)]


AnySequence.TestCase.settings = settings(
    max_examples=100 * TIMES, stateful_step_count=30, deadline=None, derandomize=True
)
TestAnySequence = AnySequence.TestCase
