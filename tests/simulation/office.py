"""The agency of a world: the real service on its database, and what the oracle knows of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from app.domain.access import CONSORTIUM, REGION
from app.domain.clock import Dot
from app.domain.fields import KINDS
from app.domain.merge import EntityState
from app.domain.packing import columns, unpack
from app.server.service import AgencyService
from app.sync.audit_wire import RecordsReply
from app.sync.frames import BEGIN, read_frames
from app.sync.wire import SnapshotReply, SyncReply
from tests.simulation.faults import Crash
from tests.simulation.laptop import Entry, Filed
from tests.simulation.ledger import NOTHING, Dots, Ledger, View
from tests.simulation.memory import Mainframe, new_mainframe
from tests.simulation.registry import speaking


@dataclass(slots=True)
class Archive:
    """A backup of the agency."""

    copy: Any
    views: dict[str, View]
    healed: dict[str, View]
    kept: dict[str, Dots]


@dataclass(slots=True)
class Office:
    """One agency; `views` says per record which changes are merged here, `kept` which lie aside with a heal."""

    ledger: Ledger
    clock: Callable[[], datetime]
    log: Callable[[str], None]
    frame: Mainframe = field(default_factory=new_mainframe)
    views: dict[str, View] = field(default_factory=dict)
    ever: set[Dot] = field(default_factory=set)
    healed: dict[str, View] = field(default_factory=dict)
    kept: dict[str, Dots] = field(default_factory=dict)
    archive: Archive | None = None
    crashes: int = 0
    folder: Path | None = None
    """Where first readings lie as files, once somebody has arrived who needs them."""
    files: dict[str, Filed] = field(default_factory=dict)
    service: AgencyService = field(init=False)

    def __post_init__(self) -> None:
        self.attach()

    def attach(self) -> None:
        """Takes the database over, which one world after another uses."""
        self.frame.watch = self._committed
        self.start()

    def start(self) -> None:
        """The process begins anew on the database as it is."""
        self.frame.power.restore()
        self.service = AgencyService(self.frame, self.clock, snapshots=self.folder, snapshot_from=1)

    def survive(self, command: Callable[[AgencyService], object]) -> bool:
        """Has something done; whether the agency came through it. If not, it has begun anew."""
        try:
            with speaking():
                command(self.service)
        except Crash:
            self.start()
            self.read_log()
            self.crashes += 1
            return False
        finally:
            self.frame.power.restore()
        return True

    def _committed(self, point: str) -> None:
        self.log(f"agency . {point.removeprefix('app.')}")
        if "_push" in point or "server.office" in point:
            self.read_log()

    def read_log(self) -> None:
        """Which changes are part of which record, by the agency's own index of its log."""
        merged: dict[str, set[Dot]] = {}
        for entity, replica, n in self.frame.look("SELECT entity_id, replica, n FROM change_entity"):
            merged.setdefault(entity, set()).add(Dot(replica, n))
        self.views = {e: View(frozenset(dots), frozenset(dots)) for e, dots in merged.items()}
        for entity, view in self.healed.items():
            known = self.views.get(entity, View())
            self.views[entity] = View(known.dots | view.dots, known.inner | view.inner)
        self.ever |= {Dot(r, n) for r, n in self.frame.look("SELECT replica, n FROM change_log")}

    def hear(self, healed: dict[str, View]) -> None:
        """Laptops have given back what is known of these records."""
        for entity, view in healed.items():
            known = self.healed.get(entity, View())
            self.healed[entity] = View(known.dots | view.dots, known.inner | view.inner)
        self.read_log()

    def keep(self, aside: dict[str, Dots]) -> None:
        """What laptops wanted to give back of these records was not merged, but is kept."""
        self.kept |= {entity: dots | self.kept.get(entity, NOTHING) for entity, dots in aside.items()}

    def known(self, entity: str) -> Dots:
        """Changes of a record that are merged here or kept aside."""
        return self.views.get(entity, View()).dots | self.kept.get(entity, NOTHING)

    def entries(self, reply: SyncReply | RecordsReply, scopes: set[str]) -> list[Entry]:
        """A reply's steps with what is known of their records at this moment."""
        own = scopes - {CONSORTIUM, REGION}
        found: list[Entry] = []
        for step in reply.feed:
            view = View(self.known(step.id))
            if step.held:
                told = self.views.get(step.id, View())
                row = self.frame.look("SELECT scopes FROM entity WHERE id = ?", step.id)
                full = not own.isdisjoint(orjson.loads(row[0][0]))
                view = told if full else View(told.dots)
            found.append(Entry(step.scope, step.seq, step.id, step.held, view))
        return found

    def shelve(self, told: SnapshotReply, path: Path) -> None:
        """A file for first readings was made: what it tells, frame by frame, with what is known at this moment."""
        name = f"{told.scope} {told.file}"  # two scopes that show the same have files of the same name
        if name in self.files:
            return
        full = told.scope not in (CONSORTIUM, REGION)
        found: Filed = []
        offset = 0
        for frame in read_frames([path.read_bytes()], 0, BEGIN):
            left = frame.content.get("gone", ())
            gone = [Entry(told.scope, seq, entity, False, View(self.known(entity))) for _, entity, seq in left]
            rows = zip(frame.content.get("seqs", ()), frame.content.get("rows", ()), strict=True)
            known = [(seq, row[0], self.views.get(row[0], View())) for seq, row in rows]
            held = [Entry(told.scope, q, i, True, view if full else View(view.dots)) for q, i, view in known]
            found.append((offset, gone + held))
            offset = frame.offset
        self.files[name] = found

    def save(self) -> None:
        self.archive = Archive(self.frame.saved(), dict(self.views), dict(self.healed), dict(self.kept))

    def restore(self) -> None:
        """The database is put back as it was, and the operator begins a new epoch."""
        assert self.archive is not None
        self.frame.load(self.archive.copy)
        self.views = dict(self.archive.views)
        self.healed = dict(self.archive.healed)
        self.kept = dict(self.archive.kept)
        self.start()
        while not self.survive(lambda service: service.new_epoch()):
            pass  # the operator looks whether it has begun, and gives the command again
        self.ever = set()
        self.read_log()

    def states(self) -> dict[str, tuple[EntityState, frozenset[str]]]:
        """Every record here with its scopes, by id."""
        rows = self.frame.look("SELECT id, kind, packed, scopes FROM entity WHERE packed IS NOT NULL ORDER BY id")
        return {
            entity: (
                unpack(KINDS[kind], columns(KINDS[kind]), orjson.loads(packed)),
                frozenset(orjson.loads(scopes)),
            )
            for entity, kind, packed, scopes in rows
        }

    def accepted(self) -> dict[Dot, str]:
        """Every change in the log: "" if it is merged, else why it waits in quarantine."""
        found = {Dot(r, n): "" for r, n in self.frame.look("SELECT replica, n FROM change_log")}
        waiting = self.frame.look("SELECT replica, n, reason FROM quarantine WHERE released_at IS NULL")
        return found | {Dot(r, n): reason for r, n, reason in waiting if r}
