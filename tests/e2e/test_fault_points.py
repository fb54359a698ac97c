"""A sudden end at a transaction, named by the function that opened it; `benchmarks/fault_points.py` tries them all."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.e2e.fault_points import Death, call_sites
from tests.e2e.fault_proof import count, die, prove

CHOSEN = [
    ("begin", "app/models/opening.py:_store", 1, False),
    ("begin", "app/models/store.py:change", 6, True),
    ("begin", "app/models/incoming.py:take_batch", 1, True),
    ("begin", "app/models/incoming.py:take_batch", 2, False),
    ("begin", "app/server/service.py:_push", 1, True),
    ("go on", "app/models/store.py:change", 5, False),
    ("go on", "app/models/confirming.py:confirm", 3, False),
    ("go on", "app/models/epochs.py:begin", 1, True),
    ("go on", "app/server/service.py:_push", 1, False),
    ("go on", "app/server/service.py:new_epoch", 1, True),
    ("attachment", "app/models/blobs.py:_name", 1, False),
    ("twin", "app/models/reissue.py:renew", 1, False),
    ("twin", "app/models/reissue.py:renew", 2, False),
    ("put back", "app/server/service.py:new_epoch", 1, True),
    ("put back", "app/server/service.py:heal", 2, True),
    ("spoilt", "app/models/auditing.py:yield_to", 1, False),
    ("rescue", "app/models/rescue.py:rescue", 1, True),
    ("rescue", "app/models/backup.py:restore", 1, False),
    ("begin anew", "app/models/marks.py:finish", 1, False),
]
Met = dict[str, dict[str, int]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Met]:
    """A life that came to its end, with the stages it went through, and the commits it met."""
    folder = tmp_path_factory.mktemp("points")
    return folder, count(folder / "life", folder / "stages")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_the_story_comes_to_every_place_that_opens_a_transaction(whole: tuple[Path, Met]) -> None:
    folder, met = whole
    sites = call_sites()
    assert len(sites) > 40
    assert sites == {place for chapter in met.values() for place in chapter}, "let the story of fault_life come there"
    prove(folder / "life")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize(("chapter", "point", "occurrence", "after"), CHOSEN)
def test_an_end_at_a_transaction_loses_nothing(
    whole: tuple[Path, Met], tmp_path: Path, chapter: str, point: str, occurrence: int, after: bool
) -> None:
    die(whole[0] / "stages", tmp_path / "life", Death(chapter, point, after, occurrence))
    prove(tmp_path / "life")
