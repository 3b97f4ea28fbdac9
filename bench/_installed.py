"""A kiosk as it is on a machine of its own: ``python -m bench._installed serve --config FILE``.

The environment of developers has rich and Pygments, which the linters need; httpx loads both where they are,
for a command line of its own. No kiosk has them.
"""

import sys
from typing import Any

_ABSENT: Any = None
for name in ("rich", "pygments"):
    # An import that finds this says that there is no such module (docs.python.org, sys.modules).
    sys.modules[name] = _ABSENT

from kiosk.cli import main  # noqa: E402 - after they are gone

if __name__ == "__main__":
    main()
