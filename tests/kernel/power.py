"""The power of a whole machine is cut, with the real service at work on a disk that forgets.

The machine is QEMU, its kernel Debian's, its file system ext4; what was not flushed to the disk is gone by
chance. ION and the printer stand outside and live on. What the machine has told on its console before the cut
is what was promised.
"""

import queue
import random
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.simulator.seed import seed_world
from kiosk.simulator.server import IonServer
from kiosk.simulator.world import World
from tests.end_to_end.floor import PaperPrinter
from tests.faults.proxy import Action, FaultProxy, Rule
from tests.kernel.machine import command, output, ram_disk, say
from tests.kernel.volatile_disk import VolatileDisk

DISK_MB = 48
CAREFUL, CARELESS = "kiosk", "tests.faults.careless"
"""The service, and the same with ``synchronous=NORMAL``: the control, which must lose."""
PATIENCE_S = 600.0
LEAST_ACKNOWLEDGED = 20
"""Receipts before the power may go: a cut before anything was promised shows nothing."""
_HELD_S = 120.0
GUEST_SEES_US_AT = "10.0.2.2"


@dataclass
class Promises:
    """What was told on the console."""

    acknowledged: set[str] = field(default_factory=set)
    lots: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)


@dataclass
class Tally:
    """What the cuts led to."""

    cuts: int = 0
    lost: list[int] = field(default_factory=list)
    """Acknowledged and gone, for each cut."""
    faults: list[str] = field(default_factory=list)


class HalfPrinter(PaperPrinter):
    """Takes labels; while it is slow, it stops in the midst of each. Half a label is no label."""

    is_slow = False

    @property
    def is_printing(self) -> bool:
        """Return whether a label has begun and not ended."""
        return self._whole()[1] != b""

    def _whole(self) -> tuple[bytes, bytes]:
        """Return the whole labels, and what has begun of another."""
        taken = b"".join(self._received)
        end = taken.rfind(b"^XZ") + len(b"^XZ") if b"^XZ" in taken else 0
        begun = taken.find(b"^XA", end)
        return taken[:end], b"" if begun < 0 else taken[begun:]

    def _drain(self, line: socket.socket) -> None:
        while not self._stopping.is_set():
            if self.is_slow and self.is_printing:
                self._stopping.wait(0.05)
                continue
            try:
                data = line.recv(512)
            except TimeoutError:
                continue
            except ConnectionError:
                break
            if not data:
                break
            self._received.append(data)
        self._received[:] = [self._whole()[0]]


class Outside:
    """ION behind a proxy, and a printer: what the power cut does not reach."""

    def __init__(self, folder: Path) -> None:
        self._stack = ExitStack()
        self.ion = self._stack.enter_context(IonServer(seed_world(World()), dialect="classic"))
        self.proxy = self._stack.enter_context(FaultProxy(self.ion.port))
        self.printer = HalfPrinter()
        self._stack.callback(self.printer.close)
        self.config = folder / "kiosk.toml"
        self.config.write_text(self._settings(), encoding="utf-8")

    def close(self) -> None:
        """Stop them."""
        self._stack.close()

    def received(self, lot: str) -> int:
        """Return how many pieces of a lot ION has."""
        rows = self.ion.ion.world.part_inventories
        return sum(int(row.quantity) for row in rows if row.lot_number == lot)

    def _settings(self) -> str:
        ion = f"http://{GUEST_SEES_US_AT}:{self.proxy.port}"
        token = self.ion.token_url.removeprefix(self.ion.base_url)
        return f"""
[ion]
url = "{ion}/graphql"
token_url = "{ion}{token}"
client_id = "kiosk"
client_secret = "kiosk-secret"

[journal]
url = "sqlite:////run/state/kiosk.db"

[web]
port = 8080

[[stations]]
name = "dock-1"
location = "WH-Receiving"
printer = "dock-zebra"

[[printers]]
name = "dock-zebra"
url = "tcp://{GUEST_SEES_US_AT}:{self.printer.port}"
"""


