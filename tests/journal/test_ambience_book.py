from contextlib import closing
from pathlib import Path

from kiosk.model import Ambience, Distance, Light, Volume
from tests.journal.opened import opened

DIM = Ambience(Light.DIM, Volume.LOW, Distance.FAR)


def test_the_last_choice_of_each_station_survives(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        assert journal.ambiences.get("dock-1") is None
        journal.ambiences.put("dock-1", Ambience(Light.BRIGHT, Volume.OFF))
        journal.ambiences.put("dock-1", DIM)
    with closing(opened(tmp_path)) as journal:
        assert (journal.ambiences.get("dock-1"), journal.ambiences.get("floor-1")) == (DIM, None)
