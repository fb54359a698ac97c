"""No request of any kind ever tells a device what lies outside its scopes, whatever grants and moves there were.

`MASSWERK_SCOPE_WORLDS=500 pytest tests/server/test_scopes.py` plays more worlds than the suite does.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from app.domain.catalogue import Role
from app.domain.clock import Dot
from app.domain.fields import KINDS, SCHEMA_VERSION
from app.domain.ids import EntityId, new_id
from app.domain.merge import Version
from app.domain.packing import columns, pack
from app.errors import AgencyError, MasswerkError
from app.server import standing
from app.server.database import Database
from app.server.service import AgencyService
from app.sync.audit_wire import DigestRequest, HealRequest, RecordsRequest
from app.sync.frames import BEGIN, read_frames
from app.sync.office_wire import DecideRequest
from app.sync.wire import Page, SyncReply, SyncRequest, WaitRequest, decode_body
from tests.server.laptop import version_of
from tests.server.scope_world import PLACES, Holder, World, texts_of

WORLDS = int(os.environ.get("MASSWERK_SCOPE_WORLDS", "4"))
STEPS = 60


class Asker:
    """Asks everything one can ask, honestly and not, and looks at every byte of the answers."""

    def __init__(self, world: World) -> None:
        self.world, self.dice, self.asked = world, world.dice, Counter[str]()

    def ask(self) -> None:
        """One random question of one random device."""
        holder = self.dice.choice(self.world.holders)
        todo: Callable[[Holder], bytes] = self.dice.choice(
            (
                self.sync,
                self.sync,
                self.history,
                self.history,
                self.digest,
                self.records,
                self.heal,
                self.snapshot,
                self.file,
                self.wait,
                self.handovers,
            )
        )
        self.asked[todo.__name__] += 1
        try:
            said = todo(holder)
        except MasswerkError as refused:
            said = orjson.dumps([refused.code, refused.params])
        assert not self.world.leaks(holder, said), (todo.__name__, holder.role, holder.scopes)

    def _entity(self) -> EntityId:
        world = self.world
        return self.dice.choice([*world.roots, *world.children, new_id()])

    def _scope(self, holder: Holder) -> str:
        workshops = [f"workshop:{r}" for r in self.world.roots]
        anywhere = ["agency", "consortium", "region", *(f"municipality:{p}" for p in PLACES), *workshops]
        return self.dice.choice(sorted(holder.scopes) if self.dice.random() < 0.6 else anywhere)

    def sync(self, holder: Holder) -> bytes:
        """A pull with whatever a device may claim: others' replicas, cursors, versions of others' texts."""
        others = [h.laptop.replica for h in self.dice.sample(self.world.holders, 3)]
        texts = {i: version_of(s.texts[1]) for i, s in self.world.writer.laptop.records.items() if 1 in s.texts}
        own = holder.laptop
        request = SyncRequest(
            replicas=[*[r for r in others if r != own.replica], own.replica],
            cursors=self.dice.choice([{}, own.cursors, {self._scope(holder): self.dice.randrange(40)}]),
            limit=self.dice.choice([1, 3, 500]),
            texts=texts if self.dice.random() < 0.3 else {},
            schema_version=SCHEMA_VERSION,
            audit=self.dice.random() < 0.5,
            echoes=self.dice.random() < 0.5,
        )
        body = self.world.service.answer(self.world.credential(holder), request).body()
        reply = decode_body(SyncReply, body)
        assert {e.scope for e in reply.feed} | reply.cursors.keys() | reply.digests.keys() <= holder.scopes
        assert set(reply.grant.scopes) == holder.scopes
        assert {r.replica for r in reply.receipts} <= {own.replica}, "receipts of others"
        assert set(reply.released[::2]) <= {own.replica}, "others' quarantine"
        return body + texts_of(reply.pages)

    def history(self, holder: Holder) -> bytes:
        entity = self._entity()
        kind = self.world.roots[entity].kind if entity in self.world.roots else "measure"
        kind = self.world.children[entity][0] if entity in self.world.children else kind
        return self.world.service.history(holder.token, kind, entity).model_dump_json().encode()

    def digest(self, holder: Holder) -> bytes:
        scope = self._scope(holder)
        asked = DigestRequest(epoch=self._epoch(), scope=scope, ranges=[["", ""], [self._entity(), ""]])
        reply = self.world.service.digest(holder.token, asked)
        shown = {i for part in reply.parts for i in part.ids}
        for entity in shown:
            root = self.world.children[entity][2] if entity in self.world.children else entity
            assert scope in self.world.scopes_of(root) & holder.scopes
        return reply.model_dump_json().encode()

    def records(self, holder: Holder) -> bytes:
        asked = RecordsRequest(epoch=self._epoch(), scope=self._scope(holder), ids=[self._entity() for _ in range(20)])
        reply = self.world.service.records(holder.token, asked)
        return reply.model_dump_json().encode() + texts_of(reply.pages)

    def heal(self, holder: Holder) -> bytes:
        """A forged state under the id of something that may well be others'."""
        states = list(self.world.writer.laptop.records.values())
        if not states:
            return b""
        state = self.dice.choice(states)
        slot = KINDS[state.kind].slots[0].id
        if slot in state.registers and self.dice.random() < 0.5:
            register = state.registers[slot]
            forged = {**register.versions, Dot(2**61, 1): Version("erfunden", 1)}
            state = replace(state, registers={**state.registers, slot: replace(register, versions=forged)})
        page = Page(kind=state.kind, columns=columns(KINDS[state.kind]), rows=[pack(state)])
        asked = HealRequest(epoch=self._epoch(), former=[], scope=self._scope(holder), pages=[page])
        return self.world.service.heal(holder.token, asked).model_dump_json().encode()

    def snapshot(self, holder: Holder) -> bytes:
        """The file of a scope, and any file there is under the name of any scope."""
        scope, service = self._scope(holder), self.world.service
        said = service.snapshot(holder.token, scope).model_dump_json().encode()
        assert service.snapshot_folder is not None
        names = [p.stem.partition("-")[2] for p in service.snapshot_folder.glob("*.rows")]
        for name in self.dice.sample(names, min(3, len(names))):
            try:
                path = service.snapshot_path(holder.token, scope, name)
            except AgencyError:
                continue
            for frame in read_frames([path.read_bytes()], 0, BEGIN):
                said += orjson.dumps(frame.content)
                if "rows" in frame.content:
                    said += texts_of([Page(**{k: frame.content[k] for k in ("kind", "columns", "rows")})])
        return said

    def file(self, holder: Holder) -> bytes:
        if not self.world.files:
            return b""
        sha, blobs = self.dice.choice(list(self.world.files)), self.world.service.blobs
        if self.dice.random() < 0.3:
            here, whole = blobs.offset(holder.token, sha)
            if here == whole:
                self.world.given(holder, sha)
            return str(whole).encode()
        blobs.readable(holder.token, sha)
        said = b"".join(blobs.files.read(sha, 0, 10_000))
        self.world.given(holder, sha)
        return said

    def wait(self, holder: Holder) -> bytes:
        with self.world.service.database.read() as connection:
            _, reply = standing.begin(connection, holder.token, WaitRequest(cursors={self._scope(holder): 0}))
        assert reply.news.keys() <= holder.scopes
        return reply.model_dump_json().encode()

    def handovers(self, holder: Holder) -> bytes:
        """What others have handed over, and a verdict on anything that waits anywhere."""
        deciding = self.world.service.inheritance
        told = deciding.waiting(holder.token)
        open_ones = self.world.service.oversight.overview(self.world.writer.token).handovers
        if open_ones:
            line = self.dice.choice(open_ones)
            asked = DecideRequest(replica=line.replica, n=line.n, verdict="returned", note="nein")
            done = deciding.decide(holder.token, asked).done
            assert done == (line.n in {own.n for own in told.handovers if own.replica == line.replica})
        return b"" if holder.role is Role.AGENCY else told.model_dump_json().encode()  # its staff sees everybody

    def _epoch(self) -> str:
        return self.world.writer.laptop.epoch


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(WORLDS))
def test_nobody_is_ever_told_what_lies_outside_their_scopes(tmp_path: Path, seed: int) -> None:
    database = Database(f"sqlite:///{tmp_path}/agency.db")
    AgencyService.found(database, "Testagentur")
    service = AgencyService(database, snapshot_from=1, page_bytes=20_000)
    world = World(service, random.Random(seed))
    asker = Asker(world)
    for _ in range(STEPS):
        world.happen()
        for _ in range(4):
            asker.ask()
    for holder in world.holders:
        holder.laptop.pull()
        held = {i for i in holder.laptop.records if i in world.roots}
        assert held == {r for r in world.roots if world.scopes_of(r) & holder.scopes}, "all of it, too"
    assert len(asker.asked) == 9
    database.close()
