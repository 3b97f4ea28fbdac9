"""A floor to walk on: what is in ION, a station, and a person who scans and presses.

``Floor`` keeps the session between events, as a station does, and collects what the flows ask for. Every
state goes through JSON on its way, since that is how the journal keeps it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from kiosk.barcodes import Command, read
from kiosk.flows import awaited, concerned, handle, packages_concerned, resting
from kiosk.flows.flow import Answered, Event, Outcome, Place, Pressed, Refreshed, Scanned, Settled
from kiosk.flows.screens import SCREENS
from kiosk.model import (
    Effect,
    Inventory,
    Json,
    Level,
    Location,
    Message,
    Operation,
    OperationState,
    Order,
    OrderLine,
    Part,
    Print,
    Run,
    RunHeading,
    RunStep,
    Session,
    Stock,
    Subject,
    Submit,
    Tracking,
)

NOW = datetime(2026, 11, 20, 10, 3, tzinfo=UTC)
FLOWS = ("receive", "lookup", "move", "run", "label", "problem", "adjust")

BOLT = Part("11", "BOLT-1", "C", "Bolt, hex", Tracking.LOT)
VALVE = Part("12", "VLV-1", "A", "Valve, ball", Tracking.SERIAL)
TAPE = Part("13", "TAPE-1", "", "Tape", Tracking.NONE)
GLUE = Part("14", "GLUE-1", "", "Glue", Tracking.NONE)
DOCK = Location("3", "WH-Receiving")
SHELF = Location("4", "Shelf 2", uid="0" * 31 + "4")
UNIT = Inventory("501", VALVE, Decimal(1), "AVAILABLE", serial="SN-1", location=SHELF)
LOT = Inventory("502", BOLT, Decimal(120), "AVAILABLE", lot="LOT-A", location=SHELF)
BARE = Inventory("503", TAPE, Decimal("2.5"), "WIP")
STEPS = (
    RunStep("s1", "Inspect", "TODO", 1, "e1"),
    RunStep("s2", "Proof test", "TODO", 2, "e2", ("s1",)),
)
RUN = Run("77", "Valve acceptance", "TODO", part_number="VLV-1", serial="SN-1", steps=STEPS)
HEADING = RunHeading("77", "Valve acceptance", "TODO")
ORDER = Order(
    "42",
    "PO-7",
    "ORDERED",
    "Bolts & Sons",
    (
        OrderLine("1", BOLT, Decimal(10), Decimal(4)),
        OrderLine("2", VALVE, Decimal(3), Decimal(0)),
        OrderLine("3", TAPE, Decimal("2.5"), Decimal(0)),
        OrderLine("4", None, Decimal(1), Decimal(0), "Freight"),
        OrderLine("5", GLUE, Decimal(2), Decimal(2)),
    ),
)
OTHER_ORDER = replace(ORDER, id="43", number="PO-8")


def operation_of(submit: Submit, number: int = 1, state: OperationState = OperationState.QUEUED) -> Operation:
    """Return a submitted change as the journal holds it."""
    return Operation(
        id=f"op{number}",
        key=f"s/{number}/0",
        station="dock-1",
        flow="receive",
        operation=submit.operation,
        subject=submit.subject,
        about=submit.about,
        arguments=submit.arguments,
        state=state,
        created_at=NOW,
    )


def bags_of(made: Effect | Operation) -> set[str]:
    """Return the packages of a receipt."""
    bags = made.arguments.get("bags") if isinstance(made, Submit | Operation) else None
    return {str(bag) for bag in bags} if isinstance(bags, list | tuple) else set()


@dataclass
class Floor:
    """One station, its session, and all that the flows asked for so far."""

    place: Place = field(default_factory=lambda: Place("dock-1", NOW, FLOWS, DOCK, has_printer=True))
    session: Session = field(default_factory=lambda: Session("s", "dock-1", "home", "idle", resting().state))
    effects: list[Effect] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)
    packages: set[str] = field(default_factory=set)
    """Identities of all packages that were received."""

    def happens(self, event: Event) -> Outcome:
        """Let the flows answer an event, and stand where they say."""
        keys = concerned(self.session, event)
        known = tuple(each for each in self.place.outstanding if each.about in keys)
        counted = frozenset(packages_concerned(self.session, event)) & self.packages
        outcome = handle(self.session, event, replace(self.place, outstanding=known, counted=counted))
        assert f"{outcome.flow}/{outcome.step}" in SCREENS
        state = json.loads(json.dumps(outcome.state, allow_nan=False))
        self.session = replace(
            self.session, flow=outcome.flow, step=outcome.step, state=state, message=outcome.message
        )
        self.effects += outcome.effects
        self.packages |= {bag for effect in outcome.effects for bag in bags_of(effect)}
        self.followed += [outcome.follow] if outcome.follow else []
        self.place = replace(
            self.place,
            outstanding=(
                *self.place.outstanding,
                *(
                    operation_of(effect, len(self.place.outstanding) + 1)
                    for effect in outcome.effects
                    if isinstance(effect, Submit)
                ),
            ),
        )
        return outcome

    def scan(
        self, text: str, *subjects: Subject, as_of: datetime | None = None, is_offline: bool = False
    ) -> str:
        """Scan a barcode that means these subjects; a command barcode is pressed."""
        readings = read(text.encode())
        command = next((one for one in readings.readings if isinstance(one, Command)), None)
        scanned = Scanned(readings, subjects, as_of, is_offline)
        self.happens(Pressed(command.verb, command.argument) if command else scanned)
        return self.screen

    def press(self, verb: str, argument: str | None = None) -> str:
        """Press a button."""
        self.happens(Pressed(verb, argument))
        return self.screen

    def hears(self, news: Subject) -> str:
        """Get fresher facts from ION."""
        self.happens(Refreshed(news))
        return self.screen

    def answers(self, *subjects: Subject, as_of: datetime | None = None, is_offline: bool = False) -> str:
        """Let ION answer what the screen waits for."""
        question = awaited(self.session)
        assert question is not None
        self.happens(Answered(question, subjects, as_of, is_offline))
        return self.screen

    def delivers(
        self, result: Mapping[str, Json] | None = None, state: OperationState = OperationState.DONE
    ) -> str:
        """Let ION answer the oldest operation that is on its way."""
        first, *others = self.place.outstanding
        if state is OperationState.DISCARDED:
            self.packages -= bags_of(first)
        self.place = replace(self.place, outstanding=tuple(others))
        error = "Lot is unknown" if state is not OperationState.DONE else ""
        self.happens(Settled(replace(first, state=state, result=result, error=error)))
        return self.screen

    def rejects(self, error: str) -> str:
        """Let ION refuse the oldest operation that is on its way."""
        first, *others = self.place.outstanding
        self.place = replace(self.place, outstanding=tuple(others))
        self.happens(Settled(replace(first, state=OperationState.REJECTED, error=error)))
        return self.screen

    @property
    def screen(self) -> str:
        """Return the screen that is shown."""
        return f"{self.session.flow}/{self.session.step}"

    @property
    def state(self) -> Any:  # noqa: ANN401 - JSON of many shapes, compared whole
        """Return the screen's state."""
        return self.session.state

    @property
    def said(self) -> tuple[Level, str] | None:
        """Return the sentence on the screen, and how it is meant."""
        message: Message | None = self.session.message
        return (message.level, message.text) if message else None

    @property
    def submits(self) -> list[Submit]:
        """Return the changes that were asked for."""
        return [effect for effect in self.effects if isinstance(effect, Submit)]

    @property
    def prints(self) -> list[Print]:
        """Return the labels that were asked for."""
        return [effect for effect in self.effects if isinstance(effect, Print)]

    def line(self, number: int) -> dict[str, Any]:
        """Return the figures of a line on the order's screen, counted from 1."""
        shown: dict[str, Any] = self.state["order"]["lines"][number - 1]
        return {key: shown[key] for key in ("ordered", "received", "remaining", "queued", "is_open")}


def at_order(order: Order = ORDER) -> Floor:
    """Return a floor where an order was scanned."""
    floor = Floor()
    floor.scan(order.number, order)
    return floor


def at_line(part: Part, order: Order = ORDER) -> Floor:
    """Return a floor where a line of an order was scanned."""
    floor = at_order(order)
    floor.scan(part.number, Stock(part))
    return floor


def with_line(number: int, **changes: Decimal | str) -> Order:
    """Return the order with one line changed, counted from 1."""
    lines = list(ORDER.lines)
    lines[number - 1] = replace(lines[number - 1], **changes)  # type: ignore[arg-type]
    return replace(ORDER, lines=tuple(lines))
