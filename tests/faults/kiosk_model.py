"""People, networks, printers and the power in any order around a whole kiosk.

People tell the truth here: they look into the tray, and into ION, before they say what became of something.
"""

from contextlib import closing, suppress

from hypothesis import strategies as st
from hypothesis.stateful import rule

from kiosk.errors import IonUncounted
from kiosk.model import Json
from kiosk.ports import Asker
from tests.faults.ion_line import BEHIND_A_LOCK, FATES
from tests.faults.kiosk_site import LOT_PART, ORDER, RUN, SERIAL_PART, STOCK, Site, Wanted
from tests.faults.whole_kiosk import PRINTERS, STATIONS

__all__ = ["KioskMachine"]

LINE, PART_ID = "7002", "107"
STRAY = (
    ORDER,
    LOT_PART,
    SERIAL_PART,
    RUN,
    STOCK,
    "ION/LOC/3",
    "ION/LOC/1",
    "ION/PO/9999",
    "NOBODY-KNOWS-IT",
    "[)>\x1e06\x1dKPO-10482\x1dP" + LOT_PART + "\x1dQ1\x1d1TLOT-SUP\x1e\x04",
    "<script>alert(1)</script>",
    "^XA^FDx^FS^XZ",
    *(f"ION/CMD/{verb}" for verb in ("CONFIRM", "CANCEL", "BACK", "START", "COMPLETE", "PRINT", "REPEAT")),
    "ION/CMD/QUANTITY/1",
    "ION/CMD/FLOW/move",
    "ION/CMD/FLOW/label",
    "ION/CMD/HOME",
)
VERBS = ("CONFIRM", "CANCEL", "BACK", "HOME", "START", "COMPLETE", "PRINT", "REPEAT")
PAPER_FATES = ("silent", "not taken", "breaks before", "breaks after", "killed before", "killed after")
GESTURES = ("once", "twice", "resent", "tapped twice")
DEATHS = ("lives", "lives", "lives", "dies in it", "dies after it")
UPSETS = ("unplugged", "out of labels", "power cut")
ADA = Asker("Ada", "lead", "badge/1", is_proved=True)
JUMPS_S = (0.0, -86400.0, -3600.0, 3600.0, 86400.0 * 400)

stations = st.sampled_from(STATIONS)
printers = st.sampled_from(tuple(PRINTERS.values()))
numbers = st.integers(0, 100)
ids = st.integers(1, 6)


