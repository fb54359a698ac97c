"""Files that are cut, bent, forged, foreign or bombs: a typed error, and nothing has changed anywhere."""

from __future__ import annotations

import errno
import random
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest
import zstandard

from app.domain.ids import new_id
from app.errors import DiskFull, MasswerkError, TokenRevoked, UnreadableFile
from app.models import settings
from app.models.engine import reading
from app.models.outbox import standing
from app.server.database import Database
from app.server.service import AgencyService
from app.services import measures
from app.sync.courier.letter import LetterCover, pack
from app.sync.courier.read import read_answer
from app.sync.courier.sealed import CHUNK, Direction, open_sealed, write_sealed
from app.sync.courier.write import own_keys, write_file
from app.sync.courier_keys import PublicKeys, Secret
from app.sync.wire import SyncRequest
from app.ui.wording import courier as words
from app.ui.wording import refusals
from tests.sync.courier.post import Stick, everything, everything_at
from tests.sync.devices import BERLEBURG, Device, joined

Devices = Callable[..., Device]
HEAD = 106


def noise(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


def cuts(size: int) -> list[int]:
    """Every kind of place where a file may end: in and after each part of it, and 200 places anywhere."""
    borders = [0, 7, 8, 9, 10, 42, 74, HEAD, size - 64, *range(HEAD, size, CHUNK + 16)]
    near = {b + d for b in borders for d in (-1, 0, 1)} | {size - 1, size - 63, size - 65, HEAD + 15, HEAD + 17}
    return sorted(c for c in near | set(random.Random(1).sample(range(size), min(200, size))) if 0 <= c < size)


def refused(deed: Callable[[], object]) -> str:
    """The code of the error that the deed ends with; every one has its sentence and its remedy."""
    with pytest.raises(MasswerkError) as found:
        deed()
    assert found.value.code in refusals.SAID
    return found.value.code


@pytest.fixture
def pair(devices: Devices, stick: Stick) -> tuple[Device, Path, Path]:
    """A device, a file of it and the answer, both of several chunks."""
    anna = devices()
    for i in range(3):
        text = noise(i, 60_000).hex()
        measures.create(anna.store, {"title": f"Radweg {i}", "lead_ags": BERLEBURG, "description": text})
    letter = stick.letter(anna)
    answer = stick.answer(letter)
    assert min(letter.stat().st_size, answer.stat().st_size) > 2 * CHUNK
    return anna, letter, answer


def spoilt(whole: bytes) -> Iterator[tuple[str, bytes]]:
    for cut in cuts(len(whole)):
        yield f"cut at {cut}", whole[:cut]
    dice, bits = random.Random(2), random.Random(3)  # which bit of the head is bent depends on no length
    for place in [*range(HEAD), *range(len(whole) - 64, len(whole)), *dice.sample(range(len(whole)), 200)]:
        bent = bytearray(whole)
        bent[place] ^= 1 << bits.randrange(8)
        yield f"bit at {place}", bytes(bent)
    yield "something behind", whole + b"\0"
    yield "two in one", whole + whole
    yield "chunks swapped", _swapped(whole)


def _swapped(whole: bytes) -> bytes:
    size = CHUNK + 16
    first, second = (whole[HEAD + i * size : HEAD + (i + 1) * size] for i in (0, 1))
    return whole[:HEAD] + second + first + whole[HEAD + 2 * size :]


@pytest.mark.slow
def test_no_cut_and_no_bent_bit_changes_anything(
    pair: tuple[Device, Path, Path], office: AgencyService, tmp_path: Path
) -> None:
    anna, letter, answer = pair
    there, here = everything_at(office), everything(anna.store)
    file = tmp_path / "spoilt.mwkurier"
    stick = Stick(tmp_path, office)
    told: set[str] = set()
    for _, content in spoilt(letter.read_bytes()):
        file.write_bytes(content)
        told.add(refused(lambda: stick.answer(file)))
    for _, content in spoilt(answer.read_bytes()):
        file.write_bytes(content)
        told.add(refused(lambda: read_answer(anna.store, file)))
    assert told == {
        "courier_foreign", "courier_damaged", "courier_newer",
        "courier_other_agency", "courier_other_device", "courier_stranger",
    }  # fmt: skip
    assert everything_at(office) == there
    assert everything(anna.store) == here
    assert not list(tmp_path.glob(".*")), "no half file is left"
    assert {"spoilt.mwkurier"} == {p.name for p in tmp_path.glob("*.mwkurier")}
    assert read_answer(anna.store, answer).report.confirmed == 3, "the whole ones are still good"


def test_a_failed_reading_leaves_the_file_as_it_is(pair: tuple[Device, Path, Path], tmp_path: Path) -> None:
    anna, letter, answer = pair
    before = [p.read_bytes() for p in (letter, answer)]
    stranger = joined(AgencyService.found(Database("sqlite://"), "Andere"), tmp_path, "Sven", BERLEBURG)
    assert refused(lambda: read_answer(stranger.store, answer)) == "courier_other_agency"
    assert refused(lambda: read_answer(anna.store, letter)) == "courier_direction"
    assert [p.read_bytes() for p in (letter, answer)] == before
    stranger.store.close()


def test_an_answer_for_another_device_or_another_agency_is_refused(
    devices: Devices, stick: Stick, pair: tuple[Device, Path, Path], tmp_path: Path
) -> None:
    _, letter, answer = pair
    bert = devices("Bert")
    assert refused(lambda: read_answer(bert.store, answer)) == "courier_other_device"
    other = Stick(tmp_path / "other", AgencyService.found(Database(f"sqlite:///{tmp_path}/other.db"), "Andere"))
    assert refused(lambda: other.answer(letter)) == "courier_other_agency"
    other.office.database.close()


def test_a_device_that_was_signed_off_brings_nothing(devices: Devices, stick: Stick, office: AgencyService) -> None:
    anna = devices()
    measures.create(anna.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    letter = stick.letter(anna)
    office.revoke(1)
    there = everything_at(office)
    with pytest.raises(TokenRevoked):
        stick.answer(letter)
    assert everything_at(office) == there
    assert [p.name for p in stick.folder.iterdir()] == [letter.name]


def keys_of(device: Device) -> tuple[Secret, PublicKeys]:
    return own_keys(standing(device.store))


def request_of(device: Device, *changes: object) -> SyncRequest:
    return SyncRequest(replicas=[device.replica], changes=list(changes))


def test_a_stranger_with_keys_of_his_own_is_nobody(devices: Devices, stick: Stick) -> None:
    _, agency = keys_of(devices())
    forged = stick.folder / "forged.mwkurier"
    write_sealed(forged, Direction.TO_AGENCY, Secret.make(), agency, [pack(LetterCover(file="0" * 16, changes=0))])
    assert refused(lambda: stick.answer(forged)) == "courier_stranger"


def test_nobody_signs_what_another_device_wrote(devices: Devices, stick: Stick, office: AgencyService) -> None:
    """An enrolled device puts its own name to a file that it found: it cannot be opened under that name."""
    anna, mallory = devices("Anna"), devices("Mallory")
    measures.create(anna.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    whole = stick.letter(anna).read_bytes()
    secret, _ = keys_of(mallory)
    body = whole[:10] + secret.public.signing + whole[42:-64]
    forged = stick.folder / "forged.mwkurier"
    import hashlib

    forged.write_bytes(body + secret.signing.sign(b"masswerk courier file 1" + hashlib.sha512(body).digest()))
    open_sealed(forged, Direction.TO_AGENCY).check()
    there = everything_at(office)
    assert refused(lambda: stick.answer(forged)) == "courier_damaged"
    assert everything_at(office) == there


def test_a_bomb_of_a_gigabyte_is_refused_without_its_memory(
    devices: Devices, stick: Stick, office: AgencyService
) -> None:
    anna = devices()
    secret, agency = keys_of(anna)
    packer = zstandard.ZstdCompressor(level=1).compressobj()
    zeros = bytes(8 * 1024 * 1024)
    bomb = b"".join([*(packer.compress(zeros) for _ in range(128)), packer.flush()])
    assert len(bomb) < 200_000
    path = stick.folder / "bomb.mwkurier"
    write_sealed(path, Direction.TO_AGENCY, secret, agency, [pack(LetterCover(file="0" * 16, changes=1)), b"\1" + bomb])
    there = everything_at(office)
    tracemalloc.start()
    try:
        assert refused(lambda: stick.answer(path)) == "courier_content"
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
    assert everything_at(office) == there


def test_many_small_bombs_are_one_large_one(devices: Devices, stick: Stick, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = devices()
    monkeypatch.setattr("app.sync.courier.letter.MAX_PLAIN", 100_000)
    secret, agency = keys_of(anna)
    long = request_of(anna, *[["x" * 30_000]])
    path = stick.folder / "many.mwkurier"
    frames = [pack(LetterCover(file="0" * 16, changes=9)), *[pack(long)] * 9]
    write_sealed(path, Direction.TO_AGENCY, secret, agency, frames)
    assert refused(lambda: stick.answer(path)) == "courier_content"
    monkeypatch.undo()
    monkeypatch.setattr("app.sync.courier.letter.MAX_MESSAGES", 3)
    assert refused(lambda: stick.answer(path)) == "courier_content"


@pytest.mark.parametrize(
    "frames",
    [
        [],
        [b""],
        [b"\0{}"],
        [b"\0" + orjson.dumps({"file": "../../etc/passwd", "changes": 0})],
        [pack(LetterCover(file="0" * 16, changes=0))],
        [pack(LetterCover(file="0" * 16, changes=0)), b"\1no zstd"],
        [pack(LetterCover(file="0" * 16, changes=0)), b'\0{"replicas": []}'],
        [pack(LetterCover(file="0" * 16, changes=0)), b"\0" + b"[" * 100_000],
    ],
)
def test_what_an_enrolled_device_signed_but_nobody_can_read_changes_nothing(
    devices: Devices, stick: Stick, office: AgencyService, frames: list[bytes]
) -> None:
    secret, agency = keys_of(devices())
    path = stick.folder / "odd.mwkurier"
    write_sealed(path, Direction.TO_AGENCY, secret, agency, frames)
    there = everything_at(office)
    assert refused(lambda: stick.answer(path)) == "courier_content"
    assert everything_at(office) == there


def test_a_disk_that_fills_up_leaves_no_half_file(tmp_path: Path) -> None:
    def frames() -> Iterator[bytes]:
        yield noise(1, 300_000)
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskFull):
        write_sealed(tmp_path / "full.mwkurier", Direction.TO_AGENCY, Secret.make(), Secret.make().public, frames())
    assert not list(tmp_path.iterdir())


def test_nothing_that_is_there_is_ever_overwritten(devices: Devices, stick: Stick, tmp_path: Path) -> None:
    anna = devices()
    there = tmp_path / "Haushalt.ods"
    there.write_text("wichtig")
    assert refused(lambda: write_file(anna.store, there)) == "courier_exists"
    assert there.read_text() == "wichtig"
    letter = stick.letter(anna)
    answer = stick.answer(letter)
    before = answer.read_bytes()
    from app.server.courier import answer_file, answer_path

    assert refused(lambda: answer_file(stick.office, letter, answer)) == "courier_exists"
    assert answer.read_bytes() == before
    beside = answer_path(letter, None)
    answer_file(stick.office, letter, beside)
    assert beside.name == f"{letter.stem}-Antwort.mwkurier"
    assert answer_path(letter, letter.parent).name == f"{letter.stem}-Antwort-2.mwkurier"


def test_a_folder_that_is_not_there_is_told(devices: Devices, tmp_path: Path) -> None:
    anna = devices()
    assert refused(lambda: write_file(anna.store, tmp_path / "weg" / "a.mwkurier")) == "courier_not_written"
    assert refused(lambda: read_answer(anna.store, tmp_path / "weg")) == "file_missing"
    assert refused(lambda: read_answer(anna.store, tmp_path)) == "file_missing"


def test_neither_content_nor_names_are_in_clear_in_the_file_or_at_the_agency(
    devices: Devices, stick: Stick, office: AgencyService
) -> None:
    anna = devices("Anna Amsel")
    measures.create(anna.store, {"title": "Geheimer Radweg " + new_id(), "lead_ags": BERLEBURG})
    letter = stick.letter(anna)
    answer = stick.answer(letter)
    with reading(anna.store.engine) as connection:
        secret = settings.courier(connection).secret
    for whole in (letter.read_bytes(), answer.read_bytes()):
        for word in (b"Radweg", b"Amsel", BERLEBURG.encode(), b"measure", anna.token.encode(), bytes.fromhex(secret)):
            assert word not in whole
    assert "Amsel" not in letter.name
    assert secret not in repr(keys_of(anna)[0])


def test_every_verdict_and_every_refusal_has_its_words() -> None:
    from app.sync.courier.read import Verdict

    assert set(words.ANSWERS) == {v.value for v in Verdict}
    assert {f"courier.{v.value}" for v in Verdict} - {"courier.repeated", "courier.overtaken"} <= set(words.LOG)
    assert UnreadableFile("x", "courier_damaged").code in words.REFUSED
