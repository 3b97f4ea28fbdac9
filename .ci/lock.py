"""Print ``name==version`` of all that the project and its dev extra need, as installed here."""

import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
HEADER = """\
# The exact versions that are tested, and that every make target installs.
# Written by .ci/lock, which also brings them up to date. pyproject.toml says what is allowed.
"""


UNTOUCHED = frozenset({"pip"})
"""Asked for by others, but every environment brings its own."""


def needed(requirements: list[Requirement]) -> dict[str, str]:
    """Return name and installed version of these requirements and of all they need themselves."""
    versions: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(requirement, "") for requirement in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        found = distribution(requirement.name)
        if requirement.name not in UNTOUCHED:
            versions[canonicalize_name(requirement.name)] = found.version
        for wanted_extra in ("", *requirement.extras):
            if (requirement.name, wanted_extra) not in seen:
                seen.add((requirement.name, wanted_extra))
                waiting += [(Requirement(line), wanted_extra) for line in found.requires or ()]
    return versions


def main() -> None:
    """Print the list."""
    pyproject = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    project = pyproject["project"]
    lines = [
        *pyproject["build-system"]["requires"],
        *project["dependencies"],
        *project["optional-dependencies"]["dev"],
    ]
    print(HEADER, end="")
    for name, version in sorted(needed([Requirement(line) for line in lines]).items()):
        print(f"{name}=={version}")


main()
