"""Attachments between real stores and a real agency: previews first, whole in the end, never in the records' way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.ids import EntityId
from app.errors import AgencyBusy, AgencyGarbled, AgencyRefused, AgencyUnreachable, DiskFull, UserError
from app.models.blobs import Blobs
from app.models.queries import attachments as files
from app.models.queries import syncing
from app.models.queries.reader import Reader
from app.models.store import Store
from app.server.config import ServeSettings
from app.server.service import AgencyService
from app.server.serving import serving
from app.services import attachments, measures
from app.sync.engine import Engine
from app.sync.http_agency import HttpAgency
from app.sync.report import Progress, Report, Stage
from tests.sync.cutting import Line, cutting
from tests.sync.devices import ARNSBERG, BERLEBURG, KEY, Between, Device

Devices = Callable[..., Device]
PHOTO, SMALL = os.urandom(700_000), os.urandom(20_000)


@dataclass
class Desk:
    """A joined device with a place for files."""

    device: Device
    folder: Path

    @property
    def store(self) -> Store:
        return self.device.store

    @property
    def blobs(self) -> Blobs:
        assert self.store.blobs is not None
        return self.store.blobs

    def attach(self, measure: EntityId, data: bytes = PHOTO, preview: bytes = SMALL, name: str = "Foto.bin") -> str:
        """The SHA-256 of a file attached to a measure."""
        file = self.folder / name
        file.write_bytes(data)
        made = attachments.add(self.store, ("measure", measure), attachments.look_at(file), preview)
        file.unlink()
        return next(a.text("sha256") for a in attachments.of(self.store, measure) if a.id == made)

    def sync(self, over: object = None) -> Report:
        return Engine(self.store, over or self.device.between.agency).sync()  # type: ignore[arg-type]

    def waiting(self) -> int:
        return files.count_untransferred(Reader(self.store.engine), self.store.blobs)

    def key_of(self, sha: str) -> EntityId:
        """The attachment whose original has this checksum."""
        found = (r.key for r in files.file_refs(Reader(self.store.engine)) if r.sha == sha)
        return next(found)[1]

    def names(self, measure: EntityId) -> list[str]:
        return [a.text("name") for a in attachments.of(self.store, measure)]


@pytest.fixture
def desks(devices: Devices, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(name: str, ags: str = BERLEBURG) -> Desk:
        device = devices(name, ags)
        device.store.blobs = Blobs(tmp_path / f"{name}-files.db", KEY)
        made.append(Desk(device, tmp_path))
        return made[-1]

    yield make
    for desk in made:
        desk.blobs.close()


def a_measure(desk: Desk) -> EntityId:
    return measures.create(desk.store, {"title": "Radweg", "lead_ags": BERLEBURG})


def small_of(desk: Desk, measure: EntityId) -> str:
    return attachments.of(desk.store, measure)[0].text("preview_sha256")


def test_the_record_goes_at_once_the_preview_ahead_and_the_original_when_asked_for(
    desks: Callable[..., Desk],
) -> None:
    here, there = desks("here"), desks("there")
    measure = a_measure(here)
    sha = here.attach(measure)
    assert here.waiting() == 1
    report = here.sync()
    assert (report.files.sent, report.files.failed, here.waiting()) == (1, 0, 0)
    assert there.sync().files.fetched == 1
    assert there.names(measure) == ["Foto.bin"]
    assert there.blobs.read(small_of(there, measure)) == SMALL
    assert not there.blobs.get(sha).whole
    attachments.fetch(there.store, there.key_of(sha))
    there.sync()
    assert there.blobs.read(sha) == PHOTO
    assert there.waiting() == 0
    attachments.keep_originals(there.store, True)
    second = here.attach(measure, os.urandom(1000), b"", "Zweite.bin")
    here.sync()
    there.sync()
    assert there.blobs.get(second).whole


def test_nothing_is_sent_before_the_agency_knows_the_record(desks: Callable[..., Desk]) -> None:
    here = desks("here")
    asked: list[str] = []

    class Listening(_Over):
        def blob_offset(self, sha: str) -> int:
            asked.append(sha)
            return super().blob_offset(sha)

        def sync(self, request: object) -> object:
            if request.changes:  # type: ignore[attr-defined]
                raise AgencyUnreachable()
            return super().sync(request)

    here.attach(a_measure(here))
    with pytest.raises(AgencyUnreachable):
        here.sync(Listening(here))
    assert asked == []
    assert here.waiting() == 1


class _Over:
    """The agency in process; a test's subclass gets in between."""

    def __init__(self, desk: Desk) -> None:
        self._inside = desk.device.between.agency

    def __getattr__(self, name: str) -> object:
        return getattr(self._inside, name)

    def blob_offset(self, sha: str) -> int:
        return self._inside.blob_offset(sha)  # type: ignore[attr-defined,no-any-return]

    def send_blob(self, sha: str, at: int, length: int, piece: bytes) -> int:
        return self._inside.send_blob(sha, at, length, piece)  # type: ignore[attr-defined,no-any-return]

    def fetch_blob(self, sha: str, at: int, count: int) -> Iterator[bytes]:
        return self._inside.fetch_blob(sha, at, count)  # type: ignore[attr-defined,no-any-return]

    def sync(self, request: object) -> object:
        return self._inside.sync(request)  # type: ignore[arg-type]


