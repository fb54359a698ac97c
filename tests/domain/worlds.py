"""A small world of replicas that edit one record and hear from each other, and a ledger of who knew what.

The ledger is the oracle: it records for every change which changes its author knew, with plain sets
and without any clock, so that what the merge makes of version vectors can be held against it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from app.domain import merge as real_merge
from app.domain.change import (
    Add,
    Change,
    Count,
    Create,
    Delete,
    Keep,
    Op,
    Remove,
    SlotValue,
    TextEdit,
    Value,
    Write,
)
from app.domain.clock import Dot
from app.domain.fields import DELETION_SLOT, Field, Kind, Merge, Slot, Type
from app.domain.text import TextDoc, TextState

RECORD = "0192a000-0000-7000-8000-000000000001"
OTHER = "0192a000-0000-7000-8000-000000000002"

VERBS = (
    *("write", "write", "write", "clear", "add", "add", "remove", "swap", "count"),
    *("text", "delete", "keep", "touch", "pull", "pull", "hear", "hear"),
)
Step = tuple[str, int, int, int, int]
"""Verb, who, whom, which slot, which value."""

EVERYTHING = Kind(
    "everything",
    "title",
    Field(1, "title", limit=200),
    Field(2, "lat", Type.FLOAT, group="place", low=-90, limit=90),
    Field(3, "lon", Type.FLOAT, group="place", low=-180, limit=180),
    Field(4, "tags", merge=Merge.SET),
    Field(5, "points", Type.INT, Merge.COUNTER),
    Field(6, "text", Type.TEXT, Merge.TEXT, limit=2_000_000),
    root=True,
)
"""One slot of each sort, so that they meet in one record."""

_WORDS = ("Radweg", "Straße 🚲", "e\u0301tude", "", "Bürger:innen\nhaus", "0", "Zug", "“Ja”")
_PALETTE: dict[Type, Sequence[Value]] = {
    Type.INT: (0, 1, 2, 3),
    Type.CENTS: (0, -5, 12_345, 10**15),
    Type.FLOAT: (0, 51.25, -1.5, 8.0),
    Type.BOOL: (True, False),
    Type.PARTIAL_DATE: ("2024", "2024-Q3", "2024-03-12", "2023~3"),
    Type.INSTANT: ("2024-03-12T08:00:00Z", "2024-03-12T08:00:00.125Z"),
    Type.LOCAL_TIME: ("2024-03-12T08:00", "1999-12-31T23:59"),
    Type.AGS: ("05958004", "05970004", "05962040"),
    Type.REF: (RECORD, OTHER),
    Type.ORDER: ("a0", "V", "zz"),
    Type.HASH: ("0" * 64, "ab" * 32, "e3" * 32),
}


def palette(f: Field) -> Sequence[Value]:
    """A few valid values of a field, different from each other."""
    if f.type is Type.ENUM:
        assert f.values is not None
        return [str(v.value) for v in f.values][:5]
    if f.type is Type.TEXT:
        return list(dict.fromkeys(word[: f.limit] for word in _WORDS))
    return [v for v in _PALETTE[f.type] if not isinstance(v, int | float) or f.low <= v <= f.limit]


def value_of(slot: Slot, pick: int) -> SlotValue:
    """A valid value of a register or merge group; sometimes None, sometimes partly."""
    parts = tuple((None, *palette(f))[(pick + i) % (1 + len(palette(f)))] for i, f in enumerate(slot.fields))
    return parts if slot.is_group else parts[0]


@dataclass(frozen=True)
class Said:
    """One change with what its author knew when saying it."""

    change: Change
    knew: frozenset[Dot]


@dataclass
class Replica:
    """One device: its state of the record and, for the ledger only, the changes it has heard."""

    id: int
    state: Any
    heard: set[Dot] = field(default_factory=set)
    n: int = 0
    counts: dict[int, tuple[int, int]] = field(default_factory=dict)


class World:
    """Plays steps. `engine` is the merge under test: the real one, or a mutant."""

    def __init__(self, kind: Kind = EVERYTHING, replicas: int = 3, engine: ModuleType = real_merge) -> None:
        self.kind = kind
        self.engine = engine
        self.replicas = [Replica(r + 1, engine.EntityState(kind.name, RECORD)) for r in range(replicas)]
        self.ledger: dict[Dot, Said] = {}
        self._slots = {m: [s for s in kind.slots if s.merge is m] for m in Merge}
        self._now = 1000
        root = (kind.name, RECORD) if kind.is_root else ("measure", OTHER)
        self.say(self.replicas[0], [Create(kind.name, RECORD, *root)], "create")
        for other in self.replicas[1:]:
            self.pull(other, self.replicas[0])

    # -- what happens ----------------------------------------------------------------------------

    def play(self, steps: Iterable[Step]) -> World:
        for verb, who, whom, which, pick in steps:
            replica = self.replicas[who % len(self.replicas)]
            other = self.replicas[whom % len(self.replicas)]
            if verb == "pull":
                self.pull(replica, other)
            elif verb == "hear":
                self.hear(replica, other.id, 1 + pick)
            elif ops := self._ops(verb, replica, which, pick):
                self.say(replica, ops, verb, skew=(0, 9, -9)[which % 3])
        return self

    def say(self, replica: Replica, ops: list[Op], action: str, skew: int = 0) -> Change:
        """A change of `replica`, at once applied to its own state."""
        replica.n += 1
        self._now += 1
        change = Change(replica.id, replica.n, self._now + skew, action, tuple(ops))
        self.ledger[change.dot] = Said(change, frozenset(replica.heard))
        self._apply(replica, change)
        return change

    def hear(self, replica: Replica, origin: int, count: int) -> None:
        """The next changes of one origin, in its order, whatever else they built upon."""
        for _ in range(count):
            mine = max((d.n for d in replica.heard if d.replica == origin), default=0)
            said = self.ledger.get(Dot(origin, mine + 1))
            if said is None:
                return
            self._apply(replica, said.change)

    def pull(self, replica: Replica, other: Replica) -> None:
        """The other's state, merged in."""
        replica.state = self.engine.merge(replica.state, other.state)
        replica.heard |= other.heard

    def settle(self) -> Any:
        """Everybody gets everything; returns the state of the first replica."""
        for _ in range(2):
            for replica in self.replicas:
                for other in self.replicas:
                    self.pull(replica, other)
        return self.replicas[0].state

    def deliver(self, order: Iterable[Change]) -> Any:
        """The state of a bystander who hears these changes one after the other."""
        state = self.engine.EntityState(self.kind.name, RECORD)
        for change in order:
            state = self.engine.apply_change(state, change)
        return state

    def _apply(self, replica: Replica, change: Change) -> None:
        replica.state = self.engine.apply_change(replica.state, change)
        replica.heard.add(change.dot)

    def _ops(self, verb: str, replica: Replica, which: int, pick: int) -> list[Op]:
        name, state = self.kind.name, replica.state
        registers, sets = self._slots[Merge.REGISTER], self._slots[Merge.SET]
        if verb in ("write", "clear") and registers:
            slot = registers[which % len(registers)]
            value = value_of(slot, pick if verb == "write" else 0)
            return [Write(name, RECORD, slot.id, value, dict(state.register(slot.id).context))]
        if verb in ("add", "remove", "swap") and sets:
            slot = sets[which % len(sets)]
            return self._set_ops(verb, slot, state.set(slot.id), pick)
        if verb == "count" and self._slots[Merge.COUNTER]:
            slot_id = self._slots[Merge.COUNTER][0].id
            ups, downs = replica.counts.get(slot_id, (0, 0))
            replica.counts[slot_id] = (ups + pick, downs + which)
            return [Count(name, RECORD, slot_id, ups + pick, downs + which)]
        if verb == "text" and self._slots[Merge.TEXT]:
            return self._text_ops(replica, self._slots[Merge.TEXT][0].id, which, pick)
        if verb == "delete":
            return [Delete(name, RECORD, dict(state.seen), dict(state.register(DELETION_SLOT).context))]
        if verb == "keep" and state.register(DELETION_SLOT).versions:
            return [Keep(name, RECORD, dict(state.register(DELETION_SLOT).context))]
        if verb == "touch" and not self.kind.is_root:
            return [Create(name, RECORD, "measure", OTHER)]
        return []

    def _set_ops(self, verb: str, slot: Slot, held: Any, pick: int) -> list[Op]:
        elements = [str(v) for v in palette(slot.fields[0])]
        fresh = tuple(dict.fromkeys(elements[(pick + i) % len(elements)] for i in range(1 + pick % 2)))
        gone = {e: tuple(sorted(held.elements[e])) for e in list(held.value)[: 1 + pick % 2]}
        ops: list[Op] = []
        if verb == "swap":
            gone = {e: dots for e, dots in gone.items() if e not in fresh}
        if verb in ("add", "swap"):
            ops.append(Add(self.kind.name, RECORD, slot.id, fresh))
        if verb in ("remove", "swap") and gone:
            ops.append(Remove(self.kind.name, RECORD, slot.id, gone))
        return ops

    def _text_ops(self, replica: Replica, slot: int, which: int, pick: int) -> list[Op]:
        doc = TextDoc(replica.state.texts.get(slot, TextState()), peer=replica.id)
        at = (which * 7 + pick) % (doc.length + 1)
        if which % 3 == 2 and doc.length > at:
            doc.delete(at, min(2, doc.length - at))
        else:
            doc.insert(at, _WORDS[pick % len(_WORDS)] or "¶")
        update = doc.take_update()
        return [TextEdit(self.kind.name, RECORD, slot, update)] if update else []


