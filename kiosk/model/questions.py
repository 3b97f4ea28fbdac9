"""What is asked about, and what ION answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from kiosk.model.delivery import LabelTemplate
from kiosk.model.orders import Order
from kiosk.model.runs import Issue, Procedure, Run
from kiosk.model.stock import Inventory, Kit, Location, Stock

Subject: TypeAlias = Inventory | Stock | Order | Run | Location | Kit | Procedure | Issue | LabelTemplate
"""What a scan can turn out to be, or a list can hold."""


class Asked(StrEnum):
    """By what ION is asked for a subject."""

    UID = "uid"
    INVENTORY_ID = "inventory-id"
    PART_ID = "part-id"
    PART_NUMBER = "part-number"
    SERIAL = "serial"
    LOT = "lot"
    ORDER_ID = "order-id"
    ORDER_NUMBER = "order-number"
    OPEN_ORDERS = "open-orders"
    """Orders that goods are expected on; the value is empty."""
    RUN_ID = "run-id"
    LOCATION_ID = "location-id"
    LOCATION_NAME = "location-name"
    LOCATIONS = "locations"
    """All of them; the value is empty."""
    KIT_ID = "kit-id"
    PROCEDURE_ID = "procedure-id"
    ISSUE_ID = "issue-id"
    PART_TEXT = "part-text"
    """Stock of the parts whose number contains the value, without regard to case."""
    STOCK_AT = "stock-at"
    """Inventory at the location with this id."""
    RUNS_OF = "runs-of"
    """Every run of the inventory with this id, newest first."""
    OPEN_RUNS = "open-runs"
    """Runs that are to do or in progress; the value is empty."""
    RELEASED_PROCEDURES = "released-procedures"
    """Procedures that can be run; the value is empty."""
    LABEL_TEMPLATES = "label-templates"
    """Labels that ION draws of one kind of thing; the value is ION's word for the kind."""
    SEARCH = "search"
    """Whatever has the value in its number or its name; many questions, which ``Inquiry`` puts."""
    ISSUES_OF = "issues-of"
    """Issues of ``run-step/<id>`` or ``inventory/<id>``; every one not resolved where the value is empty."""


@dataclass(frozen=True, slots=True)
class Question:
    """One look-up, such as *which inventory has serial SN-1*; also the key of its cached answer."""

    by: Asked
    value: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The subjects ION gave for one question, empty where it knows none."""

    question: Question
    subjects: tuple[Subject, ...]
    at: datetime
