"""Pictures for a person to look at, in the folder that ``KIOSK_SCREENSHOTS`` names; none without it.

No test asks anything of a picture, and to take one costs more than most of what a test does between two.
"""

import os
from pathlib import Path

from playwright.sync_api import Page

FOLDER = os.environ.get("KIOSK_SCREENSHOTS")
"""Read here, since tests see no KIOSK_ variables."""


def take(page: Page, name: str, *, is_whole: bool = False) -> None:
    """Keep what a page shows.

    Args:
        page: the page.
        name: of the file, without its ending; may begin with a folder's.
        is_whole: with what lies below the edge of the screen.
    """
    if FOLDER:
        path = Path(FOLDER) / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, animations="disabled", full_page=is_whole)