def random_steps(rnd: random.Random, length: int) -> list[Step]:
    """Steps of a random few verbs each: rare meetings happen where little else does (swarm testing)."""
    verbs = (*rnd.sample(VERBS, rnd.randint(2, 8)), "hear", "pull")
    return [
        (rnd.choice(verbs), rnd.randrange(3), rnd.randrange(3), rnd.randrange(6), rnd.randrange(8))
        for _ in range(length)
    ]


def some_order(changes: Sequence[Change], rnd: random.Random) -> list[Change]:
    """All changes in an order that only respects each replica's own, some of them several times."""
    queues: dict[int, list[Change]] = {}
    for change in sorted(changes, key=lambda c: c.dot):
        queues.setdefault(change.replica, []).append(change)
    order: list[Change] = []
    while queues:
        replica = rnd.choice(sorted(queues))
        order.append(queues[replica].pop(0))
        if not queues[replica]:
            del queues[replica]
        while rnd.random() < 0.3:
            order.append(rnd.choice(order))
    return order


# -- what must hold ----------------------------------------------------------------------------------


def same(a: Any, b: Any) -> bool:
    """Equal states: texts by what they say and what they contain, everything else literally."""
    return _plain(a) == _plain(b) and _texts(a) == _texts(b)


def _plain(s: Any) -> tuple[Any, ...]:
    return (
        *(s.kind, s.id, s.root_kind, s.root_id, s.seen),
        {k: (dict(r.versions), r.context) for k, r in s.registers.items()},
        {k: (x.elements, x.context, x.removed) for k, x in s.sets.items()},
        {k: x.totals for k, x in s.counters.items()},
    )


