"""Printers without paper in a process of their own: they note when labels come, and answer `~HS` at once.

Usage: python -m bench._paper COUNT. It writes its ports as JSON; at the first, the rest are told what came.
"""

import asyncio
import contextlib
import json
import sys
import time

IDLE = (
    b"\x02030,0,0,0406,000,0,0,0,000,0,0,0\x03\r\n"
    b"\x02000,0,0,0,0,2,6,0,00000000,1,000\x03\r\n"
    b"\x021234,0\x03\r\n"
)
IDENTITY = b"\x02BENCH,V1.0,8,8192KB\x03\r\n"


class Paper:
    """What came out of one printer: when each label's first byte and its last came."""

    def __init__(self) -> None:
        self.begun: list[float] = []
        self.ended: list[float] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        rest = b""
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                now = time.monotonic()
                rest += data
                self.begun += [now] * (rest.count(b"^XA") + len(self.ended) - len(self.begun))
                self.ended += [now] * rest.count(b"^XZ")
                for query, answer in ((b"~HS", IDLE), (b"~HI", IDENTITY)):
                    writer.write(answer * rest.count(query))
                # Keep what may be a part of something, or a label that has begun.
                last = max(rest.rfind(b"^XZ"), rest.rfind(b"~HS"), rest.rfind(b"~HI"))
                rest = rest[last + 3 :] if last >= 0 else rest
                await writer.drain()
        writer.close()


async def main(count: int) -> None:
    papers = [Paper() for _ in range(count)]

    async def tell(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(json.dumps([[paper.begun, paper.ended] for paper in papers]).encode())
        await writer.drain()
        writer.close()

    servers = [await asyncio.start_server(tell, "127.0.0.1", 0)]
    servers += [await asyncio.start_server(paper.serve, "127.0.0.1", 0) for paper in papers]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
