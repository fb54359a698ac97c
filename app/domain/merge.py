"""Merge: apply(state, op) and merge(state, state). Pure, blind to roles and to order, idempotent.

Registers keep every version that nobody has overwritten knowingly (multi-value registers with dotted
version vectors); sets are add-wins (ORSWOT); counters are cumulative per replica; text is the CRDT of
`domain.text`; a deletion is a register whose value is the vector its author had seen.
The client, the agency and every other client run exactly these functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

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
    Write,
)
from app.domain.clock import EMPTY, Dot, VersionVector, covers, flatten, includes, join, vector_of
from app.domain.fields import DELETION_SLOT
from app.domain.ids import EntityId
from app.domain.text import TextState


@dataclass(frozen=True, slots=True)
class Version:
    """One surviving value of a register, with the writer's clock for display."""

    value: SlotValue
    hlc: int


@dataclass(frozen=True, slots=True)
class Register:
    """All surviving versions by the change that wrote them, and everything seen so far."""

    versions: Mapping[Dot, Version] = field(default_factory=dict)
    context: VersionVector = field(default_factory=dict)

    @property
    def winner(self) -> tuple[Dot, Version] | None:
        """The version every device shows for now: latest clock, then highest replica."""
        if not self.versions:
            return None
        return max(self.versions.items(), key=lambda item: (item[1].hlc, item[0]))

    @property
    def value(self) -> SlotValue:
        if len(self.versions) == 1:
            return next(iter(self.versions.values())).value
        found = self.winner
        return found[1].value if found else None

    @property
    def is_open(self) -> bool:
        """Whether versions differ, so that a person has to decide. Equal values close themselves."""
        if len(self.versions) < 2:
            return False
        values = [v.value for v in self.versions.values()]
        return any(value != values[0] for value in values)

    def write(self, dot: Dot, version: Version, context: VersionVector) -> Register:
        if covers(self.context, dot):
            known = self.versions.get(dot)
            if known is None or known.hlc <= version.hlc:
                return self
            return Register({**self.versions, dot: replace(known, hlc=version.hlc)}, self.context)
        if not (self.versions or self.context or context):
            return Register({dot: version}, {dot.replica: dot.n})  # the first word, as most are
        kept = {d: v for d, v in self.versions.items() if not covers(context, d)}
        kept[dot] = version
        return Register(kept, join(join(self.context, context), {dot.replica: dot.n}))

    def merge(self, other: Register) -> Register:
        mine, theirs = self.versions, other.versions
        kept: dict[Dot, Version] = {}
        for d, v in mine.items():
            if d in theirs:
                # A receiver may have clamped a clock from the future: the lower one is agreed on.
                kept[d] = v if v.hlc <= theirs[d].hlc else theirs[d]
            elif not covers(other.context, d):
                kept[d] = v
        kept.update((d, v) for d, v in theirs.items() if d not in mine and not covers(self.context, d))
        return Register(kept, join(self.context, other.context))


@dataclass(frozen=True, slots=True)
class AddWinsSet:
    """Elements with the additions that hold them in; an addition not seen by a removal stays.

    Attributes:
        context: which changes' additions are in here, or were and have been removed. Others may be in here, too.
        removed: removals that arrived before the additions they take out.
    """

    elements: Mapping[str, frozenset[Dot]] = field(default_factory=dict)
    context: VersionVector = field(default_factory=dict)
    removed: Mapping[str, frozenset[Dot]] = field(default_factory=dict)

    @property
    def value(self) -> tuple[str, ...]:
        return tuple(sorted(self.elements))

    def add(self, dot: Dot, elements: tuple[str, ...], missing: int = 0) -> AddWinsSet:
        """With these, unless they have been here.

        Args:
            missing: the number of an earlier change of the same replica whose additions are not here; 0 for none.
                The context stops short of it, so that they can still come.
        """
        if covers(self.context, dot):
            return self
        grown = dict(self.elements)
        for e in elements:
            if dot not in self.removed.get(e, ()):
                grown[e] = grown.get(e, frozenset()) | {dot}
        known = min(dot.n, missing - 1) if missing else dot.n
        context = join(self.context, {dot.replica: known}) if known > 0 else self.context
        return _settled(grown, context, self.removed)

    def remove(self, gone: Mapping[str, tuple[Dot, ...]]) -> AddWinsSet:
        """Without these additions, whether they have arrived yet or not."""
        left, removed = dict(self.elements), dict(self.removed)
        for e, dots in gone.items():
            left[e] = left.get(e, frozenset()) - frozenset(dots)
            removed[e] = removed.get(e, frozenset()) | frozenset(dots)
        return _settled(left, self.context, removed)

    def merge(self, other: AddWinsSet) -> AddWinsSet:
        merged: dict[str, frozenset[Dot]] = {}
        for e in self.elements.keys() | other.elements.keys():
            a, b = self.elements.get(e, _NO_DOTS), other.elements.get(e, _NO_DOTS)
            kept = (
                (a & b)
                | {d for d in a - b if not covers(other.context, d)}
                | {d for d in b - a if not covers(self.context, d)}
            )
            merged[e] = kept - self.removed.get(e, _NO_DOTS) - other.removed.get(e, _NO_DOTS)
        removed = {
            e: self.removed.get(e, _NO_DOTS) | other.removed.get(e, _NO_DOTS)
            for e in self.removed.keys() | other.removed.keys()
        }
        return _settled(merged, join(self.context, other.context), removed)


