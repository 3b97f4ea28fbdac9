"""Far ends for the contract of ways to printers: a socket, two kinds of terminal, and a print service."""

import contextlib
import os
import select
import socket
import struct
import termios
import threading
import time
import tty
from abc import abstractmethod
from pathlib import Path

from tests.contracts.printer_transport import FarEnd

_PATIENCE_S = 5.0


class Heard:
    """What came, as several threads see it."""

    def __init__(self) -> None:
        self._data = b""
        self._changed = threading.Condition()

    def add(self, data: bytes) -> None:
        with self._changed:
            self._data += data
            self._changed.notify_all()

    def wait(self, count: int) -> bytes:
        with self._changed:
            self._changed.wait_for(lambda: len(self._data) >= count, _PATIENCE_S)
            return self._data


class SocketFarEnd(FarEnd):
    """Listens on a port of its own; what a line says is up to the subclass."""

    def __init__(self) -> None:
        self.log = Heard()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._lines: list[socket.socket] = []
        self._is_stopping = threading.Event()
        self.stops_after: int | None = None
        self._threads: list[threading.Thread] = []
        self._start()

    def _start(self) -> None:
        self._is_stopping.clear()
        self._listener.settimeout(0.05)
        self._run(self._accept)

    def _run(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments)  # type: ignore[arg-type]  # one of ours
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._is_stopping.is_set():
            with contextlib.suppress(TimeoutError):
                line, _ = self._listener.accept()
                line.settimeout(0.05)
                self._lines.append(line)
                self._run(self._serve, line)

    def _serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError), line:
            self.talk(line)

    def read(self, line: socket.socket) -> bytes:
        """Return the next bytes, none at the end."""
        while not self._is_stopping.is_set():
            try:
                return line.recv(4096 if self.stops_after is None else 100)
            except TimeoutError:
                continue
        return b""

    def rest_until_stopped(self) -> None:
        self._is_stopping.wait(_PATIENCE_S)

    @abstractmethod
    def talk(self, line: socket.socket) -> None: ...

    def heard(self, count: int) -> bytes:
        return self.log.wait(count)

    def stop_in_the_middle(self) -> None:
        self.stops_after = 100

    def pull(self) -> None:
        self._is_stopping.set()
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        for thread in self._threads:
            thread.join(_PATIENCE_S)
        self._threads.clear()
        self._lines.clear()
        self._listener.close()

    def plug(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._start()

    def close(self) -> None:
        self.pull()


class RawFarEnd(SocketFarEnd):
    """Port 9100."""

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def talk(self, line: socket.socket) -> None:
        while data := self.read(line):
            self.log.add(data)
            if self.stops_after is not None:
                self.rest_until_stopped()


class TerminalFarEnd(FarEnd):
    """A pseudo terminal under a name that stays."""

    scheme = "device"

    def __init__(self, folder: Path) -> None:
        self.name = folder / "lp0"
        self.log = Heard()
        self._is_reading = True
        self._is_stopping = threading.Event()
        self.plug()

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.name}"

    def plug(self) -> None:
        self.far, self._near = os.openpty()
        tty.setraw(self._near, termios.TCSANOW)
        self.name.symlink_to(os.ttyname(self._near))
        self._is_stopping.clear()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        while not self._is_stopping.is_set():
            if self._is_reading and select.select([self.far], [], [], 0.02)[0]:
                with contextlib.suppress(OSError):
                    self.log.add(os.read(self.far, 65_536))
            elif not self._is_reading:
                time.sleep(0.02)

    def heard(self, count: int) -> bytes:
        return self.log.wait(count)

    def stop_in_the_middle(self) -> None:
        self._is_reading = False

    def pull(self) -> None:
        self._is_stopping.set()
        self._thread.join(_PATIENCE_S)
        self.name.unlink()
        os.close(self._near)
        os.close(self.far)

    def close(self) -> None:
        if not self._is_stopping.is_set():
            self.pull()


class LineFarEnd(TerminalFarEnd):
    """The same as a serial port."""

    scheme = "serial"


class ServiceFarEnd(SocketFarEnd):
    """A print service that takes every job and calls it completed (RFC 8010, by hand)."""

    @property
    def url(self) -> str:
        return f"ipp://127.0.0.1:{self.port}/ipp/print"

    def talk(self, line: socket.socket) -> None:
        pending = b""
        while data := self.read(line):
            pending += data
            if self.stops_after is not None and b"\r\n\r\n" in pending:
                self.rest_until_stopped()
                return
            head, gap, body = pending.partition(b"\r\n\r\n")
            fields = dict(
                field.lower().split(b": ", 1) for field in head.split(b"\r\n")[1:] if b": " in field
            )
            length = int(fields.get(b"content-length", b"0"))
            if gap and len(body) >= length:
                pending = body[length:]
                line.sendall(self.answer(body[:length]))

    def answer(self, request: bytes) -> bytes:
        operation, number = struct.unpack(">HI", request[2:8])
        if operation == 0x0002:
            self.log.add(document(request))
        told = attribute(0x21, b"job-id", struct.pack(">i", 7)) + attribute(
            0x23, b"job-state", struct.pack(">i", 9)
        )
        told += attribute(0x23, b"printer-state", struct.pack(">i", 3))
        body = struct.pack(">HHI", 0x0200, 0, number) + b"\x01\x02" + told + b"\x03"
        return http_answer(body)


def document(request: bytes) -> bytes:
    """What follows the attributes of a request."""
    place = 8
    while request[place] != 0x03:
        if request[place] < 0x10:
            place += 1
            continue
        place += 1
        for _ in range(2):
            (length,) = struct.unpack(">H", request[place : place + 2])
            place += 2 + length
    return request[place + 1 :]


def attribute(tag: int, name: bytes, value: bytes) -> bytes:
    return struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(value)) + value


def http_answer(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode("ascii") + body
