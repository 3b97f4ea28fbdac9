"""Batches and queues as pages and programs are shown them."""

from kiosk.model import NORMAL_PRIORITY, Batch, BatchState, DeviceState, JobState, Tally
from kiosk.ports import BatchView, QueueView
from tests.fakes import FakePrints
from tests.web.fakes import NOW, print_job


def batch(number: int = 1, **changes: object) -> Batch:
    values: dict[str, object] = {
        "id": f"b{number}",
        "key": f"key-{number}",
        "station": "dock-1",
        "title": "",
        "by": "",
        "state": BatchState.OPEN,
        "priority": NORMAL_PRIORITY,
        "created_at": NOW,
        "tally": Tally({JobState.CONFIRMED: 2, JobState.SENDING: 1, JobState.QUEUED: 7}),
        **changes,
    }
    return Batch(**values)  # type: ignore[arg-type]  # the defaults above have the right types


def queue(**changes: object) -> QueueView:
    jobs = [print_job(number, JobState.QUEUED, printer="dock-zebra") for number in (21, 22)]
    values: dict[str, object] = {
        "printer": DeviceState("dock-zebra", is_ready=True, text="Ready."),
        "since": None,
        "kind": "zpl, 203 dpi, 101.6 × 50.8 mm",
        "stations": ("dock-1",),
        "is_held": False,
        "waiting": 8,
        "in_flight": print_job(20, JobState.SENDING),
        "batches": (BatchView(batch(1), jobs[0]), BatchView(batch(2), jobs[1])),
        "asked": (),
        "printed": (print_job(19), print_job(18)),
        "takers": ("spare-zebra",),
        **changes,
    }
    return QueueView(**values)  # type: ignore[arg-type]  # the defaults above have the right types


def busy(prints: FakePrints) -> None:
    """Give a kiosk one printer with two batches."""
    prints.views = (queue(),)
    prints.batches = {one.id: one for one in (batch(1), batch(2))}
