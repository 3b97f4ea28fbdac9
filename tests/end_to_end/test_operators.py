"""Badge, PIN and signature on a real process, with a simulated ION: all of a run."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kiosk.cli import main
from tests.end_to_end.floor import Plant, wait_for
from tests.end_to_end.test_people import Desk

RUN = 1202
PIN, WRONG = "271828", "314159"
SIGN_S = 1.5
ASKING = 'name = "dock-1"\nasks = { run = "pin" }'


def operator(floor: Plant, *words: str, text: str = "") -> str:
    done = CliRunner().invoke(main, ["operator", *words, "--config", str(floor.config)], input=text)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Plant]:
    with Plant(tmp_path) as running:
        text = running.config.read_text().replace('name = "dock-1"', ASKING)
        running.config.write_text(f"{text}\n[people]\nsign_minutes = {SIGN_S / 60}\n")
        operator(running, "add", "Mia Tanaka", "--badge", "1042", "--choose", text=f"{PIN}\n{PIN}\n")
        operator(running, "add", "Olu Ade", "--badge", "1043", "--no-pin")
        running.serve()
        wait_for(lambda: running.view()["ion"]["is_ready"], "ION's lamp")
        yield running


def give(floor: Plant, desk: Desk, pin: str = PIN) -> None:
    state = floor.wait_for_screen("home/pin")["state"]
    desk.post("pin", data={"who": state["who"], "pin": pin})


def signed(floor: Plant, desk: Desk, verb: str) -> None:
    """Do what has to be signed once the last PIN has grown old, and sign it."""
    time.sleep(SIGN_S)
    floor.gun.scan(f"ION/CMD/{verb}")
    give(floor, desk)
    floor.wait_for_screen("run/run")


def arguments_of(floor: Plant, operation: str) -> list[dict[str, Any]]:
    return [each["arguments"] for each in floor.effects() if each["operation"] == operation]


def test_a_run_is_signed_off_step_by_step(floor: Plant) -> None:
    with Desk(floor) as desk:
        floor.gun.scan(f"ION/RUN/{RUN}")
        floor.wait_for_screen("home/who")
        floor.gun.scan("ION/OP/1042")
        give(floor, desk, WRONG)
        give(floor, desk)
        floor.wait_for_screen("run/run")
        floor.gun.scan("ION/CMD/ENTER")
        floor.gun.scan("LOT-2026-0117")
        signed(floor, desk, "COMPLETE")
        floor.gun.scan("ION/CMD/START")
        floor.gun.scan("ION/CMD/ENTER")
        floor.gun.scan("6.2")
        floor.gun.scan("ION/CMD/YES")
        signed(floor, desk, "COMPLETE")
        floor.gun.scan("ION/CMD/START")
        floor.gun.scan("ION/CMD/ENTER")
        floor.gun.scan("Accept")
        floor.wait_for_message("Now sign Inspector")
        floor.gun.scan("ION/OP/1042")
        floor.wait_for_message("Sign Inspector as Mia Tanaka?")
        signed(floor, desk, "CONFIRM")
        signed(floor, desk, "COMPLETE")
        wait_for(lambda: not floor.view()["waiting"], "ION to have it all")
    fields = [
        each for effect in floor.effects() for each in [effect["arguments"]] if "Mia Tanaka" in str(each)
    ]
    assert len(fields) == 1, "the sign-off is in ION once"
    (run,) = [one for one in floor.data()["runs"] if one["id"] == RUN]
    assert {step["status"] for step in run["steps"]} == {"COMPLETE"}
    for file in floor.folder.glob("kiosk.db*"):
        content = file.read_bytes()
        assert PIN.encode() not in content
        assert WRONG.encode() not in content


def test_nobody_else_s_badge_and_no_button_signs(floor: Plant) -> None:
    with Desk(floor) as desk:
        floor.gun.scan("ION/OP/1042")
        give(floor, desk)
        floor.gun.scan(f"ION/RUN/{RUN}")
        floor.wait_for_screen("run/run")
        time.sleep(SIGN_S)
        floor.gun.scan("ION/CMD/ENTER")
        floor.gun.scan("LOT-2026-0117")
        floor.gun.scan("ION/CMD/COMPLETE")
        floor.wait_for_screen("home/pin")
        for action in ("UNLOCK", "COMPLETE", "CONFIRM", "PRINTED"):
            floor.post("stations/dock-1/events", {"action": action})
        floor.gun.scan("ION/OP/1043")
        floor.wait_for_message("Olu Ade has no PIN here.")
        floor.gun.scan("ION/OP/9999")
        floor.wait_for_message("Nobody here has this badge.")
        operator(floor, "disable", "1042")
        floor.gun.scan("ION/OP/1042")
        floor.wait_for_message("This badge signs nobody in any more.")
    assert "COMPLETE" not in str(floor.effects())