class Machine:
    """One life of the virtual machine; its console is read in a thread."""

    def __init__(self, start: list[str], promises: Promises) -> None:
        self._promises = promises
        self.kept: set[str] = set()
        self.words: list[str] = []
        """Lines that begin with something else than what is counted."""
        self.acknowledged = 0
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._process = subprocess.Popen(
            start, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, errors="replace"
        )
        self._thread = threading.Thread(target=self._read, name="console")
        self._thread.start()

    def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Listen to the console until something is so."""
        end_s = time.monotonic() + PATIENCE_S
        while not is_so():
            try:
                line = self._lines.get(timeout=0.1)
            except queue.Empty:
                line = ""
            if line is None or time.monotonic() > end_s:
                raise AssertionError(f"no {what}; the console says: {self.words[-20:]}")
            self._hear(line)

    def has_said(self, word: str) -> bool:
        """Return whether a line begins with a word."""
        return any(line.startswith(word) for line in self.words)

    def end(self) -> None:
        """Take the power away, and hear what was said before."""
        self._process.kill()
        self._process.wait()
        self._thread.join()
        while not self._lines.empty():
            self._hear(self._lines.get() or "")

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as console:
            for line in console:
                # The last line may be half of one.
                self._lines.put(line.rstrip("\r\n") if line.endswith("\n") else "")
        self._lines.put(None)

    def _hear(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        match word:
            case "ACK":
                self._promises.acknowledged.add(rest)
                self.acknowledged += 1
            case "LOT":
                self._promises.lots.add(rest)
            case "LABEL":
                self._promises.labels.add(rest)
            case "KEPT":
                self.kept.add(rest)
            case _ if line:
                self.words.append(line)


@dataclass
class Bench:
    """Boots the machine again and again, on the same disk."""

    folder: Path
    version: str
    packed: Path
    disk: VolatileDisk
    outside: Outside
    service: str
    chance: random.Random
    promises: Promises = field(default_factory=Promises)
    tally: Tally = field(default_factory=Tally)
    boots: int = 0

    @contextmanager
    def booted(self, *, is_last: bool = False) -> Iterator[Machine]:
        """Start the machine, and judge what its disk still has; leaving it takes the power away."""
        self.boots += 1
        start = command(
            self.folder,
            self.version,
            self.packed,
            *("-nic", "user,model=virtio-net-pci"),
            *("-drive", f"if=none,id=state,format=raw,cache=writeback,file=nbd:unix:{self.disk.path}"),
            *("-device", "virtio-blk-pci,drive=state"),
            KIOSK_CONFIG=str(self.outside.config),
            KIOSK_SERVICE=self.service,
            KIOSK_BOOT=str(self.boots),
            KIOSK_IS_LAST=str(int(is_last)),
        )
        promised = set(self.promises.acknowledged)
        machine = Machine(start, self.promises)
        try:
            machine.until(lambda: machine.has_said("READY") or machine.has_said("BROKEN"), "kiosk")
            self._judge(machine, promised)
            yield machine
        finally:
            machine.end()

    def cut(self, moment: str) -> None:
        """Let the machine work, and take the power away at a moment."""
        with self.booted() as machine:
            machine.until(lambda: machine.acknowledged >= LEAST_ACKNOWLEDGED, "receipts")
            self._wait_for(machine, moment)
        self.disk.cut(self.chance)
        self.outside.printer.is_slow = False
        self.outside.proxy.clear()
        self.tally.cuts += 1
        say(f"  cut {self.tally.cuts} {moment}: {len(self.promises.acknowledged)} acknowledged so far")

    def _wait_for(self, machine: Machine, moment: str) -> None:
        match moment:
            case "mid-receipt":
                # Done in ION, and the kiosk not told.
                rule = Rule(action=Action.DELAY, operation="addItemsToReceipt", seconds=_HELD_S)
                self.outside.proxy.add(rule)
                machine.until(self._is_held, "receipt under way")
            case "mid-print":
                self.outside.printer.is_slow = True
                machine.until(lambda: self.outside.printer.is_printing, "label under way")
            case _:
                end_s = time.monotonic() + self.chance.uniform(0.5, 4)
                machine.until(lambda: time.monotonic() > end_s, "time")

    def _is_held(self) -> bool:
        return any(
            entry["action"] == Action.DELAY.name and "status" in entry for entry in self.outside.proxy.log
        )

    def _judge(self, machine: Machine, promised: set[str]) -> None:
        if self.boots == 1:
            return
        lost = promised - machine.kept
        self.tally.lost.append(len(lost))
        if machine.has_said("BROKEN") or not machine.has_said("INTEGRITY ok"):
            self.tally.faults.append(f"boot {self.boots}: {machine.words[-10:]}")
        say(f"  start {self.boots}: {len(promised)} were acknowledged, {len(lost)} of them are lost")


@contextmanager
def bench(folder: Path, version: str, work: Path, service: str, seed: int) -> Iterator[Bench]:
    """Build a machine with an empty disk."""
    work.mkdir()
    packed, image = work / "initrd", work / "image"
    ram_disk(folder, version, packed, "power.sh")
    output("mke2fs", "-q", "-F", "-t", "ext4", image, f"{DISK_MB}M")
    outside = Outside(work)
    try:
        with VolatileDisk(work / "disk", bytearray(image.read_bytes())) as disk:
            chance = random.Random(seed)  # noqa: S311 - not for secrets
            yield Bench(folder, version, packed, disk, outside, service, chance)
    finally:
        outside.close()


def cut_again_and_again(folder: Path, version: str, work: Path) -> bool:
    """Cut the power of the service and of the control; return whether only the control lost anything."""
    say("Power cuts of the service:")
    with bench(folder, version, work / "careful", CAREFUL, seed=7) as careful:
        for moment in ("mid-receipt", "mid-print", "anywhere", "mid-receipt", "mid-print"):
            careful.cut(moment)
        with careful.booted(is_last=True) as machine:
            machine.until(lambda: machine.has_said("VERIFIED") or machine.has_said("BROKEN"), "verdict")
        faults = [*careful.tally.faults, *_judged(careful, machine)]
    say(f"  flushes {careful.disk.flushes}, sectors that the disk forgot {careful.disk.lost}")
    say("Power cut of the control, synchronous=NORMAL:")
    with bench(folder, version, work / "careless", CARELESS, seed=7) as careless:
        careless.cut("anywhere")
        with careless.booted(is_last=True):
            pass
    if not sum(careless.tally.lost):
        faults.append("the control lost nothing: these cuts show nothing")
    say("\n".join(faults) or "POWER good: nothing lost, nothing twice; the control lost")
    return not faults


def _judged(bench: Bench, machine: Machine) -> list[str]:
    """Compare what was promised with ION's stock and with the printer's paper."""
    faults = [f"{count} lost" for count in bench.tally.lost if count]
    parked = next((int(line.split()[1]) for line in machine.words if line.startswith("PARKED")), 0)
    received = {lot: bench.outside.received(lot) for lot in bench.promises.lots}
    faults += [f"{lot} received {count} times" for lot, count in received.items() if count > 1]
    if missing := [lot for lot, count in received.items() if not count][parked:]:
        faults.append(f"acknowledged, and not in ION: {missing}")
    out = Counter(bench.outside.printer.codes())
    faults += [f"{code} printed {count} times" for code, count in out.items() if count > 1]
    if not machine.has_said("VERIFIED"):
        faults.append(f"the audit: {machine.words[-5:]}")
    say(f"  {len(received)} lots, {len(out)} labels, parked {parked}")
    return faults
