"""Starts the service again and again, each time in a fork of a process that has imported everything.

    python -m tests.faults.kill_service CONFIG

A line on standard input starts the service; standard output tells ``PID <n>``, what the service says itself,
and ``ENDED <exit status, or minus the signal>``.
"""

import importlib
import os
import sys

from kiosk.cli import main

_IMPORTED_LATE = ("kiosk.cli.service", "kiosk.at_work", "kiosk.journal.migrate")


def serve_again_and_again(config: str) -> None:
    """Serve once for each line of standard input."""
    for name in _IMPORTED_LATE:
        importlib.import_module(name)
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            main(["serve", "--config", config])
        print("PID", pid, flush=True)  # noqa: T201 - said to who started us
        _, status = os.waitpid(pid, 0)
        print("ENDED", os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    serve_again_and_again(sys.argv[1])
