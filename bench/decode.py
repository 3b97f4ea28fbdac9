"""How long a barcode takes to be read: median over collections beside the checkout, or over made-up ones."""

import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kiosk.barcodes import Pattern, read, warm_up
from tests.barcodes.corpora import cases

BUDGET_MS = 0.3
ROUNDS = 20

MADE_UP = (
    "PN-100",
    "ION/PI/4711",
    "ION/CMD/QUANTITY/5",
    '{"uid":"0123456789abcdef0123456789abcdef"}',
    "]E09506000134352",
    "]d20109506000134352172812311010LOT-7\x1d21SN-1",
    "https://id.gs1.org/01/09506000134352/10/LOT-7?17=281231",
    "[)>\x1e06\x1dKPO-1\x1d14K001\x1d1PMAKER-1\x1dQ10\x1d11K012345678\x1d4LCN\x1d1VMaker\x1e\x04",
    "[)>^06]kPO-1]P]1PMAKER-1]3P1234567]q80]9D]1T]4LJP]4K9^d",
    "{pbn:PICK1,on:SO99,pc:C123,pm:MAKER-1,qty:20,mc:,cc:1,pdi:555}",
    "QTY:5 PN:OWN-1 PO:12345678/3 CPO:PO-9 MFR:MAKER MPN:MAKER-1 RoHS https://www.tme.eu/details/OWN-1",
    "1234567000000250654321",
)
PATTERNS = (
    Pattern("1", "PARTS_INVENTORY", r"\(01\)(?P<part_partNumber>.*)\(17\)\(10\)(?P<serialNumber>.*)"),
    Pattern("2", "PARTS_INVENTORY", json_map={"part_partNumber": "pn", "lotNumber": "lot"}),
)


def times_ms(payloads: Sequence[bytes], patterns: Sequence[Pattern] = ()) -> list[float]:
    taken: list[float] = []
    for payload in payloads:
        each: list[float] = []
        for _ in range(ROUNDS):
            began_s = time.perf_counter()
            read(payload, patterns=patterns)
            each.append((time.perf_counter() - began_s) * 1000)
        taken.append(statistics.median(each))
    return taken


def main() -> int:
    """Print the medians; return 1 where the budget is exceeded."""
    began_s = time.perf_counter()
    warm_up()
    print(f"decode  warm-up {(time.perf_counter() - began_s) * 1000:8.1f} ms")
    collected = cases("supplier_barcodes.json") + cases("gs1_cases.json")
    payloads = [case["payload"].encode() for case in collected] or [text.encode() for text in MADE_UP]
    name = "collections" if collected else "made-up"
    taken = times_ms(payloads)
    median = statistics.median(taken)
    print(
        f"decode  {len(payloads)} {name}: median {median:.3f} ms, "
        f"slowest {max(taken):.3f} ms (budget: median {BUDGET_MS} ms)"
    )
    with_patterns = statistics.median(times_ms([text.encode() for text in MADE_UP], PATTERNS))
    print(f"decode  {len(MADE_UP)} made-up with {len(PATTERNS)} patterns: median {with_patterns:.3f} ms")
    return 0 if median <= BUDGET_MS else 1


if __name__ == "__main__":
    sys.exit(main())
