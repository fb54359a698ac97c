"""Bytes of attachments at the agency: who may send and fetch them, piece by piece, whatever happens between."""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
import zstandard

from app.domain.catalogue import Role
from app.domain.change import Change, Create, Delete
from app.domain.ids import EntityId, new_id
from app.errors import AgencyRefused, RequestTooLarge
from app.server.config import Limits, ServeSettings
from app.server.database import Database
from app.server.problems import STATUS
from app.server.service import AgencyService, DeviceAgency
from app.server.serving import serving
from app.sync.http_agency import HttpAgency
from tests.server.laptop import ARNSBERG, BERLEBURG, SIEGEN, Laptop, enrolled, write

BYTES = os.urandom(300_000)
SHA = hashlib.sha256(BYTES).hexdigest()
LIMITS = Limits(piece_bytes=200_000, piece_seconds=0.3, blob_bytes=400_000, blob_quota_bytes=700_000)


@dataclass
class Clock:
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(tmp_path: Path, clock: Clock) -> Iterator[AgencyService]:
    opened = AgencyService.found(Database(f"sqlite:///{tmp_path}/agency.db"), "Testagentur", clock)
    yield opened
    opened.database.close()


@pytest.fixture
def address(service: AgencyService) -> Iterator[str]:
    with serving(service, ServeSettings(port=0, limits=LIMITS)) as at:
        yield at


@dataclass
class Desk:
    """One device: its records in process, its files over HTTP."""

    laptop: Laptop
    files: HttpAgency
    token: str

    def attach(self, data: bytes, root: EntityId = "", size: int | None = None) -> tuple[EntityId, EntityId]:
        """A record that refers to these bytes, below a measure; (measure, attachment)."""
        changes: list[Change] = []
        if not root:
            made, root = self.laptop.measure(BERLEBURG)
            changes.append(made)
        entity = new_id()
        content = (hashlib.sha256(data).hexdigest(), len(data) if size is None else size, "image/jpeg")
        ops = (Create("attachment", entity, "measure", root), write("attachment", entity, "content", content))
        changes.append(self.laptop.change(*ops))
        assert {o.outcome for o in self.laptop.push(*changes).outcomes} == {"applied"}
        return root, entity

    def delete(self, entity: EntityId) -> None:
        self.laptop.pull()
        seen = dict(self.laptop.records[entity].seen)
        self.laptop.push(self.laptop.change(Delete("attachment", entity, seen, {})))

    def send(self, data: bytes, step: int = 200_000) -> None:
        sha, at = hashlib.sha256(data).hexdigest(), 0
        while at < len(data):
            at = self.files.send_blob(sha, at, len(data), data[at : at + step])

    def fetch(self, sha: str = SHA, at: int = 0, count: int = 10**6) -> bytes:
        return b"".join(self.files.fetch_blob(sha, at, count))


@dataclass
class Office:
    service: AgencyService
    address: str
    desks: list[Desk] = field(default_factory=list)

    def desk(self, ags: str = BERLEBURG, role: Role = Role.COORDINATOR) -> Desk:
        token, replica = enrolled(self.service, self.service.as_device(""), role, ags)
        laptop = Laptop(self.service.as_device(token), replica)
        self.desks.append(Desk(laptop, HttpAgency(self.address, token), token))
        return self.desks[-1]


@pytest.fixture
def office(service: AgencyService, address: str) -> Iterator[Office]:
    made = Office(service, address)
    yield made
    for desk in made.desks:
        desk.files.close()


def refusal(code: str) -> pytest.RaisesExc[AgencyRefused]:
    return pytest.raises(AgencyRefused, match=f"^{code}")


def test_a_file_goes_up_in_pieces_and_comes_down_in_ranges(office: Office) -> None:
    jana, mark = office.desk(), office.desk()
    jana.attach(BYTES)
    assert jana.files.blob_offset(SHA) == 0
    with refusal("blob_unknown"):
        mark.fetch()
    assert jana.files.send_blob(SHA, 0, len(BYTES), BYTES[:100]) == 100
    with refusal("blob_offset"):
        jana.files.send_blob(SHA, 50, len(BYTES), BYTES[50:150])
    assert jana.files.blob_offset(SHA) == 100
    assert jana.files.send_blob(SHA, 100, len(BYTES), BYTES[100:200_100]) == 200_100
    assert jana.files.send_blob(SHA, 200_100, len(BYTES), BYTES[200_100:]) == len(BYTES)
    assert jana.files.blob_offset(SHA) == mark.files.blob_offset(SHA) == len(BYTES)
    assert mark.fetch() == BYTES
    assert mark.fetch(at=123_456, count=1000) == BYTES[123_456:124_456]
    whole = office.service.blobs.files.whole(SHA)
    assert whole.read_bytes() == BYTES
    assert os.name == "nt" or whole.stat().st_mode & 0o077 == 0


