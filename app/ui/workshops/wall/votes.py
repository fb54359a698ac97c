"""What a card got in the round shown, and what may be given to it now."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.ids import EntityId
from app.ui.workshops.wall.state import WallState


@dataclass(frozen=True, slots=True)
class Votes:
    """What is written at the foot of a card.

    Attributes:
        amount: points, or cents of a budget vote.
        shown: a round is on or was: the number is shown.
        open: something can be given.
        less: whether something can be taken away.
        more: whether something is left to give.
        by_rank: the room orders cards.
        rank: where it stands in the order, 1 first; 0 without points.
        place: where it is on the ballot, 1 first; 0 for nowhere.
    """

    amount: int = 0
    money: bool = False
    shown: bool = False
    open: bool = False
    less: bool = False
    more: bool = True
    by_rank: bool = False
    rank: int = 0
    place: int = 0


def votes_of(state: WallState, card: EntityId, is_left: bool) -> Votes:
    """What stands at the foot of a card now.

    Args:
        is_left: whether points or money are left to give; the same for all cards.
    """
    amount, shown = state.points(card), state.round is not None
    if not state.by_rank:
        return Votes(amount, state.in_money, shown, state.is_open, amount > 0, is_left)
    place = state.ballot.place(card)
    more = place > 1 or (not place and not state.ballot.is_full)
    return Votes(amount, False, shown, state.is_open, place > 0, more, True, state.rank(card), place)
