"""Barcodes that somebody made to do harm, and every barcode of the collections with such harm in it."""

import itertools
import os
import random
import string
from collections.abc import Iterator

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.barcodes.corpora import cases

COUNT = int(os.environ.get("KIOSK_HOSTILE_STRINGS", "2000"))
"""How many are tried; read here, since tests see no KIOSK_ variables."""

HARM = (
    # ZPL, EPL2, TSPL, ESC/POS, Brother: ends of fields and labels, then commands
    b"^FS^XZ^XA^FO0,0^A0N,99^FDOWNED^FS^XZ",
    b"^XA^IDR:*.*^FS^XZ",
    b"^XA^JUF^XZ~JR~HS",
    b"~DGR:X.GRF,8,1,FF",
    b"_5eXA\\5eXA",
    b'"\nN\nA0,0,0,5,1,1,N,"X"\nP9\n',
    b'",0\nFRM"X"\nGK"*"\n',
    b'"\r\nCLS\r\nPRINT 99\r\nSELFTEST\r\n',
    b"\x1b@\x1dV\x00\x1b=\x01\x10\x14\x01\x00\x05",
    b"\x1bia\x01\x1b@\x1biS\x1a",
    # HTML, JavaScript, CSS, and the attributes that the page itself obeys
    b"<script>window.obeyed='script'</script>",
    b'"><img src=x onerror="window.obeyed=\'img\'">',
    b"' onmouseover='window.obeyed=1' x='",
    b"</title></svg></script></style><svg/onload=window.obeyed='svg'>",
    b'<a href="javascript:window.obeyed=1">x</a><iframe srcdoc="<script>parent.obeyed=1</script>">',
    b'<button hx-post="/station/dock-1/press" hx-vals=\'{"verb":"CONFIRM"}\' hx-trigger="load">',
    b"<div sse-swap=x data-hx-get=/ hx-on::load=window.obeyed=1 data-command=ION/CMD/CONFIRM>",
    b"<style>*{display:none}</style><base href=//evil.example/><meta http-equiv=refresh content=0>",
    b"&lt;script&gt;&#60;&amp;&#x0;<!--<![CDATA[",
    # templates and formats
    b"{{ 7 * 7 }}{% include '/etc/passwd' %}{# x #}${part.partNumber}${7*7}#{7*7}",
    b"{text}{0.__class__}{values[x]}%s%n%(message)s%%",
    # GraphQL, JSON, SQL, LDAP, shell, paths
    b'"}) { id } } mutation { deletePart(id: 1) { id } } #',
    b'x") { __schema { types { name } } } #\\u0022',
    b'\\"}}],"variables":{"value":"y"}',
    b"'; DROP TABLE scans; --",
    b"%' OR 1=1 ESCAPE '\\' --",
    b"*)(uid=*))(|(uid=*",
    b"$(touch owned)`touch owned`;&|\n",
    b"../../../../etc/passwd\x00.png",
    # logs, terminals, HTTP headers, server-sent events
    b"x\nERROR MainThread kiosk: forged",
    b"x\r\nSet-Cookie: a=b\r\n\r\n<html>",
    b"x\n\nevent: screen\ndata: <b>forged</b>\n\n",
    b"\x1b[2J\x1b[31mred\x1b]0;title\x07\x1b]52;c;aGk=\x07\x9b31m\x1bP+q\x1b\\",
    b"\x08\x08\x08\x7f\x0b\x0c\x0e\x0f",
    # spreadsheets
    b"=cmd|' /C calc'!A0",
    b'=HYPERLINK("http://evil.example","x")',
    b"+1+1",
    b"-1-1",
    b"@SUM(A1:A9)",
    b"\t=1",
    b"\r=1",
    b'","=1+1',
    "\uff1d1".encode(),
    # writing systems that hide or turn, and bytes that are no text
    "\u202etxt.exe\u202c\u2066x\u2069".encode(),
    "\u200b\u200c\u200d\u2060\ufeff\u00ad".encode(),
    "\u2028\u2029\u0085".encode(),
    "e\u0301\u0489\U0001f469\u200d\U0001f680\U000e0041".encode(),
    b"\xff\xfe\x00\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80",
    b"\x80\x81\x8d\x8f\x90\x9d\x9f",
    # commands and labels of the kiosk, nearly
    b"ION/CMD/CONFIRM\n",
    b"ION/CMD/QUANTITY/9\x00",
    b"ION/PI/1/../../2",
    b'{"uid":"0123456789abcdef0123456789abcdef","uid":"x"}',
)
"""Each was written for something that reads barcodes' text on its way."""

