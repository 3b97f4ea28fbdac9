"""Screens as the flows themselves bring them up: somebody scans and presses until they stand there."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from kiosk.flows.flow import Answered
from kiosk.model import (
    Asked,
    Demand,
    FieldKind,
    Inventory,
    Issue,
    JobState,
    Json,
    Kit,
    KitItem,
    Location,
    Message,
    Operator,
    Part,
    Past,
    Procedure,
    Proof,
    Question,
    Run,
    RunStep,
    StepField,
    Tracking,
)
from tests.flows.floor import NOW, ORDER, Floor
from tests.flows.pasts import DOUBTED, FILLED, GOT, PASTS, PROBLEM, SCRAP, operation, printed, scanned

PHOTO = "a" * 64
MIA = Operator("operator/1", "Mia Tanaka")
BRACKET = Part("21", "BRKT-ASSY-001", "B", "Bracket assembly, gimbal mount", Tracking.SERIAL)
SCREW = Part("22", "NAS1351N3-12", "A", "Screw, socket head, 10-32 x 3/4", Tracking.LOT)
BENCH = Location("6", "WC-Assembly-1", uid="0" * 31 + "6")
UNIT = Inventory("9007", BRACKET, Decimal(1), "AVAILABLE", serial="ASM-00012", location=BENCH)
SCREWS = Inventory("9020", SCREW, Decimal(480), "AVAILABLE", lot="LOT-2026-0117", location=BENCH)
TEXT = StepField("401", "O-ring lot", FieldKind.STRING, is_required=True)
NUMBER = StepField(
    "402",
    "Final torque",
    FieldKind.NUMBER,
    is_required=True,
    unit="N.m",
    least=Decimal(6),
    most=Decimal("6.5"),
)
YES = StepField("403", "Witness stripe applied", FieldKind.BOOLEAN, is_required=True)
NOTE = StepField("404", "Remarks", FieldKind.STRING)
ONE = StepField(
    "405", "Result of the visual inspection", FieldKind.SELECT, is_required=True,
    options=("Accept", "Accept with remarks", "Rework", "Reject", "Hold for review"),
)  # fmt: skip
MANY = StepField("406", "Marks found", FieldKind.MULTISELECT, options=("Scratch", "Dent", "Burr", "Stain"))
TIME = StepField("407", "Cured since", FieldKind.DATETIME)
SIGN = StepField("408", "Inspector", FieldKind.SIGNOFF, is_required=True, role="Quality inspector")
FILE = StepField("409", "Picture of the stripe", FieldKind.FILE_ATTACHMENT, entity_id="90409")
FIELDS = (TEXT, NUMBER, YES, NOTE, ONE, MANY, TIME, SIGN, FILE)
RUN = Run(
    "1202",
    "BRKT-ASSY-001 - ASM-00012 - Bracket Assembly",
    "IN_PROGRESS",
    procedure="Bracket Assembly",
    part_number="BRKT-ASSY-001",
    serial="ASM-00012",
    inventory_id="9007",
    steps=(
        RunStep("1", "Kit and clean parts", "COMPLETE", 1),
        RunStep("2", "Install O-rings", "IN_PROGRESS", 2, upstream=("1",), fields=(TEXT,)),
        RunStep("3", "Torque fasteners", "TODO", 3, upstream=("1",), fields=FIELDS),
        RunStep("4", "Final inspection", "TODO", 4, upstream=("2", "3")),
    ),
)
PROCEDURES = (
    Procedure("12", "Bracket Assembly", "RELEASED", "Build the gimbal mount bracket assembly"),
    Procedure("13", "Valve Acceptance Test", "RELEASED", "Proof, leak and response of solenoid valves"),
    Procedure("14", "Flight Computer Burn-in", "RELEASED", "48 h powered burn-in"),
    Procedure("15", "Incoming Inspection of Machined Parts", "RELEASED"),
    Procedure("16", "Rework", "RELEASED"),
)
KIT = Kit(
    "31", "REQUESTED", location=BENCH,
    items=tuple(KitItem(str(n), part, Decimal(n * 4)) for n, part in enumerate((BRACKET, SCREW) * 3, 1)),
)  # fmt: skip
ISSUE = Issue(
    "55", "Burr at hole 3", "IN_PROGRESS", "rework", "Break the edge and clean.",
    "Edge not broken after milling", "Edges broken 0.2 to 0.4 mm",
)  # fmt: skip


def _at_run() -> Floor:
    floor = Floor()
    floor.scan("ION/RUN/1202", RUN)
    return floor


def _asked(field: StepField, *fields: StepField) -> Floor:
    floor = Floor()
    steps = (replace(RUN.steps[1], fields=(field, *fields)),)
    floor.scan("ION/RUN/1202", replace(RUN, steps=steps))
    if floor.press("ENTER") == "run/fields":
        floor.press("CHOOSE", "1")
    return floor


def _text() -> Floor:
    return _asked(TEXT, NUMBER, YES)


def _number() -> Floor:
    floor = _asked(NUMBER, YES)
    floor.scan("7.25")
    return floor


def _many() -> Floor:
    floor = _asked(MANY)
    floor.press("CHOOSE", "1")
    floor.press("CHOOSE", "3")
    return floor


def _time() -> Floor:
    floor = _asked(TIME)
    floor.press("VALUE", "0930")
    return floor


def _signed() -> Floor:
    floor = _asked(SIGN)
    floor.scan("ION/OP/4711")
    return floor


def _signed_in() -> Floor:
    floor = Floor()
    floor.place = replace(floor.place, operator=Operator("badge/4711", "Ada Lovelace"))
    floor.scan("ION/RUN/1202", replace(RUN, steps=(replace(RUN.steps[1], fields=(SIGN,)),)))
    floor.press("ENTER")
    return floor


def _asking(proof: Proof, operator: Operator | None = None, *, has_pin: bool = True) -> Floor:
    """Stand at a run of a station that asks for a PIN, and complete its step."""
    floor = Floor()
    asks = {"run": Demand.PIN}
    floor.place = replace(floor.place, asks=asks, operator=MIA, proof=Proof.GIVEN, has_pin=has_pin)
    floor.scan("ION/RUN/1202", replace(RUN, steps=(replace(RUN.steps[1], fields=()),)))
    floor.place = replace(floor.place, operator=operator, proof=proof)
    floor.press("COMPLETE")
    return floor


def _signing() -> Floor:
    return _asking(Proof.GIVEN, MIA)


def _photo() -> Floor:
    floor = _asked(FILE, NOTE)
    floor.press("PHOTO", PHOTO)
    return floor


def _fields() -> Floor:
    floor = Floor()
    filled = (
        replace(TEXT, value="LOT-2026-0117"),
        replace(NUMBER, value=6.2),
        replace(YES, value=True),
        NOTE,
        MANY,
    )
    floor.scan("ION/RUN/1202", replace(RUN, steps=(replace(RUN.steps[1], fields=(*filled, NOTE, MANY)),)))
    floor.press("ENTER")
    return floor


def _procedures() -> Floor:
    floor = Floor()
    floor.scan("ASM-00012", UNIT)
    floor.press("CREATE")
    return floor


def _listed() -> Floor:
    floor = _procedures()
    floor.answers(*PROCEDURES, as_of=NOW)
    return floor


def _new() -> Floor:
    floor = _listed()
    floor.press("CHOOSE", "1")
    return floor


def _made() -> Floor:
    floor = _new()
    floor.press("CONFIRM")
    return floor


def _again() -> Floor:
    floor = _made()
    floor.press("BACK")
    floor.press("CREATE")
    floor.answers(*PROCEDURES)
    floor.press("CHOOSE", "1")
    floor.press("CONFIRM")
    return floor


def _problem() -> Floor:
    floor = _at_run()
    floor.press("FAIL")
    return floor


def _report() -> Floor:
    floor = _problem()
    floor.press("CHOOSE", "1")
    floor.press("PHOTO", PHOTO)
    return floor


def _disposition() -> Floor:
    floor = _report()
    floor.press("CHOOSE", "2")
    return floor


def _count() -> Floor:
    floor = Floor()
    floor.scan("LOT-2026-0117", SCREWS)
    floor.press("RECOUNT")
    return floor


def _reason() -> Floor:
    floor = _count()
    floor.press("VALUE", "470")
    return floor


def _counted() -> Floor:
    floor = _reason()
    floor.press("CHOOSE", "3")
    return floor


def _scrap() -> Floor:
    floor = _count()
    floor.press("SCRAP")
    return floor


def _scrapped() -> Floor:
    floor = _scrap()
    floor.press("VALUE", "5")
    return floor


def _uncertain() -> Floor:
    floor = Floor()
    floor.press("FLOW", "adjust")
    floor.scan("LOT-2026-0117", SCREWS)
    return floor


def _moves(count: int) -> Floor:
    floor = Floor()
    floor.press("FLOW", "move")
    floor.scan("ION/LOC/6", replace(BENCH, id="5", name="Rack-A1 / Shelf-A1-03"))
    for number in range(count):
        floor.scan("x", replace(SCREWS, id=str(number), lot=f"LOT-2026-{number:04}"))
    return floor


def _receipt() -> Floor:
    floor = Floor()
    floor.scan("PO-7", ORDER)
    floor.press("CHOOSE", "1")
    floor.press("PHOTO", PHOTO)
    floor.press("PHOTO")
    return floor


def _unverified(*texts: str) -> Floor:
    floor = Floor()
    floor.scan("PO-2026-000193", is_offline=True)
    floor.press("CONFIRM")
    for text in texts:
        floor.scan(text)
    return floor


def _scanned(*subjects: Any) -> Floor:  # noqa: ANN401 - any subject
    floor = Floor()
    floor.scan("anything", *subjects)
    return floor


def _unanswered(answer: Answered) -> Floor:
    floor = _procedures()
    floor.happens(answer)
    return floor


def _pressed(floor: Floor, *presses: str) -> Floor:
    for verb in presses:
        floor.press(verb)
    return floor


def _chosen(floor: Floor) -> Floor:
    floor.press("CHOOSE", "1")
    return floor


def _lacking() -> Floor:
    floor = Floor()
    floor.place = replace(floor.place, offers=frozenset({"set_step_status"}), flows=("run", "lookup"))
    floor.scan("ASM-00012", UNIT)
    return floor


_QUESTION = Question(Asked.RELEASED_PROCEDURES, "")


def _searching() -> Floor:
    floor = Floor()
    floor.press("SEARCH")
    floor.scan("BRKT")
    return floor


def _searched(*subjects: Any) -> Floor:  # noqa: ANN401 - any subject
    floor = _searching()
    floor.answers(*subjects)
    return floor


def _offline(floor: Floor) -> Floor:
    floor.happens(Answered(Question(Asked.SEARCH, "BRKT"), is_offline=True))
    return floor


def _past(*past: Past) -> Floor:
    """Return a station that looks back."""
    floor = Floor()
    floor.place = replace(floor.place, past=past or PASTS)
    floor.press("HISTORY")
    return floor


def _with_scans(floor: Floor) -> Floor:
    floor.press("CHOOSE", "show/all")
    return floor


def _entry(past: Past, *presses: str) -> Floor:
    floor = _past(past)
    floor.press("CHOOSE", "show/all")
    floor.press("CHOOSE", "1")
    return _pressed(floor, *presses)


_PLAYED: dict[str, Callable[[], Floor]] = {
    "home/history": _past,
    "home/search": lambda: _searched(
        UNIT, SCREWS, ORDER, BENCH, replace(BENCH, id="9", name="Rack A / Shelf 2")
    ),
    "home/help": lambda: _pressed(_at_run(), "HELP"),
    "home/status": lambda: _pressed(Floor(), "STATUS"),
    "home/entry": lambda: _entry(GOT),
    "home/undo": lambda: _entry(GOT, "UNDO"),
    "home/again": lambda: _entry(printed(1), "PRINT"),
    "home/who": lambda: _asking(Proof.NONE),
    "home/pin": _signing,
    "run/field": _text,
    "run/fields": _fields,
    "run/procedures": _listed,
    "run/new": _new,
    "run/made": _made,
    "problem/title": _problem,
    "problem/disposition": _disposition,
    "problem/report": _report,
    "adjust/entry": _count,
    "adjust/reason": _reason,
    "move/many": lambda: _moves(6),
    "lookup/kit": lambda: _scanned(KIT),
    "lookup/procedure": lambda: _scanned(PROCEDURES[0]),
    "lookup/issue": lambda: _scanned(ISSUE),
    "receive/photos": _receipt,
    "receive/unverified": _unverified,
}
_MORE: dict[str, Callable[[], Floor]] = {
    "home/search-open": lambda: _pressed(Floor(), "SEARCH"),
    "home/search-asking": _searching,
    "home/search-none": _searched,
    "home/search-offline": lambda: _offline(_searched(UNIT)),
    "home/help-home": lambda: _pressed(Floor(), "HELP"),
    "home/history-all": lambda: _with_scans(_past()),
    "home/history-none": lambda: _pressed(Floor(), "HISTORY"),
    "home/history-filled": lambda: _past(*FILLED),
    "home/entry-problem": lambda: _entry(Past(operation(PROBLEM, 3))),
    "home/entry-scrap": lambda: _entry(Past(operation(SCRAP, 3))),
    "home/entry-scan": lambda: _entry(scanned(4, b"BRKT-1042-07")),
    "home/entry-label": lambda: _entry(printed(9, JobState.UNKNOWN)),
    "home/entry-refused": lambda: _pressed(_entry(PASTS[2]), "NEXT"),
    "home/entry-doubted": lambda: _entry(DOUBTED),
    "home/entry-doubted-more": lambda: _pressed(_entry(DOUBTED), "NEXT"),
    "home/entry-withdraw": lambda: _entry(PASTS[1]),
    "home/undo-withdraw": lambda: _entry(PASTS[1], "UNDO"),
    "home/pin-none": lambda: _asking(Proof.NONE, MIA, has_pin=False),
    "receive/unverified-full": lambda: _unverified("BRKT-ASSY-001", "ION/CMD/QUANTITY/120", "LOT-2026-11-A"),
    "run/run": _at_run,
    "run/run-2": lambda: _pressed(_at_run(), "NEXT"),
    "run/run-3": lambda: _pressed(_at_run(), "NEXT", "NEXT"),
    "run/run-hold": lambda: _pressed(_at_run(), "HOLD"),
    "run/run-filled": lambda: _pressed(_fields(), "BACK"),
    "run/field-number": _number,
    "run/field-yesno": lambda: _asked(YES, NOTE),
    "run/field-one": lambda: _asked(ONE),
    "run/field-many": _many,
    "run/field-time": _time,
    "run/field-sign": lambda: _asked(SIGN),
    "run/field-signed": _signed,
    "run/field-operator": _signed_in,
    "run/field-photo": _photo,
    "run/procedures-asking": _procedures,
    "run/procedures-offline": lambda: _unanswered(Answered(_QUESTION, is_offline=True)),
    "run/procedures-refused": lambda: _unanswered(Answered(_QUESTION, error="Not permitted.")),
    "run/procedures-none": lambda: _unanswered(Answered(_QUESTION)),
    "run/new-again": _again,
    "problem/title-stock": lambda: _pressed(_scanned(SCREWS), "PROBLEM"),
    "problem/report-stock": lambda: _chosen(_pressed(_scanned(SCREWS), "PROBLEM")),
    "adjust/entry-open": _uncertain,
    "adjust/entry-counted": _counted,
    "adjust/entry-scrap": _scrap,
    "adjust/reason-scrap": _scrapped,
    "move/many-empty": lambda: _moves(0),
    "lookup/kit-empty": lambda: _scanned(replace(KIT, items=(), location=None)),
    "lookup/issue-open": lambda: _scanned(Issue("56", "Bent", "PENDING")),
    "lookup/procedure-draft": lambda: _scanned(
        Procedure("17", "Bracket Assembly, two-piece, rev C draft", "")
    ),
    "lookup/inventory": lambda: _scanned(UNIT),
    "lookup/inventory-2": lambda: _pressed(_scanned(UNIT), "NEXT"),
    "lookup/inventory-3": lambda: _pressed(_scanned(UNIT), "NEXT", "NEXT"),
    "lookup/inventory-lacking": lambda: _pressed(_lacking(), "NEXT"),
}


def _played(name: str, play: Callable[[], Floor]) -> tuple[str, dict[str, Json]]:
    floor, screen = play(), name.partition("-")[0]
    assert floor.screen == screen, name
    if floor.session.message is not None:
        MESSAGES.append((floor.session.message, floor.state))
    return screen, floor.state


MESSAGES: list[tuple[Message, dict[str, Json]]] = []
"""What is said where a screen stands then, and its state."""


PLAYED: dict[str, dict[str, Json]] = {name: _played(name, play)[1] for name, play in _PLAYED.items()}
"""Screen to state."""
MORE_PLAYED: dict[str, tuple[str, dict[str, Json]]] = {
    name: _played(name, play) for name, play in _MORE.items()
}
"""Other states, also of older screens, each under the screen's name and one of its own."""
