"""GS1's coupon codes: North American coupon AI (8110) and positive offer file coupon AI (8112).

Both are digits whose parts follow each other, many with a digit before them that says how long they are
(GS1 US, *North American Coupon Application Guideline*; GS1 General Specifications, AI 8112).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


class _Fault(Exception):
    """What is wrong; the text is the reason."""


@dataclass(slots=True)
class _Digits:
    """Digits that are read from the left."""

    value: str
    at: int = 0

    @property
    def is_left(self) -> bool:
        """Return whether there are more."""
        return self.at < len(self.value)

    def take(self, count: int, what: str) -> str:
        """Return the next digits."""
        part = self.value[self.at : self.at + count]
        if len(part) < count:
            raise _Fault(f"it is cut off in the {what}")
        self.at += count
        return part

    def one_of(self, allowed: str, what: str) -> str:
        """Return the next digit, which is one of these."""
        digit = self.take(1, what)
        if digit not in allowed:
            raise _Fault(f"its {what} is {digit}, expected one of {', '.join(allowed)}")
        return digit

    def sized(self, allowed: str, least: int, what: str) -> str:
        """Return a part whose first digit says by how much it is longer than the least."""
        return self.take(least + int(self.one_of(allowed, f"length of the {what}")), what)

    def company(self, allowed: str, what: str) -> None:
        """Read a company prefix; ``9`` stands for none where it is allowed."""
        size = self.one_of(allowed, f"length of the {what}")
        if size != "9":
            self.take(6 + int(size), what)


Date: TypeAlias = Callable[[str], str]
"""Says what is wrong with a date YYMMDD, nothing where it is right."""


def coupon_fault(value: str, date_fault: Date) -> str:
    """Say what is wrong with a North American coupon code, AI (8110)."""
    return _fault_of(value, lambda digits: _coupon(digits, date_fault))


def positive_offer_fault(value: str) -> str:
    """Say what is wrong with a positive offer file coupon code, AI (8112)."""
    return _fault_of(value, _positive_offer)


def _fault_of(value: str, read: Callable[[_Digits], None]) -> str:
    if not (value.isascii() and value.isdigit()):
        return "it has more than digits"
    digits = _Digits(value)
    try:
        read(digits)
    except _Fault as fault:
        return str(fault)
    return f"it has {len(value)} digits, expected {digits.at}" if digits.is_left else ""


def _positive_offer(digits: _Digits) -> None:
    digits.one_of("01", "format")
    digits.company("0123456", "funder")
    digits.take(6, "offer")
    digits.sized("0123456789", 6, "serial number")


def _coupon(digits: _Digits, date_fault: Date) -> None:
    digits.company("0123456", "company prefix")
    digits.take(6, "offer")
    digits.sized("12345", 0, "save value")
    digits.sized("12345", 0, "purchase requirement")
    digits.one_of("0123459", "purchase requirement's code")
    digits.take(3, "family code")
    dates: dict[str, str] = {}
    seen = ""
    while digits.is_left:
        part = digits.one_of("1234569", "data field")
        if part in seen:
            raise _Fault(f"it has the data field {part} twice")
        seen += part
        match part:
            case "1":
                digits.one_of("0123", "rule for more purchases")
                _further_purchase(digits)
            case "2":
                _further_purchase(digits)
            case "3" | "4":
                dates[part] = digits.take(6, "date")
                if fault := date_fault(dates[part]):
                    raise _Fault(fault)
            case "5":
                digits.sized("0123456789", 6, "serial number")
            case "6":
                digits.sized("1234567", 6, "retailer")
            case _:
                digits.one_of("01256", "save value's code")
                digits.one_of("012", "item that the save value applies to")
                digits.take(1, "store coupon's flag")
                digits.one_of("01", "flag against multiplying")
    if dates.get("3", "999999") < dates.get("4", ""):
        raise _Fault("it expires before it starts")


def _further_purchase(digits: _Digits) -> None:
    digits.sized("12345", 0, "further purchase requirement")
    digits.one_of("012349", "further purchase requirement's code")
    digits.take(3, "further family code")
    digits.company("01234569", "further company prefix")
