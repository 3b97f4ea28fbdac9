"""Labour: who worked on which step from when to when."""

from dataclasses import replace
from datetime import datetime

from kiosk.simulator.rows import Session, StepStatus
from kiosk.simulator.rules.desk import Desk, check_etag, invalid, look_up
from kiosk.simulator.rules.runs import run_follows
from kiosk.simulator.rules.steps import start

__all__ = ["check_in", "check_out", "update_session"]

Id = str | int


def check_in(desk: Desk, step_id: Id) -> Session:
    """Begin the caller's time on a step; a step to do is started by it."""
    world = desk.world
    step = look_up(world.run_steps, "RunStep", step_id)
    if step.status is StepStatus.TODO:
        with run_follows(desk, step.run_id):
            step = start(desk, step)
    if step.status is not StepStatus.IN_PROGRESS:
        raise invalid(f"Step {step.title!r} is {step.status}: nobody can check in")
    if _own(desk, step.id) is not None:
        raise invalid(f"User is checked in on step {step.title!r} already")
    return world.sessions.put(
        Session(
            id=world.sessions.new_id(),
            etag=world.new_hex(),
            run_step_id=step.id,
            created_by_id=desk.user.id,
            check_in=world.clock(),
        )
    )


def check_out(desk: Desk, step_id: Id) -> Session:
    """End the caller's own time on a step."""
    world = desk.world
    step = look_up(world.run_steps, "RunStep", step_id)
    session = _own(desk, step.id)
    if session is None:
        raise invalid(f"User is not checked in on step {step.title!r}")
    return world.sessions.put(replace(session, etag=world.new_hex(), check_out=world.clock()))


def update_session(desk: Desk, session_id: Id, etag: str, changes: dict[str, datetime | None]) -> Session:
    """Correct the times of a session."""
    session = look_up(desk.world.sessions, "Session", session_id)
    check_etag("the session", session.etag, etag)
    begun = changes.get("check_in") or session.check_in
    ended = changes.get("check_out", session.check_out)
    if ended is not None and ended < begun:
        raise invalid("checkOut must not be before checkIn")
    return desk.world.sessions.put(
        replace(session, etag=desk.world.new_hex(), check_in=begun, check_out=ended)
    )


def _own(desk: Desk, step_id: int) -> Session | None:
    sessions = desk.world.sessions.where("run_step_id", step_id)
    mine = (each for each in sessions if each.created_by_id == desk.user.id and each.check_out is None)
    return next(mine, None)
