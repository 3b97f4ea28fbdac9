"""What nobody outside knows about ION, or what differs between organisations: one switch each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from kiosk.simulator.schema import EnumCase, IdType

__all__ = ["Switches", "change_switches", "read_switch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """The defaults are the safer reading of ION's public pages."""

    serials_unique_in: Literal["part", "organization"] = "part"
    """Most pages: per part; one page: within the organisation."""
    inventory_status_order: Literal["docs", "manual"] = "docs"
    """In which order the rules of an inventory's status are tried; the two pages disagree."""

    allow_over_receipt: bool = False
    partially_received: bool = True
    """Whether an order can be Partially Received; the manual does not know it."""
    receipt_made_when_ordered: bool = False
    """Whether a receipt is there as soon as an order is Ordered (the manual), or made on demand."""
    receipt_item_needs_location: bool = True
    receipt_item_needs_lot: bool = True
    receipt_item_needs_serial: bool = True
    """These three stand for the rules the vendor publishes as Actions."""
    inspection_on_receipt: bool = True
    """Whether receiving makes an inspection run where the part's procedure demands one."""
    adding_checks_receipt_etag: bool = True
    adding_changes_receipt_etag: bool = True
    receiving_changes_line_etag: bool = True

    allow_any_step_transition: bool = False
    """ION's full diagram is not public; off, only the stated transitions and those they need are made."""
    run_completes_steps: bool = True
    """``updateRun`` to complete finishes the open steps itself; off, it refuses while a step is open."""
    open_installs_block: bool = True
    """Whether a run's last step stays open while a build requirement is neither installed nor excepted."""
    open_issues_block_completing: bool = False
    open_issues_block_todo: bool = False
    out_of_range_blocks: bool = False
    """Whether a step with a value out of range needs an issue before it is completed."""
    failing_creates_issue: bool = False
    redlining_needs_engineer: bool = True
    """Whether only a role with "Engineer" in its name may redline and define assets."""

    issue_approvals_needed: int = 0
    procedure_approvals_needed: int = 1

    read_lag_s: float = 0.0
    """How long after a change reads still show what was before it."""
    errors_as_http_status: bool = False
    """Answer GraphQL errors with 403, 404, 409 or 422 instead of 200; the body is the same."""
    enum_case: EnumCase | None = None
    """How enum values are written; by itself upper in classic, lower in documented-2026."""
    id_type: IdType | None = None
    """What every id is, in and out; by itself as the dialect's documents declare it."""
    token_lifetime_s: float = 300.0
    upload_lifetime_s: float = 300.0
    """How long the address of an upload is good for."""
    download_lifetime_s: float = 300.0
    webhook_attempts: int = 5
    webhook_first_wait_s: float = 0.5
    """Before the second attempt; doubled each time."""


def change_switches(switches: Switches, changes: object) -> Switches:
    """Return the switches with the changes of a JSON object.

    Raises:
        ValueError: A switch that there is not, or a value it cannot have.
    """
    if not isinstance(changes, Mapping):
        raise ValueError(f"switches must be an object, got {changes!r}")  # noqa: TRY004  it came as JSON
    checked: dict[str, Any] = {str(name): _checked(str(name), value) for name, value in changes.items()}
    return replace(switches, **checked)


def read_switch(text: str) -> tuple[str, Any]:
    """Return name and value of ``name=value`` as it is written on a command line.

    Raises:
        ValueError: As ``change_switches``.
    """
    name, _, value = text.partition("=")
    words: Mapping[str, Any] = {"true": True, "false": False, "none": None}
    if value.lower() in words:
        return name, _checked(name, words[value.lower()])
    try:
        return name, _checked(name, float(value) if "." in value else int(value))
    except ValueError:
        return name, _checked(name, value)


_HINTS: Final = get_type_hints(Switches)


def _checked(name: str, value: object) -> object:
    if name not in _HINTS:
        raise ValueError(f"there is no switch {name!r}; there are {', '.join(sorted(_HINTS))}")
    choices = _choices(_HINTS[name])
    if choices:
        fits, expected = value in choices, " or ".join(repr(each) for each in choices)
    elif _HINTS[name] is bool:
        fits, expected = isinstance(value, bool), "true or false"
    else:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        is_fit = is_number and (_HINTS[name] is float or isinstance(value, int))
        fits, expected = is_fit and value >= 0, "a number from 0"  # type: ignore[operator]
    if not fits:
        raise ValueError(f"switch {name} must be {expected}, got {value!r}")
    return value


def _choices(hint: Any) -> tuple[object, ...]:  # noqa: ANN401  any annotation
    """Return the values of a literal, and None where that is one of them."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    found: tuple[object, ...] = ()
    for each in get_args(hint):
        found += (None,) if each is type(None) else _choices(each)
    return found