_NO_DOTS: frozenset[Dot] = frozenset()
_NONE_MISSING: Mapping[int, int] = {}


def _settled(
    elements: Mapping[str, frozenset[Dot]], context: VersionVector, removed: Mapping[str, frozenset[Dot]]
) -> AddWinsSet:
    """Without empty elements and without removals of additions that the context already speaks about."""
    ahead = {e: frozenset(d for d in dots if not covers(context, d)) for e, dots in removed.items()}
    return AddWinsSet(_filled(elements), context, _filled(ahead))


def _filled(dots: Mapping[str, frozenset[Dot]]) -> dict[str, frozenset[Dot]]:
    return {e: held for e, held in dots.items() if held}


@dataclass(frozen=True, slots=True)
class Counter:
    """Ups and downs, cumulative per replica, so that any of them may be heard twice or late."""

    totals: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def value(self) -> int:
        return sum(up - down for up, down in self.totals.values())

    def count(self, replica: int, ups: int, downs: int) -> Counter:
        up, down = self.totals.get(replica, (0, 0))
        return Counter({**self.totals, replica: (max(up, ups), max(down, downs))})

    def merge(self, other: Counter) -> Counter:
        merged = self
        for replica, (ups, downs) in other.totals.items():
            merged = merged.count(replica, ups, downs)
        return merged


@dataclass(frozen=True, slots=True)
class EntityState:
    """Everything known of one record, mergeable in any order.

    Attributes:
        seen: vector of all changes that touched the record. A deletion that had not seen all of it
            asks instead of deleting, whatever the other change was: a word, a vote, a tag.
        registers: by slot id; slot 0 is the deletion, its value None or the flat vector seen.
    """

    kind: str
    id: EntityId
    root_kind: str = ""
    root_id: EntityId = ""
    registers: Mapping[int, Register] = field(default_factory=dict)
    sets: Mapping[int, AddWinsSet] = field(default_factory=dict)
    counters: Mapping[int, Counter] = field(default_factory=dict)
    texts: Mapping[int, TextState] = field(default_factory=dict)
    seen: VersionVector = field(default_factory=dict)

    @property
    def exists(self) -> bool:
        return bool(self.root_id)

    def register(self, slot: int) -> Register:
        return self.registers.get(slot, _NO_REGISTER)

    def set(self, slot: int) -> AddWinsSet:
        return self.sets.get(slot, _NO_SET)


_NO_REGISTER = Register()
_NO_SET = AddWinsSet()


def apply(state: EntityState, op: Op, dot: Dot, hlc: int) -> EntityState:
    """The state after one operation of the change `dot`. Applying it again changes nothing.

    Raises:
        GarbledText: a text update is damaged; the state is unchanged.
    """
    return apply_all(state, (op,), dot, hlc)


