"""Reading a scope for the first time by file: the same tables as by pages, and nothing twice after any end."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.ids import EntityId, text_peer
from app.domain.text import TextDoc, TextState
from app.errors import AgencyGarbled, AgencyUnreachable
from app.models import incoming, indexing
from app.models.engine import reading
from app.models.marks import Read, mark_of
from app.models.store import Store
from app.models.tables import author, cursor, entity, kind_tables, question, superseded
from app.server.service import AgencyService, DeviceAgency
from app.services import measures, workshops
from app.services.workshops import Card
from app.sync import first_reading
from app.sync.engine import Engine
from app.sync.frames import HEAD
from app.sync.report import Progress
from app.sync.wire import SnapshotReply
from tests.models.desk import edit, found_by, make_measure
from tests.sync.conftest import Devices
from tests.sync.devices import ARNSBERG, BERLEBURG, Between, Device

SCOPE = f"municipality:{BERLEBURG}"
WORDS = ("radweg", "brucke", "platz", "werkstatt", "bus", "ziel", "karte", "protokoll")


@dataclass
class Files(Between):
    """The agency with files, over a line that may break after some bytes; remembers from where it was read."""

    filed: DeviceAgency | None = None
    offsets: list[int] = field(default_factory=list)
    breaks_after: int = -1
    spoils: bool = False

    def snapshot(self, scope: str) -> SnapshotReply:
        assert self.filed is not None
        return self.filed.snapshot(scope)

    def snapshot_parts(self, scope: str, file: str, offset: int) -> Iterator[bytes]:
        assert self.filed is not None
        self.offsets.append(offset)
        whole = b"".join(self.filed.snapshot_parts(scope, file, offset))
        if self.spoils:
            whole = whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:]
        if self.breaks_after >= 0:
            yield whole[: self.breaks_after]
            raise AgencyUnreachable("agency_timeout")
        yield whole


@pytest.fixture
def files(office: AgencyService) -> Callable[[Device], Files]:
    """How a device reaches the agency when every scope is worth a file."""
    service = AgencyService(office.database, snapshot_from=1)

    def reach(device: Device) -> Files:
        agency = DeviceAgency(service, device.token)
        return Files(agency, filed=agency)

    return reach


def play(dice: random.Random, devices: list[Device], steps: int) -> None:
    """People who work at the same time and meet now and then."""
    made: list[EntityId] = []
    rooms: list[EntityId] = []
    for _ in range(steps):
        device = dice.choice(devices)
        store = device.store
        known = [i for _, i in device.states()]
        mine, held = [m for m in made if m in known], [w for w in rooms if w in known]
        match dice.randrange(10):
            case 0 | 1:
                made.append(make_measure(store, f"Radweg {len(made)}", lead_ags=BERLEBURG, tags=["Bus", "Plätze"]))
            case 2 | 3 if mine:
                edit(
                    store, dice.choice(mine), title=f"Brücke {dice.randrange(99)}", goals=dice.choice(["Ziel A", None])
                )
            case 4 if mine:
                measures.add_part(store, dice.choice(mine), "milestone", {"title": "Platz fertig"})
            case 5 if mine:
                measures.delete(store, dice.choice(mine))
            case 6 if mine:
                edit(store, dice.choice(mine), visibility=dice.choice(["public", "municipality", "consortium"]))
            case 7:
                rooms.append(workshops.create(store, {"title": f"Werkstatt {len(rooms)}", "ags": BERLEBURG}))
            case 8 if held:
                room = dice.choice(held)
                workshops.add_card(store, room, Card("idea", "Karte: mehr Busse"))
                workshops.set_head_count(store, room, "citizens", dice.randrange(30))
            case 9 if held:
                doc = TextDoc(TextState(), text_peer(device.replica, held[0], 1, dice.randrange(9)))
                doc.insert(0, "Protokoll ")
                update = doc.take_update()
                assert update is not None
                workshops.write_minutes(store, held[0], update)
            case _:
                device.sync()
    for device in (*devices, *devices):
        device.sync()


def everything(store: Store, without: EntityId = "") -> dict[str, Any]:
    """All that a device holds, whatever row numbers and moments it has given it."""
    told: dict[str, Any] = {}
    with reading(store.engine) as connection:
        for name, table in kind_tables.items():
            columns = [c for c in table.c if c.name != "row"]
            books = [c for c in entity.c if c.name != "row"]
            query = select(*columns, *(c.label(f"e_{c.name}") for c in books)).join_from(
                table, entity, table.c.row == entity.c.row
            )
            found = connection.execute(query.where(entity.c.id != without).order_by(entity.c.id))
            told[name] = [dict(row._mapping) for row in found]
        asked = select(question.c.entity_id, question.c.slot, question.c.root_id).order_by(*question.primary_key)
        told["question"] = connection.execute(asked).all()
        told["cursor"] = connection.execute(select(cursor).order_by(cursor.c.scope)).all()
        told["author"] = connection.execute(select(author).order_by(author.c.replica)).all()
        told["superseded"] = connection.execute(select(superseded)).all()
    told["search"] = {word: sorted(set(found_by(store, f'"{word}"*')) - {without}) for word in WORDS}
    return told


@pytest.mark.parametrize("seed", range(4))
def test_a_file_and_pages_leave_the_same_tables(
    seed: int, devices: Devices, files: Callable[[Device], Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(seed)
    play(dice, [devices("Anna"), devices("Bert"), devices("Carl")], 70)
    by_pages, by_file = devices("Dora"), devices("Emil")
    monkeypatch.setattr(incoming, "BATCH", 2)
    own = [make_measure(device.store, "Eigenes, noch nicht gesendet") for device in (by_pages, by_file)]
    by_pages.sync()
    agency = files(by_file)
    report = Engine(by_file.store, agency).sync()
    assert 0 in agency.offsets, "it came by file"
    assert report.new > 0
    by_pages.sync()
    by_file.sync()
    seen = everything(by_pages.store, own[0]), everything(by_file.store, own[1])
    for told, other in zip(seen, reversed(own), strict=True):
        for name in kind_tables:
            told[name] = [row for row in told[name] if row["e_id"] != other]
        told["search"] = {word: [i for i in ids if i != other] for word, ids in told["search"].items()}
    assert any(seen[0]["search"].values())
    assert seen[0] == seen[1]
    assert indexing.missing(by_file.store) == 0


def _many(device: Device, count: int) -> list[EntityId]:
    """Records of two kinds, so that the file has several frames."""
    made = [make_measure(device.store, f"Radweg {n}", lead_ags=BERLEBURG) for n in range(count)]
    for measure in made:
        measures.add_part(device.store, measure, "milestone", {"title": "Spatenstich"})
    device.sync()
    return made


def _in_small_steps(monkeypatch: pytest.MonkeyPatch, size: int, together: int) -> None:
    """So many records at once, and so many of these in a transaction, whether or not somebody types."""
    monkeypatch.setattr(incoming, "BATCH", size)
    monkeypatch.setattr(incoming, "UNWATCHED", 1)
    monkeypatch.setattr(incoming, "TOGETHER", together)


@pytest.mark.parametrize(("size", "together"), [(1, 1), (2, 2), (5, 1)])
def test_it_goes_on_where_it_stopped_after_every_transaction(
    size: int, together: int, devices: Devices, files: Callable[[Device], Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _many(devices("Anna"), 12)
    device = devices("Dora")
    _in_small_steps(monkeypatch, size, together)
    agency, exchanges = files(device), 0
    while mark_of(device.store, SCOPE) is not None or not device.states():
        calls = iter([False, False, True])
        Engine(device.store, agency).sync(cancelled=lambda calls=calls: next(calls, True))  # type: ignore[misc]
        exchanges += 1
        assert exchanges < 40, "every exchange gets further"
    assert exchanges > 2
    assert agency.offsets == sorted(agency.offsets)
    assert agency.offsets[-1] > 0
    Engine(device.store, agency).sync()
    assert len(device.states()) == 24
    assert sorted(found_by(device.store, "radweg")) == sorted(made)
    with reading(device.store.engine) as connection:
        indexed = connection.exec_driver_sql("SELECT count(*), count(DISTINCT id) FROM search_docsize").one()
    assert tuple(indexed) == (24, 24)


def test_a_broken_line_keeps_whole_frames_and_asks_for_the_rest(
    devices: Devices, files: Callable[[Device], Files]
) -> None:
    _many(devices("Anna"), 12)
    device = devices("Dora")
    agency = files(device)
    size = agency.snapshot(SCOPE).size
    agency.breaks_after = size * 9 // 10
    with pytest.raises(AgencyUnreachable):
        Engine(device.store, agency).sync()
    assert len(device.states()) in (12, 24), "what came whole is here"
    agency.breaks_after = -1
    told: list[Progress] = []
    Engine(device.store, agency).sync(listener=told.append)
    assert agency.offsets[0] == 0
    assert 0 < agency.offsets[1] < size
    assert len(device.states()) == 24
    assert mark_of(device.store, SCOPE) is None


def test_a_file_changed_on_its_way_is_refused_before_its_rows_count(
    devices: Devices, files: Callable[[Device], Files]
) -> None:
    _many(devices("Anna"), 3)
    device = devices("Dora")
    agency = files(device)
    agency.spoils = True
    with pytest.raises(AgencyGarbled):
        Engine(device.store, agency).sync()
    with reading(device.store.engine) as connection:
        assert dict(connection.execute(select(cursor.c.scope, cursor.c.seq)).all()).get(SCOPE, 0) == 0


def test_a_scope_lost_before_its_file_was_read_leaves_nothing_here(
    devices: Devices, files: Callable[[Device], Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    _many(devices("Anna"), 6)
    device = devices("Dora")
    _in_small_steps(monkeypatch, 1, 1)
    calls = iter([False, True])
    Engine(device.store, files(device)).sync(cancelled=lambda: next(calls, True))
    assert device.states()
    gone = incoming.take_grant(device.store, "coordinator", ARNSBERG, [], [f"municipality:{ARNSBERG}", "region"])
    assert gone
    assert not device.states()


def test_what_is_edited_before_it_is_indexed_is_found_by_its_new_words(
    devices: Devices, files: Callable[[Device], Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _many(devices("Anna"), 4)
    device = devices("Dora")
    make_measure(device.store, "Wer tippt, dem geht die Suche nach")
    monkeypatch.setattr(indexing, "complete", lambda *_, **__: False)
    Engine(device.store, files(device)).sync()
    monkeypatch.undo()
    assert indexing.missing(device.store) == 8
    assert found_by(device.store, "radweg") == []
    edit(device.store, made[0], title="Brücke")
    assert indexing.complete(device.store)
    assert found_by(device.store, "brucke") == [made[0]]
    assert sorted(found_by(device.store, "radweg")) == sorted(made[1:])
    assert indexing.missing(device.store) == 0


@dataclass
class Stalling(Files):
    """A line that brings one frame, and the rest when it may go on."""

    may_go_on: threading.Event = field(default_factory=threading.Event)

    def snapshot_parts(self, scope: str, file: str, offset: int) -> Iterator[bytes]:
        whole = b"".join(super().snapshot_parts(scope, file, offset))
        first = HEAD + int.from_bytes(whole[:4], "little")
        yield whole[:first]
        assert self.may_go_on.wait(60)
        yield whole[first:]


def test_who_types_while_the_line_stalls_does_not_wait_for_the_next_frame(
    devices: Devices, files: Callable[[Device], Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _many(devices("Anna"), 12)
    device = devices("Dora")
    held, ask = threading.Event(), first_reading._Reading._behind

    def asked(run: first_reading._Reading) -> Read | None:
        held.set()
        return ask(run)

    monkeypatch.setattr(first_reading._Reading, "_behind", asked)
    monkeypatch.setattr(first_reading, "_PATIENCE", 1_000_000)
    reached = files(device)
    agency = Stalling(reached.agency, filed=reached.filed)
    reading_on = threading.Thread(target=Engine(device.store, agency).sync)
    reading_on.start()
    try:
        assert held.wait(60), "a transaction is open and waits for a frame"
        own = make_measure(device.store, "Eigenes, beim Lesen")
        assert not agency.may_go_on.is_set()
    finally:
        agency.may_go_on.set()
        reading_on.join(60)
    assert not reading_on.is_alive()
    assert len(device.states()) == 25
    assert sorted(found_by(device.store, "radweg")) == sorted(made)
    assert found_by(device.store, "lesen") == [own]
