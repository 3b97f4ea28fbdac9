"""Starts kiosks quickly: each is a fork of one process that has imported all that a kiosk imports.

A forked kiosk is a process of its own, with its own threads, files, output and end, and runs
``kiosk.cli.main`` with the arguments that ``python -m kiosk`` would have. What it has in advance is what does
not depend on any run: imported modules, and how the documents fit a schema that was seen before.

    python -m tests.end_to_end.warm SOCKET [CONTROL]    with a socket's number
"""

import atexit
import contextlib
import importlib
import json
import os
import select
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TextIO

from graphql import GraphQLSchema

from kiosk.cli import main
from kiosk.ion import dialects, tenancy
from kiosk.ion.offering import OPERATIONS

__all__ = ["Started", "started"]

ROOT = Path(__file__).parents[2]
_IMPORTED_LATE = ("kiosk.cli.service", "kiosk.at_work", "kiosk.journal.migrate", "PIL.ImageFile")
"""What a kiosk that serves imports on its way."""
_LONGEST_ORDER = 1_000_000


class Started:
    """A kiosk that was forked; to be used as a ``subprocess.Popen``."""

    def __init__(self, stdout: TextIO, told: int) -> None:
        self.stdout: TextIO | None = stdout
        self.returncode: int | None = None
        self._told = os.fdopen(told, "r", encoding="ascii")
        self.pid = int(self._told.readline())

    def poll(self) -> int | None:
        """Return the exit status, or minus the signal, or ``None`` while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended."""
        found = self._ended(timeout)
        if found is None:
            raise subprocess.TimeoutExpired("kiosk", timeout or 0)
        return found

    def send_signal(self, number: int) -> None:
        """Send it a signal, where it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Take its power away."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout_s: float | None) -> int | None:
        if self.returncode is None and self._is_told(timeout_s):
            self.returncode = int(self._told.readline())
            self._told.close()
        return self.returncode

    def _is_told(self, timeout_s: float | None) -> bool:
        poll = select.poll()
        poll.register(self._told, select.POLLIN)
        return bool(poll.poll(None if timeout_s is None else timeout_s * 1000))


def started(
    arguments: Sequence[str],
    *,
    control: str = "",
    schema: str = "",
    environ: Mapping[str, str] | None = None,
    errors: int = 2,
) -> Started:
    """Start ``kiosk`` with these arguments.

    Args:
        arguments: of the command line.
        control: a module whose ``apply()`` takes a protection away.
        schema: a file with the schema of the ION that it will work with, as the journal keeps schemas.
        environ: its environment where it is not that of this process.
        errors: the descriptor that its log goes to.
    """
    own, given = os.pipe()
    told, tell = os.pipe()
    order = {
        "arguments": list(arguments),
        "environ": dict(os.environ if environ is None else environ),
        "schema": schema,
    }
    socket.send_fds(_maker(control), [json.dumps(order).encode()], [given, tell, errors])
    for end in (given, tell):
        os.close(end)
    return Started(os.fdopen(own, encoding="utf-8"), told)


@cache
def _maker(control: str) -> socket.socket:
    """Start a process that forks, and return the socket on which it takes orders; it ends with this one."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, "-m", "tests.end_to_end.warm", str(theirs.fileno())]
        maker = subprocess.Popen(
            [*command, *([control] if control else [])], cwd=ROOT, pass_fds=[theirs.fileno()]
        )

    def end() -> None:
        ours.close()
        maker.wait(10)

    atexit.register(end)
    return ours


# --- in the process that forks


class _Fits:
    """What was found out of schemas: to fit all documents to one takes longer than the rest of a start."""

    def __init__(self) -> None:
        self._schemas: dict[str, GraphQLSchema] = {}
        self._choices: dict[tuple[Any, ...], dialects.Choice] = {}
        self._build, self._choose = tenancy._schema, dialects._choose

    def apply(self) -> None:
        """Let every kiosk that is forked know it."""
        tenancy._schema, dialects._choose = self._built, self._chosen

    def find_out(self, text: str) -> None:
        """Fit all documents to a schema."""
        if text in self._schemas:
            return
        self._schemas[text] = schema = self._build(text, "")
        for unused in (frozenset(), tenancy._MARKER):
            for operation in OPERATIONS:
                sources = dialects._sources(operation, dialects.DIALECTS, None)
                found = self._choose(operation, schema, sources, unused)
                self._choices[operation, schema, tuple(sources), unused] = found

    def _built(self, text: str, place: str) -> GraphQLSchema:
        return self._schemas[text] if text in self._schemas else self._build(text, place)

    def _chosen(
        self, operation: str, schema: GraphQLSchema, sources: list[Any], unused: frozenset[str]
    ) -> dialects.Choice:
        found = self._choices.get((operation, schema, tuple(sources), unused))
        return found or self._choose(operation, schema, sources, unused)


def take_orders(orders: socket.socket) -> list[str]:
    """Fork for every order; return, in each child, the arguments that it shall run with."""
    fits = _Fits()
    fits.apply()
    with selectors.DefaultSelector() as selector:
        selector.register(orders, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is not orders:
                    _tell_the_end(selector, key)
                    continue
                message, descriptors, _, _ = socket.recv_fds(orders, _LONGEST_ORDER, 3)
                if not message:
                    _end_all(selector)
                    sys.exit(0)
                order = json.loads(message)
                if order["schema"]:
                    fits.find_out(Path(order["schema"]).read_text(encoding="utf-8"))
                output, tell, errors = descriptors
                pid = os.fork()
                if pid == 0:
                    _become_a_kiosk(selector, orders, descriptors, order["environ"])
                    return [str(word) for word in order["arguments"]]
                os.write(tell, b"%d\n" % pid)
                os.close(output)
                os.close(errors)
                selector.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, tell))


def _become_a_kiosk(
    selector: selectors.BaseSelector,
    orders: socket.socket,
    descriptors: Sequence[int],
    environ: dict[str, str],
) -> None:
    """Keep nothing of the process that forked but what it has imported and found out."""
    others = [key for key in selector.get_map().values() if key.fileobj is not orders]
    output, _, errors = descriptors
    os.dup2(output, 1)
    os.dup2(errors, 2)
    for descriptor in (*descriptors, *(end for key in others for end in (key.fd, key.data[1]))):
        os.close(descriptor)
    orders.close()
    os.environ.clear()
    os.environ.update(environ)


def _tell_the_end(selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    pid, tell = key.data
    _, status = os.waitpid(pid, 0)
    selector.unregister(key.fd)
    os.close(key.fd)
    with contextlib.suppress(BrokenPipeError):  # nobody may want to know any more
        os.write(tell, b"%d\n" % os.waitstatus_to_exitcode(status))
    os.close(tell)


def _end_all(selector: selectors.BaseSelector) -> None:
    for key in list(selector.get_map().values()):
        if key.data is not None:
            os.kill(key.data[0], signal.SIGKILL)
            _tell_the_end(selector, key)


if __name__ == "__main__":
    for name in _IMPORTED_LATE:
        importlib.import_module(name)
    for name in sys.argv[2:]:
        importlib.import_module(name).apply()
    arguments = take_orders(socket.socket(fileno=int(sys.argv[1])))
    sys.argv = ["kiosk", *arguments]
    main()
