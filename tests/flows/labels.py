"""Made-up labels on goods, and what they put into a line's entry."""

from typing import Any

from tests.flows.floor import Floor

BAG = ("PBOLT-1", "Q3", "1TL-1", "9D2245", "3SBOX1")


def label(*fields: str) -> str:
    """Return a label in the envelope, format 06."""
    return "[)>\x1e06\x1d{}\x1e\x04".format("\x1d".join(fields))


def entered(floor: Floor) -> dict[str, Any]:
    """Return what stands on a line's screen."""
    state = floor.state
    return {
        "line": state["line"]["id"],
        **{name: state[name] for name in ("quantity", "lot", "serials", "date_code")},
    }


def entry(line: str, quantity: str | None = None, lot: str | None = None, **more: object) -> dict[str, Any]:
    return {"line": line, "quantity": quantity, "lot": lot, "serials": [], "date_code": None, **more}
