"""An agent that behaves, one that does not, and net-snmp's."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from printers import Identity, PrinterError, Reason
from printers.snmp import SnmpAgent, ber
from printers.snmp import printer_mib as mib
from printers.snmp.ber import Oid, Tag
from printers.snmp.message import Version
from printers.status import SILENT, Loaded, told
from tests.printers.snmp.agents import SNMPD, FakeAgent, free_udp_port, snmpd
from tests.printers.snmp.test_message import NO_SUCH, answer

VALUES: dict[Oid, bytes] = {
    mib.PRINTER_STATUS: ber.integer(3),
    mib.ERROR_STATE: ber.written(Tag.OCTETS, b"\x08"),
    mib.DESCRIPTION: ber.written(Tag.OCTETS, b"Label Maker 9"),
}


def question(data: bytes) -> tuple[int, int, list[Oid]]:
    """Return version, request id and names of a question."""
    ((_, content),) = ber.parts_of(data, 1)
    (_, version), _, (_, pdu) = ber.parts_of(content, 3)
    (_, request_id), _, _, (_, bindings) = ber.parts_of(pdu, 4)
    names = [ber.parts_of(one, 2)[0][1] for _, one in ber.parts_of(bindings, 20)]
    return ber.read_integer(version), ber.read_integer(request_id), list(map(ber.read_oid, names))


def behaving(data: bytes) -> list[bytes]:
    version, request_id, names = question(data)
    unknown = [name for name in names if name not in VALUES]
    if version == Version.V1 and unknown:
        return [answer(request_id=request_id, error=2, index=names.index(unknown[0]) + 1)]
    return [answer(*((name, VALUES.get(name, NO_SUCH)) for name in names), request_id=request_id)]


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[bytes], list[bytes]]], FakeAgent]]:
    opened: list[FakeAgent] = []

    def serve(behave: Callable[[bytes], list[bytes]]) -> FakeAgent:
        opened.append(FakeAgent(behave))
        return opened[-1]

    yield serve
    for one in opened:
        one.close()


Serve = Callable[[Callable[[bytes], list[bytes]]], FakeAgent]


def agent(far: FakeAgent, version: Version = Version.V2C) -> SnmpAgent:
    return SnmpAgent("127.0.0.1", far.port, version=version, timeout_s=0.15)


@pytest.mark.parametrize("version", Version)
def test_both_versions(serve: Serve, version: Version) -> None:
    far = serve(behaving)
    assert agent(far, version).status() == told((Reason.HEAD_OPEN,))
    assert agent(far, version).identity() == Identity("Label Maker 9")
    assert {question(asked)[0] for asked in far.asked} == {version}


def test_an_agent_that_knows_nothing_has_said_nothing(serve: Serve) -> None:
    far = serve(lambda data: [answer(request_id=question(data)[1])])
    assert agent(far).status().reasons == (Reason.ANSWER_INCOMPLETE,)
    assert agent(far).identity() is None


def test_silence_is_no_answer_and_asked_twice(serve: Serve) -> None:
    far = serve(lambda _: [])
    assert agent(far).status() == SILENT
    assert len(far.asked) == 2
    assert far.asked[0] == far.asked[1], "a repeated question is the same one"


def test_the_second_try_may_be_answered(serve: Serve) -> None:
    far = serve(lambda data: behaving(data) if len(far.asked) == 2 else [])
    assert agent(far).status() == told((Reason.HEAD_OPEN,))


@pytest.mark.parametrize(
    "noise", [b"", b"\x30", b"\xff" * 2000, answer(request_id=1), answer(pdu=0xA0, request_id=1)]
)
def test_noise_before_the_answer_is_passed_over(serve: Serve, noise: bytes) -> None:
    far = serve(lambda data: [noise, *behaving(data)])
    assert agent(far).status() == told((Reason.HEAD_OPEN,))


@pytest.mark.parametrize(("error", "index"), [(2, 0), (2, 99), (5, 1), (1, 0)])
def test_an_error_that_makes_no_sense_is_no_answer(serve: Serve, error: int, index: int) -> None:
    far = serve(lambda data: [answer(request_id=question(data)[1], error=error, index=index)])
    assert agent(far).status() == SILENT
    assert len(far.asked) == 1


def test_an_agent_that_knows_no_name_of_version_1_ends(serve: Serve) -> None:
    far = serve(lambda data: [answer(request_id=question(data)[1], error=2, index=1)])
    assert agent(far, Version.V1).get(mib.STATUS_NAMES) == {}
    assert len(far.asked) == len(mib.STATUS_NAMES)


def test_values_that_were_not_asked_for_are_left_out(serve: Serve) -> None:
    more = (1, 3, 6, 1, 9), ber.integer(1)
    far = serve(
        lambda data: [answer((mib.PRINTER_STATUS, ber.integer(3)), more, request_id=question(data)[1])]
    )
    assert agent(far).get([mib.PRINTER_STATUS]) == {mib.PRINTER_STATUS: 3}


def test_nobody_there_is_silence() -> None:
    assert SnmpAgent("127.0.0.1", free_udp_port(), timeout_s=0.1).status() == SILENT
    assert SnmpAgent("no.such.host.invalid", timeout_s=0.1).status() == SILENT
    assert SnmpAgent("\udc80", timeout_s=0.1).identity() is None


def test_addresses() -> None:
    assert SnmpAgent.opened("snmp://192.0.2.7") == SnmpAgent("192.0.2.7")
    assert SnmpAgent.opened("snmp://printer-7:1161/?community=s3cret&version=1") == SnmpAgent(
        "printer-7", 1161, "s3cret", Version.V1
    )


@pytest.mark.parametrize(
    "url",
    [
        "snmp://",
        "snmp://host/path",
        "http://host",
        "snmp://host?version=3",
        "snmp://host?community=a%20b",
        "snmp://host?colour=red",
        "snmp://host:port",
        "snmp://[host",
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(PrinterError, match=r"^printer status_url '"):
        SnmpAgent.opened(url)


@pytest.mark.skipif(SNMPD is None, reason="needs Debian's snmpd")
@pytest.mark.parametrize("version", Version)
def test_net_snmp_answers_alike(tmp_path: Path, version: Version) -> None:
    port = free_udp_port()
    host, printer = "1.3.6.1.2.1.25.3", "1.3.6.1.2.1.43"
    values = {
        f"{host}.2.1.3.1": 'octet_str "Brother QL-820NWB"',
        f"{host}.2.1.5.1": "integer 2",
        f"{host}.5.1.1.1": "integer 4",
        f"{host}.5.1.2.1": 'octet_str "@"',
        f"{printer}.8.2.1.3.1.1": "integer 4",
        f"{printer}.8.2.1.6.1.1": "integer 29000",
        f"{printer}.8.2.1.7.1.1": "integer 62000",
        f"{printer}.10.2.1.8.1.1": "integer 3",
        f"{printer}.10.2.1.10.1.1": "integer 300",
    }
    with snmpd(tmp_path, port, values):
        far = SnmpAgent("127.0.0.1", port, version=version)
        status = far.status()
        assert (status, status.loaded) == (told((Reason.MEDIA_EMPTY,)), Loaded(((62, 29),)))
        assert far.identity() == Identity("Brother QL-820NWB", "", 12)
        assert far.get([(1, 3, 6, 1, 2, 1, 1, 99, 0)]) == {}
        assert SnmpAgent("127.0.0.1", port, "wrong", timeout_s=0.2).status() == SILENT
