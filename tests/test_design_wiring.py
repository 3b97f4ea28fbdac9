"""The design page's room in a kiosk that is put together, against the simulated ION."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.compose import Kiosk
from kiosk.demo import demo_running
from kiosk.errors import LabelError, OrderRefused
from kiosk.model import JobState
from kiosk.ports import DesignRoom, LabelOrder, LabelWish
from tests.fakes.designs import PACKAGED

PART = (PACKAGED / "part.toml").read_text(encoding="utf-8")


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    with demo_running(0, tmp_path, "both") as (kiosk, _):
        yield kiosk


def designs_of(kiosk: Kiosk) -> DesignRoom:
    room = kiosk.rooms().designs
    assert room is not None
    return room


def test_what_a_code_is_about_is_printed_once_under_one_key(kiosk: Kiosk) -> None:
    kiosk.link.step()
    room = designs_of(kiosk)
    values = room.sample(b'{"uid":"08b23b39635138c00cc27cc5f9792e08"}')
    assert (values["part.partNumber"], values["serialNumber"]) == ("BRKT-001", "SN-000118")
    assert room.sample(b"BRKT-001")["part.partNumber"] == "BRKT-001"
    draft = room.draft("part", PART, "dock-zebra", values)
    assert draft.fault is None
    jobs = [room.print_test("part", PART, "dock-zebra", values, key="k")[0] for _ in range(2)]
    assert jobs[0].id == jobs[1].id
    assert (jobs[0].state, jobs[0].station, jobs[0].printer) == (JobState.QUEUED, "dock-1", "dock-zebra")
    assert kiosk.journal.prints.picture(jobs[0].id) == draft.png
    with pytest.raises(LabelError, match="Nothing that has a label"):
        room.sample(b"ION/CMD/CONFIRM")


def test_a_queued_label_keeps_its_bytes_when_its_design_changes(kiosk: Kiosk, tmp_path: Path) -> None:
    room = designs_of(kiosk)
    wish = LabelWish("location", {"code": "ION/LOC/4", "name": "Dock"})
    (before,) = kiosk.service.order(LabelOrder([wish], "one")).jobs
    picture = kiosk.journal.prints.picture(before.id)
    source = room.source("location")
    assert source is not None
    room.save("location", room.arranged(source, "text 1", "dock-zebra", {"width_mm": 320}), None)
    (after,) = kiosk.service.order(LabelOrder([wish], "two")).jobs
    assert kiosk.journal.prints.picture(before.id) == picture
    assert kiosk.journal.prints.picture(after.id) != picture
    assert after.design_digest != before.design_digest
    assert (tmp_path / "designs" / "location.toml").is_file()
    assert kiosk.journal.prints.claim("dock-zebra") is not None


def test_a_kiosk_starts_with_the_site_s_designs(tmp_path: Path) -> None:
    folder = tmp_path / "designs"
    folder.mkdir()
    (folder / "part.toml").write_text("title =", encoding="utf-8")
    (folder / "gate.toml").write_text(PART, encoding="utf-8")
    with demo_running(0, tmp_path, "both") as (kiosk, _):
        cards = {card.name: card for card in designs_of(kiosk).cards()}
        assert "part.toml" in cards["part"].fault
        assert cards["gate"].is_of_site
        wish = LabelWish("part", {"code": "ION/PI/5", "part.partNumber": "P"})
        with pytest.raises(OrderRefused, match=r"part\.toml: expected TOML"):
            kiosk.service.order(LabelOrder([wish]))
