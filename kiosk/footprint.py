"""The process's own memory, where its C library is glibc."""

import ctypes
from typing import Final

__all__ = ["give_back", "limit_arenas"]

_M_ARENA_MAX: Final = -8
"""``mallopt(3)``."""
_ARENAS: Final = 2


def limit_arenas() -> None:
    """Let threads share two heaps; called before the first of them starts.

    By itself glibc gives each thread a heap of its own, up to eight a core, and keeps in all of them what the
    busiest moment took. A kiosk's many threads mostly wait.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Give the system what is free in the heaps; it takes a few milliseconds.

    What a start needs once, to read ION's schema and to prove label designs, is freed in the midst of what
    stays, and glibc gives back by itself only what is free at a heap's end (``malloc_trim(3)``).
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
