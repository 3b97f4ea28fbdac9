"""The nouns of the floor: what ION keeps, what a person does, what the kiosk has to deliver.

Ids are opaque strings, quantities are ``Decimal`` in the part's stock unit, times are aware and in UTC.
"""

from kiosk.model.delivery import (
    DesignVersion,
    Effect,
    JobState,
    LabelChoice,
    LabelFields,
    LabelTemplate,
    Operation,
    OperationState,
    PreparedLabel,
    Print,
    PrintJob,
    Submit,
    Verdict,
    overtaken_words,
)
from kiosk.model.floor import (
    Binding,
    DeviceState,
    FaultSeen,
    Level,
    Message,
    Pace,
    RawScan,
    ScanSeen,
    Session,
)
from kiosk.model.json import Json
from kiosk.model.orders import Order, OrderLine
from kiosk.model.people import BadgeHolder, Demand, Operator, Pin, Presence, Proof, Role
from kiosk.model.questions import Answer, Asked, Question, Subject
from kiosk.model.runs import FieldKind, FieldValue, Issue, Procedure, Run, RunStep, StepField
from kiosk.model.stock import Inventory, Kit, KitItem, Location, Part, RunHeading, Stock, Tracking

__all__ = [
    "Answer",
    "Asked",
    "BadgeHolder",
    "Binding",
    "Demand",
    "DesignVersion",
    "DeviceState",
    "Effect",
    "FaultSeen",
    "FieldKind",
    "FieldValue",
    "Inventory",
    "Issue",
    "JobState",
    "Json",
    "Kit",
    "KitItem",
    "LabelChoice",
    "LabelFields",
    "LabelTemplate",
    "Level",
    "Location",
    "Message",
    "Operation",
    "OperationState",
    "Operator",
    "Order",
    "OrderLine",
    "Pace",
    "Part",
    "Pin",
    "PreparedLabel",
    "Presence",
    "Print",
    "PrintJob",
    "Procedure",
    "Proof",
    "Question",
    "RawScan",
    "Role",
    "Run",
    "RunHeading",
    "RunStep",
    "ScanSeen",
    "Session",
    "StepField",
    "Stock",
    "Subject",
    "Submit",
    "Tracking",
    "Verdict",
    "overtaken_words",
]
