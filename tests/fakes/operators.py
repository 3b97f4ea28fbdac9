"""People who are signed in because a test says so, or because their badge was scanned."""

from dataclasses import dataclass, field, replace

from kiosk.model import BadgeHolder, Operator, Presence, Proof


@dataclass(slots=True)
class FakeOperators:
    """Knows who is where, and notes where somebody did something."""

    signed_in: dict[str, Operator] = field(default_factory=dict)
    acts: list[str] = field(default_factory=list)
    proofs: dict[str, Proof] = field(default_factory=dict)
    """How surely a person at a station is known."""
    holders: dict[str, BadgeHolder] = field(default_factory=dict)
    """By badge."""
    with_pin: set[str] = field(default_factory=set)
    """Ids of operators who have a PIN."""

    def at(self, station: str) -> Operator | None:
        return self.signed_in.get(station)

    def acted(self, station: str) -> Presence | None:
        self.acts.append(station)
        return self.presence(station)

    def presence(self, station: str) -> Presence | None:
        operator = self.signed_in.get(station)
        if operator is None:
            return None
        return Presence(operator, self.proofs.get(station, Proof.NONE), operator.id in self.with_pin)

    def holder(self, badge: str) -> BadgeHolder | None:
        return self.holders.get(badge.upper())

    def signers(self) -> frozenset[str]:
        return frozenset(one.name.casefold() for one in self.holders.values() if one.has_pin)

    def came(self, station: str, holder: BadgeHolder) -> None:
        if self.signed_in.get(station) != holder.operator:
            self.proofs[station] = Proof.NONE
        self.signed_in[station] = holder.operator

    def employ(self, holder: BadgeHolder) -> BadgeHolder:
        """Let a person have a badge and a PIN."""
        holder = replace(holder, has_pin=True)
        self.holders[holder.badge] = holder
        self.with_pin.add(holder.operator.id)
        return holder
