"""Files in memory."""

import hashlib
from dataclasses import dataclass, field

from kiosk.errors import JournalError


@dataclass(slots=True)
class FakeFiles:
    """Keeps what it is given for as long as the test lasts."""

    kept: dict[str, bytes] = field(default_factory=dict)
    trouble: str = ""
    """Why nothing can be written, empty where it can."""

    def keep(self, content: bytes) -> str:
        if self.trouble:
            raise JournalError(self.trouble)
        digest = hashlib.sha256(content).hexdigest()
        self.kept[digest] = content
        return digest

    def read(self, digest: str) -> bytes | None:
        return self.kept.get(digest)
