from kiosk.ambience import Ambiences
from kiosk.model import Ambience, Light, Volume
from kiosk.settings import StationSettings
from tests.fakes.ambience import FakeAmbienceBook


def test_a_choice_at_the_station_comes_before_the_settings() -> None:
    stations = (StationSettings(name="dock-1"), StationSettings(name="attic", light="dim", volume="off"))
    ambiences = Ambiences(stations, FakeAmbienceBook())
    assert ambiences.of("dock-1") == Ambience(Light.AUTO, Volume.MIDDLE)
    assert ambiences.of("attic") == Ambience(Light.DIM, Volume.OFF)
    ambiences.choose("attic", Ambience(Light.BRIGHT, Volume.HIGH))
    assert ambiences.of("attic") == Ambience(Light.BRIGHT, Volume.HIGH)
