"""PINs as hashes: argon2id, so that a copy of the journal does not give them away at once.

The parameters are OWASP's for argon2id that need the least memory with two passes (Password Storage Cheat
Sheet: m = 19 MiB, t = 2, p = 1). One hash took 39 ms on one core of a Xeon, and should take about 0.2 s on a
Pi 4, whose cores are about five times slower; RFC 9106's second choice (64 MiB, t = 3, p = 4) took eight
times as long there, and would be half of the memory that the whole kiosk may have. From a stolen hash six
digits are guessed within hours in any case: what slows guessing down is the gate, and, where only the
journal is copied, the pepper that is not in it.
"""

import hmac
from hashlib import sha256
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from kiosk.model import Pin

_MEMORY_KIB: Final = 19_456
_PASSES: Final = 2
_LANES: Final = 1


class PinHasher:
    """Makes hashes of PINs, and compares; each takes its time on purpose."""

    def __init__(self, pepper: bytes = b"") -> None:
        """Hash with a pepper.

        Args:
            pepper: a secret that is kept apart from the hashes; another one fits none of them.
        """
        self._pepper = pepper
        self._argon2 = PasswordHasher(_PASSES, _MEMORY_KIB, _LANES, type=Type.ID)

    def hash(self, pin: Pin) -> str:
        """Return a hash of a PIN with a salt of its own."""
        return self._argon2.hash(self._peppered(pin))

    def fits(self, pin: Pin, hashed: str) -> bool:
        """Return whether a hash is of this PIN."""
        try:
            return self._argon2.verify(hashed, self._peppered(pin))
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, hashed: str) -> bool:
        """Return whether a hash was made with other parameters than today's."""
        return self._argon2.check_needs_rehash(hashed)

    def _peppered(self, pin: Pin) -> bytes:
        return hmac.new(self._pepper, pin.digits.encode("ascii"), sha256).digest()
