"""What GS1 demands of the contents of single application identifiers, beyond format and length.

The demands are those of GS1's Barcode Syntax Dictionary. Not looked at: package types (7041).
"""

from calendar import monthrange
from collections.abc import Callable
from typing import TypeAlias

from kiosk.barcodes.gs1_codes import COUNTRIES, COUNTRY_NUMBERS, CURRENCY_NUMBERS
from kiosk.barcodes.gs1_coupon import coupon_fault, positive_offer_fault

Demand: TypeAlias = Callable[[str], str]
"""Says in words what is wrong with a value, nothing where it is right."""

_CSET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_PRINTABLE = frozenset(_CSET_82 + "#")
_CSET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CSET_64 = frozenset("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_COMPANY_PREFIX_DIGITS = 4
_SHORTEST_IBAN = 11


def is_printable_gs1(value: str) -> bool:
    """Return whether all characters are in one of GS1's character sets: 82, or 39 which has ``#`` too."""
    return _PRINTABLE.issuperset(value)


def check_digit_fault(digits: str) -> str:
    """Say what is wrong with the check digit at the end of ``digits`` (GS1 General Specifications, 7.9.1)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    if total % 10 == 0:
        return ""
    return f"its check digit is {digits[-1]}, expected {(int(digits[-1]) - total) % 10}"


def fault_in(ai: str, value: str) -> str:
    """Say what is wrong with the value of an application identifier whose format is right."""
    demand = _DEMANDS.get(ai) or _DEMANDS.get(ai[:3] + "n")
    return demand(value) if demand is not None else ""


def _at(start: int, end: int | None, demand: Demand) -> Demand:
    return lambda value: demand(value[start:end])


def _all(*demands: Demand) -> Demand:
    return lambda value: next((fault for demand in demands if (fault := demand(value))), "")


def _one_of(allowed: frozenset[str], what: str) -> Demand:
    return lambda value: "" if value in allowed else f"the code {value!r} is not {what}"


def _company_prefix(value: str) -> str:
    if len(value) >= _COMPANY_PREFIX_DIGITS and value[:_COMPANY_PREFIX_DIGITS].isdigit():
        return ""
    return f"it does not begin with a company prefix of {_COMPANY_PREFIX_DIGITS} digits or more"


def _check_pair(value: str) -> str:
    body, pair = value[:-2], value[-2:]
    if not body or len(body) > len(_PRIMES):
        return "it has no check pair"
    total = sum(
        _CSET_82.index(character) * prime for character, prime in zip(reversed(body), _PRIMES, strict=False)
    )
    expected = _CSET_32[total % 1021 >> 5] + _CSET_32[total % 1021 & 31]
    return "" if pair == expected else f"its check pair is {pair!r}, expected {expected!r}"


def _countries(value: str) -> str:
    parts = [value[start : start + 3] for start in range(0, len(value), 3)]
    return next((fault for part in parts if (fault := _country_number(part))), "")


def _not_above(limit: int, what: str) -> Demand:
    return lambda value: "" if int(value) <= limit else f"the number {value} is no {what}"


def _not_zero(value: str) -> str:
    return "" if value.strip("0") else "it is zero"


def _piece_of_total(value: str) -> str:
    piece, total = int(value[:2]), int(value[2:])
    return "" if 1 <= piece <= total else f"piece {piece} of {total} cannot be"


def _position_in_sequence(value: str) -> str:
    position, _, end = value.partition("/")
    if position.startswith("0") or end.startswith("0") or int(position) > int(end):
        return f"position {value} cannot be"
    return ""


def _percent_encoded(value: str) -> str:
    start = value.find("%")
    while start >= 0:
        if not all(digit in "0123456789abcdefABCDEF" for digit in value[start + 1 : start + 3]) or (
            len(value) < start + 3
        ):
            return f"it contains {value[start : start + 3]!r}, which is no percent code"
        start = value.find("%", start + 1)
    return ""


def _iban(value: str) -> str:
    if len(value) < _SHORTEST_IBAN or not value.isalnum() or value != value.upper():
        return "it is no IBAN"
    if value[:2] not in COUNTRIES:
        return f"{value[:2]!r} is no country"
    number = "".join(str(int(character, 36)) for character in value[4:] + value[:4])
    return "" if int(number) % 97 == 1 else "its check digits are wrong"


def _no_zero_first(value: str) -> str:
    return "it begins with a zero" if value.startswith("0") and value != "0" else ""


def _date(value: str) -> str:
    """Check YYMMDD. Every year has a 29 February that is divisible by four: GS1 dates lie in 1977 to 2099."""
    year, month, day = 2000 + int(value[:2]), int(value[2:4]), int(value[4:6])
    if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:  # noqa: PLR2004 - months
        return ""
    return f"{value[:6]} is no date"


def _date_or_month(value: str) -> str:
    """Check YYMMDD whose day may be 00, the end of the month."""
    return _date(value[:4] + "01" if value[4:6] == "00" else value) and f"{value[:6]} is no date"


def _time(value: str) -> str:
    """Check HH or HHMM."""
    if int(value[:2] or 0) < 24 and int(value[2:4] or 0) < 60:  # noqa: PLR2004 - hours, minutes
        return ""
    return f"{value} is no time of day"


def _time_or_none(value: str) -> str:
    """Check HHMM, which is 9999 where no time is meant (General Specifications, AI 4324)."""
    return "" if value == "9999" else _time(value)


_country_number = _one_of(COUNTRY_NUMBERS, "a code of a country")
_currency_number = _one_of(CURRENCY_NUMBERS, "a code of a currency")
_country = _one_of(COUNTRIES, "a code of a country")
_yes_no = _one_of(frozenset("01"), "yes (1) or no (0)")
_checked_14 = _at(0, 14, check_digit_fault)

_DEMANDS: dict[str, Demand] = {
    **dict.fromkeys(("00", "01", "02", "03", "402", "8017", "8018"), check_digit_fault),
    **{f"41{place}": check_digit_fault for place in range(8)},
    **dict.fromkeys(("253", "255"), _at(0, 13, check_digit_fault)),
    **dict.fromkeys(("391n", "393n"), _at(0, 3, _currency_number)),
    **dict.fromkeys(("401", "7023", "8004", "8010"), _company_prefix),
    **dict.fromkeys(("422", "424", "426"), _country_number),
    "421": _at(0, 3, _country_number),
    **dict.fromkeys(("423", "425"), _countries),
    **{f"43{place:02}": _percent_encoded for place in (*range(7), *range(10, 17), 20)},
    **dict.fromkeys(("4307", "4317"), _country),
    "4309": _all(
        _at(0, 10, _not_above(1800000000, "degree of latitude")),
        _at(10, 20, _not_above(3600000000, "degree of longitude")),
    ),
    **dict.fromkeys(("4321", "4322", "4323"), _yes_no),
    **dict.fromkeys(("11", "12", "13", "15", "16", "17"), _date_or_month),
    **dict.fromkeys(("4324", "4325"), _all(_date_or_month, _at(6, None, _time_or_none))),
    **dict.fromkeys(("4326", "7006"), _date),
    **dict.fromkeys(("7003", "7011", "8008"), _all(_date, _at(6, 10, _time))),
    "7007": _all(_date, _at(6, None, lambda value: _date(value) if value else "")),
    **dict.fromkeys(("7250", "7251"), _at(2, None, _date_or_month)),
    **{
        f"703{place}": _at(0, 3, _one_of(COUNTRY_NUMBERS | {"999"}, "a code of a country"))
        for place in range(10)
    },
    "7040": _at(3, None, _one_of(_CSET_64, "an importer index")),
    "7241": _one_of(frozenset(f"{n:02}" for n in (*range(1, 11), *range(80, 100))), "a media type"),
    "7252": _one_of(frozenset("0129"), "a code of ISO 5218"),
    **dict.fromkeys(("7253", "7254", "7255", "7256", "7259"), _percent_encoded),
    "7258": _position_in_sequence,
    "8001": _all(
        _at(0, 4, _not_zero),
        _at(4, 9, _not_zero),
        _at(9, 12, _not_zero),
        _at(12, 13, _one_of(frozenset("019"), "a winding direction")),
    ),
    "8003": _at(1, 14, check_digit_fault),
    **dict.fromkeys(("8006", "8026"), _all(_checked_14, _at(14, None, _piece_of_total))),
    "8007": _iban,
    "8011": _no_zero_first,
    "8013": _all(_company_prefix, _check_pair),
    "8110": lambda value: coupon_fault(value, _date),
    "8112": positive_offer_fault,
}
"""By AI, or by its first three digits and ``n`` where the fourth counts decimals."""