def apply_all(
    state: EntityState, ops: Iterable[Op], dot: Dot, hlc: int, missing: Mapping[int, int] = _NONE_MISSING
) -> EntityState:
    """The state after several operations of the change `dot` on this record, one after the other.

    Args:
        missing: per set, the number of an earlier change of this replica whose additions are not here.

    Raises:
        GarbledText: a text update is damaged; the state is unchanged.
    """
    root = (state.root_kind, state.root_id)
    registers, sets = dict(state.registers), dict(state.sets)
    counters, texts = dict(state.counters), dict(state.texts)
    touched = False
    for op in ops:
        touched = True
        match op:
            case Write(slot=slot, value=value, context=context):
                registers[slot] = registers.get(slot, _NO_REGISTER).write(dot, Version(value, hlc), context)
            case Add(slot=slot, elements=elements):
                sets[slot] = sets.get(slot, _NO_SET).add(dot, elements, missing.get(slot, 0))
            case Create(root_kind=root_kind, root_id=root_id):
                root = _lower_root(root, (root_kind, root_id))
            case Delete(seen=had_seen, context=context):
                version = Version(tuple(flatten(had_seen)), hlc)
                registers[DELETION_SLOT] = registers.get(DELETION_SLOT, _NO_REGISTER).write(dot, version, context)
            case Keep(context=context):
                kept = registers.get(DELETION_SLOT, _NO_REGISTER)
                registers[DELETION_SLOT] = kept.write(dot, Version(None, hlc), context)
            case Remove(slot=slot, dots=dots):
                sets[slot] = sets.get(slot, _NO_SET).remove(dots)
            case Count(slot=slot, ups=ups, downs=downs):
                counters[slot] = counters.get(slot, Counter()).count(dot.replica, ups, downs)
            case TextEdit(slot=slot, update=update):
                texts[slot] = texts.get(slot, TextState()).with_update(update)
    if not touched:
        return state
    seen = join(state.seen, {dot.replica: dot.n})
    return EntityState(state.kind, state.id, *root, registers, sets, counters, texts, seen)


def apply_change(state: EntityState, change: Change) -> EntityState:
    """The state after those operations of `change` that concern this record."""
    mine = (op for op in change.ops if op.id == state.id and op.kind == state.kind)
    return apply_all(state, mine, change.dot, change.hlc)


def merge(a: EntityState, b: EntityState) -> EntityState:
    """Both states together: commutative, associative, idempotent."""
    root = _lower_root((a.root_kind, a.root_id), (b.root_kind, b.root_id))
    return EntityState(
        kind=a.kind,
        id=a.id,
        root_kind=root[0],
        root_id=root[1],
        registers={s: a.register(s).merge(b.register(s)) for s in sorted(a.registers.keys() | b.registers.keys())},
        sets={s: a.set(s).merge(b.set(s)) for s in sorted(a.sets.keys() | b.sets.keys())},
        counters={
            s: a.counters.get(s, Counter()).merge(b.counters.get(s, Counter()))
            for s in sorted(a.counters.keys() | b.counters.keys())
        },
        texts={
            s: a.texts.get(s, TextState()).merge(b.texts.get(s, TextState()))
            for s in sorted(a.texts.keys() | b.texts.keys())
        },
        seen=join(a.seen, b.seen),
    )


def _lower_root(a: tuple[str, str], b: tuple[str, str]) -> tuple[str, str]:
    """A root is immutable; should two ever be claimed, everybody takes the same one."""
    return min((r for r in (a, b) if r[1]), default=("", ""), key=lambda r: (r[1], r[0]))


@dataclass(frozen=True, slots=True)
class Deletion:
    """Whether a record is gone, and whether somebody edited it unaware of that."""

    deleted: bool
    edited_meanwhile: bool


def deletion_of(state: EntityState) -> Deletion:
    """Deleting never beats editing: gone only if a deletion had seen everything there is now."""
    versions = state.register(DELETION_SLOT).versions
    seen_by_deletions = [_vector(v.value) for v in versions.values() if v.value is not None]
    if not seen_by_deletions:
        return Deletion(False, False)
    kept_too = any(v.value is None for v in versions.values())
    had_seen: VersionVector = EMPTY
    for vector in seen_by_deletions:
        had_seen = join(had_seen, vector)
    own = vector_of(d for d, v in versions.items() if v.value is not None)
    complete = includes(join(had_seen, own), state.seen) and not kept_too
    return Deletion(deleted=complete, edited_meanwhile=not complete)


def _vector(flat: SlotValue) -> dict[int, int]:
    assert isinstance(flat, tuple)
    numbers = [int(x) for x in flat if x is not None]
    return {numbers[i]: numbers[i + 1] for i in range(0, len(numbers), 2)}