def test_who_may_not_read_the_record_learns_nothing_of_its_file(office: Office) -> None:
    jana, stranger = office.desk(), office.desk(ARNSBERG)
    root, _ = jana.attach(BYTES)
    jana.send(BYTES)
    for sha in (SHA, "0" * 64, "A" * 64, "agency.db"):
        for asked in (
            lambda sha=sha: stranger.files.blob_offset(sha),
            lambda sha=sha: stranger.fetch(sha),
            lambda sha=sha: stranger.files.send_blob(sha, 0, len(BYTES), BYTES[:10]),
        ):
            with refusal("blob_unknown"):
                asked()
    told = [requests.get(f"{office.address}/v1/blob/{s}", headers=_bearer(stranger)) for s in (SHA, "0" * 64)]
    assert told[0].content == told[1].content
    assert dict(told[0].headers) | {"date": ""} == dict(told[1].headers) | {"date": ""}
    with pytest.raises(AgencyRefused):
        stranger.fetch("../agency.db")
    jana.laptop.pull()
    jana.laptop.push(jana.laptop.change(write("measure", root, "visibility", "school", jana.laptop.records[root])))
    assert stranger.fetch() == BYTES  # shared now: it may be read, and still not be sent
    other = os.urandom(50)
    jana.attach(other, root)
    with refusal("blob_unknown"):
        stranger.send(other)


def _bearer(desk: Desk) -> dict[str, str]:
    return {"Authorization": f"Bearer {desk.token}"}


def test_a_file_nobody_refers_to_is_not_taken(office: Office) -> None:
    jana = office.desk()
    jana.attach(b"another")
    with refusal("blob_unknown"):
        jana.send(BYTES)
    _, gone = jana.attach(b"deleted again")
    jana.delete(gone)
    with refusal("blob_unknown"):
        jana.send(b"deleted again")


def test_another_file_than_announced_is_thrown_away_and_can_be_sent_again(office: Office) -> None:
    jana = office.desk()
    jana.attach(BYTES)
    with refusal("blob_wrong_sum"):
        jana.files.send_blob(SHA, 0, len(BYTES), BYTES[:150_000])
        jana.files.send_blob(SHA, 150_000, len(BYTES), BYTES[150_000:-1] + b"!")
    assert jana.files.blob_offset(SHA) == 0
    jana.send(BYTES)
    assert jana.fetch() == BYTES


@pytest.mark.parametrize("encoding", ["gzip", "zstd", "deflate, gzip"])
def test_nothing_that_is_sent_as_a_file_is_ever_unpacked(office: Office, encoding: str) -> None:
    """What would be a gigabyte stays the few bytes that came, whatever they are said to be packed with."""
    jana = office.desk()
    packed = zstandard.compress(bytes(50_000_000)) if encoding == "zstd" else gzip.compress(bytes(5_000_000), 1)
    jana.attach(packed)
    sha = hashlib.sha256(packed).hexdigest()
    headers = {"Authorization": f"Bearer {jana.token}", "Content-Encoding": encoding, "Upload-Offset": "0"}
    headers["Upload-Length"] = str(len(packed))
    answer = requests.patch(f"{office.address}/v1/blob/{sha}", packed, headers=headers, timeout=10)
    assert answer.status_code == 204
    assert office.service.blobs.files.whole(sha).read_bytes() == packed
    fetched = requests.get(
        f"{office.address}/v1/blob/{sha}", headers={"Authorization": f"Bearer {jana.token}"}, timeout=10, stream=True
    )
    assert "Content-Encoding" not in fetched.headers
    assert fetched.raw.read() == packed