class KioskMachine(Site):
    """Two stations of a kiosk on one order."""

    # --- people at the stations

    @rule(station=stations, text=st.sampled_from(STRAY))
    def stray(self, station: str, text: str) -> None:
        """Scan anything anywhere; what a label says that never came out where it stands elsewhere, too."""
        jobs = self.kiosk.jobs()
        missing = [job for job in self.doubtful() if not self.is_out(job)]
        says = {job.id for job in missing if text in {job.encoded, job.fields.get("reference")}}
        if says and (text not in self.older or says & self.older[text]):
            return
        if self.scan(station, text).is_taken:
            self.older.setdefault(text, {job.id for job in jobs})

    @rule(station=stations, verb=st.sampled_from(VERBS), taps=st.integers(1, 2), lag=st.integers(0, 1))
    def tap(self, station: str, verb: str, taps: int, lag: int) -> None:
        """Tap a button as the screen showed it, perhaps twice, perhaps on a screen that has just changed."""
        revision = max(0, self.kiosk.stations[station].view().revision - lag)
        for _ in range(taps):
            body = {"action": verb, "revision": revision}
            self.heard(self.kiosk.press(station, body, self.new_key()))
        self.shown = station

    @rule(station=stations, gesture=st.sampled_from(GESTURES), fate=st.sampled_from(DEATHS), at=ids)
    def receive_a_lot(self, station: str, gesture: str, fate: str, at: int) -> None:
        self.receive(station, Wanted(f"LOT-{len(self.wanted)}", is_serial=False), gesture, (fate, at))

    @rule(station=stations, gesture=st.sampled_from(GESTURES), fate=st.sampled_from(DEATHS), at=ids)
    def receive_a_serial(self, station: str, gesture: str, fate: str, at: int) -> None:
        self.receive(station, Wanted(f"SN-{len(self.wanted)}", is_serial=True), gesture, (fate, at))

    def receive(self, station: str, wanted: Wanted, gesture: str, death: tuple[str, int]) -> None:
        """Receive one piece, and commit it in one of the ways in which people do that."""
        name, (fate, at) = wanted.name, death
        self.wanted[name] = wanted
        entries = (SERIAL_PART, name) if wanted.is_serial else (LOT_PART, "ION/CMD/QUANTITY/1", name)
        for text in ("ION/CMD/HOME", ORDER, *entries):
            self.scan(station, text)
            self.kiosk.answer_all()
        self.kiosk.dies_at_id = at if fate == "dies in it" else 0
        self.kiosk.dies_when_told = fate == "dies after it"
        revision = self.kiosk.stations[station].view().revision
        if gesture == "tapped twice":
            answers = [
                self.heard(
                    self.kiosk.press(station, {"action": "CONFIRM", "revision": revision}, self.new_key())
                )
                for _ in range(2)
            ]
        else:
            answers = [self.scan(station, "ION/CMD/CONFIRM")]
            if gesture == "twice":
                answers.append(self.scan(station, "ION/CMD/CONFIRM"))
            if gesture == "resent" or not answers[0].is_taken:
                answers.append(self.resend())
        self.kiosk.dies_at_id, self.kiosk.dies_when_told = 0, False
        is_there = bool(self.operations_of(wanted))
        wanted.is_acknowledged = is_there and any(answer.is_taken for answer in answers)

    @rule(is_resent=st.booleans())
    def stations_work(self, *, is_resent: bool) -> None:
        """Let the stations answer what waits at them; the last scan may come again, from another start."""
        with self.surviving():
            self.kiosk.answer_all()
        if is_resent and self.last is not None:
            self.resend()

    @rule(number=numbers)
    def decide(self, number: int) -> None:
        """Look into ION, and say what is to become of work that stopped."""
        stopped = self.stopped()
        if stopped and not self.kiosk.line.is_something_late:
            self.decide_about(stopped[number % len(stopped)])

    # --- ION and the network

    @rule(what=st.sampled_from(("down", "up", "up", "a late copy", "reads lag", "reads do not lag")))
    def network(self, what: str) -> None:
        match what:
            case "down" | "up":
                self.kiosk.line.is_down = what == "down"
            case "a late copy":
                self.kiosk.line.arrive()
            case _:
                self.kiosk.read_lag(5.0 if what == "reads lag" else 0.0)

    @rule(fate=st.sampled_from(("good", *FATES, *BEHIND_A_LOCK)), steps=st.integers(1, 12))
    def deliver(self, fate: str, steps: int) -> None:
        """Let the next change meet something, and delivery go on."""
        self.kiosk.line.fate = fate
        with self.surviving():
            for _ in range(steps):
                self.kiosk.deliver()
        self.kiosk.line.fate = "good"

    @rule(number=numbers)
    def another_kiosk_receives(self, number: int) -> None:
        """Somebody else receives on the same line."""
        arguments: dict[str, Json] = {
            "order_id": "5001",
            "line_id": LINE,
            "part_id": PART_ID,
            "quantity": "1",
            "lot": f"OTHER-{self.new_key()}",
            "serials": [],
            "location_id": "4",
            "received_before": str(number),
        }
        # Where reads lag, it received, too, and has to wait until it can count.
        with closing(self.kiosk.factory.gateway()) as other, suppress(IonUncounted):
            other.perform("receive", arguments, marker=f"k:other:{self.keys}")

    # --- printers

    @rule(printer=printers, fate=st.sampled_from(("good", "good", *PAPER_FATES)), steps=st.integers(1, 4))
    def print(self, printer: str, fate: str, steps: int) -> None:
        paper = self.kiosk.papers[printer]
        paper.fate = fate
        if fate.startswith("killed"):
            paper.meanwhile = self.kiosk.note_what_is_left
        with self.surviving():
            for _ in range(steps):
                self.kiosk.print_one(printer)
        paper.fate, paper.meanwhile = "good", _nothing

    @rule(printer=printers, what=st.sampled_from(UPSETS), is_on=st.booleans())
    def upset_a_printer(self, printer: str, what: str, is_on: bool) -> None:
        paper = self.kiosk.papers[printer]
        match what:
            case "unplugged":
                paper.is_unplugged = is_on
            case "out of labels":
                paper.is_out_of_labels = is_on
            case _:
                self.kiosk.crash()

    @rule(number=numbers)
    def look_into_the_tray(self, number: int) -> None:
        """Say of a label in doubt whether it lies there."""
        doubtful = self.doubtful()
        if not doubtful:
            return
        job = doubtful[number % len(doubtful)]
        if self.is_out(job):
            self.kiosk.room.confirm(job.id, ADA)
        else:
            self.kiosk.room.deny(job.id, ADA)

    # --- time and power

    @rule(seconds=st.sampled_from((1.0, 10.0, 130.0)), jump_s=st.sampled_from(JUMPS_S))
    def time_passes(self, seconds: float, jump_s: float) -> None:
        """Let time pass, and somebody set the clock meanwhile."""
        self.kiosk.clock.passed_s += seconds
        self.kiosk.clock.jumped_s += jump_s

    @rule()
    def crash(self) -> None:
        self.kiosk.crash()


def _nothing() -> None:
    """Nobody does anything."""
