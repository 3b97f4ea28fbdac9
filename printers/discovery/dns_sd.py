"""Printers that announce themselves on the local network (RFC 6762, RFC 6763), asked for once."""

import contextlib
import re
import select
import socket
import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from printers.discovery.dns_message import Kind, Malformed, Name, Records, Service, lower, query, read
from printers.discovery.found import FoundPrinter
from printers.status import cleaned

GROUP: Final = ("224.0.0.251", 5353)
_KINDS: Final[dict[Name, str]] = {
    (b"_pdl-datastream", b"_tcp", b"local"): "tcp",
    (b"_ipps", b"_tcp", b"local"): "ipps",
    (b"_ipp", b"_tcp", b"local"): "ipp",
}
"""Kinds of service, and the URL scheme of each."""
_ASK_AGAIN_S: Final = 1.0
_MOST_PRINTERS: Final = 200
_MOST_QUESTIONS: Final = 20
_MOST_INTERFACES: Final = 32
_MOST_MESSAGES: Final = 2000
_LARGEST: Final = 9000
"""RFC 6762, 17."""
_PATH: Final = re.compile(r"[A-Za-z0-9/._~-]{1,127}")
_ONE_HOP: Final = 255


@dataclass(slots=True)
class _Gathered:
    """What was heard so far."""

    instances: dict[Name, Name] = field(default_factory=dict)
    """Name of the instance, and its kind."""
    services: dict[Name, Service] = field(default_factory=dict)
    texts: dict[Name, tuple[bytes, ...]] = field(default_factory=dict)
    addresses: dict[Name, str] = field(default_factory=dict)

    def take(self, records: Records) -> None:
        """Keep what is about printers; what was heard first counts."""
        for kind, name in records.instances:
            if kind in _KINDS and len(self.instances) < _MOST_PRINTERS:
                self.instances.setdefault(name, kind)
        wanted = {lower(name) for name in self.instances}
        for name, service in records.services:
            if name in wanted:
                self.services.setdefault(name, service)
        for name, texts in records.texts:
            if name in wanted:
                self.texts.setdefault(name, texts)
        hosts = {lower(service.host) for service in self.services.values()}
        for name, address in records.addresses:
            if name in hosts:
                self.addresses.setdefault(name, address)

    def missing(self) -> list[tuple[Name, Kind]]:
        """Return what is still to be asked."""
        questions: list[tuple[Name, Kind]] = []
        for name in self.instances:
            service = self.services.get(lower(name))
            if service is None:
                questions.append((name, Kind.SRV))
            elif lower(service.host) not in self.addresses:
                questions.append((service.host, Kind.A))
            if lower(name) not in self.texts:
                questions.append((name, Kind.TXT))
        return list(dict.fromkeys(questions))[:_MOST_QUESTIONS]

    def printers(self) -> Iterator[FoundPrinter]:
        for name, kind in self.instances.items():
            service = self.services.get(lower(name))
            address = self.addresses.get(lower(service.host)) if service else None
            if service is not None and service.port and address is not None:
                yield _printer(name[0], _KINDS[kind], service, address, self.texts.get(lower(name), ()))


def _printer(
    label: bytes, scheme: str, service: Service, address: str, texts: Sequence[bytes]
) -> FoundPrinter:
    said: dict[str, bytes] = {}
    for text in texts:
        key, _, value = text.partition(b"=")
        said.setdefault(key.decode("ascii", "replace").lower(), value)
    path = said.get("rp", b"").decode("ascii", "replace")
    url = f"{scheme}://{address}:{service.port}"
    if scheme != "tcp":
        url += "/" + (path if _PATH.fullmatch(path) else "ipp/print").lstrip("/")
    named = (cleaned(said.get(key, b"")) for key in ("ty", "usb_mdl", "product"))
    place = said.get("note", b"").decode("utf-8", "replace")
    note = ", ".join(filter(None, (label.decode("utf-8", "replace"), place)))
    commands = b" ".join(said.get(key, b"") for key in ("pdl", "usb_cmd", "usb_mfg"))
    model = next((one.strip("()") for one in named if one), "")
    return FoundPrinter("dns-sd", url, model, note=note, commands=commands.decode("ascii", "replace"))


def announced_printers(
    wait_s: float, *, group: tuple[str, int] = GROUP, interfaces: Sequence[str] | None = None
) -> list[FoundPrinter]:
    """Ask the local network for its printers.

    Args:
        wait_s: How long answers are waited for.
        group: Where the question goes; answers count only from this port.
        interfaces: Names of network interfaces; all of them where this is None.
    """
    gathered = _Gathered()
    end_s, again_s = time.monotonic() + wait_s, 0.0
    kinds = [(kind, Kind.PTR) for kind in _KINDS]
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(line) for line in _lines(interfaces)]
        for _ in range(_MOST_MESSAGES):
            now_s = time.monotonic()
            if now_s >= end_s or not lines:
                break
            if now_s >= again_s:
                again_s = now_s + _ASK_AGAIN_S
                _ask(lines, kinds, group)
                _ask(lines, gathered.missing(), group)
            before = len(gathered.instances)
            for line in select.select(lines, [], [], min(end_s, again_s) - now_s)[0]:
                _hear(line, group[1], gathered)
            if len(gathered.instances) > before:
                _ask(lines, gathered.missing(), group)
    return list(gathered.printers())


def _lines(interfaces: Sequence[str] | None) -> Iterator[socket.socket]:
    """Yield a socket for each interface; answers come to its own port (RFC 6762, 6.7)."""
    for number, name in socket.if_nameindex()[:_MOST_INTERFACES]:
        if interfaces is not None and name not in interfaces:
            continue
        line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, struct.pack("4s4si", b"", b"", number))
            line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, _ONE_HOP)
            line.bind(("", 0))
            line.setblocking(False)
        except OSError:
            line.close()  # without an address
        else:
            yield line


def _ask(
    lines: Sequence[socket.socket], questions: Sequence[tuple[Name, Kind]], group: tuple[str, int]
) -> None:
    if not questions:
        return
    try:
        message = query(questions)
    except ValueError:
        return  # a name that somebody made up, and that no question can hold
    for line in lines:
        with contextlib.suppress(OSError):  # an interface that is down
            line.sendto(message, group)


def _hear(line: socket.socket, port: int, gathered: _Gathered) -> None:
    with contextlib.suppress(OSError, Malformed):
        message, sender = line.recvfrom(_LARGEST)
        if sender[1] == port:
            gathered.take(read(message))
