"""The way to ION's host, as far as this machine itself."""

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from kiosk.machine.finding import Finding
from kiosk.machine.sources import Machine, text
from kiosk.settings import Settings


def network(machine: Machine, settings: Settings) -> Iterator[Finding]:
    """Tell the first thing that is missing: a link, a route, the host's name."""
    hosts = [host for url in (settings.ion.url, settings.ion.token_url) if (host := urlsplit(url).hostname)]
    if all(_is_here(host) for host in hosts):
        return
    links = [entry.name for entry in sorted(machine.sys.glob("class/net/*")) if _is_link(entry.name)]
    up = [name for name in links if text(machine.sys / "class/net" / name / "operstate") == "up"]
    unknown = [host for host in dict.fromkeys(hosts) if not _is_number(host) and not machine.resolves(host)]
    if not up:
        fault = (
            f"no link: {', '.join(links) or 'no network device'} has no cable and no Wi-Fi. "
            "Plug the cable in, or give it a Wi-Fi: sudo nmtui"
        )
    elif not _has_route(machine):
        fault = (
            f"{', '.join(up)} has a link and no way on: no DHCP server gave it an address and a gateway. "
            "Look at the switch's port, or set an address: sudo nmtui"
        )
    elif unknown:
        fault = (
            f"nobody knows the name {unknown[0]!r}. "
            "Look at the name server (/etc/resolv.conf) and at ion.url."
        )
    else:
        yield Finding("network", "way out", is_ok=True, text=f"{', '.join(up)}: link, route and names.")
        return
    yield Finding("network", "way out", is_ok=False, text=fault)


def _is_link(name: str) -> bool:
    return name != "lo" and not name.startswith(("docker", "veth", "br-", "virbr"))


def _has_route(machine: Machine) -> bool:
    rows = [line.split() for line in text(machine.proc / "net/route").splitlines()[1:]]
    if any(row[1:2] == ["00000000"] and row[7:8] == ["00000000"] for row in rows):
        return True
    rows = [line.split() for line in text(machine.proc / "net/ipv6_route").splitlines()]
    # The kernel lists an unreachable default on lo also where there is no other.
    return any(row[:2] == ["0" * 32, "00"] and row[-1] != "lo" for row in rows if row)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_here(host: str) -> bool:
    return host == "localhost" or (_is_number(host) and ipaddress.ip_address(host).is_loopback)
