"""The order in which several processes of pytest take the tests: what takes longest comes first.

A test that takes half a minute and is begun last keeps one core busy, and the others wait for it. Tests that
share what takes long to make stay in one process, or each process would make it.
"""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

LONG: Final = (
    "tests/browser/test_access.py",
    "tests/browser/test_hostile.py",
    "tests/browser/test_sizes.py",
    "tests/cli/test_commands.py::test_a_printer_that_is_off",
    "tests/end_to_end/test_a_day_without_network.py",
    "tests/end_to_end/test_kill.py",
    "tests/end_to_end/test_label_service.py",
    "tests/faults/test_crash.py",
    "tests/faults/test_kill_points.py",
    "tests/faults/test_model.py",
    "tests/faults/test_random.py",
    "tests/faults/test_recovery.py",
    "tests/flows/test_any_sequence.py",
    "tests/hostile/test_any_string.py",
    "tests/journal/test_outbox_model.py",
    "tests/scanning/test_learn_device.py",
    "tests/test_delivery.py::test_a_thousand_random_faults",
    "tests/test_print_queue_model.py",
    "tests/test_standstill.py",
    "tests/test_wheel.py",
)
"""How the names of those begin that take ten seconds and more."""

TOGETHER: Final = ("tests/test_wheel.py",)
"""Long ones that share something: all of them take the wheel that is built once."""

Item = TypeVar("Item")


def is_long(name: str) -> bool:
    """Return whether a test is one of those that take longest."""
    return name.startswith(LONG)


def unit_of(name: str) -> str:
    """Return a name that a test has in common with those that stay with it."""
    path = name.partition("::")[0]
    return path if path in TOGETHER else name


def in_turn(
    items: Sequence[Item],
    processes: int,
    is_long: Callable[[Item], bool],
    unit_of: Callable[[Item], object] = id,
) -> list[Item]:
    """Return tests so that each process begins with its part of the long ones.

    With ``--dist worksteal`` each begins with a run of its own out of the whole, of the same length, and who
    has done with it takes from the ends of the others'.

    Args:
        items: the tests, in the order in which they were collected, which the short ones keep.
        processes: how many there are.
        is_long: tells the long ones.
        unit_of: the same for long ones that stay together.
    """
    units: dict[object, list[Item]] = {}
    for item in filter(is_long, items):
        units.setdefault(unit_of(item), []).append(item)
    long = list(units.values())
    short = [item for item in items if not is_long(item)]
    found: list[Item] = []
    for number in range(processes):
        heads = [item for unit in long[number::processes] for item in unit]
        run = (len(items) - len(found)) // (processes - number)
        tails = max(0, run - len(heads))
        found += heads + short[:tails]
        short = short[tails:]
    return found + short
