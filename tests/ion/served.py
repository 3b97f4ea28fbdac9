"""A simulated tenant behind sockets, and an ``Ion`` that talks to it."""

from kiosk.ion import Ion
from kiosk.ion.changes import Memory
from kiosk.model import Json
from kiosk.ports import FileRoom
from kiosk.simulator.server import IonServer
from tests import plain_http
from tests.fakes import FakeNotes
from tests.ion.factory import know, settings_for


class Place:
    """One served world and an ``Ion`` that talks to it."""

    def __init__(self, server: IonServer) -> None:
        self.server, self.notes = server, FakeNotes()
        self.ion = self.connect()
        know(self.ion, server.ion.dialect)

    def connect(self, files: FileRoom | None = None, **changes: object) -> Ion:
        settings = settings_for(
            self.server.base_url,
            **{
                "token_url": self.server.token_url,
                "read_timeout_s": 10.0,
                "write_timeout_s": 10.0,
                **changes,
            },
        )
        return Ion(settings, files=files, notes=self.notes)

    def fault(self, kind: str, operation: str, **more: Json) -> None:
        faults = [{"kind": kind, "operation": operation, **more}]
        plain_http.post(f"{self.server.base_url}/faults", json=faults).raise_for_status()

    def effects(self) -> list[str]:
        return [effect["operation"] for effect in plain_http.get(f"{self.server.base_url}/ledger").json()]

    def reset(self) -> None:
        plain_http.delete(f"{self.server.base_url}/faults").raise_for_status()
        plain_http.post(f"{self.server.base_url}/reset").raise_for_status()
        # Here come back an etag that was changed since, and the marker of a change that was made.
        self.notes.kept.clear()
        self.ion._memory = Memory(self.notes)