def test_one_file_that_fails_holds_up_neither_records_nor_other_files(desks: Callable[..., Desk]) -> None:
    here, there = desks("here"), desks("there")
    measure = a_measure(here)
    bad = here.attach(measure, os.urandom(5000), b"", "schlecht.bin")
    good = here.attach(measure, os.urandom(9000), b"", "gut.bin")

    class Refusing(_Over):
        def send_blob(self, sha: str, at: int, length: int, piece: bytes) -> int:
            if sha == bad:
                raise AgencyRefused("blob_quota")
            return super().send_blob(sha, at, length, piece)

    report = here.sync(Refusing(here))
    assert (report.files.sent, report.files.failed, report.confirmed) == (1, 1, 3)
    assert (here.blobs.get(bad).trouble, here.waiting()) == ("blob_quota", 1)
    told = [line.code for line in syncing.log(Reader(here.store.engine))]
    assert told.count("file.not_sent") == 1
    measures.edit(here.store, measure, {"title": "Radweg Nord"})
    again = here.sync(Refusing(here))  # its pause is not over: nobody asks for it
    assert (again.files.failed, again.confirmed) == (0, 1)
    there.sync()
    assert there.names(measure) == ["schlecht.bin", "gut.bin"]
    attachments.fetch(there.store, there.key_of(bad))
    attachments.fetch(there.store, there.key_of(good))
    report = there.sync()
    assert (report.files.fetched, there.blobs.get(bad).trouble) == (1, "blob_unknown")
    here.blobs.retry_all()
    here.sync()
    there.blobs.retry_all()
    assert there.sync().files.fetched == 1
    assert there.blobs.get(bad).whole


@pytest.fixture
def line(office: AgencyService) -> Iterator[Line]:
    with serving(office, ServeSettings(port=0)) as address, cutting(address) as made:
        yield made


def through(line: Line, desk: Desk, most: int = 60) -> int:
    """Exchanges over a new connection each until all is there; how many it took."""
    for number in range(1, most):
        agency = HttpAgency(line.address, desk.device.token)
        try:
            report = desk.sync(agency)
            if not report.files.trouble and not report.files.failed and not report.files.more:
                return number
        except AgencyUnreachable:
            pass
        finally:
            agency.close()
        desk.blobs.retry_all()
    raise AssertionError("never came to an end")


def test_both_ways_every_cut_goes_on_where_it_broke(desks: Callable[..., Desk], line: Line) -> None:
    here, there = desks("here"), desks("there")
    measure = a_measure(here)
    sha = here.attach(measure)
    here.sync(Between(here.device.between.agency))  # only the records: nobody there takes files
    line.up = 90_000
    through(line, here)
    assert (here.waiting(), line.cuts >= 4) == (0, True)
    there.sync(Between(there.device.between.agency))
    line.up, line.down, line.cuts = None, 90_000, 0
    attachments.fetch(there.store, there.key_of(sha))
    through(line, there)
    there.sync()
    assert there.blobs.read(sha) == PHOTO
    assert line.cuts >= 4


def test_after_every_byte_that_came_nothing_is_asked_for_twice(desks: Callable[..., Desk]) -> None:
    here, there = desks("here"), desks("there")
    sha = here.attach(a_measure(here), PHOTO, b"")
    here.sync()
    ranges: list[tuple[int, int]] = []

    class Breaking(_Over):
        def fetch_blob(self, sha: str, at: int, count: int) -> Iterator[bytes]:
            ranges.append((at, count))
            for i, part in enumerate(super().fetch_blob(sha, at, count)):
                yield part[:50_000]
                if len(part) > 50_000 or i:
                    raise AgencyUnreachable()

    there.sync()
    attachments.fetch(there.store, there.key_of(sha))
    over = Breaking(there)
    there.sync(over)
    assert there.blobs.read(sha) == PHOTO
    starts = [at for at, _ in ranges]
    assert starts == sorted(set(starts))
    assert starts[:3] == [0, 50_000, 100_000]