def test_too_much_is_refused_and_nothing_of_it_stays(office: Office) -> None:
    jana = office.desk()
    large = os.urandom(500_000)
    root, _ = jana.attach(large)
    with pytest.raises(RequestTooLarge):
        jana.send(large)
    with pytest.raises(RequestTooLarge):  # one piece larger than a piece may be
        jana.send(large, step=250_000)
    small = os.urandom(1000)
    jana.attach(small, root)
    sha = hashlib.sha256(small).hexdigest()
    with pytest.raises(RequestTooLarge):  # more than was announced
        jana.files.send_blob(sha, 0, 1000, small + b"!")
    with refusal("blob_unknown"):  # another length than the record says
        jana.files.send_blob(sha, 0, 2000, small)
    assert jana.files.blob_offset(sha) == 0


def test_a_device_may_send_so_much_and_others_are_not_touched_by_that(office: Office) -> None:
    jana, mark = office.desk(), office.desk()
    root = ""
    many = [os.urandom(250_000) for _ in range(3)]
    for data in many:
        root, _ = jana.attach(data, root)
    jana.send(many[0])
    jana.send(many[1])
    with refusal("blob_quota"):
        jana.send(many[2])
    mark.send(many[2])
    assert jana.files.blob_offset(hashlib.sha256(many[2]).hexdigest()) == 250_000


