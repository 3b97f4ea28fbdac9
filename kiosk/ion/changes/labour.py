"""Labour: who is at which step, and since when."""

from collections.abc import Mapping
from typing import Any, ClassVar

from kiosk.errors import IonUnreachable
from kiosk.ion.arguments import Labour
from kiosk.ion.changes.base import RECENT, Change
from kiosk.ion.mapping import dump, read
from kiosk.model import Json, Run
from kiosk.ports import Absent, Finding, Found
from kiosk.words import told

__all__ = ["CheckedIn", "CheckedOut"]


class _Labour(Change[Labour]):
    takes: ClassVar[type[Labour]] = Labour
    changes: ClassVar[str]

    def perform(self) -> Mapping[str, Json]:
        """Check in or out once, unless it is done already."""
        run, is_in = self._now()
        if self._holds(is_in=is_in):
            return {"run": dump(run)}
        self._tenant.change(self._calls[self.changes], {"step": self._arguments.step_id}, "changed")
        run, _ = self._now()
        return {"run": dump(run)}

    def find_effect(self) -> Finding:
        """Look whether the caller has an open session at the step."""
        run, is_in = self._now()
        if self._holds(is_in=is_in):
            return Found({"run": dump(run)})
        return self._missing(run)

    def _now(self) -> tuple[Run, bool]:
        """Return the run, and whether the caller is checked in at the step."""
        call = self._calls["SessionsOf"]
        values = {"run": self._arguments.run_id, "step": self._arguments.step_id, "recent": RECENT}
        rows = self._tenant.rows(call, values)
        runs = [row for row in rows.get("runs", ()) if row is not None]
        users = [row for row in rows.get("users", ()) if isinstance(row, dict)]
        if len(runs) != 1 or not users:
            raise IonUnreachable(
                told(
                    "{call}: expected the run and the caller, got {count} runs",
                    call=call.name,
                    count=len(runs),
                )
            )
        own = str(users[0].get("id"))
        is_in = any(
            _id_of(session, "user") == own
            and _id_of(session, "step") in {None, self._arguments.step_id}
            and not session.get("check_out")
            for session in rows.get("sessions", ())
            if isinstance(session, dict)
        )
        return read(Run, runs[0], tried=call.name), is_in

    def _holds(self, *, is_in: bool) -> bool:
        raise NotImplementedError

    def _missing(self, run: Run) -> Finding:
        raise NotImplementedError


class CheckedIn(_Labour):
    """``check_in``: an open session of the caller at the step is enough, whoever opened it."""

    changes: ClassVar[str] = "CheckIn"

    def _holds(self, *, is_in: bool) -> bool:
        return is_in

    def _missing(self, run: Run) -> Finding:
        del run
        return Absent(late_s=self._errand.request_life_s)


class CheckedOut(_Labour):
    """``check_out``: ends the caller's session; a late copy finds none."""

    changes: ClassVar[str] = "CheckOut"

    def _holds(self, *, is_in: bool) -> bool:
        return not is_in

    def _missing(self, run: Run) -> Finding:
        del run
        return Absent()


def _id_of(row: Mapping[str, Any], name: str) -> str | None:
    inner = row.get(name)
    return str(inner["id"]) if isinstance(inner, dict) and inner.get("id") is not None else None
