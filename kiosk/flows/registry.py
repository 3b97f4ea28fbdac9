"""The flows, in the order in which they are asked whether a scan is theirs."""

from kiosk.flows.adjust import Adjust
from kiosk.flows.flow import Flow
from kiosk.flows.label import Label
from kiosk.flows.lookup import Lookup
from kiosk.flows.move import Move
from kiosk.flows.problem import Problem
from kiosk.flows.receive import Receive
from kiosk.flows.run import Runs

FLOWS: dict[str, Flow] = {
    "receive": Receive(),
    "lookup": Lookup(),
    "run": Runs(),
    "move": Move(),
    "label": Label(),
    "problem": Problem(),
    "adjust": Adjust(),
}
