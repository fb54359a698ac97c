"""Bytes of attachments at rest: whole or resumable, encrypted, flat in memory, never lost before they are safe."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import StoreError
from app.models.blobs import PIECE, Blobs
from tests.models.desk import KEY

DAY = 24 * 3600 * 1000
BYTES = bytes(range(256)) * 5000
SHA = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "blobs.db"


@pytest.fixture
def blobs(file: Path) -> Iterator[Blobs]:
    opened = Blobs(file, KEY)
    yield opened
    opened.close()


def test_a_file_is_named_by_its_content_and_comes_back_whole(blobs: Blobs) -> None:
    made = blobs.put([BYTES[:7], BYTES[7:]])
    assert (made.sha, made.size, made.whole) == (SHA, len(BYTES), True)
    assert b"".join(blobs.pieces(SHA)) == BYTES
    assert blobs.read(SHA, 300_001, 12) == BYTES[300_001:300_013]
    assert blobs.put([BYTES]) == made
    assert blobs.put([]).size == 0


def test_what_is_here_is_here_after_a_restart_and_nothing_of_it_can_be_read_from_the_disk(file: Path) -> None:
    first = Blobs(file, KEY)
    first.put([b"vertraulich " * 50_000])
    first.close()
    assert b"vertraulich" not in file.read_bytes()
    again = Blobs(file, KEY)
    assert again.search([hashlib.sha256(b"vertraulich " * 50_000).hexdigest()])
    again.close()


def test_a_download_goes_on_where_it_was_when_the_program_ended(file: Path) -> None:
    first = Blobs(file, KEY)
    first.append(SHA, 0, BYTES[:PIECE])
    first.append(SHA, PIECE, BYTES[PIECE : PIECE + 999])
    first.close()
    again = Blobs(file, KEY)
    have = again.get(SHA).have
    assert have == PIECE + 999
    again.append(SHA, 0, b"late and twice")
    with pytest.raises(StoreError):
        again.read(SHA)
    again.append(SHA, have, BYTES[have:])
    assert again.finish(SHA, len(BYTES))
    assert again.read(SHA) == BYTES
    again.close()


def test_another_file_than_meant_is_not_kept(blobs: Blobs) -> None:
    blobs.want(SHA)
    blobs.append(SHA, 0, BYTES[:-1] + b"!")
    assert not blobs.finish(SHA, len(BYTES))
    assert (blobs.get(SHA).have, blobs.get(SHA).wanted) == (0, True)


def test_a_file_given_up_halfway_leaves_nothing(blobs: Blobs) -> None:
    def torn() -> Iterator[bytes]:
        yield BYTES
        raise OSError("stick pulled out")

    with pytest.raises(OSError, match="pulled"):
        blobs.put(torn())
    with pytest.raises(InterruptedError):
        blobs.put([BYTES], cancelled=lambda: True)
    assert blobs.search([SHA]) == {}


def test_a_large_file_does_not_fill_the_memory(blobs: Blobs) -> None:
    tracemalloc.start()
    try:
        made = blobs.put(bytes([i]) * PIECE for i in range(120))
        assert sum(len(part) for part in blobs.pieces(made.sha)) == 120 * PIECE
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_a_place_for_files_that_cannot_be_read_is_put_aside_and_a_new_one_begun(file: Path) -> None:
    file.write_bytes(b"no database at all" * 1000)
    blobs = Blobs(file, KEY)
    assert blobs.put([BYTES]).sha == SHA
    blobs.close()
    other = Blobs(file, bytes(32))
    assert other.search([SHA]) == {}
    other.close()
    assert file.with_name("blobs.damaged.db").exists()


def test_a_file_goes_only_when_nobody_needs_it_and_the_agency_has_it(blobs: Blobs) -> None:
    safe, unsafe, never, used = (blobs.put([bytes([i]) * 100]).sha for i in range(4))
    blobs.confirm(safe, "epoch")
    ever = {safe, unsafe, used}
    assert blobs.collect({used}, ever, 1) == 0
    assert blobs.collect({used}, ever, 29 * DAY) == 0
    assert blobs.collect({used}, ever, 31 * DAY) == 200
    assert blobs.search([safe, unsafe, never, used]).keys() == {unsafe, used}
    assert blobs.collect(set(), ever, 400 * DAY) == 0
    assert blobs.collect({used}, ever, 401 * DAY) == 0
    assert blobs.collect(set(), ever, 402 * DAY) == 0  # needed in between: its month begins anew


def test_space_is_given_back(file: Path, blobs: Blobs) -> None:
    blobs.put([BYTES])
    blobs.collect(set(), set(), 1)
    blobs.close()
    before = file.stat().st_size
    blobs.collect(set(), set(), 40 * DAY)
    blobs.close()
    assert file.stat().st_size < before / 4


def test_what_fails_again_and_again_is_tried_less_and_less_often(blobs: Blobs) -> None:
    pauses = []
    for _ in range(12):
        blobs.remember(SHA, "blob_quota", 0)
        pauses.append(blobs.get(SHA).retry_at)
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (30_000, 3_600_000)
    blobs.retry_all()
    assert blobs.get(SHA).retry_at == 0


def test_a_copy_for_another_program_is_gone_when_the_profile_closes(file: Path, tmp_path: Path) -> None:
    blobs = Blobs(file, KEY)
    blobs.put([BYTES])
    copy = blobs.copy_for_viewing(SHA, "Plan.pdf")
    assert copy.read_bytes() == BYTES
    left = copy.with_name("left by a kill")
    blobs.close()
    assert not copy.exists()
    left.parent.mkdir(parents=True)
    left.write_bytes(b"x")
    Blobs(file, KEY).close()
    assert not left.exists()
    target = tmp_path / "dir"
    target.mkdir()
    with pytest.raises(IsADirectoryError):
        blobs.export(SHA, target)
    assert [f.name for f in tmp_path.iterdir() if f.name.startswith("dir")] == ["dir"]
    blobs.close()