MADE_UP = (
    b"PN-100",
    b"]d2010950600013435217281231\x3110LOT-7\x1d21SN-1",
    b"https://id.gs1.org/01/09506000134352/10/LOT-7?17=281231",
    b"[)>\x1e06\x1dKPO-1\x1d14K001\x1d1PMAKER-1\x1dQ10\x1d11K012345678\x1d4LCN\x1d1VMaker\x1e\x04",
    b"[)>^06]kPO-1]P]1PMAKER-1]3P1234567]q80]9D]1T]4LJP]4K9^d",
    b"{pbn:PICK1,on:SO99,pc:C123,pm:MAKER-1,qty:20,mc:,cc:1,pdi:555}",
    b"QTY:5 PN:OWN-1 PO:12345678/3 CPO:PO-9 MFR:MAKER MPN:MAKER-1 RoHS",
    b"1234567000000250654321",
    b'{"uid":"0123456789abcdef0123456789abcdef"}',
    b"ION/LOC/7",
)

_CONTROLS = (*range(0x20), 0x7F)
_PIECES = st.sampled_from(
    [*HARM, *MADE_UP, *(bytes([code]) for code in _CONTROLS), b"^", b"~", b"\\", b"_", b"<", b">", b"&", b'"']
)
_STRANGE = (
    st.lists(_PIECES, min_size=1, max_size=4).map(b"".join)
    | st.binary(min_size=1, max_size=80)
    | st.text(min_size=1, max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.text(string.printable, min_size=1, max_size=60).map(str.encode)
)
_BATCH = 5
_MADE_EVERY = 10
"""One string in so many is one that hypothesis made."""


def control_pairs() -> Iterator[bytes]:
    """Yield every control character after every other, amid a number."""
    for first, second in itertools.product(_CONTROLS, repeat=2):
        yield b"PN" + bytes([first, second]) + b"7"


def corpus() -> list[bytes]:
    """Return every barcode of the collections, and the made-up ones."""
    found = [
        case["payload"].encode()
        for name in ("supplier_barcodes", "gs1_cases")
        for case in cases(f"{name}.json")
    ]
    return [*found, *MADE_UP]


def corpus_made() -> Iterator[bytes]:
    """Yield every barcode with harm at its end and within."""
    turn = itertools.cycle(HARM)
    for payload in corpus():
        for harm in itertools.islice(turn, 8):
            yield payload + harm
            yield payload[: len(payload) // 2] + harm + payload[len(payload) // 2 :]


def hypothesis_made(count: int) -> list[bytes]:
    """Return strings that hypothesis makes, the same ones every time."""
    made: list[bytes] = []

    @settings(
        max_examples=-(-count // _BATCH),
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(_STRANGE, min_size=_BATCH, max_size=_BATCH, unique=True))
    def collect(batch: list[bytes]) -> None:
        made.extend(batch)

    collect()
    return made


def hostile_strings(count: int = COUNT) -> list[bytes]:
    """Return this many different strings; where that is too few for all, all the bare and a draw of the rest.

    Bare are all harm and every barcode of the collections as it is; one string in ten is hypothesis's.
    """
    bare = dict.fromkeys((*HARM, *corpus()))
    rest = [one for one in dict.fromkeys((*control_pairs(), *corpus_made())) if one not in bare]
    room = count - len(bare) - count // _MADE_EVERY
    if room < len(rest):
        rest = random.Random(7).sample(rest, max(0, room))  # noqa: S311 - not for secrets
    found = dict.fromkeys((*bare, *rest))
    wanted = max(0, count - len(found)) * 5 // 4
    while len(found) < count:
        found.update(dict.fromkeys(hypothesis_made(wanted)))
        wanted *= 2
    return list(found)[:count]
