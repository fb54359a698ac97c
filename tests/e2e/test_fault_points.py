"""A sudden end at a transaction, named by the function that opened it; `benchmarks/fault_points.py` tries them all."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.e2e.fault_life import raise_world
from tests.e2e.fault_points import Death, call_sites
from tests.e2e.fault_proof import count, die, prove

CHOSEN = [
    ("app/models/store.py:change", 9, True),
    ("app/models/store.py:change", 12, False),
    ("app/models/incoming.py:take_batch", 2, False),
    ("app/models/incoming.py:take_batch", 1, True),
    ("app/models/confirming.py:confirm", 4, False),
    ("app/models/epochs.py:begin", 1, True),
    ("app/models/opening.py:_store", 1, False),
    ("app/models/rescue.py:rescue", 1, True),
    ("app/models/backup.py:restore", 1, False),
    ("app/models/reissue.py:renew", 1, False),
    ("app/models/reissue.py:renew", 2, False),
    ("app/models/auditing.py:yield_to", 1, True),
    ("app/models/marks.py:finish", 1, False),
    ("app/server/service.py:heal", 2, True),
    ("app/server/service.py:_push", 2, False),
    ("app/server/service.py:_push", 2, True),
    ("app/server/service.py:new_epoch", 1, True),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("points") / "world"
    raise_world(folder)
    return folder


def test_the_chosen_places_are_there() -> None:
    sites = call_sites()
    assert len(sites) > 40
    assert {point for point, _, _ in CHOSEN} <= sites


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_the_story_comes_to_every_place_that_opens_a_transaction(world: Path, tmp_path: Path) -> None:
    met = count(world, tmp_path / "whole")
    prove(tmp_path / "whole")
    assert call_sites() == met.keys(), "let the story of fault_life come there"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize(("point", "occurrence", "after"), CHOSEN)
def test_an_end_at_a_transaction_loses_nothing(
    world: Path, tmp_path: Path, point: str, occurrence: int, after: bool
) -> None:
    die(world, tmp_path / "life", Death(point, after, occurrence))
    prove(tmp_path / "life")
