"""A screen that asks for photos, as a flow's template has it."""

import shutil
from pathlib import Path

from kiosk.model import Json
from kiosk.resources import templates_dir

SCREEN = "problem/ask"
STATE: dict[str, Json] = {"photos": (), "photos_of": "run-step/12"}
_TEMPLATE = """\
{% extends "screens/_parts/frame.html" %}
{% from "screens/_parts/facts.html" import kind, number with context %}
{% from "screens/_parts/buttons.html" import button, cancel, confirm with context %}
{% block what %}
{{ kind("Report a problem", "flag") }}
{{ number("Run 77") }}
<p class="lead">Torque the manifold bolts</p>
{% include "screens/_parts/photos.html" %}
{% endblock %}
{% block doing %}{{ button("TITLE", "What is wrong?") }}{% endblock %}
{% block cancel %}{{ cancel() }}{% endblock %}
{% block confirm %}{{ confirm("Report") }}{% endblock %}
"""


def templates_with_photos(folder: Path) -> Path:
    """Return a copy of the templates that has the screen, too."""
    made = folder / "templates"
    shutil.copytree(templates_dir(), made)
    screen = made / "screens" / f"{SCREEN}.html"
    screen.parent.mkdir(exist_ok=True)
    screen.write_text(_TEMPLATE, encoding="utf-8")
    return made
