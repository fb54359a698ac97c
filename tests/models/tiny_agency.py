"""The smallest agency that is one: it merges, numbers feeds, and answers twice the same way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import orjson

from app.domain.change import Change
from app.domain.draft import Key
from app.domain.encoding import decode_change
from app.domain.fields import KINDS
from app.domain.merge import EntityState, apply_change
from app.domain.packing import columns, pack, unpack
from app.models import arrivals, confirming, incoming, outbox
from app.models.store import Store

EPOCH = "epoch-1"


@dataclass
class TinyAgency:
    """Holds every record; shows those a scope's rule lets through in that scope's feed."""

    scopes: dict[str, Callable[[EntityState], bool]] = field(default_factory=lambda: {"all": lambda _: True})
    records: dict[Key, EntityState] = field(default_factory=dict)
    accepted: dict[int, int] = field(default_factory=dict)
    refuse: Callable[[Change], str] = lambda _: ""
    refused: dict[tuple[int, int], str] = field(default_factory=dict)
    feed: dict[tuple[str, Key], tuple[int, bool]] = field(default_factory=dict)
    epoch: str = EPOCH
    seq: int = 0
    receipts: list[tuple[int, int, int, str]] = field(default_factory=list)

    def push(self, bodies: tuple[list[object], ...]) -> None:
        for body in bodies:
            made = decode_change(orjson.loads(orjson.dumps(body)))
            known = self.accepted.get(made.replica, 0)
            if made.n <= known:
                continue
            assert made.n == known + 1, "a gap"
            self.accepted[made.replica] = made.n
            self.receipts.append((len(self.receipts) + 1, made.replica, made.n, "2024-03-12T10:00:00Z"))
            reason = self.refuse(made)
            if reason:
                self.refused[(made.replica, made.n)] = reason
                continue
            self.merge_in(made)

    def merge_in(self, made: Change) -> None:
        """One change, merged exactly as every desk does it."""
        for key in made.entities:
            self.put(apply_change(self.records.get(key, EntityState(*key)), made))

    def put(self, state: EntityState) -> None:
        """Stores a record and says so in every feed that shows it, or no longer does."""
        key = (state.kind, state.id)
        self.records[key] = state
        for scope, rule in self.scopes.items():
            held = rule(state)
            if held or self.feed.get((scope, key), (0, False))[1]:
                self.seq += 1
                self.feed[(scope, key)] = (self.seq, held)

    def steps(self, cursors: dict[str, int]) -> list[incoming.Step]:
        """What is new after these cursors, as it would come off the wire."""
        found = []
        for (scope, key), (seq, held) in self.feed.items():
            if seq > cursors.get(scope, 0):
                state = self._travelled(self.records[key]) if held else None
                found.append(incoming.Step(scope, seq, *key, state))
        return sorted(found, key=lambda step: step.seq)

    @staticmethod
    def _travelled(state: EntityState) -> EntityState:
        kind = KINDS[state.kind]
        return unpack(kind, columns(kind), orjson.loads(orjson.dumps(pack(state))))


def push(store: Store, agency: TinyAgency, limit: int = 100) -> None:
    """Sends what waits; the reply is lost."""
    agency.push(outbox.next_batch(store, limit, 1_000_000).changes)


def pull(store: Store, agency: TinyAgency, twice: bool = False) -> arrivals.Arrived:
    """Takes everything new and then the agency's word about own changes."""
    arrived = arrivals.Arrived()
    standing = outbox.standing(store)
    steps = agency.steps(standing.cursors)
    for _ in range(1 + twice):
        incoming.take_steps(store, steps, arrived, agency.epoch)
    refused = [(r, n, why) for (r, n), why in agency.refused.items() if r in standing.replicas]
    if refused:
        confirming.quarantine(store, refused)
    receipts = [r for r in agency.receipts if r[1] in standing.replicas]
    for _ in range(1 + twice):
        confirming.confirm(store, {r: agency.accepted.get(r, 0) for r in standing.replicas}, receipts)
    return arrived


def exchange(store: Store, agency: TinyAgency) -> arrivals.Arrived:
    push(store, agency)
    return pull(store, agency)
