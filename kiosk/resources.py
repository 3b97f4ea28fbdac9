"""Where the data files stand, installed or in a checkout."""

from pathlib import Path

_HERE = Path(__file__).parent
_PACKAGED = _HERE / "templates"
_CHECKOUT = _HERE.parent / "templates"


def templates_dir() -> Path:
    """Return the directory that holds ``screens/`` and ``labels/``."""
    # An editable install leaves a stale copy in site-packages, so a checkout's own folder comes first.
    return _CHECKOUT if (_CHECKOUT / "screens").is_dir() else _PACKAGED
