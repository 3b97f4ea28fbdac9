"""A responder on this machine that announces what it is told, whole or in pieces, or talks nonsense."""

import socket
import struct
import threading
from collections.abc import Callable, Mapping, Sequence

from printers.discovery.dns_message import Kind, Name, lower

IPP: Name = (b"_ipp", b"_tcp", b"local")
RAW: Name = (b"_pdl-datastream", b"_tcp", b"local")
_TTL = 10


def named(name: Name) -> bytes:
    return b"".join(bytes([len(label)]) + label for label in name) + b"\0"


def record(name: Name, kind: int, data: bytes) -> bytes:
    return named(name) + struct.pack(">HHIH", kind, 1, _TTL, len(data)) + data


class Announcer:
    """What is announced, as records by name and kind."""

    def __init__(self, *, gives_all: bool = True) -> None:
        self._gives_all = gives_all
        """Whether it adds, unasked, all that belongs to an answer."""
        self._records: dict[tuple[Name, int], list[bytes]] = {}
        self._hosts = 0

    def announce(self, label: str, kind: Name, address: str, port: int, texts: Mapping[str, str]) -> None:
        self.announce_name((label.encode(), *kind), kind, address, port, texts)

    def announce_name(
        self, instance: Name, kind: Name, address: str, port: int, texts: Mapping[str, str]
    ) -> None:
        self._hosts += 1
        host = (f"host-{self._hosts}".encode(), b"local")
        said = b"".join(
            bytes([len(text)]) + text for text in (f"{name}={text}".encode() for name, text in texts.items())
        )
        self._add(kind, Kind.PTR, named(instance))
        self._add(instance, Kind.SRV, struct.pack(">HHH", 0, 0, port) + named(host))
        self._add(instance, Kind.TXT, said)
        self._add(host, Kind.A, socket.inet_aton(address))

    def _add(self, name: Name, kind: int, data: bytes) -> None:
        self._records.setdefault((lower(name), kind), []).append(record(name, kind, data))

    def answer(self, questions: Sequence[tuple[Name, int]]) -> bytes:
        said = [one for name, kind in questions for one in self._records.get((lower(name), kind), ())]
        if said and self._gives_all:
            said += [one for (_, kind), some in self._records.items() if kind != Kind.PTR for one in some]
        return struct.pack(">HHHHHH", 0, 0x8400, 0, len(said), 0, 0) + b"".join(said) if said else b""


def questions_of(message: bytes) -> list[tuple[Name, int]]:
    (count,) = struct.unpack_from(">H", message, 4)
    place, found = 12, []
    for _ in range(count):
        labels = []
        while length := message[place]:
            labels.append(message[place + 1 : place + 1 + length])
            place += 1 + length
        (kind,) = struct.unpack_from(">H", message, place + 1)
        found.append((tuple(labels), kind))
        place += 5
    return found


class Responder:
    """Hears questions at a port of this machine."""

    def __init__(self, behave: Callable[[list[tuple[Name, int]]], Sequence[bytes]]) -> None:
        self.heard: list[list[tuple[Name, int]]] = []
        self._behave = behave
        self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._line.bind(("127.0.0.1", 0))
        self._line.settimeout(0.05)
        self.group: tuple[str, int] = self._line.getsockname()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._line.close()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                message, sender = self._line.recvfrom(9000)
            except TimeoutError:
                continue
            questions = questions_of(message)
            self.heard.append(questions)
            for answer in self._behave(questions):
                self._line.sendto(answer, sender)
