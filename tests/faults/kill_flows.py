"""Six jobs of the real service; ION's own ledger, or the printer's paper, tells how often each was done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.end_to_end.floor import PATIENCE_S, Plant, wait_for

STATION, LABEL = "dock-1", "print a label"
ORDER, LOT_PART, SERIAL_PART, RUN, STEP = 5001, "ORNG-2-214", "VLV-4410", 1204, "13"
STOCK, SHELF, PLACES = 9002, "Rack-A1", (3, 1)
"""A piece of stock, where it lies, and where else it can go."""
_ANSWER_S = 15.0
"""By when ION's fresh answer is there, on a busy machine too."""


Shows: TypeAlias = Callable[[Mapping[str, Any]], bool]


def _step_is(status: str) -> Shows:
    def shows(state: Mapping[str, Any]) -> bool:
        steps = state.get("run", {}).get("steps", ())
        return any((step["id"], step["status"]) == (STEP, status) for step in steps)

    return shows


def _stock_is_at(place: str) -> Shows:
    return lambda state: state.get("inventory", {}).get("location", {}).get("name") == place


@dataclass(frozen=True, slots=True)
class Job:
    """One job, named anew each time."""

    name: str
    scans: tuple[str, ...]
    """The last one commits it. For a label, its code alone: it is asked for by a program."""
    count: Callable[[Plant], int]
    """How often it was done."""
    prepare: tuple[tuple[str, Shows], ...] = ()
    """Scanned before; what the screen's state then shows, once ION's fresh answer is there."""


def jobs(number: int) -> tuple[Job, ...]:
    """Return the jobs, under names that ``number`` makes their own."""
    lot, serial, code = f"LOT-KP-{number}", f"SN-KP-{number}", f"ION/LOC/{number}"
    place = str(PLACES[number % len(PLACES)])
    return (
        Job(
            "receive a lot",
            (f"ION/PO/{ORDER}", LOT_PART, "ION/CMD/QUANTITY/1", lot, "ION/CMD/CONFIRM"),
            lambda plant: sum(round(float(row["quantity"])) for row in plant.stock(lotNumber=lot)),
        ),
        Job(
            "receive a serial number",
            (f"ION/PO/{ORDER}", SERIAL_PART, serial, "ION/CMD/CONFIRM"),
            lambda plant: len(plant.stock(serialNumber=serial)),
        ),
        Job(
            "start a step",
            (f"ION/RUN/{RUN}", "ION/CMD/START"),
            lambda plant: _inputs(plant, "updateRunStep", id=STEP, status="IN_PROGRESS"),
            ((f"ION/RUN/{RUN}", _step_is("TODO")),),
        ),
        Job(
            "complete a step",
            (f"ION/RUN/{RUN}", "ION/CMD/COMPLETE"),
            lambda plant: _inputs(plant, "updateRunStep", id=STEP, status="COMPLETE"),
            ((f"ION/RUN/{RUN}", _step_is("TODO")), ("ION/CMD/START", _step_is("IN_PROGRESS"))),
        ),
        Job(
            "move stock",
            ("ION/CMD/FLOW/move", f"ION/PI/{STOCK}", f"ION/LOC/{place}", "ION/CMD/CONFIRM"),
            lambda plant: _inputs(plant, "updatePartInventory", id=str(STOCK), locationId=place),
            ((f"ION/PI/{STOCK}", _stock_is_at(SHELF)),),
        ),
        Job(LABEL, (code,), lambda plant: plant.printer.codes().count(code)),
    )


def _inputs(plant: Plant, operation: str, **wanted: str) -> int:
    """Return how many effects of an operation had these values in their input."""
    found = [
        effect["arguments"].get("input", {}) for effect in plant.effects() if effect["operation"] == operation
    ]
    return sum(all(str(one.get(name)) == value for name, value in wanted.items()) for one in found)


def made_ready(plant: Plant, job: Job) -> None:
    """Bring the printer's tray and the station to where the job can begin."""
    plant.printer.empty()
    _go_home(plant)
    for text, shows in job.prepare:
        _bring(plant, text, shows, f"{job.name}: {text}")
    _go_home(plant)


def _go_home(plant: Plant) -> None:
    """Leave whatever a job that was broken off has left on the screen."""
    posted(plant, "ION/CMD/HOME")
    if wait_for(lambda: _shown(plant, "home/idle", "home/switch"), "home") == "home/switch":
        posted(plant, "ION/CMD/CONFIRM")
        wait_for(lambda: _shown(plant, "home/idle"), "home, with what was entered left")


def _shown(plant: Plant, *screens: str) -> str | None:
    screen = str(plant.view()["screen"])
    return screen if screen in screens else None


def _bring(plant: Plant, text: str, shows: Shows, what: str) -> None:
    """Scan it, and wait until the screen shows what shall come of it."""
    posted(plant, text)
    if not text.startswith("ION/CMD/"):
        try:
            _wait_for_screen(plant, shows, what, _ANSWER_S)
        except AssertionError:
            # ION was filled anew under the kiosk: it may have joined this to a question of just before.
            posted(plant, text)
    _wait_for_screen(plant, shows, what)


def _wait_for_screen(plant: Plant, shows: Shows, what: str, timeout_s: float = PATIENCE_S) -> None:
    try:
        wait_for(lambda: shows(plant.view()["state"]), what, timeout_s)
    except AssertionError as error:
        raise AssertionError(f"{error}; it shows {plant.view()}") from None


def posted(plant: Plant, text: str) -> str:
    """Scan, and return the id that the acknowledgement has."""
    answer = plant.post("scans", {"station": STATION, "text": text}).raise_for_status()
    return str(answer.json()["receipt"]["id"])


def done(plant: Plant, job: Job) -> str:
    """Do the job, and return the id under which what commits it was acknowledged.

    Raises:
        httpx.HTTPError: the service was gone before it acknowledged what commits the job.
    """
    if job.name == LABEL:
        fields = {"code": job.scans[0], "name": "A-12"}
        body = {"station": STATION, "label": "location", "fields": fields}
        # One that was accepted and has no name is nowhere.
        return str(next(iter(plant.post("labels", body).raise_for_status().json()["jobs"]), ""))
    return [posted(plant, text) for text in job.scans][-1]
