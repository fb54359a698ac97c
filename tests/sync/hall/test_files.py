"""Photos go through the hall after the words, piece by piece, and from whoever goes there to the agency."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import DiskFull
from app.models.blobs import PIECE, Blobs
from app.models.queries.attachments import root_files
from app.models.queries.reader import Reader
from app.models.store import Store
from app.services import attachments, measures
from app.sync.engine import Engine
from app.sync.hall.files import Left
from app.sync.hall.wire import FilesReply, FilesRequest, PieceReply, PieceRequest
from tests.sync.cutting import cutting
from tests.sync.devices import BERLEBURG, KEY, Device
from tests.sync.hall.conftest import Hall

PHOTO, SMALL = os.urandom(2 * PIECE + 1000), os.urandom(9_000)


@pytest.fixture
def places(hall: Hall, tmp_path: Path) -> Iterator[Path]:
    """Everybody has a place for files, for this evening."""
    for name, device in hall.devices.items():
        device.store.blobs = Blobs(tmp_path / f"{name}-files.db", KEY)
    yield tmp_path
    for device in hall.devices.values():
        bytes_at(device).close()
        device.store.blobs = None


def bytes_at(device: Device) -> Blobs:
    assert device.store.blobs is not None
    return device.store.blobs


def attach(hall: Hall, places: Path, device: Device, data: bytes, name: str, preview: bytes = b"") -> str:
    """The SHA-256 of a photo of the workshop."""
    file = places / name
    file.write_bytes(data)
    made = attachments.add(device.store, ("workshop", hall.workshop), attachments.look_at(file), preview)
    return next(a.text("sha256") for a in attachments.of(device.store, hall.workshop) if a.id == made)


def names(hall: Hall, device: Device) -> set[str]:
    return {a.text("name") for a in attachments.of(device.store, hall.workshop)}


def test_photos_are_on_both_laptops_and_whoever_goes_to_the_agency_brings_them_all(hall: Hall, places: Path) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    link = hall.join(olaf, hall.open(anna))
    from_guest = attach(hall, places, olaf, PHOTO, "Flipchart.bin", SMALL)
    from_hub = attach(hall, places, anna, PHOTO[::-1], "Stellwand.bin")
    hall.meet(link)
    for device in (anna, olaf):
        assert bytes_at(device).read(from_guest) == PHOTO
        assert bytes_at(device).read(from_hub) == PHOTO[::-1]
    small = [ref for ref in root_files(Reader(anna.store.engine), hall.workshop) if ref.is_preview]
    assert [bytes_at(anna).read(ref.sha) for ref in small] == [SMALL]
    assert attachments.count_waiting(olaf.store) > 0, "none of it is at the agency"
    report = Engine(anna.store, anna.between.agency).sync()
    assert (report.files.sent, report.files.failed) == (2, 0)
    late = hall.arrive("Late", BERLEBURG)
    late.store.blobs = Blobs(places / "late-files.db", KEY)
    attachments.keep_originals(late.store, True)
    Engine(late.store, late.between.agency).sync()
    assert bytes_at(late).read(from_guest) == PHOTO
    assert Engine(olaf.store, olaf.between.agency).sync().files.failed == 0
    assert attachments.count_waiting(olaf.store) == 0


def test_each_laptop_can_say_how_much_of_the_photos_is_not_through_yet(hall: Hall, places: Path) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    server = hall.open(anna)
    link = hall.join(olaf, server)
    attach(hall, places, olaf, PHOTO, "Flipchart.bin")
    told = []
    while link.exchange():
        told.append((server.hub.desk.files.missing(), link.sending))
    pieces = [Left(1, len(PHOTO) - PIECE), Left(1, len(PHOTO) - 2 * PIECE), Left()]
    assert [hub for hub, _ in told][-3:] == pieces
    assert [guest for _, guest in told][-3:] == pieces
    assert link.desk.files.missing() == Left()


def test_a_line_that_breaks_in_the_middle_of_a_photo_goes_on_where_it_broke(hall: Hall, places: Path) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    server = hall.open(anna)
    with cutting(f"http://127.0.0.1:{server.port}") as line:
        server.port = int(line.address.rpartition(":")[2])
        link = hall.join(olaf, server)
        up = attach(hall, places, olaf, PHOTO, "Hin.bin")
        down = attach(hall, places, anna, PHOTO[::-1], "Her.bin")
        hall.write(olaf, "Währenddessen")
        line.up = line.down = PIECE * 5 // 4  # no connection carries two pieces: from the beginning it never ends
        link._wire.close()
        for _ in range(40):
            try:
                if not link.exchange():
                    break
            except OSError:
                link._needs_compare = True
        link.leave()
    assert line.cuts >= 2
    assert hall.cards(anna) == ["Währenddessen"]
    assert bytes_at(anna).read(up) == PHOTO
    assert bytes_at(olaf).read(down) == PHOTO[::-1]


def test_a_photo_that_is_broken_or_finds_no_room_keeps_neither_words_nor_other_photos_waiting(
    hall: Hall, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    link = hall.join(olaf, hall.open(anna))
    broken = attach(hall, places, olaf, PHOTO, "Kaputt.bin")
    whole = attach(hall, places, olaf, PHOTO[::-1], "Ganz.bin")
    unfit = attach(hall, places, olaf, SMALL, "Ohne Platz.bin")
    read, append = Blobs.read, Blobs.append

    def bent(self: Blobs, sha: str, start: int = 0, count: int | None = None) -> bytes:
        told = read(self, sha, start, count)
        return bytes(len(told)) if sha == broken else told

    def full(self: Blobs, sha: str, at: int, part: bytes) -> None:
        if sha == unfit:
            raise DiskFull(path="files")
        append(self, sha, at, part)

    monkeypatch.setattr(Blobs, "read", bent)
    monkeypatch.setattr(Blobs, "append", full)
    hall.write(olaf, "Bürgerbus")
    hall.meet(link)
    monkeypatch.undo()
    assert hall.cards(anna) == ["Bürgerbus"]
    assert names(hall, anna) == {"Kaputt.bin", "Ganz.bin", "Ohne Platz.bin"}
    assert bytes_at(anna).read(whole) == PHOTO[::-1]
    assert [(bytes_at(anna).get(sha).have, bytes_at(anna).get(sha).whole) for sha in (broken, unfit)] == [
        (0, False)
    ] * 2
    link.leave()
    hall.meet(hall.join(olaf, hall.open(anna)))
    assert bytes_at(anna).read(broken) == PHOTO, "the next evening it is tried again"
    assert bytes_at(anna).read(unfit) == SMALL


def test_a_guest_gets_and_brings_only_files_of_the_open_workshop(hall: Hall, places: Path) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    secret = measures.create(anna.store, {"title": "Geheim", "lead_ags": BERLEBURG})
    file = places / "Vertrag.bin"
    file.write_bytes(PHOTO)
    attachments.add(anna.store, ("measure", secret), attachments.look_at(file))
    sha = attachments.of(anna.store, secret)[0].text("sha256")
    link = hall.join(olaf, hall.open(anna))
    hall.meet(link)
    assert link._wire.ask("/hall/files", FilesRequest(files=[sha]), FilesReply).have == {}
    assert link._wire.ask("/hall/piece", PieceRequest(file=sha, at=0), PieceReply) == PieceReply()
    stray = "ab" * 32
    assert link._wire.ask("/hall/piece", PieceRequest(file=stray, at=0, piece="AAAA"), PieceReply) == PieceReply()
    assert bytes_at(anna).search([stray]) == {}


def test_laptops_without_a_place_for_files_exchange_their_words(hall: Hall, places: Path) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    link = hall.join(olaf, hall.open(anna))
    attach(hall, places, olaf, SMALL, "Flipchart.bin")
    kept = _without(anna.store)
    hall.write(anna, "Bürgerbus")
    hall.meet(link)
    anna.store.blobs = kept
    assert hall.cards(olaf) == ["Bürgerbus"]
    assert names(hall, anna) == {"Flipchart.bin"}


def _without(store: Store) -> Blobs | None:
    kept, store.blobs = store.blobs, None
    return kept
