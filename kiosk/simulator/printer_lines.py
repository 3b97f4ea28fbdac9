"""The virtual printer's network side: connections that can be refused, left unread, or reset in mid-label."""

import functools
import socket
import struct
import threading
from typing import Final, Protocol

from kiosk.simulator.printer_faults import Troubles
from kiosk.simulator.zpl_reader import ZplLabel, ZplQuery, ZplReader

__all__ = ["Machine", "PrinterLines"]

TICK_S: Final = 0.05
"""How soon a thread notices that it is to stop."""
_IDLE_S: Final = 60.0
_STOP_S: Final = 5.0
_MOST_LINES: Final = 16
_CHUNK: Final = 65536
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


class Machine(Protocol):
    """What is behind the lines."""

    @property
    def power_ups(self) -> int:
        """How often it was switched on; a line ends with the power."""
        ...

    @property
    def is_dark(self) -> bool:
        """Whether it is switched off just now."""
        ...

    def tend(self) -> None:
        """Look after what happens by itself; called every few hundredths of a second."""
        ...

    def take(self, label: ZplLabel) -> None:
        """Put a label into the buffer; waits while that is full."""
        ...

    def answer(self, query: ZplQuery, reader: ZplReader) -> bytes:
        """Return what it says, perhaps nothing."""
        ...


class PrinterLines:
    """Listens on one port until it is stopped."""

    def __init__(self, machine: Machine, troubles: Troubles, host: str, port: int) -> None:
        """Open the port.

        Raises:
            OSError: The address cannot be listened on.
        """
        self._machine = machine
        self._troubles = troubles
        self._stopping = threading.Event()
        self._host = host
        self._listener: socket.socket | None = socket.create_server((host, port))
        self._listener.settimeout(TICK_S)
        self.port: int = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, name="label-printer-accept", daemon=True)

    def start(self) -> None:
        """Take connections from now on."""
        self._accepting.start()

    def stop(self) -> None:
        """Close every socket and wait for the threads."""
        self._stopping.set()
        self._accepting.join(_STOP_S)
        for thread in self._threads:
            thread.join(_STOP_S)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            self._machine.tend()
            if self._troubles.now.is_refusing or self._machine.is_dark:
                self._close()
                self._stopping.wait(TICK_S)
            elif self._listener is None:
                self._open()
            else:
                self._accept_one(self._listener)
        self._close()

    def _accept_one(self, listener: socket.socket) -> None:
        try:
            line, _ = listener.accept()
        except TimeoutError:
            return
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        if len(self._threads) >= _MOST_LINES or self._machine.is_dark:
            line.close()
            return
        serve = functools.partial(self._serve, line)
        thread = threading.Thread(target=serve, name="label-printer-line", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _open(self) -> None:
        try:
            self._listener = socket.create_server((self._host, self.port))
        except OSError:
            self._stopping.wait(TICK_S)  # somebody else has it for the moment
        else:
            self._listener.settimeout(TICK_S)

    def _close(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _serve(self, line: socket.socket) -> None:
        reader, power_ups, idle_s = ZplReader(), self._machine.power_ups, 0.0
        with line:
            line.settimeout(TICK_S)
            while not self._stopping.is_set() and idle_s < _IDLE_S:
                if self._machine.power_ups != power_ups:
                    _reset(line)
                    return
                if self._troubles.now.is_deaf:
                    self._stopping.wait(TICK_S)
                    continue
                try:
                    data = line.recv(_CHUNK)
                except TimeoutError:
                    idle_s += TICK_S
                    continue
                except OSError:
                    return
                if not data or (self._machine.power_ups == power_ups and not self._take(line, data, reader)):
                    return
                idle_s = 0.0

    def _take(self, line: socket.socket, data: bytes, reader: ZplReader) -> bool:
        """Take what arrived; False when the line has ended."""
        is_label = reader.is_inside_label or b"^XA" in data
        taken = self._troubles.taken(len(data)) if is_label else None
        for event in reader.feed(data[:taken]):
            if isinstance(event, ZplLabel):
                self._machine.take(event)
            elif not self._answer(line, event, reader):
                return False
        if taken is not None:
            _reset(line)
        return taken is None

    def _answer(self, line: socket.socket, query: ZplQuery, reader: ZplReader) -> bool:
        said = self._machine.answer(query, reader)
        faults = self._troubles.now
        if faults.answer_delay_s:
            self._stopping.wait(faults.answer_delay_s)
        if faults.is_silent or not said:
            return True
        try:
            line.sendall(said[: len(said) // 2] if faults.answers_half else said)
        except OSError:
            return False
        return True


def _reset(line: socket.socket) -> None:
    """Let closing discard what is unsent and unread, and send RST instead of FIN."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