def test_an_edit_calls_back_to_the_records_and_the_file_goes_on_afterwards(desks: Callable[..., Desk]) -> None:
    here = desks("here")
    measure = a_measure(here)
    here.attach(measure)
    pieces: list[int] = []

    class Watching(_Over):
        def send_blob(self, sha: str, at: int, length: int, piece: bytes) -> int:
            if not pieces:
                measures.edit(here.store, measure, {"title": "Inzwischen getippt"})
            pieces.append(len(piece))
            return super().send_blob(sha, at, length, piece)

    first = here.sync(Watching(here))
    assert (first.files.more, first.files.sent, len(pieces)) == (True, 0, 1)
    second = here.sync(Watching(here))
    assert (second.confirmed, second.files.sent, here.waiting()) == (1, 1, 0)


def test_stopping_stops_between_pieces_and_progress_counts_bytes(desks: Callable[..., Desk]) -> None:
    here = desks("here")
    here.attach(a_measure(here))
    seen: list[Progress] = []
    stop = [False]

    def listen(progress: Progress) -> None:
        seen.append(progress)
        stop[0] = progress.stage is Stage.FILES and progress.bytes_done > len(SMALL)

    report = Engine(here.store, here.device.between.agency).sync(listen, lambda: stop[0])
    assert report.files.more
    done = [p.bytes_done for p in seen if p.stage is Stage.FILES]
    assert done == sorted(done)
    assert {p.bytes_total for p in seen if p.stage is Stage.FILES} == {len(PHOTO) + len(SMALL)}
    assert 0 < done[-1] < len(PHOTO)


def test_an_agency_that_was_restored_gets_its_files_again(desks: Callable[..., Desk], office: AgencyService) -> None:
    here = desks("here")
    sha = here.attach(a_measure(here))
    here.sync()
    office.blobs.files.remove(sha)
    office.new_epoch()
    report = here.sync()
    assert (report.files.sent, here.waiting()) == (1, 0)
    assert office.blobs.files.size(sha) == len(PHOTO)


def test_who_may_only_read_sends_nothing_even_after_a_restore(
    desks: Callable[..., Desk], office: AgencyService
) -> None:
    here, reader = desks("here"), desks("reader", ARNSBERG)
    measure = measures.create(here.store, {"title": "Radweg", "lead_ags": BERLEBURG, "visibility": "school"})
    here.attach(measure, PHOTO)
    here.sync()
    reader.sync()
    assert reader.blobs.get(small_of(reader, measure)).whole
    office.new_epoch()
    report = reader.sync()
    assert (report.files.failed, reader.waiting()) == (0, 0)


def test_bytes_that_are_not_the_file_are_fetched_anew(desks: Callable[..., Desk]) -> None:
    here, there = desks("here"), desks("there")
    sha = here.attach(a_measure(here), PHOTO, b"")
    here.sync()
    there.sync()
    attachments.fetch(there.store, there.key_of(sha))

    class Lying(_Over):
        def fetch_blob(self, sha: str, at: int, count: int) -> Iterator[bytes]:
            yield bytes(count)

    assert there.sync(Lying(there)).files.failed == 1
    assert (there.blobs.get(sha).trouble, there.blobs.get(sha).have) == ("blob_wrong_sum", 0)
    there.blobs.retry_all()
    there.sync()
    assert there.blobs.read(sha) == PHOTO


@pytest.mark.parametrize("error", [AgencyBusy(5), AgencyGarbled(), AgencyUnreachable(), AgencyRefused("blob_unknown")])
def test_whatever_the_agency_says_to_files_the_records_are_done(desks: Callable[..., Desk], error: Exception) -> None:
    here = desks("here")
    here.attach(a_measure(here))

    class Failing(_Over):
        def blob_offset(self, sha: str) -> int:
            raise error

    report = here.sync(Failing(here))
    assert (report.confirmed, report.files.sent, here.waiting()) == (2, 0, 1)
    here.blobs.retry_all()
    assert here.sync().files.sent == 1


def test_a_full_disk_here_ends_the_files_and_not_the_records(
    desks: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = desks("here"), desks("there")
    measure = a_measure(here)
    here.attach(measure)
    here.sync()

    class Full(Blobs):
        def append(self, sha: str, at: int, part: bytes) -> None:
            raise DiskFull(path="files.db")

    place = there.blobs
    there.store.blobs = Full(there.folder / "full.db", KEY)
    report = there.sync()
    assert (report.files.trouble, there.names(measure)) == ("disk_full", ["Foto.bin"])
    there.blobs.close()
    there.store.blobs = place
    assert there.sync().files.fetched == 1


def test_the_same_file_twice_at_one_record_is_told_and_at_two_records_is_sent_once(
    desks: Callable[..., Desk],
) -> None:
    here = desks("here")
    measure, other = a_measure(here), a_measure(here)
    here.attach(measure)
    with pytest.raises(UserError, match="attachment_twice"):
        here.attach(measure, name="Kopie.bin")
    here.attach(other)
    assert here.waiting() == 2
    assert here.sync().files.sent == 1
    assert here.waiting() == 0
