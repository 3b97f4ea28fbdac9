"""The heaps that glibc makes for threads, few with the limit, what goes into them, and what it keeps."""

import ctypes
import subprocess
import sys

import pytest

_COUNT = """
import ctypes, os, re, sys, threading
from kiosk.footprint import limit_heaps
if sys.argv[1] == "limited":
    limit_heaps()
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

_GIVEN_BACK = """
import ctypes
from pathlib import Path
from kiosk.footprint import give_back
def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
# Every other block stays, so that nothing is free at the heap's end.
blocks = [libc.malloc(50_000) for _ in range(2000)]
for block in blocks:
    ctypes.memset(ctypes.c_void_p(block), 7, 50_000)
for block in blocks[::2]:
    libc.free(block)
full_mb = resident_mb()
give_back()
print(full_mb - resident_mb())
"""

_LARGE = """
import ctypes, sys
from kiosk.footprint import limit_heaps
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
libc.sbrk.restype = ctypes.c_void_p
if sys.argv[1] == "limited":
    limit_heaps()
# What is freed once lets glibc put all up to its size into the heap.
libc.free(libc.malloc(16 << 20))
end = libc.sbrk(0)
libc.malloc(8 << 20)
print(libc.sbrk(0) - end)
"""

needs_glibc = pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), "malloc_info"), reason="there is no glibc whose heaps could be counted"
)


def _said(program: str, way: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", program, way], capture_output=True, text=True, check=True, timeout=60
    )
    return int(done.stdout)


@needs_glibc
def test_threads_share_two_heaps() -> None:
    assert _said(_COUNT, "limited") == 2
    assert _said(_COUNT, "by itself") > 2


@needs_glibc
def test_what_is_large_stays_out_of_the_heap() -> None:
    assert _said(_LARGE, "limited") < 1 << 20
    assert _said(_LARGE, "by itself") >= 8 << 20


@needs_glibc
def test_what_is_free_in_a_heap_is_given_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _GIVEN_BACK], capture_output=True, text=True, check=True, timeout=60
    )
    assert float(done.stdout) > 40
