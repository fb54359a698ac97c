"""A sudden end at a transaction, named by the function that opened it; `benchmarks/fault_points.py` tries them all."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.e2e.fault_life import raise_world
from tests.e2e.fault_points import Death, call_sites
from tests.e2e.fault_proof import count, die, prove

ELSEWHERE = {
    "app/models/blobs.py": "a database of its own: tests/models/test_blobs.py",
    "app/models/blob_file.py": "a database of its own: tests/models/test_blobs.py",
    "app/server/blobs.py": "files of their own: tests/server/test_files.py",
    "app/models/marks.py:finish": "a first reading stopped after every transaction: tests/sync/test_first_reading.py",
    "app/models/courier.py:keep_answered": "courier files: tests/sync",
    "app/models/courier.py:keep_written": "courier files: tests/sync",
    "app/models/indexing.py": "an index that is made again: tests/models",
    "app/models/migrate.py:upgrade_file": "upgrades on a copy: tests/models/test_migrations.py",
    "app/server/courier.py:_secret": "courier files: tests/server",
    "app/server/office.py:release": "the operator's hand: tests/server/test_operating.py",
    "app/server/service.py:_note_seen": "a visit's time, never worth failing for",
}
"""Places that the story of `fault_life` does not come to, and why that is no hole."""
NOT_YET = {
    "app/models/auditing.py",
    "app/models/reissue.py",
    "app/server/service.py:heal",
}
"""Places that the story has still to come to: comparing with the agency, mending it, taking a new identity."""
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
    ("app/server/service.py:_push", 2, False),
    ("app/server/service.py:_push", 2, True),
    ("app/server/service.py:new_epoch", 1, True),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("points") / "world"
    raise_world(folder)
    return folder


def test_every_place_that_opens_a_transaction_is_in_the_story_or_said_to_be_elsewhere() -> None:
    sites = call_sites()
    assert len(sites) > 40
    assert {point for point, _, _ in CHOSEN} <= sites
    for named in (*ELSEWHERE, *NOT_YET):
        assert any(site.startswith(named) for site in sites), f"{named} is gone"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_the_story_comes_to_every_place(world: Path, tmp_path: Path) -> None:
    met = count(world, tmp_path / "whole")
    prove(tmp_path / "whole")
    left = {site for site in call_sites() if site not in met and not site.startswith((*ELSEWHERE, *NOT_YET))}
    assert left == set(), "let the story of fault_life come there, or say why it need not"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize(("point", "occurrence", "after"), CHOSEN)
def test_an_end_at_a_transaction_loses_nothing(
    world: Path, tmp_path: Path, point: str, occurrence: int, after: bool
) -> None:
    die(world, tmp_path / "life", Death(point, after, occurrence))
    prove(tmp_path / "life")
