"""A screen that asks for photos, before there are any."""

from kiosk.model import Json
from tests.web.samples import SAMPLES

SCREEN = "problem/report"
STATE: dict[str, Json] = {**SAMPLES[SCREEN], "photos": (), "photos_of": "run-step/12"}
