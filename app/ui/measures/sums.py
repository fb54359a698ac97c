"""The sums of a measure's money: what is planned, spent, funded, and what is left to pay oneself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain import catalogue as c
from app.domain.money import Cents

_NO_MONEY = (c.FundingStatus.REJECTED,)


@dataclass(frozen=True, slots=True)
class Sums:
    """All in cents.

    Attributes:
        cost: the total as given, else the sum of the planned items; None if neither is known.
        funded: money from others, without what was rejected.
        own_share: what is left to pay oneself; None while the cost is unknown.
    """

    cost: Cents | None
    planned: Cents
    spent: Cents
    funded: Cents
    own_share: Cents | None

    @property
    def is_overfunded(self) -> bool:
        """More money from others than the measure costs."""
        return self.own_share is not None and self.own_share < 0


def sums(total: Cents | None, costs: Iterable[Mapping[str, object]], funding: Iterable[Mapping[str, object]]) -> Sums:
    """Adds up the items of one measure; items without an amount count nothing."""
    items = list(costs)
    planned = sum(_cents(item, "planned_cents") for item in items)
    known = any(item.get("planned_cents") is not None for item in items)
    cost = total if total is not None else planned if known else None
    funded = sum(
        _cents(item, "amount_cents")
        for item in funding
        if item.get("source") != c.FundingSource.OWN_SHARE and item.get("status") not in _NO_MONEY
    )
    spent = sum(_cents(item, "actual_cents") for item in items)
    return Sums(cost, planned, spent, funded, None if cost is None else cost - funded)


def _cents(item: Mapping[str, object], name: str) -> Cents:
    value = item.get(name)
    return value if isinstance(value, int) else 0