def _texts(s: Any) -> dict[int, tuple[str, bytes]]:
    return {k: (t.text, t.version) for k, t in s.texts.items()}


def check_everything(world: World) -> None:
    """Every replica against the ledger; then all together, in several orders of merging."""
    for replica in world.replicas:
        check_replica(world, replica)
    check_laws(world)
    before = [r.state for r in world.replicas]
    settled = world.settle()
    for replica in world.replicas:
        assert same(replica.state, settled), "replicas differ after everybody heard everything"
        check_replica(world, replica)
    changes = [said.change for said in world.ledger.values()]
    for seed in range(3):
        heard = world.deliver(some_order(changes, random.Random(seed)))
        assert same(heard, settled), "the order of delivery shows"
    if before:
        merged = before[-1]
        for state in reversed(before[:-1]):
            merged = world.engine.merge(merged, state)
        assert same(merged, settled), "states merged once lack something"


def check_laws(world: World) -> None:
    a, b, c = (world.replicas[i % len(world.replicas)].state for i in range(3))
    m = world.engine.merge
    assert same(m(a, b), m(b, a)), "merge does not commute"
    assert same(m(m(a, b), c), m(a, m(b, c))), "merge does not associate"
    assert same(m(a, a), a), "merging a state with itself changes it"
    assert same(m(m(a, b), b), m(a, b)), "merging twice changes something"
    for said in world.ledger.values():
        if said.change.dot in world.replicas[0].heard:
            assert same(world.engine.apply_change(a, said.change), a), "a change heard twice shows"


