"""The process's own memory, where its C library is glibc."""

import ctypes
from typing import Final

__all__ = ["give_back", "limit_heaps"]

_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
"""``mallopt(3)``."""
_ARENAS: Final = 2
_LARGE_BYTES: Final = 512 * 1024
"""More than a 4 x 2 inch label's dots at 203 dpi: those come with each label, and the heap is quicker."""


def limit_heaps() -> None:
    """Let threads share two heaps, and keep what is large out of them; called before the first thread starts.

    By itself glibc gives each thread a heap of its own, up to eight a core, and keeps in all of them what the
    busiest moment took. A kiosk's many threads mostly wait. And once what was the largest, ION's schema, has
    been freed, all up to that size goes to the heaps, where it leaves holes that are never given back
    (``mallopt(3)``, of the dynamic threshold; one that is set stays).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def give_back() -> None:
    """Give the system what is free in the heaps; it takes a few milliseconds.

    What a start needs once, to read ION's schema and to prove label designs, is freed in the midst of what
    stays, and glibc gives back by itself only what is free at a heap's end (``malloc_trim(3)``).
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