def test_two_who_send_the_same_file_at_once_do_not_disturb_each_other(office: Office) -> None:
    desks = [office.desk() for _ in range(4)]
    desks[0].attach(BYTES)
    failures: list[BaseException] = []

    def go(desk: Desk, step: int) -> None:
        try:
            desk.send(BYTES, step)
        except BaseException as error:  # noqa: BLE001 - told below
            failures.append(error)

    threads = [threading.Thread(target=go, args=(d, 40_000 + 10_000 * i)) for i, d in enumerate(desks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert desks[3].fetch() == BYTES
    parts = office.service.blobs.files.folder / "parts"
    assert all(d.files.blob_offset(SHA) == len(BYTES) for d in desks)
    assert [p.name for p in parts.iterdir() if p.name.startswith("0")] == []


def test_one_who_sends_rubbish_does_not_spoil_anothers_file(office: Office) -> None:
    jana, liar = office.desk(), office.desk()
    jana.attach(BYTES)
    jana.files.send_blob(SHA, 0, len(BYTES), BYTES[:150_000])
    liar.files.send_blob(SHA, 0, len(BYTES), bytes(200_000))
    with refusal("blob_wrong_sum"):
        liar.files.send_blob(SHA, 200_000, len(BYTES), bytes(100_000))
    assert jana.files.send_blob(SHA, 150_000, len(BYTES), BYTES[150_000:]) == len(BYTES)


def test_a_slow_or_cut_piece_counts_as_far_as_it_came_and_holds_up_nobody(office: Office) -> None:
    jana = office.desk()
    jana.attach(BYTES)
    host, _, port = office.address.removeprefix("http://").partition(":")
    head = (
        f"PATCH /v1/blob/{SHA} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {jana.token}\r\n"
        f"Upload-Offset: %d\r\nUpload-Length: {len(BYTES)}\r\nContent-Length: 100000\r\n\r\n"
    )
    with socket.create_connection((host, int(port))) as slow:
        slow.sendall((head % 0).encode() + BYTES[:7000])
        other = os.urandom(10)
        jana.attach(other)
        jana.send(other)  # meanwhile others are served
        slow.settimeout(10)
        assert b"503" in slow.recv(100)
    assert jana.files.blob_offset(SHA) == 7000
    with socket.create_connection((host, int(port))) as cut:
        cut.sendall((head % 7000).encode() + BYTES[7000:9000])
    waited = threading.Event()
    for _ in range(200):
        if jana.files.blob_offset(SHA) == 9000:
            break
        waited.wait(0.02)
    jana.files.send_blob(SHA, 9000, len(BYTES), BYTES[9000:150_000])
    jana.files.send_blob(SHA, 150_000, len(BYTES), BYTES[150_000:])
    assert jana.fetch() == BYTES


def test_a_server_killed_in_the_middle_goes_on_where_the_disk_is(service: AgencyService, office: Office) -> None:
    jana = office.desk()
    jana.attach(BYTES)
    files = service.blobs.files
    device = 1
    files.append(SHA, device, 0, BYTES[:1234])  # written, and killed before the reply
    assert jana.files.blob_offset(SHA) == 1234
    files.append(SHA, device, 1234, BYTES[1234:])  # the last piece is on disk, its check is not done
    assert jana.files.blob_offset(SHA) == len(BYTES)
    assert jana.fetch() == BYTES
    torn = os.urandom(400)
    jana.attach(torn)
    sha = hashlib.sha256(torn).hexdigest()
    files.append(sha, device, 0, bytes(400))  # a power cut left zeros
    assert jana.files.blob_offset(sha) == 0
    jana.send(torn)
    assert jana.fetch(sha) == torn


def test_files_nobody_refers_to_go_after_their_time(service: AgencyService, office: Office, clock: Clock) -> None:
    jana = office.desk()
    root, entity = jana.attach(BYTES)
    kept = os.urandom(100)
    jana.attach(kept, root)
    jana.send(BYTES)
    jana.send(kept)
    assert service.blobs.collect(30).files == 0
    jana.delete(entity)
    assert service.blobs.collect(30).files == 0
    clock.at += timedelta(days=29)
    assert service.blobs.collect(30).files == 0
    clock.at += timedelta(days=2)
    freed = service.blobs.collect(30)
    assert (freed.files, freed.bytes) == (1, len(BYTES))
    assert jana.fetch(hashlib.sha256(kept).hexdigest()) == kept
    service.blobs.files.append("ab" * 32, 1, 0, b"begun")
    clock.at += timedelta(days=31)
    assert service.blobs.collect(30).parts == 1


def test_a_device_that_is_signed_off_gets_nothing(service: AgencyService, office: Office) -> None:
    jana = office.desk()
    jana.attach(BYTES)
    jana.send(BYTES)
    service.revoke(1)
    for method in ("HEAD", "GET", "PATCH"):
        headers = _bearer(jana) | {"Upload-Offset": "0", "Upload-Length": "5"}
        assert requests.request(method, f"{office.address}/v1/blob/{SHA}", headers=headers).status_code == 401


@pytest.mark.parametrize("bad", [{}, {"Upload-Offset": "-1"}, {"Upload-Offset": "٣"}, {"Upload-Offset": "9" * 30}])
def test_a_piece_without_its_place_is_refused(office: Office, bad: dict[str, str]) -> None:
    jana = office.desk()
    jana.attach(BYTES)
    headers: dict[str, str | bytes | None] = {**_bearer(jana), "Upload-Length": str(len(BYTES))}
    headers |= {name: value.encode() for name, value in bad.items()}
    told = requests.patch(f"{office.address}/v1/blob/{SHA}", data=b"x", headers=headers)
    assert (told.status_code, told.json()["code"]) == (422, "agency_garbled")


def test_the_log_tells_sizes_and_no_names(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    jana = office.desk()
    jana.attach(BYTES)
    jana.send(BYTES)
    jana.fetch()
    told = " ".join(r.getMessage() for r in caplog.records if r.name.startswith("app."))
    assert "200000 bytes" in told
    assert SHA[:12] not in told


def test_the_agency_in_process_is_the_agency_over_http(service: AgencyService, office: Office) -> None:
    jana = office.desk()
    jana.attach(BYTES)
    inside = DeviceAgency(service, jana.token)
    assert inside.blob_offset(SHA) == 0
    assert inside.send_blob(SHA, 0, len(BYTES), BYTES[:10]) == 10
    assert inside.send_blob(SHA, 10, len(BYTES), BYTES[10:]) == len(BYTES)
    assert b"".join(inside.fetch_blob(SHA, 5, 7)) == BYTES[5:12]
    assert {"blob_unknown", "blob_offset", "blob_quota", "blob_wrong_sum"} <= STATUS.keys()


def test_a_name_alone_opens_no_file(office: Office) -> None:
    jana, siegen = office.desk(), office.desk(SIEGEN)
    jana.attach(BYTES)
    jana.send(BYTES)
    made, root = siegen.laptop.measure(SIEGEN)
    siegen.laptop.push(made)
    siegen.attach(BYTES, root)
    assert siegen.files.blob_offset(SHA) == 0, "as if nobody had sent it"
    with refusal("blob_unknown"):
        siegen.fetch()
    siegen.send(BYTES)
    assert siegen.fetch() == BYTES, "whoever has it anyway may refer to it"