def check_replica(world: World, replica: Replica) -> None:
    """A replica's state must be what the changes it heard say, no more and no less."""
    heard = {d: world.ledger[d] for d in replica.heard}
    state = replica.state
    for slot in world.kind.slots:
        if slot.merge is Merge.REGISTER:
            check_register(state.register(slot.id), slot.id, heard, world)
        elif slot.merge is Merge.SET:
            assert state.set(slot.id).value == _living(slot.id, heard), "set"
        elif slot.merge is Merge.COUNTER:
            found = state.counters.get(slot.id)
            assert (found.value if found else 0) == _total(slot.id, heard), "counter"
    check_register(state.register(DELETION_SLOT), DELETION_SLOT, heard, world)
    assert state.seen == {r: max(d.n for d in heard if d.replica == r) for r in {d.replica for d in heard}}
    assert state.exists
    check_deletion(world, state, heard)


def _writes(slot: int, said: Said) -> Op | None:
    for op in said.change.ops:
        if isinstance(op, Write) and op.slot == slot:
            return op
        if isinstance(op, Delete | Keep) and slot == DELETION_SLOT:
            return op
    return None


def _past(slot: int, dot: Dot, world: World) -> set[Dot]:
    """All writes to the slot that a write was made in knowledge of, also through others' writes."""
    past: set[Dot] = set()
    stack = [dot]
    while stack:
        for d in world.ledger[stack.pop()].knew:
            if d not in past and _writes(slot, world.ledger[d]):
                past.add(d)
                stack.append(d)
    return past


def check_register(register: Any, slot: int, heard: dict[Dot, Said], world: World) -> None:
    writes = {d for d, said in heard.items() if _writes(slot, said)}
    overwritten: set[Dot] = set().union(*(_past(slot, d, world) for d in writes))
    standing = writes - overwritten
    assert set(register.versions) == standing, "versions are not the maximal writes"
    values = []
    for dot in standing:
        op = _writes(slot, heard[dot])
        if isinstance(op, Write):
            assert register.versions[dot].value == op.value, "value"
            values.append(op.value)
    if standing:
        wins = max(standing, key=lambda d: (heard[d].change.hlc, d))
        assert register.winner == (wins, register.versions[wins]), "winner"
        assert register.value == register.versions[wins].value, "shown value"
    else:
        assert register.winner is None
        assert register.value is None
    if slot != DELETION_SLOT:
        assert register.is_open == any(v != values[0] for v in values), "open question"


def _living(slot: int, heard: dict[Dot, Said]) -> tuple[str, ...]:
    added: set[tuple[str, Dot]] = set()
    removed: set[tuple[str, Dot]] = set()
    for dot, said in heard.items():
        for op in said.change.ops:
            if isinstance(op, Add) and op.slot == slot:
                added |= {(e, dot) for e in op.elements}
            elif isinstance(op, Remove) and op.slot == slot:
                removed |= {(e, d) for e, dots in op.dots.items() for d in dots}
    return tuple(sorted({e for e, _ in added - removed}))


def _total(slot: int, heard: dict[Dot, Said]) -> int:
    last: dict[int, int] = {}
    for dot in sorted(heard):
        for op in heard[dot].change.ops:
            if isinstance(op, Count) and op.slot == slot:
                last[dot.replica] = op.ups - op.downs
    return sum(last.values())


def check_deletion(world: World, state: Any, heard: dict[Dot, Said]) -> None:
    standing = state.register(DELETION_SLOT).versions
    deletions = [d for d in standing if isinstance(_writes(DELETION_SLOT, heard[d]), Delete)]
    known = set(deletions).union(*(heard[d].knew for d in deletions))
    found = world.engine.deletion_of(state)
    gone = bool(deletions) and len(deletions) == len(standing) and set(heard) <= known
    assert found.deleted == gone, "deletion"
    assert found.edited_meanwhile == (bool(deletions) and not gone), "edited meanwhile"
