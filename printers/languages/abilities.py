"""Which settings a language can express; all others are refused before anything is printed."""

from dataclasses import dataclass

from printers.errors import LabelInvalid
from printers.handling import Cut, Handling
from printers.media import Media, Tracking


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What can be set in one language. Nothing can, unless it is said here."""

    speeds: range = range(0)
    darknesses: range = range(0)
    cuts: frozenset[Cut] = frozenset()
    can_peel: bool = False
    trackings: frozenset[Tracking] = frozenset()
    is_native: bool = False
    is_two_colour: bool = False


def check_settings(name: str, abilities: Abilities, media: Media, handling: Handling) -> None:
    """Make sure that a language can express what is set; what is left as the printer has it always passes.

    Args:
        name: What messages call the language.
        abilities: What it can do.
        media: The stock.
        handling: How the printer is to treat it.

    Raises:
        LabelInvalid: It cannot; the message names the setting and what can be set.
    """
    for what, number, numbers in (
        ("speed", handling.speed, abilities.speeds),
        ("darkness", handling.darkness, abilities.darknesses),
    ):
        if number is not None and number not in numbers:
            choice = f"{numbers[0]} to {numbers[-1]}" if numbers else ""
            raise refusal(name, what, number, choice)
    if handling.cut is not None and handling.cut not in abilities.cuts:
        raise refusal(name, "cut", handling.cut.value, _choice(abilities.cuts))
    if media.tracking is not None and media.tracking not in abilities.trackings:
        raise refusal(name, "tracking", media.tracking.value, _choice(abilities.trackings))
    if handling.peel is not None and not abilities.can_peel:
        raise refusal(name, "peel", handling.peel, "")
    if handling.is_native and not abilities.is_native:
        raise refusal(name, "native", handling.is_native, "false")
    if media.is_two_colour and not abilities.is_two_colour:
        raise refusal(name, "two_colour", media.is_two_colour, "false")
    if handling.peel and handling.cut in (Cut.FULL, Cut.HALF):
        raise LabelInvalid(f"{name}: expected either peel or cut, got both")


def refusal(name: str, what: str, value: object, choice: str) -> LabelInvalid:
    """Word the error for a setting that cannot be expressed; without a choice it has to be left out."""
    expected = choice or "it to be left out, as it cannot be set"
    return LabelInvalid(f"{name}: {what}={value!r}: expected {expected}")


def _choice(values: frozenset[Cut] | frozenset[Tracking]) -> str:
    return " or ".join(sorted(repr(value.value) for value in values))
