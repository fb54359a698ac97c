"""Worlds in which people meet without a network: whatever goes down or gets lost, every promise holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from unittest.mock import patch

import pytest

from app.models.queries import hall as told
from app.models.upon import Upon
from tests.simulation.ledger import Violation
from tests.simulation.runs import Tally, judge, play_all
from tests.simulation.world import World, plan

SEEDS = (19, 39, 41, 46, 57, 66)
"""In which people do meet, and some do not come home."""
AGAIN = (19,)
MUST_HAPPEN = (
    *("met in a hall", "crash in a hall", "hall answer lost", "hall twice"),
    *("letter taken", "letter words", "receipt came back"),
    *("laptop lost", "profile restored", "agency restored"),
)


@pytest.fixture(scope="module")
def tally() -> Tally:
    """A few worlds, on all cores; thousands are for the night (`dev.py simulate --hall`)."""
    played = Tally()
    for verdict in play_all(SEEDS, edition=3):
        played.add(verdict)
    return played


@pytest.mark.slow
def test_worlds_with_halls_end_well(tally: Tally) -> None:
    assert not tally.failed, [f"seed {v.seed}: {v.fault}" for v in tally.failed]
    assert not [what for what in MUST_HAPPEN if not tally.counters[what]]


@pytest.mark.slow
def test_an_evening_is_told_again_to_the_letter(tally: Tally) -> None:
    assert [judge(plan(seed, 3)).digest for seed in AGAIN] == [tally.digests[seed] for seed in AGAIN]


@contextmanager
def heard_let_go_at_any_word() -> Iterator[None]:
    """Whatever the agency says of a record, what was heard of it in the hall goes."""
    with patch.object(Upon, "over", lambda self, _: replace(self, heard=None)):
        yield


@contextmanager
def receipts_for_more_than_the_letter_held() -> Iterator[None]:
    """A receipt is believed for everything under the same identity."""
    with patch.object(told, "_within", lambda sealed, _: dict.fromkeys(sealed, 10**6)):
        yield


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mistake", "seed", "noticed"),
    [
        (heard_let_go_at_any_word, 2, "heard in the hall"),
        (receipts_for_more_than_the_letter_held, 39, "told as being at the agency and is not"),
    ],
)
def test_a_mistake_in_the_hall_is_noticed(mistake: AbstractContextManager[None], seed: int, noticed: str) -> None:
    with pytest.raises(Violation, match=noticed):
        World(plan(seed, 3), mistake).play()  # type: ignore[arg-type]
