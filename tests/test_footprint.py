"""The heaps that glibc makes for threads: few with the limit, one a thread without."""

import ctypes
import subprocess
import sys

import pytest

_COUNT = """
import ctypes, os, re, sys, threading
from kiosk.footprint import limit_arenas
if sys.argv[1] == "limited":
    limit_arenas()
together = threading.Barrier(6)
def work():
    together.wait()
    kept = bytearray(100_000), [bytearray(4000) for _ in range(50)]
    together.wait()
threads = [threading.Thread(target=work) for _ in range(6)]
for one in threads:
    one.start()
for one in threads:
    one.join()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
reads, writes = os.pipe()
stream = ctypes.c_void_p(libc.fdopen(writes, b"w"))
libc.malloc_info(0, stream)
libc.fclose(stream)
print(len(re.findall(rb"<heap ", os.read(reads, 60000))))
"""

needs_glibc = pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), "malloc_info"), reason="there is no glibc whose heaps could be counted"
)


def _heaps(way: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", _COUNT, way], capture_output=True, text=True, check=True, timeout=60
    )
    return int(done.stdout)


@needs_glibc
def test_threads_share_two_heaps() -> None:
    assert _heaps("limited") == 2
    assert _heaps("by itself") > 2
