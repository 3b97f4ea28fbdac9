"""What a 4 x 2 inch label costs, beside ImageWriter and WeasyPrint with poppler in the same run."""

import resource
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bench._label_peers import MEDIA, ZPL, Peer, image_writer, weasyprint_and_poppler, zpl
from printers import Design, Handling, Values, lay_out, load_designs, render
from printers.proof import check_readable
from printers.symbols import decode

LABELS = Path(__file__).parents[1] / "templates" / "labels"
ROUNDS, SLOW_ROUNDS, WARM_UP = 200, 20, 20
BUDGET_MS, PROVED_BUDGET_MS = 4.0, 12.0
VALUES = {
    "part": {
        "code": '{"uid":"0123456789abcdef0123456789abcdef"}',
        "part.partNumber": "4711-002",
        "part.description": "Bracket, hydraulic manifold, titanium",
        "part.revision": "B",
        "serialNumber": "SN-000123",
        "location.name": "WH-Receiving",
        "receivedAt": "2025-11-21",
    },
    "run": {
        "code": "ION/RUN/317",
        "reference": "R2025-00317",
        "title": "Engine bay 4",
        "part.partNumber": "4711-002",
        "serialNumber": "SN-000123",
        "procedure.title": "Final assembly",
    },
    "location": {"code": "ION/LOC/12", "name": "WH-Receiving"},
    "receiving": {
        "code": '{"uid":"0123456789abcdef0123456789abcdef"}',
        "order": "PO-10007",
        "line": "3",
        "supplier": "Acme Precision Fasteners",
        "part.partNumber": "4711-002",
        "part.description": "Bracket, hydraulic manifold, titanium",
        "lotNumber": "L2025-117",
        "quantity": "250",
        "location.name": "WH-Receiving",
        "receivedAt": "2025-11-21",
    },
}


def fresh(values: Mapping[str, str], turn: int) -> dict[str, str]:
    """The values of another label: nothing drawn for the one before can be taken again, but for captions."""
    number = f"{turn:03d}"
    return {
        name: value[: -len(number)] + number if len(value) > 8 else value + number
        for name, value in values.items()
    }


def processor_s() -> float:
    """Time that this process and those it started have spent computing."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def timed(work: Callable[[int], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Medians of many warm rounds in ms: by the clock, and of the processor's time, which is ours alone."""
    times = []
    for turn in range(rounds + WARM_UP):
        start, start_computing = time.perf_counter(), processor_s()
        work(turn)
        if turn >= WARM_UP:
            times.append((time.perf_counter() - start, processor_s() - start_computing))
    clock, computing = zip(*times, strict=True)
    return statistics.median(clock) * 1000, statistics.median(computing) * 1000


def median_ms(work: Callable[[], object]) -> float:
    """Median of the processor's time."""
    return timed(lambda _turn: work())[1]


def ours(design: Design, values: Values, *, is_proved: bool) -> bytes:
    layout = lay_out(design, values, MEDIA)
    raster = render(layout)
    if is_proved:
        check_readable(raster, layout)
    return ZPL.encode(raster, MEDIA, Handling())


def measured(design: Design) -> bool:
    """Print what a design costs; return whether it kept its budget."""
    sets = [fresh(VALUES[design.name], turn) for turn in range(ROUNDS + WARM_UP)]
    plain = timed(lambda turn: ours(design, sets[turn], is_proved=False))
    proved = timed(lambda turn: ours(design, sets[turn], is_proved=True))
    size = len(ours(design, VALUES[design.name], is_proved=True))
    print(f"{design.name:28}{plain[1]:7.2f}{plain[0]:8.2f}{proved[1]:12.2f}{proved[0]:8.2f}{size:8d}  all")
    return plain[1] <= BUDGET_MS and proved[1] <= PROVED_BUDGET_MS


def measure_peer(name: str, peer: Peer | str, rounds: int) -> None:
    if isinstance(peer, str):
        print(f"{name:28}not measured: {peer}")
        return
    sets = [fresh(VALUES["run"], turn) for turn in range(rounds + WARM_UP)]
    clock, computing = timed(lambda turn: zpl(peer(sets[turn])), rounds)
    picture = peer(VALUES["run"])
    read = {found.text for found in decode(picture)}
    wanted = {VALUES["run"]["code"], VALUES["run"]["reference"]}
    size, found = len(zpl(picture)), f"{len(read & wanted)} of {len(wanted)}"
    print(f"{name:28}{computing:7.2f}{clock:8.2f}{'-':>12}{'-':>8}{size:8d}  {found}")


def main() -> int:
    print(
        f"labels: 4x2 in, 203 dpi, laid out, rendered, encoded as ZPL; median ms of {ROUNDS} different labels"
    )
    print(f"budget: {BUDGET_MS:g} ms of the processor, {PROVED_BUDGET_MS:g} ms with read-back")
    print(f"{'':28}{'ms':>7}{'clock':>8}{'read back':>12}{'clock':>8}{'bytes':>8}  symbols that read")
    designs = load_designs(LABELS)
    kept = [measured(designs[name]) for name in VALUES]
    measure_peer("run, ImageWriter and Pillow", image_writer, ROUNDS)
    measure_peer("run, WeasyPrint and poppler", weasyprint_and_poppler(), SLOW_ROUNDS)
    return 0 if all(kept) else 1


if __name__ == "__main__":
    main()
